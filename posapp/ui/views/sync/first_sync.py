"""The strip of a first or full sync: how far it is, how long it will take, and a way to end it for now."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from posapp.domain.errors import Cancelled
from posapp.domain.messages import N_
from posapp.services.dto import CycleReport
from posapp.services.ports.loop import SyncPhase, SyncProgress
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import L, M, S, Tone, Type
from posapp.ui.views.sync.wording import reading_said
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.labels import IconLabel, Label

LONG = 2000
"""Customers from which a reading is worth a strip; fewer are read before anybody has looked."""
_STEPS = 1000


class FirstSyncStrip(QFrame):
    """Hidden but for a long reading, and after one that somebody ended.

    Signals:
        shown_changed: It came or went.
    """

    shown_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._last: SyncProgress | None = None
        self.setProperty("panel", "true")
        self._title = Label(self._say(N_("Reading your customers")), Type.STRONG)
        self._words = Label("", Type.BODY, Tone.MUTED)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _STEPS)
        self._bar.setAccessibleName(self._title.text())
        self._cancel = KeyButton(self._say(N_("Stop for now")), icon="x")
        self._go_on = KeyButton(self._say(N_("Go on now")), icon="refresh-cw")
        self._lay_out()
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._go_on.clicked.connect(self._on_go_on_clicked)
        desk.sync.progressed.connect(self._on_progressed)
        desk.sync.cycle_ended.connect(self._on_cycle_ended)
        self.hide()

    def words(self) -> str:
        """Return what it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    @Slot(object)
    def _on_progressed(self, progress: SyncProgress) -> None:
        if progress.phase is SyncPhase.CHECKING and self._last is not None:
            self._leave()
        if progress.phase is not SyncPhase.READING or not self._is_long(progress):
            return
        self._last = progress
        self._title.setText(self._say(N_("Reading your customers")))
        self._words.setText(reading_said(self._say, progress))
        self._bar.setValue(progress.done * _STEPS // progress.total if progress.total else 0)
        self._offer(self._cancel)

    @Slot(object)
    def _on_cycle_ended(self, report: CycleReport) -> None:
        last = self._last
        if last is None:
            return
        if report.problem != Cancelled.id:
            self._leave()
            return
        self._title.setText(self._say(N_("Stopped for now")))
        if last.total is None:
            stopped = self._say(N_("Stopped at {done}; it goes on by itself later."), done=f"{last.done:,}")
        else:
            stopped = self._say(
                N_("Stopped at {done} of {total} customers; it goes on by itself later."),
                done=f"{last.done:,}",
                total=f"{last.total:,}",
            )
        self._words.setText(stopped)
        self._offer(self._go_on)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self._desk.sync.cancel()

    @Slot()
    def _on_go_on_clicked(self) -> None:
        self._desk.sync.sync_now()

    def _is_long(self, progress: SyncProgress) -> bool:
        """Return whether a reading is worth the strip: of everybody, or the first."""
        if progress.total is None:
            return self._desk.sync.state.last_success_at is None
        return progress.total >= LONG

    def _offer(self, button: KeyButton) -> None:
        """Show the strip with one of its two buttons, which takes the other's focus."""
        other = self._go_on if button is self._cancel else self._cancel
        if not button.isHidden() and not self.isHidden():
            return
        had = other.hasFocus()
        button.show()
        if had:
            button.setFocus()
        other.hide()
        self.show()
        self.shown_changed.emit()

    def _leave(self) -> None:
        self._last = None
        self.hide()
        self.shown_changed.emit()

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(M)
        words.addWidget(self._title)
        words.addWidget(self._words, 1)
        middle = QVBoxLayout()
        middle.setSpacing(S)
        middle.addLayout(words)
        middle.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, S, M, S)
        row.setSpacing(L)
        row.addWidget(IconLabel("users", Tone.ACCENT))
        row.addLayout(middle, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._go_on)
        self._go_on.hide()
