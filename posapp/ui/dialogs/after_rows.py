"""Rows of *after this* that several acts share."""

from __future__ import annotations

from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.locale.translator import Translator
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.wording import balance_said, points_said

NOTHING = "–"
"""Stands where a number is not known before something is typed."""


def balance_row(say: Translator, before: Money | None, after: Money | None) -> AfterRow:
    """Return a khata as it will stand, with its direction, and as it stands."""
    said = balance_said(say, after)
    return AfterRow(said.caption, said.value, _before(say, before), said.tone, strong=True)


def points_row(say: Translator, before: int | None, after: int | None, *, earned: int = 0, taken: int = 0) -> AfterRow:
    """Return points as they will stand, and what makes the difference."""
    if before is None:
        return AfterRow(say(N_("Points")), points_said(say, None), " ", Tone.MUTED)
    parts = {"before": f"{before:,}", "earned": f"{earned:,}", "taken": f"{taken:,}"}
    if earned and taken:
        how = say(N_("now {before}, {taken} taken off, {earned} earned"), **parts)
    elif taken:
        how = say(N_("now {before}, {taken} taken off"), **parts)
    elif earned:
        how = say(N_("now {before}, {earned} earned"), **parts)
    else:
        how = say(N_("now {before}"), **parts)
    return AfterRow(say(N_("Points")), points_said(say, after), how)


def limit_row(say: Translator, limit: Money | None, after: Money | None) -> AfterRow:
    """Return what of the credit limit will be left."""
    name = say(N_("Limit left"))
    if limit is None:
        return AfterRow(name, say(N_("no limit")), " ", Tone.MUTED)
    of_all = say(N_("of {limit}"), limit=limit)
    if after is None:
        return AfterRow(name, NOTHING, of_all, Tone.MUTED)
    left = limit + after
    if left.minor < 0:
        return AfterRow(say(N_("Over the limit")), abs(left).text(), of_all, Tone.BAD)
    return AfterRow(name, left.text(), of_all)


def _before(say: Translator, before: Money | None) -> str:
    if before is None:
        return " "
    if before.minor < 0:
        return say(N_("now: you will get {amount}"), amount=-before)
    if before.minor > 0:
        return say(N_("now: you will give {amount}"), amount=before)
    return say(N_("now: settled"))
