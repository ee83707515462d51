"""A statement on A4: the answer first, then every line that makes it, then how old the debt is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from posapp.documents import wording
from posapp.documents.blocks import Block, Paragraph, Style, figure, gap, pages_of, stack
from posapp.documents.sheet import Anchor, Ink, Sheet
from posapp.documents.text import fit, shape
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.statement import Agreement, Statement, StatementLine
from posapp.domain.words import AGEING_WORDS
from posapp.locale.translator import Translator

WIDTH, HEIGHT = 595.28, 841.89
_LEFT, _RIGHT = 44.0, WIDTH - 44.0
_TOP, _BOTTOM = 46.0, HEIGHT - 58.0

_SHOP = Style(17, bold=True)
_NAME = Style(12.5, bold=True)
_BODY = Style(8.6)
_STRONG = Style(8.6, bold=True)
_DETAIL = Style(7.8, ink=Ink.QUIET)
_NOTE = Style(7.2, ink=Ink.ACCENT)
_LABEL = Style(7.4, ink=Ink.QUIET)
_SMALL = Style(6.8, ink=Ink.QUIET)
_HEADLINE = Style(23, bold=True)

_PAD = 4.6
"""Air above and below the words of a row."""


class _Column:
    """Edges of the table's columns: words start at their left, figures end at their right."""

    DAY = _LEFT
    REFERENCE = _LEFT + 54
    WORDS = _LEFT + 126
    DEBIT = _LEFT + 322
    CREDIT = _LEFT + 398
    BALANCE = _RIGHT
    FIGURE = 72.0
    REFERENCE_WIDTH = 66.0
    WORDS_WIDTH = 122.0
    BALANCE_WIDTH = 72.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A block of the table, and the balance before it; None once the table is over."""

    block: Block
    before: Money | None


def draw_statement(sheet: Sheet, statement: Statement, *, say: Translator) -> None:
    """Draw a statement on as many pages as it needs, numbered by themselves."""
    _A4(statement, say).draw(sheet)


class _A4:
    def __init__(self, statement: Statement, say: Translator) -> None:
        self._statement = statement
        self._say = say
        self._late = bool(statement.late)

    def draw(self, sheet: Sheet) -> None:
        letterhead, running, columns = self._letterhead(), self._running_head(), self._columns()
        rows = self._rows()
        carry = self._carry("", self._statement.opening).height
        bottom = _BOTTOM - (12 if self._late else 0) - carry
        pages = pages_of(
            [row.block for row in rows],
            first=bottom - _TOP - letterhead.height - columns.height,
            later=bottom - _TOP - running.height - columns.height - carry,
            last=carry,
        )
        for number, page in enumerate(pages):
            sheet.begin_page(WIDTH, HEIGHT)
            blocks = [running if number else letterhead]
            carried = rows[page.start].before if number else None
            if carried is not None or not number:
                blocks.append(columns)
            if carried is not None:
                blocks.append(self._carry(self._say(N_("Brought forward")), carried))
            blocks += [rows[at].block for at in page]
            ahead = rows[page.stop].before if page.stop < len(rows) else None
            if ahead is not None:
                blocks.append(self._carry(self._say(N_("Carried forward")), ahead))
            stack(*blocks).draw(sheet, _TOP)
            self._footer(sheet, number + 1, len(pages))
            sheet.end_page()

    def _rows(self) -> list[_Row]:
        say, statement = self._say, self._statement
        balance = statement.opening
        rows = [_Row(self._carry(say(N_("Opening balance")), balance, day=statement.first.isoformat()), None)]
        rows += [_Row(self._late_in_opening(line), balance) for line in statement.late_before]
        for line in statement.lines:
            rows.append(_Row(self._entry(line), balance))
            balance = line.balance
        if statement.unsent:
            words = say(N_("Recorded here, not yet confirmed by the server"))
            if statement.lines:
                rows.append(_Row(self._carry(say(N_("Confirmed so far")), balance), balance))
            rows.append(_Row(self._unsent_head(words), balance))
            for line in statement.unsent:
                rows.append(_Row(self._entry(line, unsent=True), balance))
                balance = line.balance
        if not statement.lines and not statement.unsent:
            rows.append(_Row(self._nothing(), None))
        rows[-1] = replace(rows[-1], block=replace(rows[-1].block, with_next=True))  # no page of totals alone
        rows.append(_Row(self._totals(), balance))
        rows.append(_Row(self._ageing(), None))
        return rows

    def _agreement(self) -> Block:
        """Whether the server has the same, as small as the page's other notes."""
        words = wording.agreement_words(self._statement, self._say)
        if not words:
            return gap(0)
        ink = Ink.ACCENT if self._statement.agreement is Agreement.PROVEN else Ink.QUIET

        def draw(sheet: Sheet, y: float) -> None:
            sheet.text(_LEFT, y + 17, shape(words), _LABEL.size, ink=ink)

        return Block(22, draw)

    def _letterhead(self) -> Block:
        """The shop and the customer at the left, what is owed at the right: the first thing she looks for."""
        say, statement = self._say, self._statement
        half = (_RIGHT - _LEFT) * 0.54
        person = [Paragraph(say(N_("For")), half, _LABEL), Paragraph(statement.customer_name, half, _NAME, most=3)]
        if statement.phone:
            person.append(Paragraph(statement.phone, half, _BODY))
        person += [Paragraph(row, half, _BODY, most=2) for row in statement.address.splitlines()[:4] if row.strip()]
        shop = Paragraph(statement.shop_name, half, _SHOP, most=2)
        top = shop.height + 26
        height = max(top + sum(part.height + 1.5 for part in person), top + 74) + 20

        def draw(sheet: Sheet, y: float) -> None:
            shop.draw(sheet, _LEFT, y)
            title = shape(say(N_("Khata statement")), bold=True)
            sheet.text(_RIGHT, y + shop.first_baseline, title, 10, ink=Ink.ACCENT, at=Anchor.RIGHT)
            made = say(N_("Made {at}"), at=statement.printed_at)
            sheet.text(_RIGHT, y + shop.first_baseline + 12.5, shape(made), _LABEL.size, ink=Ink.QUIET, at=Anchor.RIGHT)
            sheet.rule(_LEFT, _RIGHT, y + shop.height + 13)
            below = y + top
            for part in person:
                part.draw(sheet, _LEFT, below)
                below += part.height + 1.5
            self._headline(sheet, y + top)

        return Block(height, draw)

    def _headline(self, sheet: Sheet, top: float) -> None:
        say, statement = self._say, self._statement
        owes = statement.closing.minor < 0
        label = shape(wording.direction_words(statement.closing, say))
        sheet.text(_RIGHT, top + 9, label, 10, ink=Ink.QUIET, at=Anchor.RIGHT)
        style = Style(_HEADLINE.size, bold=True, ink=Ink.TEXT if owes else Ink.ACCENT)
        figure(sheet, _RIGHT, top + 35, abs(statement.closing).text(), width=(_RIGHT - _LEFT) * 0.42, style=style)
        period = say(N_("Period {period}"), period=wording.period_words(statement, say))
        sheet.text(_RIGHT, top + 52, shape(period), _BODY.size, at=Anchor.RIGHT)
        if statement.points is not None:
            points = say.plural(
                N_("{points} point"), N_("{points} points"), statement.points, points=f"{statement.points:,}"
            )
            sheet.text(_RIGHT, top + 65, shape(points), _BODY.size, ink=Ink.QUIET, at=Anchor.RIGHT)

    def _running_head(self) -> Block:
        statement = self._statement

        def draw(sheet: Sheet, y: float) -> None:
            period = shape(wording.period_words(statement, self._say))
            room = _RIGHT - _LEFT - period.width_at(_BODY.size) - 20
            shop = fit(statement.shop_name, room / 2, _BODY.size, bold=True)
            sheet.text(_LEFT, y + 9, shop, _BODY.size)
            left = _LEFT + shop.width_at(_BODY.size) + 10
            sheet.text(left, y + 9, fit(statement.customer_name, room / 2, _BODY.size), _BODY.size, ink=Ink.QUIET)
            sheet.text(_RIGHT, y + 9, period, _BODY.size, ink=Ink.QUIET, at=Anchor.RIGHT)

        return Block(24, draw)

    def _columns(self) -> Block:
        say = self._say

        def draw(sheet: Sheet, y: float) -> None:
            for left, words in (
                (_Column.DAY, say(N_("Date"))),
                (_Column.REFERENCE, say(N_("Reference"))),
                (_Column.WORDS, say(N_("Description"))),
            ):
                sheet.text(left, y + 10, shape(words), _LABEL.size, ink=Ink.QUIET)
            for right, words in (
                (_Column.DEBIT, say(N_("Debit"))),
                (_Column.CREDIT, say(N_("Credit"))),
                (_Column.BALANCE, say(N_("Balance"))),
            ):
                sheet.text(right, y + 10, shape(words), _LABEL.size, ink=Ink.QUIET, at=Anchor.RIGHT)
            sheet.rule(_LEFT, _RIGHT, y + 16, ink=Ink.ACCENT, weight=0.9)

        return Block(16, draw)

    def _entry(self, line: StatementLine, *, unsent: bool = False) -> Block:
        width = _Column.WORDS_WIDTH
        what, details = wording.line_words(line, self._say)
        kind = Paragraph(what, width, _BODY, most=3)
        parts = [
            kind,
            Paragraph(details, width, _DETAIL, most=3),
            Paragraph(wording.line_notes(line, self._say), width, _NOTE, most=2),
        ]
        reference = Paragraph(line.reference, _Column.REFERENCE_WIDTH, _BODY)
        first = max(kind.first_baseline, reference.first_baseline)
        start = _PAD + first - kind.first_baseline
        height = max(start + sum(part.height for part in parts), _PAD + reference.height) + _PAD

        def draw(sheet: Sheet, y: float) -> None:
            if unsent:
                _unsent_ground(sheet, y, height)
            baseline = y + _PAD + first
            sheet.text(_Column.DAY, baseline, shape(line.day.isoformat()), _BODY.size)
            reference.draw(sheet, _Column.REFERENCE, baseline - reference.first_baseline)
            below = y + start
            for part in parts:
                part.draw(sheet, _Column.WORDS, below)
                below += part.height
            right = _Column.DEBIT if line.direction is Direction.DEBIT else _Column.CREDIT
            figure(sheet, right, baseline, line.amount.text(), width=_Column.FIGURE, style=_BODY)
            self._balance(sheet, baseline, line.balance, _BODY)
            sheet.rule(_LEFT, _RIGHT, y + height)

        return Block(height, draw)

    def _balance(self, sheet: Sheet, baseline: float, balance: Money, style: Style) -> None:
        start = figure(sheet, _Column.BALANCE, baseline, abs(balance).text(), width=_Column.BALANCE_WIDTH, style=style)
        label = shape(wording.small_direction_words(balance, self._say))
        sheet.text(start - 4, baseline, label, _SMALL.size, ink=Ink.QUIET, at=Anchor.RIGHT)

    def _carry(self, words: str, balance: Money, *, day: str = "") -> Block:
        """A row that only carries a balance: opening, brought and carried forward."""

        def draw(sheet: Sheet, y: float) -> None:
            sheet.text(_Column.DAY, y + 12.6, shape(day), _BODY.size, ink=Ink.QUIET)
            sheet.text(_Column.WORDS, y + 12.6, shape(words), _BODY.size, ink=Ink.QUIET)
            self._balance(sheet, y + 12.6, balance, _BODY)
            sheet.rule(_LEFT, _RIGHT, y + 19)

        return Block(19, draw)

    def _late_in_opening(self, line: StatementLine) -> Block:
        words = Paragraph(wording.late_in_opening(line, self._say), _RIGHT - _Column.WORDS, _NOTE, most=2)

        def draw(sheet: Sheet, y: float) -> None:
            words.draw(sheet, _Column.WORDS, y + _PAD)
            sheet.rule(_LEFT, _RIGHT, y + words.height + 2 * _PAD)

        return Block(words.height + 2 * _PAD, draw)

    def _nothing(self) -> Block:
        words = shape(self._say(N_("Nothing was recorded in this period.")))

        def draw(sheet: Sheet, y: float) -> None:
            sheet.text(_Column.WORDS, y + 22, words, _BODY.size, ink=Ink.QUIET)
            sheet.rule(_LEFT, _RIGHT, y + 36)

        return Block(36, draw)

    def _unsent_head(self, words: str) -> Block:
        def draw(sheet: Sheet, y: float) -> None:
            _unsent_ground(sheet, y, 20)
            sheet.text(_Column.DAY, y + 13.5, shape(words, bold=True), 7.8, ink=Ink.ACCENT)

        return stack(gap(6), Block(20, draw), with_next=True)

    def _totals(self) -> Block:
        say, statement = self._say, self._statement
        words = say(N_("Total and closing balance, {day}"), day=statement.last)

        def draw(sheet: Sheet, y: float) -> None:
            sheet.text(_LEFT, y + 15, shape(words, bold=True), _STRONG.size)
            figure(sheet, _Column.DEBIT, y + 15, statement.debits.text(), width=_Column.FIGURE, style=_STRONG)
            figure(sheet, _Column.CREDIT, y + 15, statement.credits.text(), width=_Column.FIGURE, style=_STRONG)
            self._balance(sheet, y + 15, statement.closing, _STRONG)
            sheet.rule(_LEFT, _RIGHT, y + 23, ink=Ink.ACCENT, weight=0.9)

        return Block(23, draw, with_next=True)

    def _ageing(self) -> Block:
        """The strip that says how old the debt is; its parts and their sum."""
        say, ageing = self._say, self._statement.ageing
        net = ageing.advance - ageing.owed
        cells = [
            *((say(words), amount) for words, amount in zip(AGEING_WORDS, ageing.buckets, strict=True)),
            (say(N_("Paid in advance")), ageing.advance),
            (wording.direction_words(net, say), abs(net)),
        ]
        width = (_RIGHT - _LEFT) / len(cells)

        def draw(sheet: Sheet, y: float) -> None:
            head = say(N_("How long it has been due, on {day}"), day=ageing.as_of)
            sheet.text(_LEFT, y + 26, shape(head), _LABEL.size, ink=Ink.QUIET)
            sheet.panel(_LEFT, y + 33, _RIGHT - _LEFT, 36)
            for number, (words, amount) in enumerate(cells):
                last = number == len(cells) - 1
                right = _LEFT + (number + 1) * width - 7
                sheet.text(right, y + 46, fit(words, width - 10, 7), 7, ink=Ink.QUIET, at=Anchor.RIGHT)
                ink = Ink.ACCENT if last else Ink.TEXT if amount else Ink.QUIET
                figure(
                    sheet, right, y + 60, amount.text(), width=width - 10, style=Style(8.4, bold=bool(amount), ink=ink)
                )

        return stack(Block(69, draw), self._agreement())

    def _footer(self, sheet: Sheet, number: int, pages: int) -> None:
        say = self._say
        if self._late:
            sheet.text(_LEFT, HEIGHT - 52, shape(wording.late_footnote(say)), _NOTE.size, ink=_NOTE.ink)
        sheet.rule(_LEFT, _RIGHT, HEIGHT - 44)
        page = shape(say(N_("Page {number} of {pages}"), number=number, pages=pages))
        room = _RIGHT - _LEFT - page.width_at(_LABEL.size) - 20
        sheet.text(_LEFT, HEIGHT - 32, fit(self._statement.shop_name, room, _LABEL.size), _LABEL.size, ink=Ink.QUIET)
        sheet.text(_RIGHT, HEIGHT - 32, page, _LABEL.size, ink=Ink.QUIET, at=Anchor.RIGHT)


def _unsent_ground(sheet: Sheet, top: float, height: float) -> None:
    sheet.panel(_LEFT - 8, top, _RIGHT - _LEFT + 16, height)
    sheet.panel(_LEFT - 8, top, 2.2, height, ink=Ink.ACCENT)
