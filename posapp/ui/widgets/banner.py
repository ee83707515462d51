"""Something a person should know where she is looking: a sentence, a next step, buttons, two in a row."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.locale.translator import Translator
from posapp.ui.theme.tokens import XS, M, S, Tone, Type
from posapp.ui.widgets.labels import IconLabel, Label, restyled

_IN_A_ROW = 2
_ICONS = {Tone.BAD: "circle-alert", Tone.WARN: "triangle-alert", Tone.GOOD: "circle-check"}


class Banner(QFrame):
    """A coloured strip with an icon, a title, a text and buttons; hidden until it has something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("info", Tone.INFO)
        self._title = Label("", Type.STRONG, wraps=True)
        self._text = Label("", Type.BODY, wraps=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._foot = QWidget()
        self._buttons = QGridLayout(self._foot)
        self._buttons.setContentsMargins(0, XS, 0, XS)
        self._buttons.setSpacing(S)
        self._buttons.setColumnStretch(_IN_A_ROW, 1)
        words = QVBoxLayout()
        words.setSpacing(XS // 2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addWidget(self._foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(M, S, M, S)
        row.setSpacing(M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.hide()

    def say(
        self, tone: Tone, title: str, text: str = "", buttons: tuple[QPushButton, ...] = (), *, icon: str = ""
    ) -> None:
        """Show a title, a text under it and buttons under that, in a tone, with its icon or another one."""
        self.setProperty("soft", tone.value)
        self._icon.set_icon(icon or _ICONS.get(tone, "info"), tone)
        self._title.setText(title)
        self._title.set_tone(tone)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for place, button in enumerate(buttons):
            self._buttons.addWidget(button, place // _IN_A_ROW, place % _IN_A_ROW)
        self._foot.setVisible(bool(buttons))
        restyled(self)
        self.show()

    def say_error(self, error: PosError, say: Translator, buttons: tuple[QPushButton, ...] = ()) -> None:
        """Show what went wrong and what to do next."""
        text = "\n".join(part for part in (say.say(error.detail), say.say(error.next_step)) if part)
        self.say(Tone.BAD, say.say(error.title_message), text, buttons)

    def words(self) -> str:
        """Return what it says, title first; empty while it is hidden."""
        return "" if self.isHidden() else f"{self._title.text()}\n{self._text.text()}".strip()
