"""The acts of a cashier's day, each by keys, each looked at on the screen before the next."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QWidget

from posapp.demo.comparison import on_till
from posapp.domain.ids import CustomerId
from posapp.domain.money import Money
from posapp.services.till import Till
from posapp.ui.dialogs.act_dialog import ActDialog
from posapp.ui.main_window import MainWindow
from tests.gui.album import Album
from tests.gui.keyboard import Keyboard
from tests.gui.people import Guest

NEW_NAME = "রহিমা বেগম চৌধুরী"
NEW_PHONE = "01711 909090"


class Shift:
    """One cashier at the window."""

    def __init__(self, keys: Keyboard, album: Album, window: MainWindow, till: Till, papers: Path) -> None:
        self.keys, self.album, self.window, self.till, self.papers = keys, album, window, till, papers

    def money(self, minor: int) -> str:
        """Return an amount as the screen says it."""
        return Money(minor, self.till.book.read(lambda session: session.settings.shop().currency)).text()

    def wait_first_sync(self) -> str:
        """See the first sync through."""
        self.album.take_wide("empty", self.window)
        self.keys.until(lambda: "answered" in self.window.light.words(), "the server's first answer")
        return self.window.light.words()

    def find(self, typed: str, guest: Guest | None = None, *, picture: str = "") -> str:
        """Type into the search, walk to a customer and open the card."""
        search = self.window.customers.search
        painted: list[str] = []
        search.painted.connect(painted.append)
        self.keys.write(typed)
        self.keys.until(lambda: search.text() in painted, f"the hits of {typed}")
        search.painted.disconnect(painted.append)
        if picture:
            self.album.take_wide(picture, self.window)
        status = search.status.text()
        if guest is not None:
            self._walk_to(self.known(guest))
        self.keys.press("Return")
        self.wait_card(None if guest is None else self.known(guest))
        return status

    def look_for(self, typed: str, picture: str) -> str:
        """Type into the search and only look."""
        search = self.window.customers.search
        self.keys.write(typed)
        self.keys.until(lambda: "Searched all" in search.status.text() and search.text() == typed, "the hits")
        self.album.take_wide(picture, self.window)
        said = search.status.text()
        self.keys.press("Escape")
        return said

    def known(self, guest: Guest) -> CustomerId:
        """Return a guest's id at this till."""
        [customer] = on_till(self.till, guest.remote_id)
        return customer.id

    def wait_card(self, customer_id: CustomerId | None = None) -> None:
        """See a card filled."""
        card = self.window.customers.card

        def filled() -> bool:
            return card.card is not None and customer_id in {None, card.customer_id}

        self.keys.until(filled, "the customer's card")

    def begin(self, key: str, name: str) -> ActDialog[object, object]:
        """Press an act's key and return its dialog."""
        self.keys.press(key)
        dialog = self.keys.dialog(name)
        assert isinstance(dialog, ActDialog)
        return dialog

    def settle(self, dialog: ActDialog[object, object], shown: str) -> None:
        """See something in *after this*."""
        self.keys.until(lambda: shown in _words(dialog), f"{shown} in the dialog")

    def record(self, dialog: QDialog, told: str) -> str:
        """Press Enter and see what the window says."""
        self.keys.press("Return")
        self.keys.until(lambda: told in self.window.toast.words(), told)
        self.keys.until(lambda: QApplication.activeModalWidget() is None, "the dialog gone")
        return self.window.toast.words()

    def sell_with_points(self) -> str:
        """F2: a bill of 1,250 with 100 points off."""
        dialog = self.begin("F2", "SaleDialog")
        self.album.take("sale-empty", dialog)
        self.keys.write("1250")
        self.keys.tab_to(lambda widget: widget is dialog.points, "the points")  # type: ignore[attr-defined]
        self.keys.write("100")
        self.settle(dialog, self.money(124_000))
        self.album.take("sale", dialog)
        said = self.record(dialog, "saved")
        self.album.take_wide("customer", self.window)
        return said

    def pay(self, amount: int) -> str:
        """F4: a payment by card."""
        dialog = self.begin("F4", "PaymentDialog")
        self.keys.write(str(amount))
        self.keys.press("F6")
        self.settle(dialog, self.money(amount * 100))
        self.album.take("payment", dialog)
        return self.record(dialog, f"Payment of {self.money(amount * 100)} saved")

    def charge(self, amount: int) -> str:
        """F5: something on account."""
        dialog = self.begin("F5", "ChargeDialog")
        self.keys.write(str(amount))
        balance = dialog.card.standing.balance  # type: ignore[attr-defined]
        self.settle(dialog, self.money(amount * 100 - balance.minor))
        self.album.take("on-account", dialog)
        return self.record(dialog, f"{self.money(amount * 100)} put on account")

    def add_customer(self) -> str:
        """Nobody found: F8 takes what was typed over."""
        search = self.window.customers.search
        self.keys.press("Escape")
        self.keys.write(NEW_NAME)
        self.keys.until(lambda: search.text() == NEW_NAME, "the name typed")
        self.album.take("nobody-found", self.window)
        dialog = self.begin("F8", "CustomerDialog")
        self.keys.write(NEW_PHONE)
        self.album.take("new-customer", dialog)
        said = self.record(dialog, "is a customer now")
        self.wait_card()
        return said

    def edit_customer(self) -> str:
        """F7: another address, a tag."""
        dialog = self.begin("F7", "CustomerDialog")
        self.keys.tab_to(lambda widget: widget is dialog.fields.address, "the address")  # type: ignore[attr-defined]
        self.keys.fill("12/3 Mirpur Road, ঢাকা")
        self.keys.until(lambda: "Mirpur" in _words(dialog), "the change")
        self.album.take("edit-customer", dialog)
        return self.record(dialog, "saved")

    def redeem(self, points: int) -> str:
        """F3: points off without a bill, the server agreeing."""
        dialog = self.begin("F3", "RedeemDialog")
        self.keys.write(str(points))
        self.settle(dialog, self.money(points * 10))
        self.album.take("redeem", dialog)
        return self.record(dialog, f"{points} points taken off")

    def redeem_refused(self, points: int) -> str:
        """F3 without the server: nothing comes off, and the screen says what to do."""
        dialog = self.begin("F3", "RedeemDialog")
        self.keys.write(str(points))
        self.settle(dialog, self.money(points * 10))
        self.keys.press("Return")
        self.keys.until(lambda: "Nothing was sent" in dialog.banner.words(), "that nothing was sent")
        self.album.take("redeem-without-server", dialog)
        said = dialog.banner.words().splitlines()[0]
        self.keys.press("Escape")
        self.keys.until(lambda: QApplication.activeModalWidget() is None, "the dialog gone")
        return said

    def print_statement(self) -> str:
        """F6: a statement of the last three months."""
        before = set(self.papers.glob("*.pdf"))
        dialog = self.begin("F6", "StatementDialog")
        self.keys.until(lambda: "Brought forward" in _words(dialog), "the statement's figures")
        self.album.take("statement", dialog)
        self.keys.press("Return")
        self.keys.until(lambda: set(self.papers.glob("*.pdf")) - before, "the statement's file")
        self.keys.until(lambda: QApplication.activeModalWidget() is None, "the dialog gone")
        [made] = set(self.papers.glob("*.pdf")) - before
        self.album.take_paper(made)
        return made.name

    def reverse_payment(self) -> str:
        """In the khata: the payment's row, Enter, Reverse, a reason."""
        self._menu_of_newest("Payment")
        self.album.take("khata-menu", QApplication.activePopupWidget() or self.window)
        self._choose_in_menu("Reverse")
        dialog = self.keys.dialog("ReversalDialog")
        self.keys.press("F5")
        assert isinstance(dialog, ActDialog)
        self.keys.until(dialog.after.rows, "after this")
        self.album.take("reversal", dialog)
        return self.record(dialog, "Undone: payment")

    def print_slip(self) -> str:
        """In the khata: a line's row, Enter, Slip."""
        before = set(self.papers.glob("slip*.pdf"))
        self._menu_of_newest("Payment")
        self._choose_in_menu("Slip")
        self.keys.until(lambda: set(self.papers.glob("slip*.pdf")) - before, "the slip's file")
        self.keys.until(lambda: "Slip" in self.window.toast.words(), "that a slip was made")
        [made] = set(self.papers.glob("slip*.pdf")) - before
        self.album.take_paper(made)
        self.keys.press("Escape")
        return made.name

    def explain(self) -> str:
        """A figure of the card by Tab and Enter: its lines."""
        figures = self.window.customers.card.figures
        self.keys.tab_to(figures.isAncestorOf, "a figure")
        self.keys.press("Return")
        dialog = self.keys.dialog("ExplainDialog")
        self.keys.until(dialog.isVisible, "lines")
        self.album.take("explain", dialog)
        title = dialog.windowTitle()
        self.keys.press("Escape")
        self.keys.until(lambda: QApplication.activeModalWidget() is None, "the dialog gone")
        return title

    def look_who_owes(self) -> str:
        """Ctrl+2: by amount, by age, filtered; Enter opens the first."""
        page = self.window.owing
        self.keys.press("Ctrl+2")
        self.keys.until(page.model.rowCount, "those who owe")
        self.album.take_wide("who-owes", self.window)
        said = page.summary()
        self.keys.press("Ctrl+O")
        self.album.take("who-owes-by-age", self.window)
        self.keys.press("Ctrl+O")
        first = page.model.record(0)
        assert first is not None
        self.keys.tab_to(lambda widget: widget is page.table, "the table")
        self.keys.press("Home", "Return")
        self.wait_card(first.customer_id)
        return said

    def see_inbox_fill(self) -> str:
        """The tab says that something needs a person."""

        def words() -> str:
            buttons = self.window.top_bar.findChildren(QPushButton)
            return next(one.text() for one in buttons if one.text().startswith("Inbox"))

        self.keys.until(lambda: any(char.isdecimal() for char in words()), "something in the inbox")
        return words()

    def look_at_inbox(self) -> str:
        """Ctrl+3."""
        self.keys.press("Ctrl+3")
        page = self.window.inbox
        self.keys.until(lambda: page.isVisible() and page.model.rowCount(), "the inbox")
        self.album.take_wide("inbox", self.window)
        said = page.model.cell(0, 0).plain()
        self.keys.press("Escape")
        return said

    def look_at_sync(self) -> str:
        """The light by Tab and Space: what is behind it."""
        light = self.window.light
        self.keys.tab_to(lambda widget: widget is light, "the sync light")
        self.keys.press("Space")
        panel = self.keys.dialog("SyncPanel")
        self.album.take("sync", panel)
        self.keys.press("Escape")
        self.keys.until(lambda: QApplication.activeModalWidget() is None, "the panel gone")
        return light.words()

    def sync_until_drained(self) -> str:
        """F9, and again each second, until nothing waits."""
        light, pressed = self.window.light, 0.0

        def drained() -> bool:
            nonlocal pressed
            if "answered" in light.words() and not light.waiting():
                return True
            if time.monotonic() - pressed > 1:
                pressed = time.monotonic()
                self.keys.press("F9")
            return False

        self.keys.until(drained, "that nothing waits")
        return light.words()

    def see_server_gone(self) -> str:
        """F9, and the light says that the server does not answer."""
        self.keys.press("F9")
        self.keys.until(lambda: "does not answer" in self.window.light.words(), "that the server does not answer")
        self.album.take("without-server", self.window)
        return self.window.light.words()

    def look_through_more(self) -> str:
        """Every dialog behind *More* on the card, opened and left by Esc."""
        seen = []
        for words in ("Opening balance", "Goods returned", "Forgive the rest", "Give advance back", "Delete customer"):
            more = self.window.customers.card.header.more_button
            self.keys.tab_to(lambda widget, more=more: widget is more, "More")  # type: ignore[misc]
            self.keys.press("Space")
            self.keys.until(QApplication.activePopupWidget, "the menu")
            if not seen:
                self.album.take("more", QApplication.activePopupWidget() or self.window)
            self._choose_in_menu(words)
            self._look_and_leave(words.lower().replace(" ", "-"))
            seen.append(words)
        return ", ".join(seen)

    def look_through_menu(self) -> str:
        """Every dialog behind ⋯ at the top."""
        seen = []
        for words, name in (("Connect", "connect"), ("PIN", "pin"), ("About", "about")):
            button = self.window.top_bar.menu_button
            self.keys.tab_to(lambda widget, button=button: widget is button, "⋯")  # type: ignore[misc]

            def choose(words: str = words, name: str = name) -> None:
                if not seen:
                    self.album.take("menu", QApplication.activePopupWidget() or self.window)
                self._choose_in_menu(words)

            self.keys.in_menu("Space", choose)
            self._look_and_leave(name)
            seen.append(name)
        return ", ".join(seen)

    def _look_and_leave(self, name: str) -> None:
        self.keys.until(lambda: isinstance(QApplication.activeModalWidget(), QDialog), name)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        self.keys.until(dialog.isVisible, name)
        self.album.take(name, dialog)
        self.keys.press("Escape")
        self.keys.until(lambda: QApplication.activeModalWidget() is None, f"{name} left")

    def _menu_of_newest(self, what: str) -> None:
        """Walk to the newest line of a kind and open its menu."""
        khata, newest = self.window.customers.card.khata, 3

        def row() -> int | None:
            texts = [khata.model.cell(place, 1).text for place in range(min(newest, khata.model.rowCount()))]
            return texts.index(what) if khata.isVisible() and what in texts else None

        self.keys.until(lambda: row() is not None, f"{what} in the khata")
        self.keys.tab_to(lambda widget: widget is khata.table, "the khata's table")
        self.keys.press("Home", *["Down"] * (row() or 0), "Return")
        self.keys.until(QApplication.activePopupWidget, "the menu of a line")

    def _choose_in_menu(self, words: str) -> None:
        """Walk down an open menu to an entry and take it."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in range(len(menu.actions()) + 1):
            active = menu.activeAction()
            if active is not None and words in active.text():
                self.keys.press("Return")
                return
            self.keys.press("Down")
        raise AssertionError(f"the menu has no {words}")

    def _walk_to(self, customer_id: CustomerId) -> None:
        """Press Down until her row is chosen."""
        search = self.window.customers.search
        for _ in range(search.model.rowCount()):
            index = search.list.currentIndex()
            if index.isValid() and search.model.hit(index.row()).customer.id == customer_id:
                return
            self.keys.press("Down")
        raise AssertionError("she is not among the hits")


def _words(shown: QWidget) -> str:
    """Return everything that a dialog says."""
    labels = [str(one.property("text") or "") for one in shown.findChildren(QWidget) if one.isVisible()]
    return "\n".join(label for label in labels if label)
