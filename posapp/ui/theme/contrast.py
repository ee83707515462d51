"""Words on a colour that somebody else chose: which of the two inks can be read on it (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor

from posapp.ui.theme.tokens import INK, PAPER

_SEEN: Final = 1.3
"""A ground that differs less from what is around it needs an edge."""


def readable_on(ground: str) -> str:
    """Return the ink, black or white, that stands out more on a colour; it is never less than 4.5 : 1."""
    return max(INK, PAPER, key=lambda ink: contrast(ink, ground))


def stands_out(colour: str, around: str) -> bool:
    """Return whether a coloured ground is seen on what is around it."""
    return contrast(colour, around) >= _SEEN


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, definitions)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    seen = QColor(colour)
    red, green, blue = (_linear(part) for part in (seen.redF(), seen.greenF(), seen.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    linear: float = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (WCAG's)
    return linear
