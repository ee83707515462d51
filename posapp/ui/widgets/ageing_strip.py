"""How old a debt is, as five columns: a bar as high as its part, the amount, the days."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.ageing import Ageing
from posapp.domain.words import AGEING_WORDS
from posapp.locale.translator import Translator
from posapp.ui.theme.fonts import font_of
from posapp.ui.theme.theme import colours, current
from posapp.ui.theme.tokens import XS, S, Tone, Type

_BARS = 48
_LINE = 20
_FLOOR = 2
_TONES = (Tone.GOOD, Tone.INFO, Tone.WARN, Tone.WARN, Tone.BAD)


class AgeingStrip(QWidget):
    """Draws the buckets of an ageing, youngest first; empty while nothing is known."""

    def __init__(self, say: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self._ageing: Ageing | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current().changed.connect(self.update)

    def show_ageing(self, ageing: Ageing | None) -> None:
        """Show an ageing, or nothing."""
        self._ageing = ageing
        self.setAccessibleName("; ".join(f"{words}: {amount}" for words, amount in self.columns()))
        self.update()

    def columns(self) -> tuple[tuple[str, str], ...]:
        """Return what is drawn: the days and the amount of each column."""
        amounts = ("",) * len(AGEING_WORDS)
        if self._ageing is not None:
            amounts = tuple(amount.text() for amount in self._ageing.buckets)
        return tuple((self._say(words), amount) for words, amount in zip(AGEING_WORDS, amounts, strict=True))

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return room for the bars and two lines under them."""
        return QSize(460, _BARS + 2 * _LINE + S)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the columns."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = colours()
        minor = [0] * len(AGEING_WORDS) if self._ageing is None else [one.minor for one in self._ageing.buckets]
        most = max(*minor, 1)
        width = (self.width() - S * (len(minor) - 1)) / len(minor)
        for place, ((words, amount), value, tone) in enumerate(zip(self.columns(), minor, _TONES, strict=True)):
            left = place * (width + S)
            high = max(float(_FLOOR), value / most * _BARS)
            corner = min(XS, high / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.of(tone) if value else now.line))
            painter.drawRoundedRect(QRectF(left, _BARS - high, width, high), corner, corner)
            painter.setPen(QColor(now.of(tone) if value else now.muted))
            painter.setFont(font_of(Type.STRONG if value else Type.BODY))
            painter.drawText(QRectF(left, _BARS + XS, width, _LINE), Qt.AlignmentFlag.AlignHCenter, amount)
            painter.setPen(QColor(now.muted))
            painter.setFont(font_of(Type.CAPTION))
            painter.drawText(QRectF(left, _BARS + XS + _LINE, width, _LINE), Qt.AlignmentFlag.AlignHCenter, words)
        painter.end()
