"""Statements as files, on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import balance_json
from posapp.cli.whole_file import make_folder, refuse_existing, write_whole
from posapp.domain.errors import StoreUnavailable
from posapp.domain.file_words import file_words
from posapp.domain.ids import CustomerId, short_id
from posapp.domain.messages import N_
from posapp.domain.statement import Statement
from posapp.services.lookup import the_one
from posapp.services.owing import owing
from posapp.services.ports.documents import Paper
from posapp.services.statements import note_printed, statement

_Sheaf = tuple[Path, Sequence[Statement]]
"""A file and what goes into it."""


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("statement", help=N_("khata statements as PDF"), parents=[options])
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("customers", metavar="CUSTOMER", nargs="*", default=[])
    whose.add_argument("--owing", action="store_true", help=N_("of everyone who owes"))
    parser.add_argument("--from", dest="first", metavar="DATE")
    parser.add_argument("--to", dest="last", metavar="DATE")
    parser.add_argument("--paper", choices=[paper.value for paper in Paper], default=Paper.A4.value)
    where = N_("one file for all (NAME.pdf), or a folder for a file each")
    parser.add_argument("--out", metavar="PATH", type=inputs.folder, required=True, help=where)
    parser.set_defaults(handler=_statement)


def _statement(request: Request) -> Answer:
    first, last = inputs.period(request, request.args.first, request.args.last)
    customers, left_out = _whose(request)
    made = [statement(request.app.till, customer, first=first, last=last) for customer in customers]
    sheaves = _sheaves(request.args.out, made)
    refuse_existing((path for path, _ in sheaves), confirmed=request.confirmed)
    noted = [_write(request, path, sheaf) for path, sheaf in sheaves]
    say = request.say
    data = {
        "files": [str(path) for path, _ in sheaves],
        "statements": [_json(request, path, one) for path, sheaf in sheaves for one in sheaf],
        "noted": all(noted),
        "unfetched": left_out,
    }
    lines = [Text(say(N_("Written: {file}"), file=path)) for path, _ in sheaves]
    if not made:
        lines.append(Text(say(N_("Nobody owes anything; there is nothing to print."))))
    if not all(noted):
        sentence = N_("The book could not note this: the next statement will not mark what comes in from now on.")
        lines.append(Text(say(sentence), style="yellow"))
    if left_out:
        words = say.plural(
            N_("{count} customer is left out whose khata was not fetched yet: posapp sync"),
            N_("{count} customers are left out whose khata was not fetched yet: posapp sync"),
            left_out,
        )
        lines.append(Text(words, style="yellow"))
    return Answer(data, lines)


def _whose(request: Request) -> tuple[list[CustomerId], int]:
    """Return whose statements are wanted, and how many who owe are left out because their khata is unknown."""
    if request.args.owing:
        found = owing(request.app.till)
        return [row.customer_id for row in found.rows if row.known], found.unfetched
    named = [the_one(request.app.till, text) for text in request.args.customers]
    customers = list(dict.fromkeys(named))
    inputs.refresh(request, customers)
    return customers, 0


def _sheaves(out: Path, made: Sequence[Statement]) -> list[_Sheaf]:
    if not made:
        return []
    if out.suffix.lower() == ".pdf":
        return [(out, made)]
    return [(out / _file_name(one), [one]) for one in made]


def _write(request: Request, path: Path, sheaf: Sequence[Statement]) -> bool:
    """Write a file, then note what was printed; return whether the book took the note."""
    pdf = request.app.documents().statements(sheaf, say=request.say, paper=Paper(request.args.paper))
    if path.parent == request.args.out:
        make_folder(path.parent)
    write_whole(path, pdf)
    try:
        for one in sheaf:
            note_printed(request.app.till, one)
    except StoreUnavailable:  # the paper is good: a till that is open elsewhere may be looked at and printed from
        return False
    return True


def _file_name(made: Statement) -> str:
    """Return a name that says whose statement it is, in signs that every disk takes."""
    return f"{file_words(made.customer_name) or 'customer'}-{short_id(made.customer_id)}.pdf"


def _json(request: Request, path: Path, made: Statement) -> dict[str, object]:
    return {
        "customer": {"id": made.customer_id, "name": made.customer_name},
        "file": str(path),
        "from": made.first.isoformat(),
        "to": made.last.isoformat(),
        "opening_balance": balance_json(made.opening, request.say),
        "closing_balance": balance_json(made.closing, request.say),
        "entries": len(made.lines),
        "unsent": len(made.unsent),
        "late": len(made.late),
    }
