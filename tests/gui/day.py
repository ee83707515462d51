"""`python -m tests.gui.day [--offline] [--out DIR]`: a cashier's day by key events alone, then till and stub compared.

The whole program runs as it does for a person (`run_window`: first start, window, sync), on the platform that
`QT_QPA_PLATFORM` names, else offscreen. With `--offline` the server goes away in the middle and comes back. With
`--out` every screen and every dialog is pictured in both schemes, and every paper is put beside them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import httpx
from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Slot, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from posapp.app import TillApplication, open_till
from posapp.demo.comparison import compare, read_stub
from posapp.locale.translator import Translator
from posapp.services.status import status
from posapp.ui.application import make_application, run_window
from posapp.ui.first_run.wizard import FirstRun
from posapp.ui.main_window import MainWindow
from posapp.ui.paper import usual_folder
from server_stub.server import StubThread
from server_stub.settings import EXTENSIONS, Settings
from tests.gui.album import USUAL, Album
from tests.gui.beginning import begin_till
from tests.gui.keyboard import Keyboard
from tests.gui.people import Guests, guests_of
from tests.gui.shift import Shift

STORE = "22"
REFUSED = 1
"""Acts that the stub is told to refuse: they are in the inbox and count nowhere."""
_LOOK_MS = 10

W = TypeVar("W", bound=QWidget)


class Viewer(QObject):
    """Stands for the system's PDF viewer: what is opened is noted."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []
        QDesktopServices.setUrlHandler("file", self, "open_file")

    @Slot(QUrl)
    def open_file(self, url: QUrl) -> None:
        """Note a file."""
        self.opened.append(Path(url.toLocalFile()))


class Day:
    """The day: its steps, and how it ended."""

    def __init__(self, app: TillApplication, stub: StubThread, album: Album, *, offline: bool) -> None:
        self.app, self.stub, self.album, self.offline = app, stub, album, offline
        self.keys = Keyboard()
        self.token = stub.credentials["pos"][STORE]["token"]
        self.error: BaseException | None = None
        self.ended = False

    def run(self) -> None:
        """Run the program and work in it."""
        QTimer.singleShot(0, self._begin)
        run_window(self.app, say=Translator("en"))
        if self.error is not None:
            raise self.error
        assert self.ended, "the window was closed before the day was over"

    def step(self, title: str, act: Callable[[], str]) -> None:
        """Do one step and print how long it took."""
        started = time.perf_counter()
        said = act().replace("\n", " · ")
        print(f"{time.perf_counter() - started:7.2f} s  {title:32} {said}", flush=True)

    def _begin(self) -> None:
        """In the event loop of the first start."""
        wizard = self._found(FirstRun)
        if wizard is None:
            QTimer.singleShot(_LOOK_MS, self._begin)
        else:
            self._guarded(lambda: self._first_run(wizard))

    def _first_run(self, wizard: FirstRun) -> None:
        self.step(
            "First start",
            lambda: begin_till(self.keys, self.album, wizard, self.stub.base_url(), self.token),
        )
        QTimer.singleShot(0, self._work)

    def _work(self) -> None:
        """In the event loop of the window; it waits outside of it, for the window is made by who called that loop."""
        window = self._found(MainWindow)
        if window is None:
            QTimer.singleShot(_LOOK_MS, self._work)
        else:
            self._guarded(lambda: self._shift(window))

    def _shift(self, window: MainWindow) -> None:
        window.resize(*USUAL)
        shift = Shift(self.keys, self.album, window, self.app.till, usual_folder())
        guests = guests_of(read_stub(self.stub.base_url(), self.token))
        self.step("First sync", shift.wait_first_sync)
        self._morning(shift, guests)
        if self.offline:
            self.stub.stop()
            self.step("The server goes away", shift.see_server_gone)
        self._noon(shift, guests)
        if self.offline:
            self.step("Points without the server", lambda: self._redeem_refused(shift, guests))
            self.stub.start()
        self.step("Everything drains", shift.sync_until_drained)
        self._evening(shift, guests)
        self.ended = True
        window.close()

    def _morning(self, shift: Shift, guests: Guests) -> None:
        buyer, payer = guests.buyer, guests.payer
        self.step("Find by sound", lambda: shift.look_for("rahim", "found-by-sound"))
        self.step("Find by name", lambda: shift.find(buyer.name, buyer, picture="found-by-name"))
        self.step("Sale with points", shift.sell_with_points)
        self.step("Find by the phone's end", lambda: shift.find(payer.ending, payer, picture="found-by-phone"))
        self.step("Payment", lambda: shift.pay(125))

    def _noon(self, shift: Shift, guests: Guests) -> None:
        debtor = guests.debtor
        self.step("Find by name", lambda: shift.find(debtor.name, debtor))
        self.step("On account", lambda: shift.charge(340))
        self.step("Payment", lambda: shift.pay(90))
        self.step("The payment reversed", shift.reverse_payment)
        self.step("Explain a figure", shift.explain)
        self.step("New customer", shift.add_customer)
        self.step("Edit", shift.edit_customer)
        self.step("Payment ahead", lambda: shift.pay(40))

    def _redeem_refused(self, shift: Shift, guests: Guests) -> str:
        shift.find(guests.collector.ending, guests.collector)
        return shift.redeem_refused(20)

    def _pay_refused(self, shift: Shift, guests: Guests) -> str:
        shift.find(guests.payer.ending, guests.payer)
        refusal = {"match": {"method": "POST", "path": "*/ledger*", "count": 1}, "effect": {"status": 422}}
        httpx.put(f"{self.stub.url}/__faults", json={"faults": [refusal]}, trust_env=False).raise_for_status()
        shift.pay(30)
        return shift.see_inbox_fill()

    def _evening(self, shift: Shift, guests: Guests) -> None:
        collector, debtor = guests.collector, guests.debtor
        self.step("Find by the phone's end", lambda: shift.find(collector.ending, collector))
        self.step("Points redeemed", lambda: shift.redeem(20))
        self.step("Find by name", lambda: shift.find(debtor.name, debtor))
        self.step("Statement", shift.print_statement)
        self.step("Slip", shift.print_slip)
        self.step("Who owes", shift.look_who_owes)
        self.step("A payment the server refuses", lambda: self._pay_refused(shift, guests))
        self.step("Inbox", shift.look_at_inbox)
        self.step("Sync light", shift.look_at_sync)
        self.step("More, behind the card", shift.look_through_more)
        self.step("Menu", shift.look_through_menu)
        self.step("Everything drains", shift.sync_until_drained)

    def _found(self, kind: type[W]) -> W | None:
        """Return the window of a class that is seen; None while there is none."""
        windows = QApplication.topLevelWidgets()
        return next((one for one in windows if isinstance(one, kind) and one.isVisible()), None)

    def _guarded(self, act: Callable[[], None]) -> None:
        """Do something in an event loop that would swallow what goes wrong; then end all of them."""
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (raised again by `run`)
            self.error = error
            self.album.take("stuck", QApplication.activeModalWidget() or self.keys.focus().window())
            for window in QApplication.topLevelWidgets():
                window.close()
            QCoreApplication.exit(1)


def main() -> int:
    """Run the day and say whether the books agree."""
    parser = argparse.ArgumentParser(prog="python -m tests.gui.day", description=__doc__)
    parser.add_argument("--offline", action="store_true", help="the server goes away in the middle")
    parser.add_argument("--out", type=Path, help="folder for pictures and papers")
    parser.add_argument("--customers", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="posapp-day-", ignore_cleanup_errors=True) as temporary:
        os.environ["HOME"] = os.environ["XDG_CONFIG_HOME"] = temporary  # papers go to its Documents
        qInstallMessageHandler(_say_but_for_offscreen)
        make_application()
        viewer = Viewer()
        settings = Settings(database_url="sqlite://", customers=options.customers, extensions=frozenset(EXTENSIONS))
        album = Album(options.out)
        started = time.perf_counter()
        with (
            StubThread(settings) as stub,
            open_till(Path(temporary) / "till", actor="mina", keyring=False) as app,
        ):
            day = Day(app, stub, album, offline=options.offline)
            day.run()
            agree = _compare(day)
            seconds = time.perf_counter() - started
            print(f"{seconds:7.2f} s  in all; {album.taken} pictures, {len(viewer.opened)} papers opened")
    return 0 if agree else 1


def _compare(day: Day) -> bool:
    """Compare till and stub and print what differs."""
    found = compare(day.app.till, day.stub.base_url(), day.token)
    counts = status(day.app.till).counts
    for difference in found.differences[:20]:
        print(f"  {difference}")
    agree = not found.differences and not counts.waiting and counts.needs_attention == REFUSED
    waiting = f"{counts.waiting} waiting, {counts.needs_attention} in the inbox, {counts.kept} kept on this till"
    print(f"{found.customers} customers compared, {len(found.differences)} differences; {waiting}")
    print("The books agree." if agree else "The books differ.")
    return agree


def _say_but_for_offscreen(_kind: object, _context: object, text: str) -> None:
    """Print what Qt says, but for what the offscreen platform cannot do."""
    if "plugin does not support" not in text:
        print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
