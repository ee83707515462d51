"""A sheet of paper to draw on: text, rules and panels in points from the top left, with the roles of our look.

The one place that knows how reportlab writes a page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from posapp.documents.embedding import EmbeddedFace, utf16
from posapp.documents.fonts import EM, Face
from posapp.documents.text import Glyph, Line, Piece

_NON_JOINER = 0x200C
"""A glyph without width in fonts for scripts whose letters join."""

_PDF_VERSION = (1, 5)
"""Where ActualText on a piece of text came in."""


class Ink(Enum):
    """Colour roles of paper, as red, green and blue from 0 to 1."""

    TEXT = (0.11, 0.13, 0.15)
    QUIET = (0.40, 0.43, 0.46)
    ACCENT = (0x0B / 255, 0x6E / 255, 0x5F / 255)
    HAIRLINE = (0.80, 0.82, 0.84)
    PANEL = (0.955, 0.963, 0.966)


class Anchor(Enum):
    """Which part of a line stands at its x."""

    LEFT = 0.0
    MIDDLE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF says of itself.

    Attributes:
        title: Of the document.
        author: The shop.
        language: Of its own words, `en`.
        made_at: When, aware.
    """

    title: str
    author: str
    language: str
    made_at: datetime


class _BareCanvas(Canvas):
    """A canvas whose pages do not begin with Helvetica, which is not embedded and which we never use."""

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"


class Sheet:
    """A document being drawn, page by page; y counts downwards from the top.

    Args:
        about: What the document says of itself.
        black: Whether all inks are black: a receipt printer makes dots of every grey and colour.
    """

    def __init__(self, about: About, *, black: bool = False) -> None:
        self._black = black
        self._out = io.BytesIO()
        self._canvas: Any = _BareCanvas(
            self._out, pageCompression=1, invariant=1, lang=about.language, pdfVersion=_PDF_VERSION
        )
        self._canvas.setTitle(_printable(about.title))
        self._canvas.setAuthor(_printable(about.author))
        self._canvas.setCreator("posapp")
        self._canvas.setDateFormatter(lambda *_: _pdf_date(about.made_at))
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._faces: dict[str, EmbeddedFace] = {}
        self._height = 0.0

    def begin_page(self, width: float, height: float) -> None:
        """Start a page of a size in points."""
        self._height = height
        self._canvas.setPageSize((width, height))

    def end_page(self) -> None:
        """End the page; what is drawn next stands on a new one."""
        self._canvas.showPage()

    def finished(self) -> bytes:
        """Return the document."""
        self._canvas.save()
        return self._out.getvalue()

    def text(
        self, x: float, y: float, line: Line, size: float, *, ink: Ink = Ink.TEXT, at: Anchor = Anchor.LEFT
    ) -> None:
        """Draw a line with its baseline at y."""
        left = x - line.width_at(size) * at.value
        code = ["BT", " ".join(f"{part:.3g}" for part in self._colour(ink)) + " rg"]
        for piece in line.pieces:
            code += self._piece(piece, left, self._height - y, size)
        self._canvas._code += [*code, "ET"]  # noqa: SLF001 (reportlab has no call for glyphs by id)

    def rule(self, left: float, right: float, y: float, *, ink: Ink = Ink.HAIRLINE, weight: float = 0.5) -> None:
        """Draw a level line."""
        self._canvas.setStrokeColorRGB(*self._colour(ink))
        self._canvas.setLineWidth(weight)
        self._canvas.line(left, self._height - y, right, self._height - y)

    def panel(self, left: float, top: float, width: float, height: float, *, ink: Ink = Ink.PANEL) -> None:
        """Fill a rectangle."""
        self._canvas.setFillColorRGB(*self._colour(ink))
        self._canvas.rect(left, self._height - top - height, width, height, stroke=0, fill=1)

    def _colour(self, ink: Ink) -> tuple[float, float, float]:
        return (0.0, 0.0, 0.0) if self._black else ink.value

    def _piece(self, piece: Piece, x: float, y: float, size: float) -> Iterator[str]:
        face = self._embedded(piece.face)
        texts = iter(piece.text) if piece.plain else None
        for glyph in piece.glyphs:
            face.use(glyph.id, next(texts) if texts else piece.face.plain(glyph.id))
        yield f"/{face.name} {size * piece.face.scale / EM:g} Tf"
        if not piece.plain:
            yield f"/Span <</ActualText <FEFF{utf16(piece.text)}>>> BDC"
        left, right = (self._edge(piece, edge, x, y, size) for edge in (0, 1))
        yield from left
        for height, level in groupby(piece.glyphs, key=lambda glyph: glyph.y):
            glyphs = list(level)
            yield f"1 0 0 1 {x + glyphs[0].x * size / EM:.3f} {y + height * size / EM:.3f} Tm"
            yield f"[{_shown(piece.face, glyphs)}] TJ"
        yield from right
        if not piece.plain:
            yield "EMC"

    def _edge(self, piece: Piece, edge: int, x: float, y: float, size: float) -> Iterator[str]:
        """Yield a glyph that nobody sees, which tells a reader of the PDF where the piece begins or ends."""
        mark = piece.face.characters.get(_NON_JOINER)
        if piece.plain or piece.cell is None or mark is None:
            return
        self._embedded(piece.face).use(mark, chr(_NON_JOINER))
        yield f"3 Tr 1 0 0 1 {x + piece.cell[edge] * size / EM:.3f} {y:.3f} Tm <{mark:04X}> Tj 0 Tr"

    def _embedded(self, face: Face) -> EmbeddedFace:
        found = self._faces.get(face.name)
        if found is None:
            document = self._canvas._doc  # noqa: SLF001 (where reportlab keeps a document's fonts)
            found = self._faces[face.name] = EmbeddedFace(face, len(self._faces) + 1, document)
        return found


def _shown(face: Face, glyphs: list[Glyph]) -> str:
    """Return glyphs of one height for TJ, moved by what HarfBuzz's places differ from the font's own widths."""
    parts: list[str] = []
    pen = glyphs[0].x
    for glyph in glyphs:
        if glyph.x != pen:
            parts.append(f"{(pen - glyph.x) * EM / face.scale:.0f}")
        parts.append(f"<{glyph.id:04X}>")
        pen = glyph.x + face.advance(glyph.id)
    return "".join(parts).replace("><", "")


def _pdf_date(at: datetime) -> str:
    """Return a moment as PDF writes it (32000-1, 7.9.4)."""
    zone = at.strftime("%z")
    return f"D:{at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'" if zone else f"D:{at:%Y%m%d%H%M%S}"


def _printable(text: str) -> str:
    """Return a text that UTF-16 can hold."""
    return text.encode("utf-16", "replace").decode("utf-16")
