"""The server on the command line: connecting, syncing, what waits and what needs a person."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import STATE_WORDS, amount_json, moment
from posapp.domain.errors import DomainError, PosError, RemoteProtocolError, RemoteUnavailable, SignInRequired
from posapp.domain.ids import InboxId
from posapp.domain.messages import N_
from posapp.domain.operation import WAITING, OperationState
from posapp.services.connections import ConnectForm
from posapp.services.dto import Connection, CycleReport, InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.status import status

EXIT_UNREACHABLE = 3
EXIT_SIGN_IN = 4


class UnknownItem(DomainError):
    """No inbox item of that id."""

    id = "unknown_item"
    title = N_("Not in the inbox")
    message = N_("There is no item “{text}” in the inbox.")
    hint = N_("posapp inbox list shows them.")


class CredentialMissing(DomainError):
    """Nothing to sign in with."""

    id = "credential_missing"
    title = N_("A token is missing")
    message = N_("The server needs a token.")
    hint = N_("Give it on standard input: posapp connect … --token-stdin")


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("connect", help=N_("connect the shop's customer server"), parents=[options])
    parser.add_argument("api", metavar="API", help=N_("the kind of server: pos"))
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--store", metavar="ID")
    parser.add_argument("--name", metavar="NAME")
    parser.add_argument("--primary", action="store_true", help=N_("writes go there (the first one is it anyway)"))
    parser.add_argument("--token-stdin", action="store_true", help=N_("read the token from standard input"))
    parser.add_argument("--country", metavar="CC", help=N_("for phones without a country code: IN, BD, PK, …"))
    parser.add_argument("--currency", metavar="CODE", help=N_("where the server does not tell it"))
    parser.add_argument("--zone", metavar="NAME", help=N_("time zone, where the server does not tell it"))
    parser.set_defaults(handler=_connect)
    parser = commands.add_parser("sync", help=N_("one cycle with the server, or for ever"), parents=[options])
    parser.add_argument("--full", action="store_true", help=N_("read every customer again"))
    parser.add_argument("--watch", action="store_true", help=N_("go on until interrupted"))
    parser.add_argument("--connection", metavar="NAME")
    parser.set_defaults(handler=_sync)
    parser = commands.add_parser("status", help=N_("connections, waiting work, age of data"), parents=[options])
    parser.set_defaults(handler=_status)
    parser = commands.add_parser("outbox", help=N_("acts on their way to the server"), parents=[options])
    parser.add_argument("--all", action="store_true", help=N_("settled ones too"))
    parser.set_defaults(handler=_outbox)
    group = commands.add_parser("inbox", help=N_("what needs a decision"), parents=[options])
    inner = group.add_subparsers(dest="inbox_command", metavar="list|show", required=True)
    parser = inner.add_parser("list", parents=[options])
    parser.set_defaults(handler=_inbox_list)
    parser = inner.add_parser("show", parents=[options])
    parser.add_argument("id", metavar="ID")
    parser.set_defaults(handler=_inbox_show)


def _connect(request: Request) -> Answer:
    args = request.args
    token = inputs.secret_line(request, N_("Token: ")) if args.token_stdin or request.interactive else ""
    if not token:
        raise CredentialMissing
    form = ConnectForm(
        api=args.api,
        base_url=args.url.rstrip("/"),
        store=args.store,
        name=args.name,
        credential=token.encode(),
        country=args.country.upper() if args.country else None,
        currency=args.currency.upper() if args.currency else None,
        time_zone=args.zone,
    )
    connected = request.app.connect(form)
    say = request.say
    abilities = _abilities(connected.connection)
    data = {
        "connection": _connection_json(connected.connection),
        "shop": {
            "name": connected.shop.name,
            "currency": connected.shop.currency,
            "country": connected.shop.country,
            "time_zone": connected.shop.time_zone,
        },
        "capabilities": abilities,
    }
    lines = [
        Text(say(N_("Connected to {name}"), name=connected.connection.name), style="bold green"),
        Text(
            "  "
            + say(
                N_("{shop}, {currency}, {zone}"),
                shop=connected.shop.name,
                currency=connected.shop.currency,
                zone=connected.shop.time_zone,
            )
        ),
        Text(
            "  "
            + say(N_("This server can: {abilities}"), abilities=", ".join(name for name, on in abilities.items() if on))
        ),
        Text("  " + say(N_("Next: posapp sync"))),
    ]
    return Answer(data, lines)


def _sync(request: Request) -> Answer:
    args = request.args
    if args.watch:
        request.app.watch(connection=args.connection, on_report=lambda report: _print_report(request, report))
        return Answer({"watched": True})
    report = request.app.sync(full=args.full, connection=args.connection, progress=request.progress)
    return _report_answer(request, report)


def _report_answer(request: Request, report: CycleReport) -> Answer:
    data = _report_json(report)
    lines: list[Text] = [Text(_report_words(request, report))]
    problem = _problem_of(report)
    if problem is None:
        return Answer(data, lines)
    say = request.say
    lines += [Text(say.say(problem.title_message), style="bold yellow"), Text("  " + say.say(problem.next_step))]
    error = error_json(problem, request)
    return Answer(
        data, lines, exit_code=EXIT_SIGN_IN if isinstance(problem, SignInRequired) else EXIT_UNREACHABLE, error=error
    )


def error_json(problem: PosError, request: Request) -> dict[str, str]:
    """Return an error as the contract writes it."""
    say = request.say
    return {
        "id": problem.id,
        "title": say.say(problem.title_message),
        "message": say.say(problem.detail),
        "hint": say.say(problem.next_step),
    }


def _problem_of(report: CycleReport) -> PosError | None:
    if report.problem is None or report.problem == "cancelled":
        return None
    if report.problem == SignInRequired.id:
        return SignInRequired(name="")
    if report.problem == RemoteUnavailable.id:
        return RemoteUnavailable()
    return RemoteProtocolError()


def _report_json(report: CycleReport) -> dict[str, object]:
    return {
        "pulled": report.pulled,
        "pushed": report.pushed,
        "waiting": report.waiting,
        "needs_attention": report.needs_attention,
        "requests": report.requests,
        "seconds": round(report.seconds, 3),
        "complete": report.complete,
        "problem": report.problem,
        "details": dict(report.details),
    }


def _report_words(request: Request, report: CycleReport) -> str:
    return request.say(
        N_("{pulled} pulled, {pushed} pushed, {waiting} waiting, {attention} in the inbox ({seconds} s)"),
        pulled=report.pulled,
        pushed=report.pushed,
        waiting=report.waiting,
        attention=report.needs_attention,
        seconds=f"{report.seconds:.1f}",
    )


def _print_report(request: Request, report: CycleReport) -> None:
    print(_report_words(request, report), file=sys.stderr if request.args.json else sys.stdout, flush=True)


def _status(request: Request) -> Answer:
    state = status(request.app.till)
    copy = request.app.second_copy()
    say = request.say
    data = {
        "shop": {"name": state.shop.name, "currency": state.shop.currency, "time_zone": state.shop.time_zone},
        "connections": [_connection_json(one) for one in state.connections],
        "customers": state.counts.customers,
        "waiting": state.counts.waiting,
        "oldest_waiting": moment(state.counts.oldest_waiting),
        "needs_attention": state.counts.needs_attention,
        "inbox": state.counts.needs_attention,
        "kept": state.counts.kept,
        "last_proof": moment(state.last_proof),
        "exposure": amount_json(state.exposure),
        "second_copy": {"folder": str(copy.folder), "missing_since": moment(copy.since), "same_disk": copy.same_disk},
    }
    lines = [Text(state.shop.name, style="bold")]
    for one in state.connections:
        age = say(N_("never")) if one.last_success_at is None else say(N_("{moment} UTC"), moment=one.last_success_at)
        lines.append(Text("  " + say(N_("{name} ({api}): data of {age}"), name=one.name, api=one.api, age=age)))
        if one.paused:
            lines.append(Text("  " + say(N_("paused: sign in again (posapp connect)")), style="bold yellow"))
    if not state.connections:
        lines.append(Text("  " + say(N_("no server; everything is kept on this till"))))
    lines.append(
        Text(
            "  "
            + say(
                N_("{customers} customers; {waiting} acts waiting, {kept} kept, {inbox} in the inbox"),
                customers=state.counts.customers,
                waiting=state.counts.waiting,
                kept=state.counts.kept,
                inbox=state.counts.needs_attention,
            )
        )
    )
    lines.append(Text("  " + say(N_("most that could be lost offline: {exposure}"), exposure=state.exposure)))
    if copy.since is not None:
        lines.append(Text("  " + say(N_("no second copy since {moment} UTC"), moment=copy.since), style="bold yellow"))
    return Answer(data, lines)


def _outbox(request: Request) -> Answer:
    states = frozenset(OperationState) if request.args.all else WAITING | {OperationState.NEEDS_HUMAN}
    views = request.app.till.book.read(lambda session: session.operations.in_states(states))
    data = {"operations": [_operation_json(view) for view in views], "count": len(views)}
    if not views:
        return Answer(data, [request.say(N_("Nothing waits."))])
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (N_("No."), N_("What"), N_("State"), N_("Attempts"), N_("Id")):
        table.add_column(request.say(heading))
    for view in views:
        table.add_row(
            str(view.operation.till_seq),
            view.operation.kind.value,
            request.say(STATE_WORDS[view.state.value]),
            str(view.attempts),
            Text(view.operation.id, style="dim"),
        )
    return Answer(data, [table])


def _inbox_list(request: Request) -> Answer:
    items = request.app.till.book.read(lambda session: session.inbox.items())
    data = {"items": [_item_json(item) for item in items], "count": len(items)}
    if not items:
        return Answer(data, [request.say(N_("The inbox is empty."))])
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (N_("Since"), N_("Kind"), N_("Server said"), N_("Id")):
        table.add_column(request.say(heading))
    for item in items:
        table.add_row(
            f"{item.opened_at:%Y-%m-%d %H:%M}", item.kind, Text(item.server_said[:60]), Text(item.id, style="dim")
        )
    return Answer(data, [table])


def _inbox_show(request: Request) -> Answer:
    def read(session: Session) -> tuple[InboxItem | None, OperationView | None]:
        item = session.inbox.get(InboxId(request.args.id))
        return item, session.operations.get(item.operation_id) if item and item.operation_id else None

    item, view = request.app.till.book.read(read)
    if item is None:
        raise UnknownItem(text=request.args.id)
    data = _item_json(item) | {"act": _operation_json(view) if view else None}
    say = request.say
    lines = [Text(item.kind, style="bold")]
    lines += [Text(f"  {name}: {value}") for name, value in _plain(item.meant).items()]
    lines.append(Text("  " + say(N_("The server said: “{text}”"), text=item.server_said)))
    lines += [Text(f"  {name}: {value}", style="dim") for name, value in _plain(item.evidence).items()]
    return Answer(data, lines)


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _connection_json(connection: Connection) -> dict[str, object]:
    return {
        "id": connection.id,
        "name": connection.name,
        "api": connection.api,
        "url": connection.base_url,
        "store": connection.store,
        "primary": connection.primary,
        "paused": connection.paused,
        "last_success_at": moment(connection.last_success_at),
        "clock_skew_seconds": connection.clock_skew_seconds,
        "capabilities": _abilities(connection),
    }


def _abilities(connection: Connection) -> dict[str, bool]:
    server = connection.capabilities
    return {
        "idempotency-key": server.idempotency_keys,
        "updated-since": server.updated_since,
        "tombstones": server.tombstones,
        "etag": server.etags,
        "points": server.points,
        "redeem-key": server.redeem_unique,
        "ledger": server.ledger,
        "ledger-write": server.ledger_write,
        "sales": server.sales,
        "reversals": server.reversals,
        "settings": server.settings,
    }


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
