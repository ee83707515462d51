"""A roll of 80 mm: 72 mm of it can be printed on; a page is as long as what stands on it."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.documents.blocks import Block, Paragraph, Style, figure, pages_of
from posapp.documents.sheet import Anchor, Ink, Sheet

MM = 72 / 25.4
WIDTH = 80 * MM
LEFT, RIGHT = 4 * MM, 76 * MM
MIDDLE = WIDTH / 2
PRINTABLE = RIGHT - LEFT
_MARGIN = 5 * MM
_LONGEST = 14_000.0
"""Points; a PDF page may be 14,400 long (PDF 32000-1, annex C.2)."""

SHOP = Style(12.5, bold=True, at=Anchor.MIDDLE)
TITLE = Style(9.5, bold=True, ink=Ink.ACCENT, at=Anchor.MIDDLE)
BODY = Style(8.4)
STRONG = Style(10.5, bold=True)
NOTE = Style(7.2, ink=Ink.QUIET)


def draw_roll(sheet: Sheet, blocks: Sequence[Block]) -> None:
    """Draw blocks on one long page, or on several where one would be longer than a PDF can say."""
    for page in pages_of(blocks, first=_LONGEST, later=_LONGEST):
        sheet.begin_page(WIDTH, sum(blocks[at].height for at in page) + 2 * _MARGIN)
        y = _MARGIN
        for at in page:
            blocks[at].draw(sheet, y)
            y += blocks[at].height
        sheet.end_page()


def words(text: str, style: Style, *, most: int = 1, after: float = 2.0) -> Block:
    """Return a paragraph over the whole width, at the left or in the middle by its style."""
    paragraph = Paragraph(text, PRINTABLE, style, most=most)
    x = MIDDLE if style.at is Anchor.MIDDLE else LEFT
    return Block(paragraph.height + after, lambda sheet, top: paragraph.draw(sheet, x, top))


def pair(label: str, value: str, *, style: Style = BODY, quiet: Style | None = None, after: float = 2.0) -> Block:
    """Return a row with words at the left and a figure, or other words, at the right.

    Args:
        label: At the left, two lines at most.
        value: At the right; gets smaller where it needs more than its share of the width.
        style: Of both.
        quiet: Of the label, where it is another.
        after: Blank paper under the row.
    """
    left = Paragraph(label, PRINTABLE * 0.46, quiet or style, most=2)
    first = max(left.first_baseline, style.size)
    start = first - left.first_baseline

    def draw(sheet: Sheet, top: float) -> None:
        left.draw(sheet, LEFT, top + start)
        figure(sheet, RIGHT, top + first, value, width=PRINTABLE * 0.52, style=style)

    return Block(max(start + left.height, style.size * 1.36) + after, draw)


def rule(*, ink: Ink = Ink.HAIRLINE, above: float = 3.0, below: float = 4.0) -> Block:
    """Return a level line between groups."""
    return Block(above + below, lambda sheet, top: sheet.rule(LEFT, RIGHT, top + above, ink=ink))
