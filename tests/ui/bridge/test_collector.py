"""Widgets in a cycle are destroyed on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from posapp.ui.bridge.collector import Collector


class Knot:
    """An object that only the collector can free; it tells on which thread it goes."""

    def __init__(self, gone: list[threading.Thread]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: gone.append(threading.current_thread()))


def test_a_worker_that_allocates_collects_nothing_and_the_timer_does(qtbot: QtBot) -> None:
    gone: list[threading.Thread] = []
    made = Collector()
    try:
        Knot(gone)
        worker = threading.Thread(target=lambda: [[] for _ in range(200_000)])
        worker.start()
        worker.join()
        assert gone == []
        qtbot.waitUntil(lambda: bool(gone), timeout=5000)
        assert gone == [threading.main_thread()]
    finally:
        made.stop()
    assert gc.isenabled()
