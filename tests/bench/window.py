"""Measures the window: gaps of its event loop in a first sync, a key until its hits are painted, acts until *saved*.

The stub runs in a process of its own, the till and the window in this one, as at a counter. A heartbeat of one
millisecond on the GUI thread tells how long that thread was away.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, qInstallMessageHandler

from posapp.app import TillApplication, open_till
from posapp.locale.translator import Translator
from posapp.services.connections import ConnectForm
from posapp.ui.application import make_application
from posapp.ui.bridge.collector import Collector
from posapp.ui.bridge.desk import Desk, make_desk, open_book
from posapp.ui.bridge.lookup import Looked
from posapp.ui.main_window import MainWindow
from tests.gui.keyboard import Keyboard
from tests.support.stub import StubProcess

TYPED = 60
"""Queries that are typed letter by letter."""
ACTS = 20
_FRAME, _NOTICED = 16, 50
"""Milliseconds: a frame at 60 Hz, and what a person notices."""
_LONGEST_QUERY = 8


class Heartbeat(QObject):
    """Notes how long the GUI thread was away between two beats."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat for a while."""
        self._last = time.perf_counter()
        self._timer.start()
        yield
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000 - self._timer.interval())
        self._last = now


def bench_window(folder: Path, customers: int) -> None:
    """Print the window's times.

    Args:
        folder: For the till and the stub.
        customers: How many the stub has.
    """
    qInstallMessageHandler(_hear_nothing)  # the offscreen platform cannot do everything, and says so each time
    make_application()
    with ExitStack() as stack:
        address = f"sqlite:///{folder / 'window-stub.sqlite3'}"
        stub = stack.enter_context(StubProcess(customers=customers, database_url=address))
        home = folder / "window"
        app = stack.enter_context(open_till(home, actor="bench", passphrase=lambda: "only for benches", keyring=False))
        token = stub.token().encode()
        app.connect(ConnectForm("pos", stub.base_url, None, "stub", token, currency="BDT", time_zone="Asia/Dhaka"))
        collector = Collector()
        stack.callback(collector.stop)
        desk = make_desk(app, open_book(app), say=Translator("en"))
        stack.callback(desk.close)
        window = MainWindow(desk)
        window.show()
        collector.spare()
        _bench_first_sync(desk)
        _bench_typing(app, desk, window)
        _bench_acts(desk, window)


def _bench_first_sync(desk: Desk) -> None:
    """Print the gaps of the event loop while everybody is read for the first time."""
    heart, loop = Heartbeat(), QEventLoop()
    desk.sync.cycle_ended.connect(loop.quit)
    started = time.perf_counter()
    with heart.beating():
        desk.sync.start()
        loop.exec()
    seconds = time.perf_counter() - started
    counts = desk.sync.state.counts
    read = counts.customers if counts else 0
    gaps = sorted(heart.gaps)
    over = {limit: sum(gap > limit for gap in gaps) for limit in (_FRAME, _NOTICED)}
    print(f"first sync of {read:,} behind the window: {seconds:.1f} s, {read / seconds:,.0f} customers/s ({_load()})")
    print(
        f"  event loop: {len(gaps):,} beats, longest gap {gaps[-1]:.1f} ms, p99.9 {_at(gaps, 0.999):.1f} ms; "
        f"{over[_FRAME]} gaps over {_FRAME} ms, {over[_NOTICED]} over {_NOTICED} ms"
    )


def _bench_typing(app: TillApplication, desk: Desk, window: MainWindow) -> None:
    """Print the time from a key to the end of the painting of its hits, and from Enter to the painted card."""
    keys, search, card = Keyboard(), window.customers.search, window.customers.card
    painted: list[str] = []
    search.painted.connect(painted.append)

    def note_nobody(looked: Looked) -> None:
        if not looked.found.hits:  # no list is drawn then, only words
            painted.append(looked.text)

    desk.lookup.found.connect(note_nobody)
    letters: list[float] = []
    cards: list[float] = []
    for query in _queries(app):
        keys.press("Escape", "Escape")
        keys.until(lambda: not search.text() and card.customer_id is None, "an empty search")
        for place, letter in enumerate(query, 1):
            painted.clear()
            so_far = query[:place]
            letters.append(_milliseconds(keys, lambda one=letter: keys.write(one), lambda text=so_far: text in painted))
        if search.model.rowCount():
            cards.append(_milliseconds(keys, lambda: keys.press("Return"), lambda: card.card is not None))
    _print("key to painted hits", letters)
    _print("Enter to painted card", cards)


def _bench_acts(desk: Desk, window: MainWindow) -> None:
    """Print the time from Enter in a dialog to the words that say it is saved."""
    keys, toast = Keyboard(), window.toast
    desk.sync.stop()
    for key, name in (("F4", "PaymentDialog"), ("F5", "ChargeDialog"), ("F2", "SaleDialog")):
        opened: list[float] = []
        saved: list[float] = []
        for number in range(ACTS):
            opened.append(_milliseconds(keys, lambda one=key: keys.press(one), lambda: window.acts.dialog is not None))
            dialog = keys.dialog(name)
            keys.write(str(100 + number))
            toast.hide()
            saved.append(_milliseconds(keys, lambda: keys.press("Return"), toast.words))
            keys.until(lambda: window.acts.dialog is None, f"{name} gone")
            del dialog
        _print(f"{name}: key to dialog", opened)
        _print(f"{name}: Enter to saved", saved)


def _queries(app: TillApplication) -> list[str]:
    """Draw what people type from the customers themselves: a name's beginning, two words, the end of a phone."""
    rng = random.Random(7)
    found = [
        hit.customer.profile
        for letters in ("ra", "sh", "ka", "017", "98", "ম", "র", "स", "م")
        for hit in app.till.book.read(lambda session, one=letters: session.customers.find(one, 200)).hits
    ]
    phoned = [one for one in found if one.phone]
    queries = []
    for number in range(TYPED):
        one = rng.choice(phoned)
        words = one.name.split()
        digits = "".join(char for char in one.phone or "" if char.isdecimal())
        kinds = (words[0].lower(), f"{words[-1][:3]} {words[0][:3]}".lower(), digits[-6:], one.name)
        queries.append(kinds[number % len(kinds)][:_LONGEST_QUERY].strip())
    return queries


def _milliseconds(keys: Keyboard, act: Callable[[], object], seen: Callable[[], object]) -> float:
    """Return the time from an act to what is seen, with the painting that follows."""
    keys.focus()
    started = time.perf_counter()
    act()
    keys.until(seen, "what was measured")
    QCoreApplication.processEvents()
    return (time.perf_counter() - started) * 1000


def _print(what: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    print(
        f"  {what:30} p50 {statistics.median(ordered):6.1f}  p95 {_at(ordered, 0.95):6.1f}  max {ordered[-1]:6.1f} ms"
        f"   ({len(ordered)} times, {_load()})"
    )


def _hear_nothing(*_: object) -> None:
    """Say nothing."""


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"
