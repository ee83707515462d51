"""The sync light of the top bar: what answered and how long ago, what waits, and a press that tells more."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import CONTROL_HEIGHT, M, S, Tone
from posapp.ui.views.sync.panel import SyncPanel
from posapp.ui.views.sync.watch import SyncWatch
from posapp.ui.views.sync.wording import light, waiting_said
from posapp.ui.widgets.labels import Chip, IconLabel, Label
from posapp.ui.wording import moment_said


class SyncLight(QPushButton):
    """An icon, words, and how much waits; a press opens `SyncPanel`.

    Signals:
        connect_wanted: Somebody wants to connect the till, or to sign in again.
        inbox_wanted: Somebody wants to see what needs a decision.
    """

    connect_wanted = Signal()
    inbox_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._watch = SyncWatch(desk.sync, self)
        self.setProperty("kind", "quiet")
        self.setAutoDefault(False)
        self.setMinimumHeight(CONTROL_HEIGHT)
        self._icon = IconLabel("cloud", Tone.MUTED)
        self._words = Label("")
        self._waiting = Chip("", Tone.WARN)
        self._risk = Chip("", Tone.WARN)
        row = QHBoxLayout(self)
        row.setContentsMargins(M, 0, M, 0)
        row.setSpacing(S)
        for part in (self._icon, self._words, self._waiting, self._risk):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        self.clicked.connect(self.open_panel)
        self._watch.changed.connect(self._show)
        self._show()

    def words(self) -> str:
        """Return what the light says."""
        return self._words.text()

    def waiting(self) -> str:
        """Return how much it says waits; empty for nothing."""
        return "" if self._waiting.isHidden() else self._waiting.text()

    def risk(self) -> str:
        """Return what it says can be lost of points given without the server; empty for nothing."""
        return "" if self._risk.isHidden() else self._risk.text()

    @Slot()
    def open_panel(self) -> None:
        """Show what is behind the light."""
        panel = SyncPanel(self._desk, self.window())
        panel.connect_wanted.connect(self.connect_wanted)
        panel.inbox_wanted.connect(self.inbox_wanted)
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel.open()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the room that its parts take."""
        layout = self.layout()
        return QSize(layout.sizeHint().width() if layout is not None else 0, CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the same: its words are never cut."""
        return self.sizeHint()

    @Slot()
    def _show(self) -> None:
        state, now = self._desk.sync.state, self._desk.till.clock.now()
        shown = light(self._say, state, self._watch.progress, now)
        count = state.counts.waiting if state.counts else 0
        oldest = state.counts.oldest_waiting if state.counts else None
        waiting = waiting_said(self._say, count) if count else ""
        risk = ""
        if state.exposure is not None and state.exposure.given:
            risk = self._say(N_("{exposure} at risk"), exposure=state.exposure.total)
        tip = ""
        if oldest is not None:
            since = moment_said(self._say, oldest, now, self._desk.shop())
            tip = self._say(N_("Saved on this till, not sent yet; the oldest since {since}"), since=since)
        self._icon.set_icon(shown.icon, shown.tone)
        if (shown.words, waiting, risk) != (self._words.text(), self.waiting(), self.risk()):
            self._words.setText(shown.words)
            for chip, text in ((self._waiting, waiting), (self._risk, risk)):
                chip.setText(text)
                chip.setVisible(bool(text))
            self.setAccessibleName(" · ".join(part for part in (shown.words, waiting, risk) if part))
            self.updateGeometry()
        self.setToolTip(tip or self._say(N_("How this till stands with its server")))
