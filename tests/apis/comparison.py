"""Till and stub side by side, field by field, the stub read from its own database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from posapp.app import open_till
from posapp.services.application import Application
from posapp.services.dto import Customer
from posapp.services.lookup import card
from posapp.services.ports.remote import Capabilities
from posapp.services.till import capabilities
from server_stub.store.writing import INTEGER_IDS
from tests.apis.day import PASSPHRASE, Day
from tests.support.side_by_side import unequal_fields
from tests.support.stub import StubServer

_ONCE = frozenset({"created", "deleted", "anonymized"})


@dataclass(frozen=True, slots=True)
class Found:
    """What was wrong, a line each: fields that differ, customers gone here alone, effects that came twice."""

    differences: tuple[str, ...]
    falsely_deleted: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether nothing was wrong."""
        return not (self.differences or self.falsely_deleted or self.doubled)


def compared(stub: StubServer, api: str, day: Day) -> Found:
    """Compare the till's book with the stub's, once both are at rest."""
    with open_till(day.home, passphrase=lambda: PASSPHRASE, keyring=False) as app:
        differences, missing = _differences(app, stub.live_rows(), api, day)
    return Found(tuple(differences), tuple(missing), tuple(_doubled(stub)))


def _differences(app: Application, rows: list[Any], api: str, day: Day) -> tuple[list[str], list[str]]:
    wrong, missing = [], []
    server = app.till.book.read(capabilities)
    shown = {str(row.id) if api in INTEGER_IDS else row.uuid: row for row in rows}
    for one, row in shown.items():
        found = app.till.book.read(lambda session, one=one: session.customers.resolve(one))
        if len(found) == 1:
            wrong += [f"{one}: {name} differs" for name in _unequal(app, found[0], row, server)]
        else:
            missing.append(f"{one}: {len(found)} on the till")
    count = app.till.book.read(lambda session: session.operations.counts()).customers
    if count != len(rows):
        wrong.append(f"{count} customers on the till, {len(rows)} on the server")
    return [*wrong, *_not_as_meant(app, shown, day, server)], missing


def _unequal(app: Application, customer: Customer, row: Any, server: Capabilities) -> Iterator[str]:
    """Yield what of one customer is not the same on both sides, of all that the server keeps."""
    yield from unequal_fields(customer.profile, row, server)
    standing = card(app.till, customer.id).standing
    if server.points and standing.points != row.points:
        yield "points"
    if server.ledger and (standing.server_balance is None or standing.server_balance.minor != row.ledger_balance):
        yield "balance"


def _not_as_meant(app: Application, shown: dict[str, Any], day: Day, server: Capabilities) -> Iterator[str]:
    """Yield what the day did and the server does not show."""
    for one, name in day.expected.items():
        if shown[one].name != name:
            yield f"{one}: not named as it should be"
    yield from (f"{one}: still on the server" for one in day.gone if one in shown)
    names = Counter(row.name for row in shown.values())
    yield from (f"{name}: {names[name]} times on the server" for name in day.created if names[name] != 1)
    if day.redeemed != server.points:
        yield f"redeemed: {day.redeemed}"
    kept = sum(_kept(app, one) for one in day.expected)
    if kept != day.paid:
        yield f"kept khata: {kept} instead of {day.paid}"


def _kept(app: Application, shown: str) -> int:
    [found] = app.till.book.read(lambda session: session.customers.resolve(shown))
    return card(app.till, found.id).standing.kept_balance.minor


def _doubled(stub: StubServer) -> list[str]:
    """Return the acts that had an effect more than once: two creations, entries or deletions under one name."""
    counted = Counter(
        (effect["op"], effect["entity"], effect["change"])
        for effect in stub.effects()
        if effect["op"] and effect["change"] in _ONCE
    )
    return [
        f"{entity} {change} {times} times by one act" for (_, entity, change), times in counted.items() if times > 1
    ]
