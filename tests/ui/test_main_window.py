"""The window by keys, over a real book: every way in, every way back, and what it says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication, open_till
from posapp.domain.customer import Profile
from posapp.domain.errors import StoreUnavailable
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.locale.translator import Translator
from posapp.services import lookup
from posapp.services.customers import add_customer
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk, make_desk, open_book
from posapp.ui.dialogs.about_dialog import AboutDialog
from posapp.ui.dialogs.customer_dialog import CustomerDialog
from posapp.ui.main_window import MainWindow
from posapp.ui.practice import PracticeController
from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import Scheme
from posapp.ui.top_bar import CUSTOMERS, INBOX, OWING
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, connect

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def add(desk: Desk, name: str = "Rahim Uddin") -> CustomerId:
    profile = Profile(name, phone="98765 43210")
    return add_customer(desk.till, operation_id=OperationId(new_uuid()), profile=profile).recorded.customer.id


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[Desk], MainWindow]:
    """Shows a window over a desk."""

    def shown(desk: Desk) -> MainWindow:
        made = MainWindow(desk)
        qtbot.addWidget(made)
        made.show()
        qtbot.waitUntil(made.customers.search.field.hasFocus, timeout=WAIT)
        return made

    return shown


@pytest.fixture
def window(desk: Desk, show: Callable[[Desk], MainWindow]) -> MainWindow:
    return show(desk)


def press(qtbot: QtBot, window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    """Press a key where the focus is."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers or Qt.KeyboardModifier.NoModifier)


def open_card(qtbot: QtBot, window: MainWindow, text: str = "rahi") -> None:
    """Find somebody and open her card, by keys."""
    qtbot.keyClicks(window.customers.search.field, text)
    press(qtbot, window, Key.Key_Return)
    qtbot.waitUntil(lambda: window.customers.card.card is not None, timeout=WAIT)


def dialog(qtbot: QtBot, window: MainWindow) -> QDialog:
    qtbot.waitUntil(lambda: window.acts.dialog is not None, timeout=WAIT)
    assert window.acts.dialog is not None
    return window.acts.dialog


def test_the_search_has_the_focus_and_enter_opens_the_first_hit(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    rahim = add(desk)
    open_card(qtbot, window)
    assert window.customers.card.customer_id == rahim
    assert desk.runner.wait_idle()
    assert [hit.customer.id for hit in lookup.recent(desk.till)] == [rahim]
    assert window.customers.search.field.hasFocus()
    assert "Shop" in window.windowTitle()


def test_what_is_typed_anywhere_goes_to_the_search(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk)
    open_card(qtbot, window)
    window.customers.card.buttons[Act.SALE].setFocus()
    press(qtbot, window, Key.Key_Z)
    assert window.customers.search.text() == "z"
    assert window.customers.search.field.hasFocus()
    press(qtbot, window, Key.Key_2, CTRL)
    assert window.pages.currentIndex() == OWING
    window.owing.table.setFocus()
    press(qtbot, window, Key.Key_7)
    assert window.pages.currentIndex() == CUSTOMERS
    assert window.customers.search.text() == "z7"


def test_commands_and_spaces_are_not_typing(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.top_bar.menu_button.setFocus()
    press(qtbot, window, Key.Key_K, CTRL)
    window.owing.orders.setFocus()
    press(qtbot, window, Key.Key_Tab)
    assert window.customers.search.text() == ""


@pytest.mark.parametrize("act", [act for act, look in ACTS.items() if look.key])
def test_every_act_has_its_key_and_opens_one_dialog(window: MainWindow, desk: Desk, qtbot: QtBot, act: Act) -> None:
    add(desk)
    open_card(qtbot, window)
    key = Key(Key.Key_F1 + int(ACTS[act].key[1:]) - 1)
    press(qtbot, window, key)
    first = dialog(qtbot, window)
    window.begin(act)
    assert window.acts.dialog is first
    assert first.isVisible()
    qtbot.keyClick(first, Key.Key_Escape)
    qtbot.waitUntil(lambda: window.acts.dialog is None, timeout=WAIT)
    assert window.customers.search.field.hasFocus()


def test_an_act_at_once_after_enter_waits_for_the_card(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    rahim = add(desk)
    window.show_customer(rahim)
    assert window.customers.card.card is None
    window.begin(Act.PAYMENT)
    dialog(qtbot, window).reject()


def test_an_act_without_a_customer_says_how_to_get_one(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_F4)
    assert "Choose a customer first" in window.toast.words()
    assert window.acts.dialog is None
    add(desk)
    open_card(qtbot, window)
    window.toast.hide()
    window.show_page(INBOX)
    press(qtbot, window, Key.Key_F4)
    assert "Choose a customer first" in window.toast.words()
    assert window.acts.dialog is None


def test_esc_goes_back_step_by_step(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk)
    open_card(qtbot, window)
    press(qtbot, window, Key.Key_3, CTRL)
    window.toast.tell_error(StoreUnavailable())
    for _ in range(4):
        press(qtbot, window, Key.Key_Escape)
        steps = (
            bool(window.toast.words()),
            window.pages.currentIndex(),
            window.customers.search.text(),
            window.customers.card.customer_id is not None,
        )
        assert (
            steps
            == [
                (False, INBOX, "rahi", True),
                (False, CUSTOMERS, "rahi", True),
                (False, CUSTOMERS, "", True),
                (False, CUSTOMERS, "", False),
            ][_]
        )


def test_a_widget_that_had_the_focus_may_be_gone(window: MainWindow, qtbot: QtBot) -> None:
    button = QPushButton(window)
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus, timeout=WAIT)
    shiboken6.delete(button)
    window.top_bar.sync_button.setEnabled(True)
    window.top_bar.sync_button.setFocus()
    press(qtbot, window, Key.Key_Z)
    assert window.customers.search.text() == "z"


def test_pages_by_keys_and_by_tabs(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    for page, key in ((OWING, Key.Key_2), (INBOX, Key.Key_3), (CUSTOMERS, Key.Key_1)):
        press(qtbot, window, key, CTRL)
        assert (window.pages.currentIndex(), window.top_bar.tabs.current) == (page, page)
    window.top_bar.tabs.choose(OWING)
    assert window.pages.currentIndex() == OWING
    rahim = add(desk)
    window.owing.customer_chosen.emit(rahim)
    assert window.pages.currentIndex() == CUSTOMERS
    assert window.customers.card.customer_id == rahim


def test_a_new_customer_gets_what_was_typed_and_her_card_opens(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.customers.search.field, "Zoe")
    press(qtbot, window, Key.Key_F8)
    form = dialog(qtbot, window)
    assert isinstance(form, CustomerDialog)
    with qtbot.waitSignal(window.acts.done, timeout=WAIT) as done:
        form.confirm()
    told = done.args[0]
    assert window.toast.words() == told.text
    assert window.customers.card.customer_id == told.customer_id
    qtbot.waitUntil(lambda: window.customers.card.card is not None, timeout=WAIT)
    card = window.customers.card.card
    assert card is not None
    assert card.customer.profile.name == "Zoe"


class Opener(QObject):
    """Opens what the system would."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url)


@pytest.fixture
def opener() -> Iterator[Opener]:
    made = Opener()
    QDesktopServices.setUrlHandler("file", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("file")


def test_a_payment_by_keys_and_its_slip(window: MainWindow, desk: Desk, qtbot: QtBot, opener: Opener) -> None:
    add(desk)
    open_card(qtbot, window)
    press(qtbot, window, Key.Key_F4)
    form = dialog(qtbot, window)
    qtbot.waitUntil(form.isActiveWindow, timeout=WAIT)
    qtbot.keyClicks(QApplication.focusWidget(), "500")
    with qtbot.waitSignal(window.acts.done, timeout=WAIT):
        press(qtbot, form, Key.Key_Return)
    assert "₹500.00" in window.toast.words()
    assert window.toast.button.words() == "Slip"
    with qtbot.waitSignal(window.paper.written, timeout=WAIT) as written:
        qtbot.mouseClick(window.toast.button, Qt.MouseButton.LeftButton)
    assert written.args[0].path.read_bytes().startswith(b"%PDF")
    assert window.toast.words() == written.args[0].text
    assert [url.toLocalFile() for url in opener.opened] == [str(written.args[0].path)]


def test_the_menu_tells_versions_and_licences(window: MainWindow, qtbot: QtBot) -> None:
    window.menu.about_wanted.emit()
    about = dialog(qtbot, window)
    assert isinstance(about, AboutDialog)
    qtbot.keyClick(about, Key.Key_Escape)
    qtbot.waitUntil(lambda: window.acts.dialog is None, timeout=WAIT)


def test_the_scheme_and_the_place_are_remembered(
    window: MainWindow, desk: Desk, show: Callable[[Desk], MainWindow], app: TillApplication
) -> None:
    window.menu.scheme_chosen.emit(Scheme.DARK)
    assert current().scheme is Scheme.DARK
    window.resize(1200, 700)
    window.close()
    assert (app.home.folder / "window.ini").is_file()
    current().choose(Scheme.LIGHT)
    again = show(desk)
    assert current().chosen is Scheme.DARK
    assert again.height() == 700
    again.menu.scheme_chosen.emit(None)
    assert current().chosen is None


def test_a_window_fits_a_small_screen(window: MainWindow) -> None:
    assert window.minimumSizeHint().width() <= 1180
    assert window.minimumSizeHint().height() <= 680


def test_f9_syncs_and_the_inbox_is_counted(
    app: TillApplication, show: Callable[[Desk], MainWindow], qtbot: QtBot
) -> None:
    with StubServer(customers=3) as stub:
        connect(app, stub)
        desk = make_desk(app, open_book(app), say=Translator("en"))
        try:
            window = show(desk)
            desk.sync.refresh()
            qtbot.waitUntil(window.top_bar.sync_button.isEnabled, timeout=WAIT)
            with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT) as ended:
                press(qtbot, window, Key.Key_F9)
            assert ended.args[0].pulled == 3
            assert window.top_bar.tabs.name(INBOX) == "Inbox"
        finally:
            desk.close()


def test_without_a_server_there_is_nothing_to_sync(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert desk.runner.wait_idle()
    assert not window.top_bar.sync_button.isEnabled()
    press(qtbot, window, Key.Key_F9)
    assert not desk.runner.busy
    assert not desk.sync.state.running


def test_a_practice_till_says_so_and_cannot_be_connected(
    app: TillApplication, show: Callable[[Desk], MainWindow]
) -> None:
    with app.practice() as practice:
        desk = make_desk(practice, open_book(practice), say=Translator("en"))
        try:
            current().choose(Scheme.DARK)
            window = show(desk)
            assert window.notices.practice.words() == "PRACTICE — nothing leaves this till"
            assert "Practice till" in window.windowTitle()
            assert current().chosen is Scheme.DARK
        finally:
            desk.close()


def test_the_practice_till_opens_from_the_menu_once(window: MainWindow, desk: Desk) -> None:
    PracticeController(window, desk)
    seen: list[MainWindow] = []

    def look() -> None:
        practice = QApplication.activeWindow()
        if isinstance(practice, MainWindow) and practice is not window and not seen:
            seen.append(practice)
            assert not window.menu.isEnabled()
            practice.close()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    window.menu.practice_wanted.emit()
    timer.stop()
    assert len(seen) == 1
    assert window.menu.isEnabled()


def test_a_till_that_another_one_holds_is_only_looked_at(
    app: TillApplication, show: Callable[[Desk], MainWindow], qtbot: QtBot
) -> None:
    assert not app.read_only
    home = app.home.folder
    with open_till(home, actor="asha", passphrase=lambda: "only for tests", keyring=False) as second:
        desk = make_desk(second, open_book(second), say=Translator("en"))
        try:
            window = show(desk)
            assert window.notices.read_only.words().startswith("Look only")
            press(qtbot, window, Key.Key_F8)
            assert window.toast.words().startswith("Look only")
            assert window.acts.dialog is None
        finally:
            desk.close()


def test_a_second_copy_that_does_not_follow_is_a_lasting_warning(
    app: TillApplication, show: Callable[[Desk], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "stick"
    assert not app.read_only
    app.move_second_copy(folder)
    desk = make_desk(app, open_book(app), say=Translator("en"))
    try:
        window = show(desk)
        assert desk.runner.wait_idle()
        shutil.rmtree(folder)
        add(desk)
        qtbot.waitUntil(lambda: app.second_copy().since is not None, timeout=WAIT)
        window.notices.look()
        assert desk.runner.wait_idle()
        assert window.notices.second_copy.words().startswith("No second copy since")
        folder.mkdir()
        add(desk, "Asha Devi")
        qtbot.waitUntil(lambda: app.second_copy().since is None, timeout=WAIT)
        window.notices.look()
        assert desk.runner.wait_idle()
        assert window.notices.second_copy.words() == ""
    finally:
        desk.close()


def test_no_notice_where_all_is_well(window: MainWindow, desk: Desk) -> None:
    assert desk.runner.wait_idle()
    notices = window.notices
    assert [strip.words() for strip in (notices.practice, notices.read_only, notices.second_copy)] == ["", "", ""]
