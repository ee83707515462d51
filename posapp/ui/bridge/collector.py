"""Python's cycle collector, kept on the GUI thread.

Left to itself it runs on whichever thread allocates next. A widget in a cycle would then be destroyed by a worker, and
that ends the process. A full collection in the midst of a first sync would stop every thread for 80 to 140 ms; one that
spares what a start has made takes 30.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 1000
MIDDLE_EVERY, FULL_EVERY = 10, 60
"""Ticks between collections of the second and of the oldest generation."""


class Collector(QObject):
    """Collects by a timer instead of by allocation, from when it is made until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def spare(self) -> None:
        """Never look again at what there is now: modules, classes and the first widgets live as long as the window."""
        gc.freeze()

    def stop(self) -> None:
        """Leave collecting to the interpreter again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _on_tick(self) -> None:
        self._ticks += 1
        gc.collect(2 if self._ticks % FULL_EVERY == 0 else 1 if self._ticks % MIDDLE_EVERY == 0 else 0)
