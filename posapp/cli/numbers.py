"""A customer's khata and the lines behind her numbers, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import (
    STATE_WORDS,
    amount_json,
    balance_json,
    balance_words,
    line_json,
    moment,
    points_line_json,
    points_words,
)
from posapp.cli.output import Fitting
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.words import KIND_WORDS
from posapp.services.dto import KhataLine, PointsLine
from posapp.services.lookup import explain_balance, explain_points, ledger

_REFRESH_SECONDS = 1.5
_LONGEST = 60


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("ledger", help=N_("a customer's khata, line by line"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("--from", dest="first", metavar="DATE")
    parser.add_argument("--to", dest="last", metavar="DATE")
    parser.set_defaults(handler=_ledger)
    parser = commands.add_parser("explain", help=N_("the lines behind a number"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("number", choices=("balance", "points"))
    parser.set_defaults(handler=_explain)


def _ledger(request: Request) -> Answer:
    customer_id = inputs.customer(request)
    first, last = inputs.period(request, request.args.first, request.args.last)
    _fetch(request)
    shown = ledger(request.app.till, customer_id, first=first, last=last)
    say = request.say
    data = {
        "customer": {"id": shown.customer.id, "name": shown.customer.profile.name},
        "entries": [line_json(line) for line in shown.lines],
        "opening_balance": balance_json(shown.opening, say),
        "closing_balance": balance_json(shown.closing, say),
        "balance": balance_json(shown.standing.balance, say),
    }
    return Answer(
        data,
        [
            Text(shown.customer.profile.name, style="bold"),
            Text(say(N_("Opening: {balance}"), balance=balance_words(shown.opening, say))),
            _table(request, shown.lines),
            Text(say(N_("Closing: {balance}"), balance=balance_words(shown.closing, say)), style="bold"),
        ],
    )


def _explain(request: Request) -> Answer:
    customer_id = inputs.customer(request)
    _fetch(request)
    say = request.say
    if request.args.number == "balance":
        explained = explain_balance(request.app.till, customer_id)
        standing = explained.standing
        brought = None if explained.brought is None else amount_json(explained.brought)
        data: dict[str, object] = {
            "customer": {"id": customer_id, "name": explained.customer.profile.name},
            "balance": balance_json(standing.balance, say),
            "brought_forward": brought,
            "entries": [line_json(line) for line in explained.lines],
            "as_of": moment(standing.balance_as_of),
        }
        total = say(N_("Balance: {balance}"), balance=balance_words(standing.balance, say))
        before = Text(say(N_("Before these lines: {balance}"), balance=balance_words(explained.brought, say)))
        return Answer(data, [before, _table(request, explained.lines), Text(total, style="bold")])
    return _explain_points(request)


def _explain_points(request: Request) -> Answer:
    say = request.say
    explained = explain_points(request.app.till, inputs.customer(request))
    standing = explained.standing
    data = {
        "customer": {"id": explained.customer.id, "name": explained.customer.profile.name},
        "points": standing.points,
        "points_confirmed": standing.server_points,
        "points_unsent": standing.unsent_points,
        "points_kept": standing.kept_points,
        "as_of": moment(standing.points_as_of),
        "entries": [points_line_json(line) for line in explained.lines],
    }
    before = N_("Before these lines: {points}")
    return Answer(
        data,
        [
            Text(say(before, points=points_words(explained.brought, say))),
            _points_table(request, explained.lines),
            Text(say(N_("Points: {points}"), points=points_words(standing.points, say)), style="bold"),
        ],
    )


def _fetch(request: Request) -> None:
    """Read the khata anew from the server where it answers at once; the till works without."""
    delivery = request.app.delivery()
    if delivery is not None:
        delivery.refresh_customer(inputs.customer(request), deadline_seconds=_REFRESH_SECONDS)


def _table(request: Request, lines: Sequence[KhataLine]) -> Fitting:
    say = request.say
    shop = inputs.shop_of(request)
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    for heading in (N_("Date"), N_("What"), N_("Debit"), N_("Credit"), N_("State"), N_("Id")):
        right = heading in {"Debit", "Credit"}
        wide.add_column(say(heading), justify="right" if right else "left", no_wrap=right or heading == "Id")
        if heading not in {"State", "Id"}:
            narrow.add_column(say(heading), justify="right" if right else "left", no_wrap=right)
    for line in lines:
        day, state = shop.day_of(line.occurred_at).isoformat(), say(STATE_WORDS[line.state.value])
        what = line.description or (say(KIND_WORDS[line.kind.value]) if line.kind else "")
        what = what if len(what) <= _LONGEST else what[: _LONGEST - 1] + "…"
        sides = (line.amount.text(), "") if line.direction is Direction.DEBIT else ("", line.amount.text())
        entry, style = Text(line.entry_id, style="dim"), None if line.counted else "strike dim"
        wide.add_row(day, Text(what), *sides, state, entry, style=style)
        narrow.add_row(day, Text.assemble(what, "\n", state, "\n", entry), *sides, style=style)
    return Fitting(wide, narrow)


def _points_table(request: Request, lines: Sequence[PointsLine]) -> Table:
    say = request.say
    shop = inputs.shop_of(request)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (N_("Date"), N_("What"), N_("Points"), N_("State")):
        table.add_column(say(heading), justify="right" if heading == "Points" else "left")
    for line in lines:
        table.add_row(
            shop.day_of(line.occurred_at).isoformat(),
            Text(line.description or ""),
            f"{line.points:+,}",
            say(STATE_WORDS[line.state.value]),
            style=None if line.counted else "strike dim",
        )
    return table
