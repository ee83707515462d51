"""Where people type: a field with its name above and what is wrong below, and the field for an amount of money."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.money import Money, WrongAmount, currency_of, parse_amount
from posapp.ui.theme.tokens import XS, S, Tone, Type
from posapp.ui.widgets.labels import Label, restyled


class Field(QWidget):
    """An editor with its name above it and one line below for a hint or for what is wrong with it.

    The line keeps its room while it is empty, so that nothing jumps while one types.
    """

    def __init__(
        self,
        name: str,
        editor: QWidget,
        *,
        hint: str = "",
        beside: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Put them together.

        Args:
            name: Above the editor.
            editor: Where one types.
            hint: Below it, while nothing is wrong.
            beside: At the right of the editor, a button that fills it.
            parent: Owns it.
        """
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self._name = Label(name, Type.CAPTION, Tone.MUTED)
        self._name.setBuddy(editor)
        self._below = Label(hint, Type.CAPTION, Tone.MUTED, wraps=True)
        self._below.setMinimumHeight(18)
        editor.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, S)
        column.setSpacing(XS)
        row = QHBoxLayout()
        row.setSpacing(S)
        row.addWidget(editor, 1)
        if beside is not None:
            row.addWidget(beside)
        column.addWidget(self._name)
        column.addLayout(row)
        column.addWidget(self._below)

    def set_name(self, name: str) -> None:
        """Ask for something else with the same editor."""
        self._name.setText(name)
        self.editor.setAccessibleName(name)

    def set_hint(self, text: str, tone: Tone = Tone.MUTED) -> None:
        """Say something helpful below the editor; nothing is wrong."""
        self._mark(wrong=False)
        self._below.set_tone(tone)
        self._below.setText(text or self._hint)

    def set_wrong(self, text: str) -> None:
        """Say what is wrong with what was typed; an empty text takes it back."""
        if not text:
            self.set_hint("")
            return
        self._mark(wrong=True)
        self._below.set_tone(Tone.BAD)
        self._below.setText(text)

    def below(self) -> str:
        """Return what stands below the editor."""
        return self._below.text()

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.editor.property("wrong")) != wrong:
            self.editor.setProperty("wrong", wrong)
            restyled(self.editor)


class AmountEdit(QLineEdit):
    """Takes an amount in the shop's currency as people type it: `1,25,000.50`, `৫০০`, `₹ 500`.

    Signals:
        edited: The amount is another one, or no amount, or wrong.
    """

    edited = Signal()

    def __init__(self, currency: str, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText(f"{currency_of(currency).sign}0")
        self.setMaxLength(24)
        if large:
            self.setProperty("room", "amount")
        self.textChanged.connect(self.edited)

    def amount(self) -> Money | None:
        """Return the amount typed; None for nothing or for what is no amount."""
        try:
            return self.checked()
        except WrongAmount:
            return None

    def checked(self) -> Money | None:
        """Return the amount typed; None for nothing.

        Raises:
            WrongAmount: It is no amount of this currency.
        """
        text = self.text().strip()
        return parse_amount(text, self._currency) if text else None

    def error(self) -> PosError | None:
        """Return what is wrong with what was typed; None where nothing is."""
        try:
            self.checked()
        except WrongAmount as error:
            return error
        return None

    def set_amount(self, amount: Money | None) -> None:
        """Put an amount in, without its sign; None empties the field."""
        sign = currency_of(self._currency).sign
        self.setText("" if amount is None else amount.text().replace(sign, ""))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose all of it, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.selectAll()
