"""What the sync light and its panel look at: how sync stands and how far it is, told at each change and each second."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.services.ports.loop import SyncProgress
from posapp.ui.bridge.sync_controller import SyncController

_TICK_MS = 1000


class SyncWatch(QObject):
    """Keeps the progress of the cycle under way.

    Signals:
        changed: What is shown may be another: something happened, or a second went by.
    """

    changed = Signal()

    def __init__(self, sync: SyncController, parent: QObject) -> None:
        super().__init__(parent)
        self._sync = sync
        self.progress: SyncProgress | None = None
        sync.state_changed.connect(self._on_state_changed)
        sync.progressed.connect(self._on_progressed)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self.changed)
        self._tick.start()

    @Slot(object)
    def _on_progressed(self, progress: SyncProgress) -> None:
        self.progress = progress
        self.changed.emit()

    @Slot(object)
    def _on_state_changed(self, _state: object) -> None:
        if not self._sync.state.running:
            self.progress = None
        self.changed.emit()
