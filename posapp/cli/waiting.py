"""What waits to go out, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import STATE_WORDS, moment
from posapp.cli.output import Fitting
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import WAITING, OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator
from posapp.services.dto import OperationView
from posapp.services.ports.book import Session

_ID_WIDTH = 36


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("outbox", help=N_("acts on their way to the server"), parents=[options])
    parser.add_argument("--all", action="store_true", help=N_("settled ones too"))
    parser.set_defaults(handler=_outbox)


def _outbox(request: Request) -> Answer:
    states = frozenset(OperationState) if request.args.all else WAITING | {OperationState.NEEDS_HUMAN}

    def read(session: Session) -> tuple[Shop, list[OperationView], dict[str, str]]:
        views = list(session.operations.in_states(states))
        people = {view.operation.customer_id for view in views if view.operation.customer_id}
        found = {one: session.customers.get(one) for one in people}
        return session.settings.shop(), views, {key: one.profile.name for key, one in found.items() if one}

    shop, views, names = request.app.till.book.read(read)
    data = {"operations": [operation_json(view) for view in views], "count": len(views)}
    if not views:
        return Answer(data, [request.say(N_("Nothing waits."))])
    return Answer(data, [_outbox_table(request, shop, views, names)])


def _outbox_table(request: Request, shop: Shop, views: list[OperationView], names: Mapping[str, str]) -> Fitting:
    say = request.say
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    for heading in (N_("No."), N_("What"), N_("Customer"), N_("Amount"), N_("State"), N_("Attempts"), N_("Id")):
        right = heading in {"No.", "Amount", "Attempts"}
        wide.add_column(say(heading), justify="right" if right else "left", no_wrap=heading == "Id")
    for heading in (N_("No."), N_("What"), N_("Amount"), N_("State")):
        right = heading in {"No.", "Amount"}
        width = _ID_WIDTH if heading == "What" else None
        narrow.add_column(say(heading), justify="right" if right else "left", min_width=width)
    for view in views:
        operation = view.operation
        number, what = str(operation.till_seq), say(KIND_WORDS[operation.kind.value])
        name, state = names.get(operation.customer_id or "", ""), say(STATE_WORDS[view.state.value])
        amount, act = _amount_of(view, shop, say), Text(operation.id, style="dim")
        wide.add_row(number, what, Text(name), amount, state, str(view.attempts), act)
        narrow.add_row(number, Text.assemble(what, "\n", name, "\n", act), amount, state)
    return Fitting(wide, narrow)


def _amount_of(view: OperationView, shop: Shop, say: Translator) -> str:
    """Return what an act moves; empty where it moves nothing."""
    intent = view.operation.intent
    if view.operation.kind is OperationKind.REDEEM:
        return say.plural(N_("{count} point"), N_("{count} points"), int(str(intent["points"])))
    minor = intent.get("amount", intent.get("total"))
    return Money(minor, shop.currency).text() if isinstance(minor, int) else ""


def operation_json(view: OperationView) -> dict[str, object]:
    """Return an act and how far it has come."""
    operation = view.operation
    return {
        "operation": operation.id,
        "seq": operation.till_seq,
        "kind": operation.kind.value,
        "customer": operation.customer_id,
        "state": view.state.value,
        "attempts": view.attempts,
        "not_before": moment(view.not_before),
        "occurred_at": moment(operation.occurred_at),
        "recorded_at": moment(operation.recorded_at),
        "intent": dict(operation.intent),
    }
