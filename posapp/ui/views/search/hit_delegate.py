"""Draws a hit: name and phone with the matched letters marked, why it matched, and at the right her numbers.

A name is laid out whole and the marks are painted behind it: cut at a mark, the letters of Indic and Arabic scripts
would lose their shape.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from posapp.domain.ids import CustomerId
from posapp.ui.models.hit_words import HitWords, Marked
from posapp.ui.models.hits_model import HitRole
from posapp.ui.theme import icons
from posapp.ui.theme.fonts import font_of
from posapp.ui.theme.theme import colours
from posapp.ui.theme.tokens import XS, L, M, S, Tone, Type

ROW = 64
_NAME, _BELOW = 27, 49
"""Base lines; below a name there is room for the depth of Nastaliq."""
_BAR = 4
_ABOVE, _UNDER = 1.06, 0.34
"""How far a mark reaches above and under the base line, in heights of the type."""
_ROUND = 3
_DOT = "·"
_SIGN, _SIGN_BELOW = 16, 3
"""Size of the sign before a name, and how far it reaches below the base line."""


class _Look(NamedTuple):
    """A step of the type scale in a tone."""

    face: Type
    tone: Tone = Tone.NORMAL


class HitDelegate(QStyledItemDelegate):
    """Rows of one height; the customer whose card is open has a bar at the left."""

    opened: CustomerId | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Return a row's room: the same for all."""
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row."""
        words: HitWords = index.data(HitRole.WORDS)
        room = QRectF(option.rect)
        painter.save()
        self._draw_ground(painter, option, room, opened=index.data(HitRole.HIT).customer.id == self.opened)
        painter.translate(room.topLeft())
        right = room.width() - L
        said = words.balance
        taken = _draw_at_right(painter, said.value, QPointF(right, _NAME), _Look(Type.STRONG, said.tone))
        start = L + _draw_warning(painter) if words.warning else L
        _draw(painter, words.name, QPointF(start, _NAME), right - taken - M - start, _Look(Type.STRONG))
        numbers = f"{said.caption} {_DOT} {words.points}"
        taken = _draw_at_right(painter, numbers, QPointF(right, _BELOW), _Look(Type.CAPTION, Tone.MUTED))
        _draw_below(painter, words, right - taken - M)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, room: QRectF, *, opened: bool) -> None:
        now, state = colours(), option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, QColor(now.chosen))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(room, QColor(now.hover))
        painter.fillRect(QRectF(room.left() + L, room.bottom() - 1, room.width() - L, 1), QColor(now.line))
        if opened:
            painter.fillRect(QRectF(room.left(), room.top(), _BAR, room.height() - 1), QColor(now.accent))


def _draw_below(painter: QPainter, words: HitWords, right: float) -> None:
    """Draw what stands below the name, as far as the room goes."""
    x, look = float(L), _Look(Type.CAPTION, Tone.MUTED)
    x += _draw(painter, Marked(words.warning), QPointF(x, _BELOW), right - x, _Look(Type.CAPTION, Tone.BAD))
    for place, part in enumerate(words.below):
        if place or words.warning:
            x += _draw(painter, Marked(_DOT), QPointF(x + XS, _BELOW), S, look) + S
        x += _draw(painter, part, QPointF(x, _BELOW), right - x, look)


def _draw_warning(painter: QPainter) -> float:
    """Draw the sign of somebody whom the shop does not serve before the name and return the room it takes."""
    sign = icons.pixmap("ban", colour=colours().bad, size=_SIGN)
    painter.drawPixmap(QPointF(L, _NAME - _SIGN + _SIGN_BELOW), sign)
    return _SIGN + XS


def _draw_at_right(painter: QPainter, text: str, at: QPointF, look: _Look) -> float:
    """Draw a text that ends at a point of its base line and return how wide it is."""
    width = _measured(look.face)[1].horizontalAdvance(text)
    _draw(painter, Marked(text), QPointF(at.x() - width, at.y()), width + 1, look)
    return width


def _draw(painter: QPainter, marked: Marked, at: QPointF, width: float, look: _Look) -> float:
    """Draw a text with its marks from a point of the base line on and return how wide it became."""
    if width <= 0:
        return 0.0
    now, (font, metrics) = colours(), _measured(look.face)
    text = metrics.elidedText(marked.text.replace("\n", " "), Qt.TextElideMode.ElideRight, width)
    if not marked.marks:
        painter.setFont(font)
        painter.setPen(QColor(now.of(look.tone)))
        painter.drawText(at, text)
        return metrics.horizontalAdvance(text)
    layout = QTextLayout(text, font)
    layout.setTextOption(_one_line())
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    stretches = [_in_utf16(text, start, end) for start, end in marked.marks if start < len(text)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(now.mark))
    for start, end in stretches:
        edges = sorted((_edge(line, start), _edge(line, end)))
        top, height = at.y() - _ABOVE * font.pixelSize(), (_ABOVE + _UNDER) * font.pixelSize()
        painter.drawRoundedRect(QRectF(at.x() + edges[0], top, edges[1] - edges[0], height), _ROUND, _ROUND)
    painter.setPen(QColor(now.of(look.tone)))
    letters = [_lettered(start, end, now.on_mark) for start, end in stretches]
    layout.draw(painter, QPointF(at.x(), at.y() - line.ascent()), letters)
    return line.naturalTextWidth()


@cache
def _measured(face: Type) -> tuple[QFont, QFontMetricsF]:
    """Return a face and its measures, made once: a list draws a hundred texts a key press."""
    font = font_of(face)
    return font, QFontMetricsF(font)


def _one_line() -> QTextOption:
    """Return how a text lies: at the left whatever its direction, never broken."""
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    return option


def _lettered(start: int, end: int, colour: str) -> QTextLayout.FormatRange:
    """Return a stretch painted in a colour; unlike a layout's own formats it does not take part in shaping."""
    stretch = QTextLayout.FormatRange()
    stretch.start, stretch.length = start, end - start
    look = QTextCharFormat()
    look.setForeground(QColor(colour))
    stretch.format = look
    return stretch


def _in_utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch of characters as Qt counts them."""
    first = len(text[:start].encode("utf-16-le")) // 2
    return first, first + len(text[start:end].encode("utf-16-le")) // 2


def _edge(line: QTextLine, place: int) -> float:
    """Return where a place of the text is in its line."""
    edge: object = line.cursorToX(place)
    assert isinstance(edge, tuple)  # the stubs speak of a number alone
    return float(edge[0])
