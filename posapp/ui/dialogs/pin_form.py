"""The fields of a new manager's PIN: its rules are said while one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.ui.theme.tokens import XS, L, Tone
from posapp.ui.widgets.fields import Field

_MOST = 24
_RULE_BEGINS = 4


class PinForm(QWidget):
    """A new PIN twice, and the old one where there is one.

    Signals:
        edited: Something was typed.
    """

    edited = Signal()

    def __init__(self, say: Translator, app: Application, *, change: bool) -> None:
        """Build the fields.

        Args:
            say: Says sentences.
            app: Knows which PINs may be chosen.
            change: Whether there is a PIN already.
        """
        super().__init__()
        self._say, self._app, self._change = say, app, change
        self.old, self.new, self.repeated = _pin_line(), _pin_line(), _pin_line()
        rules = say(N_("6 to 12 digits without a pattern."))
        self.fields = {
            "old": Field(say(N_("Old PIN")), self.old),
            "new": Field(say(N_("New PIN")), self.new, hint=rules),
            "repeated": Field(say(N_("Once more")), self.repeated),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        if change:
            grid.addWidget(self.fields["old"], 0, 0)
        else:
            self.fields["old"].setParent(self)
            self.fields["old"].hide()
        grid.addWidget(self.fields["new"], 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["repeated"], 1, 1, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        for line in (self.old, self.new, self.repeated):
            line.textChanged.connect(self._on_edited)

    def first(self) -> QWidget:
        """Return where typing begins."""
        return self.old if self._change else self.new

    def pins(self) -> tuple[str | None, str] | None:
        """Return the old PIN and the new one; None where something is wrong, which is said there."""
        if self._change and not self.old.text():
            self.refuse("old", self._say(N_("The old PIN is missing.")))
            return None
        try:
            self._app.check_new_pin(self.new.text())
        except DomainError as error:
            self.refuse("new", self._say.say(error.detail))
            return None
        if self.new.text() != self.repeated.text():
            self.refuse("repeated", self._say(N_("The two are not the same.")))
            return None
        return (self.old.text() if self._change else None), self.new.text()

    def refuse(self, place: str, words: str) -> None:
        """Say at a field what is wrong with it."""
        self.fields[place].set_wrong(words)
        self.fields[place].editor.setFocus()

    def empty(self) -> None:
        """Let no PIN stand on the screen's memory."""
        for line in (self.old, self.new, self.repeated):
            line.clear()

    def _on_edited(self) -> None:
        for field in self.fields.values():
            field.set_hint("")
        self._judge_new()
        if self.repeated.text() and self.repeated.text() == self.new.text():
            self.fields["repeated"].set_hint(self._say(N_("the same")), Tone.GOOD)
        elif self.repeated.text() and not self.new.text().startswith(self.repeated.text()):
            self.fields["repeated"].set_wrong(self._say(N_("The two are not the same.")))
        self.edited.emit()

    def _judge_new(self) -> None:
        if len(self.new.text()) < _RULE_BEGINS:
            return
        try:
            self._app.check_new_pin(self.new.text())
        except DomainError as error:
            self.fields["new"].set_hint(self._say.say(error.detail), Tone.WARN)
        else:
            self.fields["new"].set_hint(self._say(N_("a good PIN")), Tone.GOOD)


def _pin_line() -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setMaxLength(_MOST)
    line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
    return line
