"""The shop's other tills on the command line: exchanging with them through a folder."""

from __future__ import annotations

import argparse

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import moment
from posapp.domain.messages import N_
from posapp.services.application import ExchangeForm
from posapp.services.exchange import TillRead, exchange_folder, other_tills
from posapp.services.ports.peers import PeerTill
from posapp.services.till import Till


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("exchange", help=N_("exchange with the shop's other tills"), parents=[options])
    parser.add_argument(
        "folder", metavar="FOLDER", type=inputs.folder, nargs="?", help=N_("a share, a stick, a synced folder")
    )
    parser.add_argument("--join", action="store_true", help=N_("join the tills there; the code is read from stdin"))
    parser.add_argument("--new-code", action="store_true", help=N_("make a new code for joining"))
    parser.add_argument("--till", metavar="NAME", help=N_("how this till is called among the others"))
    parser.set_defaults(handler=_exchange)


def _exchange(request: Request) -> Answer:
    args, say = request.args, request.say
    code = inputs.secret_line(request, N_("Code of the shop's tills: ")) if args.join else None
    form = ExchangeForm(folder=args.folder, code=code, new_code=args.new_code, till_name=args.till)
    answer = request.app.exchange(form)
    done = answer.done
    data = {
        "exchange": {
            "folder": str(answer.folder),
            "written": done.written,
            "read": done.taken,
            "waiting": sum(one.waiting for one in done.tills),
            "tills": [
                till_json(one.till) | {"read": one.taken, "waiting": one.waiting, "problem": _problem_id(one)}
                for one in done.tills
            ],
            "code": answer.code,
        }
    }
    lines = [
        Text(say.plural(N_("{count} line written"), N_("{count} lines written"), done.written)),
        Text(say.plural(N_("{count} line read"), N_("{count} lines read"), done.taken)),
    ]
    for one in done.tills:
        lines += _till_words(request, one)
    if not done.tills:
        lines.append(Text("  " + say(N_("no other till has written here yet"))))
    if answer.code is not None:
        lines.append(Text(say(N_("Code for the shop's other tills: {code}"), code=answer.code), style="bold"))
        lines.append(Text("  " + say(N_("It is shown once. On another till: posapp exchange FOLDER --join"))))
    return Answer(data, lines)


def till_json(till: PeerTill) -> dict[str, object]:
    """Return another till as JSON."""
    return {
        "till": till.name,
        "file": till.source,
        "lines": till.lines,
        "told_at": moment(till.told_at),
        "read_at": moment(till.read_at),
        "problem": till.problem,
    }


def exchange_json(till: Till) -> dict[str, object]:
    """Return what is known of the shop's other tills, as JSON."""
    return {"folder": exchange_folder(till), "tills": [till_json(one) for one in other_tills(till)]}


def exchange_words(request: Request) -> list[Text]:
    """Return what is known of the shop's other tills, in words; nothing where this till does not exchange."""
    till, say = request.app.till, request.say
    shop = inputs.shop_of(request)
    lines = []
    for one in other_tills(till):
        told = N_("till {till}: its acts up to {moment}") if one.told_at else N_("till {till}: nothing yet")
        words = say(told, till=one.name, moment=shop.at(one.told_at) if one.told_at else None)
        lines.append(Text("  " + words, style="bold yellow" if one.problem else ""))
        if one.problem:
            lines.append(Text("    " + say(N_("its file cannot be read further: posapp exchange")), style="yellow"))
    return lines


def _problem_id(one: TillRead) -> str | None:
    return one.problem.id if one.problem else None


def _till_words(request: Request, one: TillRead) -> list[Text]:
    say = request.say
    words = say.plural(N_("{till}: {count} line read"), N_("{till}: {count} lines read"), one.taken, till=one.till.name)
    lines = [Text("  " + words)]
    if one.waiting:
        lines.append(Text("    " + say(N_("the end of its file is still being copied")), style="yellow"))
    if one.problem is not None:
        lines.append(Text("    " + say.say(one.problem.detail), style="bold yellow"))
        lines.append(Text("    " + say.say(one.problem.next_step), style="yellow"))
    return lines
