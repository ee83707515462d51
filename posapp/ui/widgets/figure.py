"""A number that explains itself (promise 5): what it is, where it comes from, and a press that opens its lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.theme.theme import colours, current
from posapp.ui.theme.tokens import RADIUS, XS, M, S, Tone, Type
from posapp.ui.widgets.labels import ElidedLabel, FittedLabel, IconLabel, restyled

VALUE_HEIGHT = 36
"""The same for every script and sign, so that figures beside each other stand on one line."""


class Figure(QFrame):
    """One number of a card. Press it, or Enter on it, and `explained` asks for its lines.

    Signals:
        explained: Somebody wants to know where the number comes from.
    """

    explained = Signal()

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._caption = ElidedLabel(caption, Type.CAPTION, Tone.MUTED)
        self._value = FittedLabel("", Type.FIGURE)
        self._value.setFixedHeight(VALUE_HEIGHT)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self._shown: tuple[tuple[str, Tone], ...] = ()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(self._caption, 1)
        head.addWidget(IconLabel("circle-help", Tone.MUTED, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(M, S, M, S)
        column.setSpacing(XS // 2)
        column.addLayout(head)
        column.addWidget(self._value)
        column.addWidget(self._bar)
        column.addLayout(self._lines)
        column.addStretch()
        current().changed.connect(self._draw)
        self._draw()

    def show_value(
        self, caption: str, value: str, tone: Tone, lines: list[tuple[str, Tone]], help_text: str = ""
    ) -> None:
        """Show a number.

        Args:
            caption: What it is, with its direction (*You will get*).
            value: The number in words of money or points.
            tone: Of the number.
            lines: Where it comes from, each in its tone.
            help_text: What a press does, for the tool tip.
        """
        self._caption.setText(caption)
        self._value.set_face(Type.FIGURE if any(char.isdigit() for char in value) else Type.SUBTITLE)
        self._value.setText(value)
        self._value.set_tone(tone)
        self.setToolTip(help_text)
        self.setAccessibleName(f"{caption} {value}")
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for text, line_tone in lines:
            self._lines.addWidget(ElidedLabel(text, Type.CAPTION, line_tone))

    def show_part(self, part: float | None, tone: Tone = Tone.NORMAL) -> None:
        """Show under the number how much of a whole it is, from 0 to 1; None for no bar."""
        self._bar.setVisible(part is not None)
        self._bar.setValue(round(100 * min(max(part or 0.0, 0.0), 1.0)))
        if self._bar.property("tone") != tone.value:
            self._bar.setProperty("tone", tone.value)
            restyled(self._bar)

    def value(self) -> str:
        """Return the number as shown."""
        return self._value.text()

    def lines(self) -> tuple[str, ...]:
        """Return the lines under the number as shown."""
        return tuple(text for text, _ in self._shown)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for the lines."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.explained.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for the lines by Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.explained.emit()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Show that it can be pressed."""
        self._draw(hovered=True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Calm down."""
        self._draw()
        super().leaveEvent(event)

    def _draw(self, *, hovered: bool = False) -> None:
        now = colours()
        ground = now.hover if hovered else now.raised
        self.setStyleSheet(
            f"QFrame#figure {{ background: {ground}; border: 1px solid {now.line}; border-radius: {RADIUS}px; }}"
            f"QFrame#figure:focus {{ border: 2px solid {now.accent}; }}"
        )
