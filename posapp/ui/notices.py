"""What must not be overlooked while it lasts: practice, a till that can only be looked at, no second copy."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.services.application import SecondCopyState
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import XL, XS, S, Tone, Type
from posapp.ui.widgets.labels import IconLabel, Label
from posapp.ui.wording import moment_said

_LOOK_MS = 60_000


class Strip(QFrame):
    """One line over the whole width; hidden until it has something to say."""

    def __init__(self, look: str, icon: str, text: str = "", parent: QWidget | None = None) -> None:
        """Make a strip.

        Args:
            look: `info`, `warn` or `loud`, as the style sheet has it.
            icon: Beside the words; none on a loud one, whose words are enough.
            text: What it says; shown if there is something.
            parent: Holds it.
        """
        super().__init__(parent)
        self.setProperty("strip", look)
        self._words = Label(text, Type.BODY)
        row = QHBoxLayout(self)
        row.setContentsMargins(XL, XS, XL, XS)
        row.setSpacing(S)
        row.addStretch()
        if icon:
            row.addWidget(IconLabel(icon, Tone(look)))
            self._words.set_tone(Tone(look))
        row.addWidget(self._words)
        row.addStretch()
        self.setVisible(bool(text))

    def say(self, text: str) -> None:
        """Say something, or nothing any more."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def words(self) -> str:
        """Return what it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()


class Notices(QWidget):
    """The strips under the top bar."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        say = desk.say
        self.practice = Strip("loud", "", say(N_("PRACTICE — nothing leaves this till")) if desk.app.practising else "")
        self.read_only = Strip(
            "info",
            "eye",
            say(N_("Look only: another program has this till open, or its disk takes no writes"))
            if desk.opened.read_only
            else "",
        )
        self.second_copy = Strip("warn", "hard-drive")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for strip in (self.practice, self.read_only, self.second_copy):
            column.addWidget(strip)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        if not desk.opened.read_only and not desk.app.practising:
            self._timer.start(_LOOK_MS)
            self.look()

    @Slot()
    def look(self) -> None:
        """Ask how the second copy stands."""
        self._desk.runner.run(
            self._desk.app.second_copy, done=self._on_second_copy, failed=self._on_failed, owner=self, reading=True
        )

    def _on_second_copy(self, state: SecondCopyState) -> None:
        if state.since is None:
            self.second_copy.say("")
            return
        since = moment_said(self._desk.say, state.since, self._desk.till.clock.now(), self._desk.shop())
        self.second_copy.say(
            self._desk.say(
                N_("No second copy since {since}: the folder {folder} cannot be written"),
                since=since,
                folder=state.folder,
            )
        )

    def _on_failed(self, error: PosError) -> None:
        self.second_copy.say(self._desk.say.say(error.title_message))
