"""A line of text in any mix of scripts, shaped and put in visual order: what reportlab leaves undone.

Text is split into runs of one face and one direction, each run is shaped by HarfBuzz, the runs are put in the order in
which they stand on paper. What people typed can hold anything: characters that no face has are drawn as a
replacement sign, invisible ones are left out, and the words behind the glyphs are kept so that the PDF can be read
back, searched and spoken.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import NamedTuple

import uharfbuzz  # type: ignore[import-untyped]

from posapp.documents.bidi import is_rtl, levels, visual
from posapp.documents.fonts import EM, MARKS, REPLACEMENT, Face, face_for, faces

ELLIPSIS = "…"
_LONGEST = 2_000
"""Characters of one line; what is longer was no name, and a document must not hang on it."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
"""Default-ignorable characters that shape nothing in our scripts, and embeddings that could turn a line around."""
_UNREADABLE = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Controls, unassigned, private and half characters: nothing a reader could make words of."""

_BLANKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")


class Glyph(NamedTuple):
    """One glyph where it stands, in units from the start of its line.

    Attributes:
        id: Of the glyph in its face.
        x: Of its origin.
        y: Above the baseline.
    """

    id: int
    x: int
    y: int


class _Placed(NamedTuple):
    """A glyph, the letter (HarfBuzz: cluster) that it is of, and where the pen stood before and after it."""

    letter: int
    glyph: Glyph
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring glyphs of one face that say one thing.

    Attributes:
        face: Draws them.
        glyphs: From left to right.
        text: What they say, in the order in which it is read.
        plain: Whether each glyph says exactly its own character, from left to right.
        cell: From where to where a reader of the PDF is to think that it stands, on the baseline; None for as drawn.
    """

    face: Face
    glyphs: tuple[Glyph, ...]
    text: str
    plain: bool
    cell: tuple[int, int] | None = None


@dataclass(frozen=True)
class Line:
    """A shaped line.

    Attributes:
        text: What it says, in the order in which it is read.
        pieces: From left to right.
        width: In units.
        cuts: Where the text may be cut without breaking a letter apart, ascending.
    """

    text: str
    pieces: tuple[Piece, ...]
    width: int
    cuts: tuple[int, ...]

    @cached_property
    def ink(self) -> tuple[int, int]:
        """How far the ink reaches below (negative) and above the baseline, in units."""
        reaches = [(piece.face.ink(glyph.id), glyph.y) for piece in self.pieces for glyph in piece.glyphs]
        bottom = min((low + y for (low, _), y in reaches), default=0)
        return bottom, max((high + y for (_, high), y in reaches), default=0)

    def width_at(self, size: float) -> float:
        """Return the width in points at a size."""
        return self.width * size / EM


class _Letter(NamedTuple):
    """A character to draw, its face, what it stands for, and where that begins in the line's text."""

    char: str
    face: Face
    source: str
    at: int


class _Run(NamedTuple):
    letters: list[_Letter]
    rtl: bool


@lru_cache(maxsize=2048)
def shape(text: str, *, bold: bool = False, rtl: bool | None = None) -> Line:
    """Shape a line.

    Args:
        text: Anything; blanks of any kind become single spaces.
        bold: Whether in the bold faces.
        rtl: Whether the line as a whole runs from right to left; None goes by its first letter.
    """
    letters = _letters(tidy(text), bold=bold)
    drawn = "".join(letter.char for letter in letters)
    base = is_rtl(drawn) if rtl is None else rtl
    keyed = zip(letters, levels(drawn, rtl=base), strict=True)
    runs: list[tuple[int, _Run]] = []
    for (_, level), members in groupby(keyed, key=lambda pair: (pair[0].face.name, pair[1])):
        runs.append((level, _Run([letter for letter, _ in members], rtl=bool(level % 2))))
    x = 0
    pieces: list[Piece] = []
    cuts: set[int] = set()
    for run in visual(runs):
        x = _shape_run(run, x, pieces, cuts)
    said = "".join(letter.source for letter in letters)
    return Line(said, tuple(pieces), x, tuple(sorted(cuts)))


def tidy(text: str) -> str:
    """Return what of a text is drawn: invisible characters go, blanks and line ends become one space."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text[:_LONGEST])).strip()


def _letters(text: str, *, bold: bool) -> list[_Letter]:
    """Give each character its face; what no face has becomes one replacement sign with the marks that follow it."""
    letters: list[_Letter] = []
    face: Face | None = None
    for at, char in enumerate(text):
        category = unicodedata.category(char)
        found = face_for(char, face, bold=bold)
        if found is not None:
            letters.append(_Letter(char, found, char, at))
            face = found
            continue
        source = REPLACEMENT if category in _UNREADABLE else char
        if category in MARKS and letters and letters[-1].char == REPLACEMENT:
            letters[-1] = letters[-1]._replace(source=letters[-1].source + source)
        else:
            letters.append(_Letter(REPLACEMENT, faces(bold=bold)[0], source, at))
    return letters


def _shape_run(run: _Run, x: int, pieces: list[Piece], cuts: set[int]) -> int:
    """Shape one run at x, add its pieces and the places where it may be cut, and return where the next one starts."""
    face = run.letters[0].face
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_GRAPHEMES
    buffer.add_str("".join(letter.char for letter in run.letters))
    buffer.direction = "rtl" if run.rtl else "ltr"
    buffer.guess_segment_properties()
    buffer.language = face.language
    uharfbuzz.shape(face.font, buffer)  # its own features: kerning and what a script needs, no ornaments (dlig)
    glyphs: list[_Placed] = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyph = Glyph(info.codepoint, x + position.x_offset, position.y_offset)
        glyphs.append(_Placed(info.cluster, glyph, x, x + position.x_advance))
        x += position.x_advance
    starts = sorted({placed.letter for placed in glyphs})
    first = (run.letters[start] for start in starts)
    cuts.update(letter.at for letter in first if unicodedata.category(letter.char) not in MARKS)
    said = {
        start: "".join(letter.source for letter in run.letters[start:end])
        for start, end in zip(starts, [*starts[1:], len(run.letters)], strict=True)
    }
    for _, members in groupby(glyphs, key=lambda placed: said[placed.letter] == " "):
        word = list(members)
        pieces += _letters_of(face, word, said) if run.rtl else [_piece(face, word, said)]
    return x


def _letters_of(face: Face, word: list[_Placed], said: dict[int, str]) -> Iterator[Piece]:
    """Yield a word from right to left as pieces of one letter.

    Readers turn the order of letters themselves, but not the order inside one piece. The letters of Nastaliq climb
    and overlap, so that readers take them for words of other lines: each gets an even share of its word's width.
    """
    letters = [list(members) for _, members in groupby(word, key=lambda placed: placed.letter)]
    left, right = word[0].before, word[-1].after
    for number, letter in enumerate(letters):
        share = (right - left) / len(letters)
        cell = (round(left + number * share), round(left + (number + 1) * share))
        yield replace(_piece(face, letter, said), cell=cell)


def _piece(face: Face, glyphs: list[_Placed], said: dict[int, str]) -> Piece:
    text = "".join(said[letter] for letter in sorted({placed.letter for placed in glyphs}))
    plain = [said[placed.letter] for placed in glyphs] == [face.plain(placed.glyph.id) for placed in glyphs]
    return Piece(face, tuple(placed.glyph for placed in glyphs), text, plain or text == len(glyphs) * " ")


def fit(text: str, width: float, size: float, *, bold: bool = False, rtl: bool | None = None) -> Line:
    """Shape a line that is no wider than a width, cut between letters and ended by an ellipsis where it must be."""
    line = shape(text, bold=bold, rtl=rtl)
    if line.width_at(size) <= width:
        return line
    rtl = is_rtl(line.text) if rtl is None else rtl
    starts = [line.text[:cut].rstrip() + ELLIPSIS for cut in line.cuts]
    return _longest(starts, width, size, bold=bold, rtl=rtl) or shape(ELLIPSIS, bold=bold, rtl=rtl)


def wrap(text: str, width: float, size: float, *, most: int, bold: bool = False) -> tuple[Line, ...]:
    """Break a text into lines no wider than a width, at blanks where it can; the last one ends by an ellipsis if cut.

    Args:
        text: Anything.
        width: In points.
        size: Of the type, in points.
        most: Lines at most.
        bold: Whether in the bold faces.
    """
    rest = shape(text, bold=bold)
    rtl = is_rtl(rest.text)
    lines: list[Line] = []
    while rest.width_at(size) > width and len(lines) < most - 1:
        blanks = [found.start() for found in re.finditer(" ", rest.text)]
        line = None
        for ends in (blanks, rest.cuts[1:]):  # a word too long for a line breaks between its letters
            line = line or _longest([rest.text[:end] for end in ends], width, size, bold=bold, rtl=rtl)
        if line is None:
            break
        lines.append(line)
        rest = shape(rest.text[len(line.text) :], bold=bold, rtl=rtl)
    if rest.text:
        lines.append(fit(rest.text, width, size, bold=bold, rtl=rtl))
    return tuple(lines)


def _longest(starts: Sequence[str], width: float, size: float, *, bold: bool, rtl: bool) -> Line | None:
    """Return the longest of ever longer texts that fits a width; None where the first is too wide already."""
    fits = bisect_right(starts, width, key=lambda start: shape(start, bold=bold, rtl=rtl).width_at(size))
    return shape(starts[fits - 1], bold=bold, rtl=rtl) if fits else None
