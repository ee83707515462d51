"""Till and stub side by side, field by field, the stub read from its own database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from posapp.app import open_till
from posapp.services.application import Application
from posapp.services.lookup import Card, card
from posapp.services.till import capabilities
from server_stub.store.writing import INTEGER_IDS
from tests.apis.day import PASSPHRASE, REDEEMED, Day
from tests.apis.shown import Theirs, names_shown, ours, same
from tests.support.stub import StubServer


@dataclass(frozen=True, slots=True)
class Found:
    """What was wrong, a line each: fields that differ, customers gone here alone, effects that came twice."""

    differences: tuple[str, ...] = ()
    falsely_deleted: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing was wrong."""
        return not (self.differences or self.falsely_deleted or self.doubled)


def compared(stub: StubServer, api: str, day: Day) -> Found:
    """Compare the till's book with the stub's, once both are at rest."""
    rows = {str(row.id) if api in INTEGER_IDS else row.uuid: row for row in stub.live_rows()}
    with open_till(day.home, passphrase=lambda: PASSPHRASE, keyring=False) as app:
        held = {one: _held(app, one) for one in rows}
        cards = {one: found[0] for one, found in held.items() if len(found) == 1}
        missing = [f"{one}: {len(found)} on the till" for one, found in held.items() if len(found) != 1]
        differences = [*_unequal(app, stub, api, rows, cards), *_not_as_meant(rows, cards, day)]
    return Found(tuple(differences), tuple(missing), tuple(_doubled(stub)))


def _held(app: Application, remote_id: str) -> list[Card]:
    """Return the cards of all who are live on the till under a server's id."""
    found = app.till.book.read(lambda session: session.customers.resolve(remote_id))
    cards = [card(app.till, customer.id) for customer in found]
    return [seen for seen in cards if seen.remote_id == remote_id]  # a short id may also be found in a phone


def _unequal(
    app: Application, stub: StubServer, api: str, rows: Mapping[str, Any], cards: Mapping[str, Card]
) -> Iterator[str]:
    """Yield what is not the same on both sides, of all that the server keeps or lists."""
    server, theirs = app.till.book.read(capabilities), Theirs(stub, api)
    names = list(names_shown(server))
    for one, seen in cards.items():
        here, there = ours(seen), theirs.of(rows[one])
        yield from (f"{one}: {name} differs" for name in names if not same(name, here[name], there[name], server))
    count = app.till.book.read(lambda session: session.operations.counts()).customers
    if count != len(rows):
        yield f"{count} customers on the till, {len(rows)} on the server"


def _not_as_meant(rows: Mapping[str, Any], cards: Mapping[str, Card], day: Day) -> Iterator[str]:
    """Yield what the day did and the server does not show."""
    for one, name in day.expected.items():
        if _there(rows, one, "name") != name:
            yield f"{one}: not named as it should be"
    yield from (f"{one}: still on the server" for one in day.gone if one in rows)
    names = Counter(row.name for row in rows.values())
    yield from (f"{name}: {names[name]} times on the server" for name in day.created if names[name] != 1)
    for one, minor in day.balances.items():
        if _there(rows, one, "ledger_balance") != minor:
            yield f"{one}: another khata is there than {minor}"
        if one in cards and cards[one].standing.kept_balance.minor != day.kept:
            yield f"{one}: another khata is kept here than {day.kept}"
    for one, points in day.points.items():
        redeemable = day.redeemable.get(one)
        if redeemable not in {None, points}:
            yield f"{one}: {redeemable} can be redeemed instead of {points}"
        left = points if redeemable is None else points - REDEEMED
        if _there(rows, one, "points") != left:
            yield f"{one}: other points are there than {left}"


def _there(rows: Mapping[str, Any], one: str, name: str) -> Any:
    return getattr(rows.get(one), name, None)


def _doubled(stub: StubServer) -> Iterator[str]:
    """Yield the acts that had an effect more than once; only a change of fields may come in several requests."""
    counted = Counter(
        (effect["op"], effect["entity"], effect["change"])
        for effect in stub.effects()
        if effect["op"] and effect["change"] != "updated"
    )
    for (_, entity, change), times in counted.items():
        if times > 1:
            yield f"{entity} {change} {times} times by one act"
