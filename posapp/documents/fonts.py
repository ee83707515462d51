"""The fonts of our paper: Noto for Latin, Devanagari, Bengali and Urdu, shipped with posapp.

A bare machine has no font for Bengali, and no single font has every script, so each character is drawn by the first
face that has it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import uharfbuzz  # type: ignore[import-untyped]

import resources.fonts

EM = 1000
"""Units of all measures of text; times size / 1000 gives points."""

REPLACEMENT = "\ufffd"
"""Drawn for what no face has: seen, never silently missing. Noto Sans has it."""

JOINERS = frozenset("\u200c\u200d\u200e\u200f")
"""Zero-width joiner and non-joiner shape Indic and Arabic letters; the direction marks order them. All invisible."""

MARKS = frozenset({"Mn", "Mc", "Me"})
"""Categories of what sits on the letter before it."""

_LATIN, _DEVANAGARI, _BENGALI, _URDU = "NotoSans", "NotoSansDevanagari", "NotoSansBengali", "NotoNastaliqUrdu"
_SCALES = {_URDU: 1150}
_LANGUAGES = {_LATIN: "en", _DEVANAGARI: "hi", _BENGALI: "bn", _URDU: "ur"}


class Face:
    """One font file, ready to shape.

    Attributes:
        name: As in the file's name.
        scale: Units that it draws where its neighbours draw an em: Nastaliq is small on its body.
        language: Whose forms of shared letters it draws (the Urdu ۴ is not the Persian one).
        characters: Which it has glyphs for, and of which glyph each is the plain form.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.language = _LANGUAGES[name.partition("-")[0]]
        blob = uharfbuzz.Blob((files(resources.fonts) / f"{name}.ttf").read_bytes())
        self.face: Any = uharfbuzz.Face(blob)
        self.scale = _SCALES.get(name.partition("-")[0], EM)
        self.font: Any = uharfbuzz.Font(self.face)
        self.font.scale = (self.scale, self.scale)
        self.characters: dict[int, int] = {
            code: self.font.get_nominal_glyph(code) for code in self.face.unicodes if self.font.get_nominal_glyph(code)
        }
        self._plain = {glyph: chr(code) for code, glyph in sorted(self.characters.items(), reverse=True)}
        self._ink: dict[int, tuple[int, int]] = {}

    def has(self, char: str) -> bool:
        """Whether a character can be drawn, whole or from its parts (é from e and its accent)."""
        if ord(char) in self.characters:
            return True
        parts = unicodedata.normalize("NFD", char)
        return parts != char and all(ord(part) in self.characters for part in parts)

    def plain(self, glyph: int) -> str:
        """Return the character whose plain form a glyph is; empty for a conjunct or a joined form."""
        return self._plain.get(glyph, "")

    def advance(self, glyph: int) -> int:
        """Return the width that the font itself gives a glyph, in units as drawn."""
        return int(self.font.get_glyph_h_advance(glyph))

    def ink(self, glyph: int) -> tuple[int, int]:
        """Return how far a glyph's ink reaches below (negative) and above the baseline, in units."""
        found = self._ink.get(glyph)
        if found is None:
            extents = self.font.get_glyph_extents(glyph)
            top = extents.y_bearing if extents else 0
            found = self._ink[glyph] = (top + extents.height if extents else 0, top)
        return found


@cache
def _face(name: str) -> Face:
    return Face(name)


def faces(*, bold: bool = False) -> tuple[Face, ...]:
    """Return the faces in the order in which they are asked for a character.

    Noto Nastaliq Urdu has no bold with us: its strokes are heavy enough, and the file would weigh 0.6 MB more.
    """
    weight = "Bold" if bold else "Regular"
    names = (f"{_LATIN}-{weight}", f"{_DEVANAGARI}-{weight}", f"{_BENGALI}-{weight}", f"{_URDU}-Regular")
    return tuple(_face(name) for name in names)


def face_for(char: str, current: Face | None, *, bold: bool) -> Face | None:
    """Return the face that draws a character, or None where no face has it.

    Marks, joiners and blanks stay with the face of the letters before them, so that they can join; punctuation that
    Noto Sans lacks (the danda) does too.
    """
    chain = faces(bold=bold)
    joins = unicodedata.category(char) in MARKS | {"Cf", "Zs"}
    if joins and current is not None and (current.has(char) or char in JOINERS):
        return current
    if chain[0].has(char):
        return chain[0]
    if current is not None and current.has(char):
        return current
    return next((face for face in chain if face.has(char)), None)
