"""The server on the command line: syncing, what waits and what needs a person."""

from __future__ import annotations

import argparse
import sys

from rich.text import Text

from posapp.cli.application import Answer, Commands, Request
from posapp.cli.exchanging import exchange_json, exchange_words
from posapp.cli.figures import (
    amount_json,
    exposure_words,
    inbox_words,
    moment,
    phones_missing_words,
    proof_words,
    waiting_words,
)
from posapp.domain.errors import PosError, SignInRequired
from posapp.domain.messages import N_
from posapp.services.anchors import chain_state
from posapp.services.application import SecondCopyState
from posapp.services.clock_words import wrong_clock
from posapp.services.dto import Connection, CycleReport
from posapp.services.ports.proofs import ProofSummary
from posapp.services.status import Status, problem_of, status

EXIT_UNREACHABLE = 3
EXIT_SIGN_IN = 4


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("sync", help=N_("one cycle with the server, or for ever"), parents=[options])
    parser.add_argument("--full", action="store_true", help=N_("read every customer again"))
    parser.add_argument("--watch", action="store_true", help=N_("go on until interrupted"))
    parser.add_argument("--connection", metavar="NAME")
    parser.set_defaults(handler=_sync)
    parser = commands.add_parser("status", help=N_("connections, waiting work, age of data"), parents=[options])
    parser.set_defaults(handler=_status)


def _sync(request: Request) -> Answer:
    args = request.args
    if args.watch:
        request.app.watch(connection=args.connection, on_report=lambda report: _print_report(request, report))
        return Answer({"watched": True})
    report = request.app.sync(full=args.full, connection=args.connection, progress=request.progress)
    return _report_answer(request, report)


def _report_answer(request: Request, report: CycleReport) -> Answer:
    data = _report_json(report)
    lines = [Text(line) for line in _report_words(request, report)]
    problem = problem_of(report, _server_name(request))
    if problem is None:
        return Answer(data, lines)
    code = EXIT_SIGN_IN if isinstance(problem, SignInRequired) else EXIT_UNREACHABLE
    return Answer(data, lines, exit_code=code, error=error_json(problem, request))


def _server_name(request: Request) -> str:
    connections = status(request.app.till).connections
    wanted = request.args.connection
    return next((one.name for one in connections if wanted in {None, one.name}), "")


def error_json(problem: PosError, request: Request) -> dict[str, str]:
    """Return an error as the contract writes it."""
    say = request.say
    return {
        "id": problem.id,
        "title": say.say(problem.title_message),
        "message": say.say(problem.detail),
        "hint": say.say(problem.next_step),
    }


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


def _report_words(request: Request, report: CycleReport) -> list[str]:
    say = request.say
    seconds = f"{report.seconds:.1f}"
    lines = [
        say.plural(
            N_("{count} customer read from the server ({seconds} s)"),
            N_("{count} customers read from the server ({seconds} s)"),
            report.pulled,
            seconds=seconds,
        ),
        say.plural(N_("{count} act sent"), N_("{count} acts sent"), report.pushed),
        waiting_words(report.waiting, say),
    ]
    return [*lines, inbox_words(report.needs_attention, say)] if report.needs_attention else lines


def _print_report(request: Request, report: CycleReport) -> None:
    """Print one cycle of many on a line of its own."""
    line = request.say(
        N_("{pulled} read, {pushed} sent, {waiting} waiting, {attention} in the inbox ({seconds} s)"),
        pulled=report.pulled,
        pushed=report.pushed,
        waiting=report.waiting,
        attention=report.needs_attention,
        seconds=f"{report.seconds:.1f}",
    )
    problem = problem_of(report, _server_name(request))
    stream = sys.stderr if request.args.json else sys.stdout
    print(line, file=stream, flush=True)
    if problem is not None:
        print("  " + request.say.say(problem.title_message), file=sys.stderr, flush=True)


def _status(request: Request) -> Answer:
    state = status(request.app.till)
    copy = request.app.second_copy()
    data = {
        "shop": {"name": state.shop.name, "currency": state.shop.currency, "time_zone": state.shop.time_zone},
        "connections": [connection_json(one) for one in state.connections],
        "customers": state.counts.customers,
        "phones_missing": state.counts.phones_missing,
        "waiting": state.counts.waiting,
        "oldest_waiting": moment(state.counts.oldest_waiting),
        "needs_attention": state.counts.needs_attention,
        "inbox": state.counts.needs_attention,
        "kept": state.counts.kept,
        "last_proof": moment(state.proof.at) if state.proof else None,
        "khatas": _proof_json(state.proof),
        "exposure": amount_json(state.exposure.total),
        "exposure_given": amount_json(state.exposure.given),
        "exposure_allowed": amount_json(state.exposure.allowed),
        "second_copy": {"folder": str(copy.folder), "missing_since": moment(copy.since), "same_disk": copy.same_disk},
        "exchange": exchange_json(request.app.till),
    }
    chain = request.app.till.book.read(chain_state)
    data["chain"] = {
        "acts": chain.newest,
        "verified_to": chain.verified_to,
        "verified_at": moment(chain.verified_at),
        "faults": [request.say.say(fault) for fault in chain.faults],
    }
    words = [Text("  " + request.say.say(fault), style="bold red") for fault in chain.faults]
    return Answer(data, [*_status_words(request, state, copy), *words, *exchange_words(request)])


def _status_words(request: Request, state: Status, copy: SecondCopyState) -> list[Text]:
    say, counts = request.say, state.counts
    lines = [Text(state.shop.name, style="bold")]
    for one in state.connections:
        if not one.primary:
            lines.append(Text("  " + say(N_("{name} ({api}): not used any more"), name=one.name, api=one.api)))
            continue
        known = N_("{name} ({api}): as of {moment}") if one.last_success_at else N_("{name} ({api}): never read yet")
        moment_here = state.shop.at(one.last_success_at) if one.last_success_at else None
        lines.append(Text("  " + say(known, name=one.name, api=one.api, moment=moment_here)))
        clock = wrong_clock(one.clock_skew_seconds)
        if clock is not None:
            lines.append(Text("  " + say.say(clock), style="bold yellow"))
        if one.paused:
            lines.append(Text("  " + say(N_("paused: sign in again (posapp connect)")), style="bold yellow"))
    if not state.connections:
        lines.append(Text("  " + say(N_("no server; everything is kept on this till"))))
    lines.append(Text("  " + say.plural(N_("{count} customer"), N_("{count} customers"), counts.customers)))
    lines += phones_missing_words(counts.phones_missing, say)
    lines.append(Text("  " + waiting_words(counts.waiting, say)))
    if counts.kept:
        kept = say.plural(N_("{count} act kept on this till"), N_("{count} acts kept on this till"), counts.kept)
        lines.append(Text("  " + kept))
    lines.append(
        Text("  " + inbox_words(counts.needs_attention, say), style="bold yellow" if counts.needs_attention else "")
    )
    if state.proof is not None:
        lines.append(
            Text("  " + proof_words(state.proof, state.shop, say), style="bold red" if state.proof.held else "")
        )
    lines.append(Text("  " + exposure_words(state.exposure, say)))
    if copy.since is not None:
        since = state.shop.at(copy.since)
        lines.append(Text("  " + say(N_("no second copy since {moment}"), moment=since), style="bold yellow"))
    return lines


def _proof_json(proof: ProofSummary | None) -> dict[str, object] | None:
    if proof is None:
        return None
    return {"proven": proof.proven, "of": proof.of, "at": moment(proof.at), "differ": proof.held}


def connection_json(connection: Connection) -> dict[str, object]:
    """Return a connection as scripts read it."""
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
        "capabilities": abilities_json(connection),
    }


def abilities_json(connection: Connection) -> dict[str, bool]:
    """Return what a server can do beyond keeping customers, by name."""
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
