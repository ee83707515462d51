"""The values that every widget takes its look from; no other file names a colour, a size of type or a radius.

Text on its background has a contrast of at least 4.5 : 1 in both schemes (WCAG 2.2, 1.4.3), which a test holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32
"""Spacing in px: everything is a multiple of four."""

RADIUS: Final = 8
CONTROL_HEIGHT: Final = 40
"""Height of what is pressed or typed into: a finger and a tired eye hit it."""
CHIP_HEIGHT: Final = 20


class Scheme(StrEnum):
    """Light for a bright shop, dark for the evening."""

    LIGHT = "light"
    DARK = "dark"


class Tone(StrEnum):
    """What a text or a mark wants to say by its colour; never by colour alone."""

    NORMAL = "normal"
    MUTED = "muted"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"


class Type(StrEnum):
    """The type scale."""

    CAPTION = "caption"
    BODY = "body"
    STRONG = "strong"
    SUBTITLE = "subtitle"
    TITLE = "title"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Face:
    """A step of the type scale: size in px and whether it is bold."""

    px: int
    bold: bool = False


FACES: Final = {
    Type.CAPTION: Face(12),
    Type.BODY: Face(14),
    Type.STRONG: Face(14, bold=True),
    Type.SUBTITLE: Face(16, bold=True),
    Type.TITLE: Face(22, bold=True),
    Type.FIGURE: Face(24, bold=True),
}


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours by role, `#rrggbb`.

    Attributes:
        ground: Behind everything.
        surface: Cards, dialogs, lists.
        raised: On a surface: figures, the head of a table.
        field: Where one types.
        line: Hairlines.
        edge: The border of a control: seen against its surface (3 : 1).
        text: Words.
        muted: Words of less weight.
        accent: The shop's teal: what can be pressed, what is chosen.
        accent_hover: The same under the pointer.
        on_accent: Words on `accent`.
        chosen: Ground of a chosen row.
        hover: Ground of a row under the pointer.
        mark: Behind the letters that matched.
        on_mark: Those letters.
        good: Paid, proven, in the customer's favour.
        good_soft: Ground of the same.
        warn: Waits, needs a look.
        warn_soft: Ground of the same.
        bad: Owed, refused, wrong.
        bad_soft: Ground of the same.
        info: Neither good nor bad news.
        info_soft: Ground of the same.
    """

    ground: str
    surface: str
    raised: str
    field: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    chosen: str
    hover: str
    mark: str
    on_mark: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str

    def of(self, tone: Tone) -> str:
        """Return the colour of words in a tone."""
        return {
            Tone.NORMAL: self.text,
            Tone.MUTED: self.muted,
            Tone.ACCENT: self.accent,
            Tone.GOOD: self.good,
            Tone.WARN: self.warn,
            Tone.BAD: self.bad,
            Tone.INFO: self.info,
        }[tone]

    def soft(self, tone: Tone) -> str:
        """Return the ground on which words in a tone stand out."""
        return {
            Tone.GOOD: self.good_soft,
            Tone.WARN: self.warn_soft,
            Tone.BAD: self.bad_soft,
            Tone.INFO: self.info_soft,
            Tone.ACCENT: self.chosen,
        }.get(tone, self.raised)


LIGHT: Final = Colours(
    ground="#f3f2ee",
    surface="#ffffff",
    raised="#f8f7f4",
    field="#ffffff",
    line="#e5e2da",
    edge="#8f8a7e",
    text="#1d1c19",
    muted="#625e55",
    accent="#0b6e5f",
    accent_hover="#095a4e",
    on_accent="#ffffff",
    chosen="#dff0ec",
    hover="#f3f2ee",
    mark="#ffe28a",
    on_mark="#1d1c19",
    good="#146c43",
    good_soft="#e2f3e8",
    warn="#8a4b00",
    warn_soft="#fdf0d9",
    bad="#b3261e",
    bad_soft="#fce8e6",
    info="#1d5fa8",
    info_soft="#e4eefb",
)

DARK: Final = Colours(
    ground="#131513",
    surface="#1c1f1d",
    raised="#232725",
    field="#161917",
    line="#313633",
    edge="#737a75",
    text="#eceeea",
    muted="#a6ada8",
    accent="#4fc3ab",
    accent_hover="#74d4c0",
    on_accent="#06231d",
    chosen="#1d3a34",
    hover="#252a27",
    mark="#6b5614",
    on_mark="#fff3cf",
    good="#6fd19a",
    good_soft="#173325",
    warn="#f0b45c",
    warn_soft="#3a2a10",
    bad="#ff8f86",
    bad_soft="#44201d",
    info="#86b9f5",
    info_soft="#1a2e47",
)

COLOURS: Final = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK}

INK: Final = "#000000"
PAPER: Final = "#ffffff"
"""Words on a colour that somebody else chose, the same in both schemes."""
