"""Words on the screen: plain text in a step of the type scale and a tone. What a server sent is never read as HTML."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from posapp.ui.theme import icons
from posapp.ui.theme.contrast import readable_on, stands_out
from posapp.ui.theme.fonts import font_of
from posapp.ui.theme.theme import colours, current
from posapp.ui.theme.tokens import CHIP_HEIGHT, FACES, Tone, Type


def restyled(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def plain_tip(text: str) -> str:
    """Return what a tool tip is set to so that it shows a text as it is: Qt reads one with tags in it as HTML."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if "<" in text or "&" in text else text


class Label(QLabel):
    """Plain text in a step of the type scale."""

    def __init__(
        self,
        text: str = "",
        face: Type = Type.BODY,
        tone: Tone = Tone.NORMAL,
        *,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("face", face.value)
        self.setProperty("tone", tone.value)
        self.setWordWrap(wraps)

    def set_tone(self, tone: Tone) -> None:
        """Say the same in another tone."""
        if self.property("tone") != tone.value:
            self.setProperty("tone", tone.value)
            restyled(self)


class ElidedLabel(Label):
    """One line that ends in an ellipsis where there is no room; the whole text is in its tool tip."""

    def __init__(
        self, text: str = "", face: Type = Type.BODY, tone: Tone = Tone.NORMAL, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, face, tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return what it shrinks to."""
        return QSize(40, super().minimumSizeHint().height())

    def drawn_font(self) -> QFont:
        """Return the font that the text is drawn in."""
        return self.font()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw as much of the text as fits."""
        font = self.drawn_font()
        metrics = QFontMetrics(font)
        text = self.text().replace("\n", " ")
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(plain_tip(self.text()) if shown != text else "")
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = self.alignment() | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(self.rect(), flags, shown)


class FittedLabel(ElidedLabel):
    """One line whose type becomes smaller where there is no room, and only then ends in an ellipsis."""

    def set_face(self, face: Type) -> None:
        """Write in another step of the type scale."""
        self.setProperty("face", face.value)

    def drawn_font(self) -> QFont:
        """Return the largest step of the type scale in which the text fits."""
        largest = Type(self.property("face"))
        for step in (largest, Type.TITLE, Type.SUBTITLE):
            if FACES[step].px > FACES[largest].px:
                continue
            if QFontMetrics(font_of(step)).horizontalAdvance(self.text()) <= self.width():
                return font_of(step)
        return font_of(Type.STRONG)


class IconLabel(QLabel):
    """An icon in a tone; it changes with the scheme."""

    def __init__(
        self, name: str, tone: Tone = Tone.NORMAL, size: int = icons.SIZE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)
        current().changed.connect(self._draw)
        self._draw()

    def set_icon(self, name: str, tone: Tone) -> None:
        """Show another icon."""
        if (name, tone) != (self._name, self._tone):
            self._name, self._tone = name, tone
            self._draw()

    def _draw(self) -> None:
        self.setPixmap(icons.pixmap(self._name, colour=colours().of(self._tone), size=self._size))


class Chip(QLabel):
    """A word in a small coloured pill: a tag, a state."""

    def __init__(self, text: str, tone: Tone = Tone.NORMAL, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("chip", tone.value)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class ColourChip(Chip):
    """A chip on a colour that somebody else chose: its words can be read, and its edge is seen in both schemes."""

    def __init__(self, text: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(text, Tone.NORMAL, parent)
        self._colour = colour
        current().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        edge = "none" if stands_out(self._colour, colours().surface) else f"1px solid {colours().edge}"
        room = CHIP_HEIGHT if edge == "none" else CHIP_HEIGHT - 2
        self.setStyleSheet(
            f"background: {self._colour}; color: {readable_on(self._colour)}; border: {edge};"
            f" min-height: {room}px; max-height: {room}px;"
        )


def hairline(parent: QWidget | None = None) -> QFrame:
    """Return a line between two parts."""
    line = QFrame(parent)
    line.setProperty("hairline", "true")
    return line
