"""A statement on a roll of 80 mm: what stands on A4, under each other."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.documents import roll, wording
from posapp.documents.blocks import Block, Paragraph, Style, figure
from posapp.documents.sheet import Anchor, Ink, Sheet
from posapp.documents.text import shape
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.statement import Statement, StatementLine
from posapp.domain.words import AGEING_WORDS
from posapp.locale.translator import Translator

_NAME = Style(10.5, bold=True)
_UNSENT = Style(7.8, bold=True, ink=Ink.ACCENT)
_TINY = Style(6.4, ink=Ink.QUIET)
_MARK = Style(7.2, ink=Ink.ACCENT)
_FIGURE = roll.PRINTABLE * 0.32


def draw_statement(sheet: Sheet, statement: Statement, *, say: Translator) -> None:
    """Draw a statement on a page as long as it needs."""
    roll.draw_roll(sheet, list(_blocks(statement, say)))


def _blocks(statement: Statement, say: Translator) -> Iterator[Block]:
    yield roll.words(statement.shop_name, roll.SHOP, most=3)
    yield roll.words(say(N_("Khata statement")), roll.TITLE)
    yield roll.words(wording.period_words(statement, say), Style(roll.BODY.size, at=Anchor.MIDDLE))
    yield roll.rule()
    yield roll.words(statement.customer_name, _NAME, most=3)
    for row in (statement.phone or "", *statement.address.splitlines()[:4]):
        if row.strip():
            yield roll.words(row, roll.BODY, most=2, after=0.5)
    yield roll.rule()
    yield _closing(statement.closing, say)
    yield roll.rule(ink=Ink.ACCENT)
    yield from _lines(statement, say)
    yield roll.pair(say(N_("Total of debits")), statement.debits.text())
    yield roll.pair(say(N_("Total of credits")), statement.credits.text())
    yield _closing(statement.closing, say)
    yield roll.rule(ink=Ink.ACCENT)
    yield from _ageing(statement, say)
    if statement.points is not None:
        yield roll.rule()
        yield roll.pair(say(N_("Points")), f"{statement.points:,}")
    yield roll.rule()
    if statement.late:
        yield roll.words(wording.late_footnote(say), roll.NOTE, most=3)
    if agreement := wording.agreement_words(statement, say):
        yield roll.words(agreement, roll.NOTE, most=3)
    yield roll.words(say(N_("Made {at}"), at=statement.printed_at), roll.NOTE)


def _lines(statement: Statement, say: Translator) -> Iterator[Block]:
    yield _carried(say(N_("Opening balance")), statement.opening, say)
    for line in statement.late_before:
        yield roll.words(wording.late_in_opening(line, say), _MARK, most=3)
    yield roll.rule()
    for line in statement.lines:
        yield _entry(line, say)
        yield roll.rule()
    if statement.unsent:
        if statement.lines:
            yield _carried(say(N_("Confirmed so far")), statement.confirmed_closing, say)
            yield roll.rule()
        yield roll.words(say(N_("Recorded here, not yet confirmed by the server")), _UNSENT, most=2, after=3)
        for line in statement.unsent:
            yield _marked(_entry(line, say))
            yield roll.rule()
    if not statement.lines and not statement.unsent:
        yield roll.words(say(N_("Nothing was recorded in this period.")), Style(roll.BODY.size, ink=Ink.QUIET))
        yield roll.rule()


def _entry(line: StatementLine, say: Translator) -> Block:
    """A line: day and amount, what it was and the balance after it."""
    day = Paragraph(f"{line.day.isoformat()}  {line.reference}", roll.PRINTABLE * 0.55, roll.NOTE)
    what, details = wording.line_words(line, say)
    kind = Paragraph(what, roll.PRINTABLE * 0.45, roll.BODY, most=3)
    below = [
        Paragraph(details, roll.PRINTABLE, roll.NOTE, most=3),
        Paragraph(wording.line_notes(line, say), roll.PRINTABLE, _MARK, most=2),
    ]
    beside = day.height + kind.height

    def draw(sheet: Sheet, top: float) -> None:
        day.draw(sheet, roll.LEFT, top)
        start = figure(sheet, roll.RIGHT, top + day.first_baseline, line.amount.text(), width=_FIGURE, style=roll.BODY)
        _label(sheet, start, top + day.first_baseline, wording.side_words(line.direction, say))
        kind.draw(sheet, roll.LEFT, top + day.height)
        _balance(sheet, top + day.height + kind.first_baseline, line.balance, say)
        y = top + beside
        for part in below:
            part.draw(sheet, roll.LEFT, y)
            y += part.height

    return Block(beside + sum(part.height for part in below), draw)


def _marked(block: Block) -> Block:
    """A bar in the margin beside what the server has not confirmed; rolls print no grey ground."""

    def draw(sheet: Sheet, top: float) -> None:
        sheet.panel(roll.LEFT - 5, top, 1.6, block.height, ink=Ink.ACCENT)
        block.draw(sheet, top)

    return Block(block.height, draw)


def _carried(words: str, balance: Money, say: Translator) -> Block:
    paragraph = Paragraph(words, roll.PRINTABLE * 0.46, roll.BODY, most=2)

    def draw(sheet: Sheet, top: float) -> None:
        paragraph.draw(sheet, roll.LEFT, top)
        _balance(sheet, top + paragraph.first_baseline, balance, say)

    return Block(paragraph.height, draw)


def _balance(sheet: Sheet, baseline: float, balance: Money, say: Translator) -> None:
    start = figure(sheet, roll.RIGHT, baseline, abs(balance).text(), width=_FIGURE, style=roll.BODY)
    _label(sheet, start, baseline, wording.small_direction_words(balance, say))


def _label(sheet: Sheet, start: float, baseline: float, words: str) -> None:
    sheet.text(start - 3, baseline, shape(words), _TINY.size, ink=_TINY.ink, at=Anchor.RIGHT)


def _closing(closing: Money, say: Translator) -> Block:
    return roll.pair(
        wording.direction_words(closing, say), abs(closing).text(), style=Style(13, bold=True), quiet=_NAME
    )


def _ageing(statement: Statement, say: Translator) -> Iterator[Block]:
    ageing = statement.ageing
    net = ageing.advance - ageing.owed
    yield roll.words(say(N_("How long it has been due, on {day}"), day=ageing.as_of), roll.NOTE, most=2)
    for words, amount in zip(AGEING_WORDS, ageing.buckets, strict=True):
        yield roll.pair(say(words), amount.text(), after=0)
    yield roll.pair(say(N_("Paid in advance")), ageing.advance.text(), after=1)
    yield roll.pair(wording.direction_words(net, say), abs(net).text(), style=Style(roll.BODY.size, bold=True))
