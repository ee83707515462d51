"""Icons from the package, drawn in the colour of their role and as sharp as the screen."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from posapp.ui.theme.theme import colours
from posapp.ui.theme.tokens import Tone

SIZE = 20
_RATIO = 3.0
"""Drawn for three device pixels a pixel and scaled down by Qt: sharp on every screen."""


@cache
def pixmap(name: str, *, colour: str, size: int = SIZE) -> QPixmap:
    """Return an icon as a picture, drawn once.

    Args:
        name: Of the file in `resources/icons`, without its ending.
        colour: `#rrggbb`.
        size: Height and width in px.
    """
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    picture = QPixmap(QSize(size, size) * _RATIO)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * _RATIO, size * _RATIO))
    painter.end()
    picture.setDevicePixelRatio(_RATIO)
    return picture


def icon(name: str, tone: Tone = Tone.NORMAL, *, size: int = SIZE) -> QIcon:
    """Return an icon in a tone of the current scheme."""
    return QIcon(pixmap(name, colour=colours().of(tone), size=size))


@cache
def _source(name: str) -> str:
    return (files("resources.icons") / f"{name}.svg").read_text(encoding="utf-8")
