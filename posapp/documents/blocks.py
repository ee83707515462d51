"""What a page is stacked of: blocks of a known height that draw themselves, and the paging of many of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posapp.documents.fonts import EM
from posapp.documents.sheet import Anchor, Ink, Sheet
from posapp.documents.text import Line, shape, wrap

_ABOVE, _BELOW = 0.98, 0.37
"""Room of a line above and below its baseline, in ems; taller ink (Nastaliq) gets more."""
_AIR = 0.10
_SMALLEST = 4.0


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page.

    Attributes:
        height: In points.
        draw: Draws it with its top at a y.
        with_next: Whether the next block must stand on the same page.
    """

    height: float
    draw: Callable[[Sheet, float], None]
    with_next: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks."""

    size: float
    bold: bool = False
    ink: Ink = Ink.TEXT
    at: Anchor = Anchor.LEFT


class Paragraph:
    """Lines under each other, each as tall as its ink needs."""

    def __init__(self, text: str, width: float, style: Style, *, most: int = 1) -> None:
        self.style = style
        self.lines = wrap(text, width, style.size, most=most, bold=style.bold)
        self._baselines: list[float] = []
        y = 0.0
        for line in self.lines:
            above, below = _room(line, style.size)
            self._baselines.append(y + above)
            y += above + below
        self.height = y

    @property
    def first_baseline(self) -> float:
        """From the top to the first baseline; 0 for an empty paragraph."""
        return self._baselines[0] if self._baselines else 0.0

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw the lines with the top of the first one at a y, and x at the left, middle or right by the style."""
        style = self.style
        for line, baseline in zip(self.lines, self._baselines, strict=True):
            sheet.text(x, top + baseline, line, style.size, ink=style.ink, at=style.at)


def _room(line: Line, size: float) -> tuple[float, float]:
    bottom, top = line.ink
    return max(_ABOVE, top / EM + _AIR) * size, max(_BELOW, _AIR - bottom / EM) * size


def gap(height: float) -> Block:
    """Return blank paper."""
    return Block(height, lambda _sheet, _top: None)


def figure(sheet: Sheet, right: float, y: float, text: str, *, width: float, style: Style) -> float:
    """Draw a figure that ends at a right edge and return where it begins; a long one gets smaller, never shorter."""
    line = shape(text, bold=style.bold)
    size = min(style.size, max(_SMALLEST, style.size * width / max(line.width_at(style.size), 1.0)))
    sheet.text(right, y, line, size, ink=style.ink, at=Anchor.RIGHT)
    return right - line.width_at(size)


def stack(*blocks: Block, with_next: bool = False) -> Block:
    """Return blocks under each other as one that is never torn apart."""

    def draw(sheet: Sheet, top: float) -> None:
        for block in blocks:
            block.draw(sheet, top)
            top += block.height

    return Block(sum(block.height for block in blocks), draw, with_next)


def pages_of(blocks: Sequence[Block], *, first: float, later: float, last: float = 0.0) -> list[range]:
    """Share blocks out to pages.

    Args:
        blocks: In their order.
        first: Room on the first page.
        later: Room on every later page.
        last: What the last page has besides, because nothing need be carried forward from it.

    Returns:
        For each page the range of its blocks; at least one page.
    """
    pages: list[range] = []
    start, used, room = 0, 0.0, first
    for number, block in enumerate(blocks):
        together, to_the_end = _kept_together(blocks, number)
        if number > start and used + together > room + (last if to_the_end else 0.0):
            pages.append(range(start, number))
            start, used, room = number, 0.0, later
        used += block.height
    return [*pages, range(start, len(blocks))]


def _kept_together(blocks: Sequence[Block], number: int) -> tuple[float, bool]:
    """Return the height of a block with those that must follow it on its page, and whether they are the last ones."""
    height = blocks[number].height
    while blocks[number].with_next and number + 1 < len(blocks):
        number += 1
        height += blocks[number].height
    return height, number + 1 == len(blocks)
