"""`posapp verify`: the book against itself, against what remembers it, and khata by khata against the server."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import moment
from posapp.cli.server import error_json
from posapp.domain.errors import SignInRequired
from posapp.domain.messages import N_
from posapp.domain.proof_words import side_messages
from posapp.domain.shop import Shop
from posapp.domain.words import MISMATCH_WORDS
from posapp.locale.translator import Translator
from posapp.services.anchors import Finding
from posapp.services.ports.proofs import HeldKhata, ProofReport
from posapp.services.status import problem_of, status
from posapp.services.verification import Verification, verify_book

_REFUSED, _UNREACHABLE, _SIGN_IN, _UNAVAILABLE = 1, 3, 4, 5
_SIDES = (("ours", N_("here")), ("theirs", N_("on the server")))


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    words = N_("check the chain of acts, the sums, and every khata against the server")
    parser = commands.add_parser("verify", help=words, parents=[options])
    parser.add_argument("--offline", action="store_true", help=N_("the book alone; nothing is asked of the server"))
    parser.set_defaults(handler=_verify)


def _verify(request: Request) -> Answer:
    book = _book(request, verify_book(request.app.till), request.app.chain_findings())
    server = _server(request)
    worst = book if book.error is not None else server
    return Answer(
        {**book.data, **server.data}, [*book.shown, *server.shown], exit_code=worst.exit_code, error=worst.error
    )


def _book(request: Request, result: Verification, outside: Sequence[Finding]) -> Answer:
    say = request.say
    faults = [{"kind": one.kind, "seq": one.till_seq, "operation": one.operation_id} for one in result.faults]
    faults += [{"kind": one.kind, "seq": one.seq, "operation": "", "said": say.say(one.said)} for one in outside]
    data = {"operations": result.operations, "head": result.head, "faults": faults}
    if outside and not result.faults:
        return _verified_by_anchors(data, outside, say)
    if result.faults:
        words = say.plural(
            N_("The book is not as it was recorded: {count} fault"),
            N_("The book is not as it was recorded: {count} faults"),
            len(result.faults),
        )
        lines = [Text(words, style="bold red")]
        lines += [Text(f"  {one.till_seq}: {one.kind} ({one.operation_id})") for one in result.faults]
        lines += [Text("  " + say.say(one.said)) for one in outside]
        error = {
            "id": "book_altered",
            "title": say(N_("The book was altered")),
            "message": words,
            "hint": say(N_("Make a backup of it as it is and ask for help; do not go on recording.")),
        }
        return Answer(data, lines, exit_code=_UNAVAILABLE, error=error)
    good = say.plural(
        N_("{count} act is exactly as it was recorded."),
        N_("{count} acts are exactly as they were recorded."),
        result.operations,
    )
    return Answer(data, [Text(good, style="green")])


def _verified_by_anchors(data: dict[str, object], outside: Sequence[Finding], say: Translator) -> Answer:
    """Answer for a book that is whole by itself, but not what the keychain or the second copy remembers."""
    lines = [Text(say.say(one.said), style="bold red") for one in outside]
    book = any(one.book for one in outside)
    title = N_("Acts are missing from the book") if book else N_("The second copy or the keychain needs care")
    hint = (
        N_("Do not go on recording. Bring them back: posapp rescue FILE with the second copy, or posapp restore FILE.")
        if book
        else N_("Look at it with posapp doctor. The book itself is whole.")
    )
    words = "; ".join(line.plain for line in lines)
    error = {"id": outside[0].kind, "title": say(title), "message": words, "hint": say(hint)}
    return Answer(data, lines, exit_code=_UNAVAILABLE, error=error)


def _server(request: Request) -> Answer:
    """Compare every khata with the server's, or say that and why nothing was compared."""
    state = status(request.app.till)
    if state.proof is None:
        words = N_("The server keeps no khata: this till's book is the record.")
        return Answer({"server": None}, [request.say(words)] if state.connections else [])
    if request.args.offline or request.app.read_only:
        reason = "offline" if request.args.offline else "read_only"
        held = request.app.till.book.read(lambda session: session.proofs.held())
        known = ProofReport(state.proof.proven, state.proof.of, state.proof.at or request.app.till.clock.now(), held)
        data = _server_json(known, compared=False, reason=reason) | {"at": moment(state.proof.at)}
        return Answer({"server": data}, [Text(request.say(N_("Not compared with the server now.")), style="yellow")])
    report = request.app.prove_khatas()
    assert report is not None, "a server that keeps khatas has an engine"
    return _compared(request, report)


def _compared(request: Request, report: ProofReport) -> Answer:
    say, shop = request.say, inputs.shop_of(request)
    data = {"server": _server_json(report, compared=report.problem is None, reason=report.problem)}
    told = say.plural(
        N_("{proven} of {of} khata proven equal to the server at {at}"),
        N_("{proven} of {of} khatas proven equal to the server at {at}"),
        report.of,
        proven=f"{report.proven:,}",
        of=f"{report.of:,}",
        at=f"{shop.at(report.at):%H:%M}",
    )
    lines = [Text(told, style="green" if report.proven == report.of else "yellow")]
    for one in report.mismatches:
        lines += _mismatch_words(one, shop, say)
    if report.open:
        open_words = N_("{count} not compared: something of it is on its way, or it was not reached.")
        lines.append(Text(say(open_words, count=f"{report.open:,}"), style="yellow"))
    if report.mismatches:
        error = {
            "id": "khata_differs",
            "title": say(N_("A khata differs from the server's")),
            "message": say.plural(
                N_("{count} khata is not what the server says."),
                N_("{count} khatas are not what the server says."),
                len(report.mismatches),
            ),
            "hint": say(N_("Nothing new goes on account there. Decide in the inbox: posapp inbox list.")),
        }
        return Answer(data, lines, exit_code=_REFUSED, error=error)
    problem = problem_of(report, next((one.name for one in status(request.app.till).connections), ""))
    if problem is None:
        return Answer(data, lines)
    lines.append(Text(say(N_("Not all khatas were compared with the server.")), style="bold yellow"))
    code = _SIGN_IN if isinstance(problem, SignInRequired) else _UNREACHABLE
    return Answer(data, lines, exit_code=code, error=error_json(problem, request))


def _server_json(report: ProofReport, *, compared: bool, reason: str | None) -> dict[str, object]:
    return {
        "compared": compared,
        "reason": reason,
        "proven": report.proven,
        "of": report.of,
        "open": report.open,
        "at": moment(report.at),
        "mismatches": [{"customer": one.customer_id, "name": one.name, **one.difference} for one in report.mismatches],
    }


def _mismatch_words(one: HeldKhata, shop: Shop, say: Translator) -> list[Text]:
    """Return what is wrong with a khata, with the first entry that differs as both sides have it."""
    what = say(MISMATCH_WORDS[str(one.difference["kind"])])
    lines = [Text(say(N_("{name}: {what}"), name=one.name, what=what), style="bold red")]
    for side, words in _SIDES:
        values = one.difference[side]
        told = say(N_("nothing"))
        if isinstance(values, Mapping):
            told = " · ".join(say.say(part) for part in side_messages(values, shop.currency))
        lines.append(Text("  " + say(N_("{side}: {entry}"), side=say(words), entry=told)))
    return lines
