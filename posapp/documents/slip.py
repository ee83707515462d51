"""Slips: what a customer takes home after a payment, a sale or a redemption."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.documents import roll
from posapp.documents.blocks import Block, Style
from posapp.documents.sheet import About, Anchor, Ink, Sheet
from posapp.domain.messages import N_, Message
from posapp.domain.slip import Slip, SlipLine
from posapp.locale.translator import Translator

_QUIET = Style(roll.BODY.size, ink=Ink.QUIET)
_FOOTER = Style(7.6, ink=Ink.QUIET, at=Anchor.MIDDLE)


def render_slip(slip: Slip, *, say: Translator) -> bytes:
    """Return a slip as a PDF of one page, 80 mm wide and as long as it needs; the same slip gives the same bytes."""
    title = say(N_("{what}, {number}"), what=slip.title, number=slip.number)
    sheet = Sheet(About(title, slip.shop_name, say.language, slip.at), black=True)
    roll.draw_roll(sheet, list(_blocks(slip, say)))
    return sheet.finished()


def _blocks(slip: Slip, say: Translator) -> Iterator[Block]:
    yield roll.words(slip.shop_name, roll.SHOP, most=3)
    yield roll.words(say.say(slip.title), roll.TITLE, most=2)
    yield roll.rule()
    yield roll.words(slip.customer_name, roll.STRONG, most=3)
    if slip.phone_end:
        yield roll.pair(say(N_("Phone")), say(N_("ends in {digits}"), digits=slip.phone_end), quiet=_QUIET, after=0)
    yield roll.pair(say(N_("Number")), slip.number, quiet=_QUIET, after=0)
    yield roll.pair(say(N_("When")), say(N_("{at}"), at=slip.at), quiet=_QUIET)
    for group in slip.groups:
        yield roll.rule()
        for line in group:
            style = roll.STRONG if line.strong else roll.BODY
            yield roll.pair(say.say(line.label), _value(line, say), style=style)
    yield roll.rule(ink=Ink.ACCENT)
    for paragraph in slip.footer:
        yield roll.words(say.say(paragraph), _FOOTER, most=4)


def _value(line: SlipLine, say: Translator) -> str:
    if isinstance(line.value, Message):
        return say.say(line.value)
    return f"{line.value:,}" if isinstance(line.value, int) else str(line.value)
