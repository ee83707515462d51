"""What waits to go out and what needs a person, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import INBOX_WORDS, STATE_WORDS, moment
from posapp.cli.output import Fitting
from posapp.domain.ids import InboxId
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import WAITING, OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.resolve import UnknownItem

_ID_WIDTH = 36


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("outbox", help=N_("acts on their way to the server"), parents=[options])
    parser.add_argument("--all", action="store_true", help=N_("settled ones too"))
    parser.set_defaults(handler=_outbox)
    group = commands.add_parser("inbox", help=N_("what needs a decision"), parents=[options])
    inner = group.add_subparsers(dest="inbox_command", metavar="list|show", required=True)
    parser = inner.add_parser("list", help=N_("everything that is open"), parents=[options])
    parser.set_defaults(handler=_inbox_list)
    parser = inner.add_parser("show", help=N_("one item with its particulars"), parents=[options])
    parser.add_argument("id", metavar="ID")
    parser.set_defaults(handler=_inbox_show)


def _outbox(request: Request) -> Answer:
    states = frozenset(OperationState) if request.args.all else WAITING | {OperationState.NEEDS_HUMAN}

    def read(session: Session) -> tuple[Shop, list[OperationView], dict[str, str]]:
        views = list(session.operations.in_states(states))
        people = {view.operation.customer_id for view in views if view.operation.customer_id}
        found = {one: session.customers.get(one) for one in people}
        return session.settings.shop(), views, {key: one.profile.name for key, one in found.items() if one}

    shop, views, names = request.app.till.book.read(read)
    data = {"operations": [_operation_json(view) for view in views], "count": len(views)}
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


def _inbox_list(request: Request) -> Answer:
    items = request.app.till.book.read(lambda session: session.inbox.items())
    data = {"items": [_item_json(item) for item in items], "count": len(items)}
    if not items:
        return Answer(data, [request.say(N_("The inbox is empty."))])
    say, shop = request.say, inputs.shop_of(request)
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    for heading in (N_("Since"), N_("What"), N_("Server said"), N_("Id")):
        wide.add_column(say(heading), no_wrap=heading == "Id")
    for heading in (N_("Since"), N_("What"), N_("Server said")):
        narrow.add_column(say(heading), min_width=_ID_WIDTH if heading == "What" else None)
    for item in items:
        since = f"{shop.at(item.opened_at):%Y-%m-%d %H:%M}"
        what, said, key = _kind_words(request, item), Text(item.server_said[:60]), Text(item.id, style="dim")
        wide.add_row(since, what, said, key)
        narrow.add_row(since, Text.assemble(what, "\n", key), said)
    return Answer(data, [Fitting(wide, narrow)])


def _kind_words(request: Request, item: InboxItem) -> str:
    known = INBOX_WORDS.get(item.kind)
    return item.kind if known is None else request.say(known)


def _inbox_show(request: Request) -> Answer:
    def read(session: Session) -> tuple[InboxItem | None, OperationView | None]:
        item = session.inbox.get(InboxId(request.args.id))
        return item, session.operations.get(item.operation_id) if item and item.operation_id else None

    item, view = request.app.till.book.read(read)
    if item is None:
        raise UnknownItem(text=request.args.id)
    data = _item_json(item) | {"act": _operation_json(view) if view else None}
    say = request.say
    lines = [Text(_kind_words(request, item), style="bold")]
    lines += [Text(f"  {name}: {value}") for name, value in _plain(item.meant).items()]
    if item.server_said:
        lines.append(Text("  " + say(N_("The server said: “{text}”"), text=item.server_said)))
    lines += [Text(f"  {name}: {value}", style="dim") for name, value in _plain(item.evidence).items()]
    return Answer(data, lines)


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _operation_json(view: OperationView) -> dict[str, object]:
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


def _item_json(item: InboxItem) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.kind,
        "operation": item.operation_id,
        "customer": item.customer_id,
        "meant": dict(item.meant),
        "server_said": item.server_said,
        "evidence": dict(item.evidence),
        "opened_at": moment(item.opened_at),
        "resolved_at": moment(item.resolved_at),
        "resolution": item.resolution,
    }
