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
    ageing_json,
    amount_json,
    balance_json,
    balance_words,
    day_text,
    exposure_words,
    line_json,
    moment,
    points_line_json,
    points_words,
)
from posapp.cli.output import Fitting
from posapp.domain.ageing import Ageing, bucket_of
from posapp.domain.allocation import OpenDebit
from posapp.domain.errors import DomainError
from posapp.domain.ids import short_id
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.words import AGEING_WORDS, KIND_WORDS
from posapp.services.allocations import explain_ageing
from posapp.services.dto import KhataLine, PointsLine
from posapp.services.exposure import ActAtRisk, explain_exposure
from posapp.services.lookup import explain_balance, explain_points, ledger

_LONGEST = 60


class WhichNumber(DomainError):
    """A customer has several numbers."""

    id = "which_number"
    title = N_("Which number?")
    message = N_("Say which number of the customer is to be explained.")
    hint = N_("posapp explain CUSTOMER balance, points or ageing; or posapp explain exposure.")


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("ledger", help=N_("a customer's khata, line by line"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("--from", dest="first", metavar="DATE")
    parser.add_argument("--to", dest="last", metavar="DATE")
    parser.set_defaults(handler=_ledger)
    parser = commands.add_parser("explain", help=N_("the lines behind a number"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER|exposure")
    parser.add_argument("number", choices=("balance", "points", "ageing"), nargs="?")
    parser.set_defaults(handler=_explain)


def _ledger(request: Request) -> Answer:
    customer_id = inputs.customer(request)
    first, last = inputs.period(request, request.args.first, request.args.last)
    inputs.refresh(request, [customer_id])
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
    if request.args.number is None:
        if request.args.customer != "exposure":
            raise WhichNumber
        return _explain_exposure(request)
    customer_id = inputs.customer(request)
    inputs.refresh(request, [customer_id])
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
    return _explain_points(request) if request.args.number == "points" else _explain_ageing(request)


def _explain_exposure(request: Request) -> Answer:
    say, explained = request.say, explain_exposure(request.app.till)
    data = {
        "exposure": amount_json(explained.exposure.total),
        "given": amount_json(explained.exposure.given),
        "allowed": amount_json(explained.exposure.allowed),
        "acts": [_risk_json(act) for act in explained.acts],
    }
    return Answer(data, [_risk_table(request, explained.acts), exposure_words(explained.exposure, say)])


def _risk_json(act: ActAtRisk) -> dict[str, object]:
    return {
        "operation": act.view.operation.id,
        "kind": act.view.operation.kind.value,
        "customer": {"id": act.customer.id, "name": act.customer.profile.name},
        "points": act.points,
        "given": amount_json(act.given),
        "state": act.view.state.value,
        "occurred_at": moment(act.view.operation.occurred_at),
    }


def _risk_table(request: Request, acts: Sequence[ActAtRisk]) -> Table:
    say, shop = request.say, inputs.shop_of(request)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (N_("When"), N_("Customer"), N_("Points"), N_("Given"), N_("State"), N_("Id")):
        right = heading in {"Points", "Given"}
        table.add_column(say(heading), justify="right" if right else "left", no_wrap=right)
    for act in acts:
        operation = act.view.operation
        table.add_row(
            f"{shop.at(operation.occurred_at):%Y-%m-%d %H:%M}",
            Text(act.customer.profile.name),
            f"{act.points:,}",
            act.given.text(),
            say(STATE_WORDS[act.view.state.value]),
            Text(short_id(operation.id), style="dim"),
        )
    return table


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


def _explain_ageing(request: Request) -> Answer:
    say = request.say
    explained = explain_ageing(request.app.till, inputs.customer(request))
    balance = explained.standing.balance
    data = {
        "customer": {"id": explained.customer.id, "name": explained.customer.profile.name},
        "balance": balance_json(balance, say),
        "ageing": None if explained.ageing is None else ageing_json(explained.ageing),
        "debits": [_debit_json(debit) for debit in explained.debits],
    }
    total = Text(say(N_("Balance: {balance}"), balance=balance_words(balance, say)), style="bold")
    if explained.ageing is None:
        return Answer(data, [total])
    return Answer(data, [_debits_table(request, explained.debits, explained.ageing), total])


def _debit_json(debit: OpenDebit) -> dict[str, object]:
    return {
        "id": debit.entry_id,
        "kind": debit.kind.value if debit.kind else None,
        "day": day_text(debit.day),
        "due_on": day_text(debit.due_on),
        "description": debit.description,
        "reference": debit.reference,
        "amount": amount_json(debit.amount),
        "open": amount_json(debit.open),
    }


def _debits_table(request: Request, debits: Sequence[OpenDebit], ageing: Ageing) -> Table:
    say = request.say
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (N_("Date"), N_("Due"), N_("What"), N_("Amount"), N_("Still open"), N_("Past due")):
        right = heading in {"Amount", "Still open"}
        table.add_column(say(heading), justify="right" if right else "left", no_wrap=right)
    for debit in debits:
        kind = say(KIND_WORDS[debit.kind.value]) if debit.kind else ""
        what = debit.description or kind or debit.reference or say(N_("brought forward"))
        table.add_row(
            day_text(debit.day) or "",
            day_text(debit.due_on) or "",
            Text(_shortened(what)),
            debit.amount.text(),
            debit.open.text(),
            say(AGEING_WORDS[bucket_of(debit, ageing.as_of)]),
        )
    return table


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


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
        what = _shortened(what)
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
            say(KIND_WORDS[line.description]),
            f"{line.points:+,}",
            say(STATE_WORDS[line.state.value]),
            style=None if line.counted else "strike dim",
        )
    return table
