"""Who owes the shop, on the command line: the list to collect by, and how old it all is."""

from __future__ import annotations

import argparse

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import ageing_json, amount_json, day_text, moment
from posapp.cli.output import Fitting
from posapp.domain.messages import N_
from posapp.domain.words import AGEING_WORDS
from posapp.services.owing import Owings, owing
from posapp.services.ports.receivables import Owing


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("owing", help=N_("everyone who owes"), parents=[options])
    parser.add_argument("--by", choices=("amount", "age"), default="amount", help=N_("which comes first"))
    parser.set_defaults(handler=_owing)
    parser = commands.add_parser("ageing", help=N_("how old what the shop will get is"), parents=[options])
    parser.set_defaults(handler=_ageing)


def _owing(request: Request) -> Answer:
    found = owing(request.app.till, order=request.args.by)
    data = {
        "as_of": found.ageing.as_of.isoformat(),
        "customers": [_row_json(row) for row in found.rows],
        "total": amount_json(found.ageing.owed),
        "unfetched": found.unfetched,
    }
    return Answer(data, [_owing_table(request, found), *_notes(request, found)])


def _ageing(request: Request) -> Answer:
    found = owing(request.app.till)
    data = {
        "as_of": found.ageing.as_of.isoformat(),
        "customers": [_row_json(row) | {"ageing": ageing_json(row.ageing)} for row in found.rows],
        "total": ageing_json(found.ageing),
        "unfetched": found.unfetched,
    }
    return Answer(data, [_ageing_table(request, found), *_notes(request, found)])


def _row_json(row: Owing) -> dict[str, object]:
    return {
        "id": row.customer_id,
        "name": row.name,
        "phone": row.phone,
        "owed": amount_json(row.owed),
        "known": row.known,
        "oldest_due": day_text(row.ageing.oldest_due),
        "last_payment_at": moment(row.last_payment_at),
    }


def _owing_table(request: Request, found: Owings) -> Fitting:
    say, shop = request.say, inputs.shop_of(request)
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    for heading in (N_("Name"), N_("Phone"), N_("Will pay"), N_("Due since"), N_("Last paid")):
        right = heading == "Will pay"
        wide.add_column(say(heading), justify="right" if right else "left", no_wrap=right)
        if heading not in {"Phone", "Last paid"}:
            narrow.add_column(say(heading), justify="right" if right else "left", no_wrap=right)
    for row in found.rows:
        name, owed = Text(row.name), _owed_words(request, row)
        due = day_text(row.ageing.oldest_due) or say(N_("not known"))
        paid = shop.day_of(row.last_payment_at).isoformat() if row.last_payment_at else say(N_("never"))
        wide.add_row(name, Text(row.phone or ""), owed, due, paid)
        narrow.add_row(name, owed, due)
    return Fitting(wide, narrow)


def _ageing_table(request: Request, found: Owings) -> Fitting:
    """Return the buckets customer by customer; where the line is short, one bucket a line for the whole shop."""
    say = request.say
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    wide.add_column(say(N_("Name")))
    narrow.add_column(say(N_("Past due")))
    narrow.add_column(say(N_("You will get")), justify="right", no_wrap=True)
    for heading in (*AGEING_WORDS, N_("You will get")):
        wide.add_column(say(heading), justify="right", no_wrap=True)
    for row in found.rows:
        parts = [part.text() if part else "" for part in row.ageing.buckets]
        wide.add_row(Text(row.name), *parts, _owed_words(request, row))
    total = found.ageing
    wide.add_row(say(N_("Together")), *(part.text() for part in total.buckets), total.owed.text(), style="bold")
    for heading, part in zip(AGEING_WORDS, total.buckets, strict=True):
        narrow.add_row(say(heading), part.text())
    narrow.add_row(say(N_("Together")), total.owed.text(), style="bold")
    return Fitting(wide, narrow)


def _owed_words(request: Request, row: Owing) -> str:
    return row.owed.text() if row.known else request.say(N_("at least {amount}"), amount=row.owed)


def _notes(request: Request, found: Owings) -> list[RenderableType]:
    """Say the sum, and what is not in it."""
    say, total = request.say, found.ageing
    words = say.plural(
        N_("{count} customer owes {amount}"), N_("{count} customers owe {amount}"), len(found.rows), amount=total.owed
    )
    notes: list[RenderableType] = [Text(words if found.rows else say(N_("Nobody owes anything.")), style="bold")]
    if total.advance:
        notes.append(Text(say(N_("Others have paid {amount} ahead."), amount=total.advance)))
    if found.unfetched:
        left_out = say.plural(
            N_("{count} khata was not fetched yet and may be missing here: posapp sync"),
            N_("{count} khatas were not fetched yet and may be missing here: posapp sync"),
            found.unfetched,
        )
        notes.append(Text(left_out, style="yellow"))
    return notes
