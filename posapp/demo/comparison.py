"""Till and stub side by side: every customer read from the stub without any of the till's own code."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from posapp.services.dto import Customer
from posapp.services.lookup import Card, card
from posapp.services.till import Till

PAGE = 250


@dataclass(frozen=True, slots=True)
class Comparison:
    """Till and stub side by side.

    Attributes:
        customers: How many the stub has.
        differences: What is not equal, a sentence each.
        kept: How many khatas also hold entries that no server takes.
    """

    customers: int
    differences: tuple[str, ...]
    kept: int


def read_stub(base_url: str, token: str) -> Iterator[dict[str, object]]:
    """Yield every customer of the stub, read without any code of the till."""
    page = 1
    while True:
        rows = _get(f"{base_url}/api/v1/customers?limit={PAGE}&sort=created_at&order=ASC&page={page}", token)
        assert isinstance(rows, list), "the list is an array"
        yield from rows
        if len(rows) < PAGE:
            return
        page += 1


def _get(url: str, token: str) -> object:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 (the stub's own address)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        result: object = json.load(answer)
        return result


def on_till(till: Till, remote_id: str) -> Sequence[Customer]:
    """Return whom the till knows under a server's id."""
    return till.book.read(lambda session: session.customers.resolve(remote_id))


def compare(till: Till, base_url: str, token: str) -> Comparison:
    """Compare every customer of the stub with the till's book: particulars, points, balance.

    What no server takes lives on the till alone and is counted apart.
    """
    differences: list[str] = []
    count = kept = 0
    for row in read_stub(base_url, token):
        count += 1
        remote = _get(f"{base_url}/api/v1/customers/{row['id']}", token)
        assert isinstance(remote, dict), "one customer is an object"
        found = on_till(till, str(row["id"]))
        if len(found) != 1:
            differences.append(f"{row['id']}: {len(found)} on the till")
            continue
        shown = card(till, found[0].id)
        kept += bool(shown.standing.kept_balance or shown.standing.kept_points)
        differences.extend(f"{row['id']}: {name} {ours!r} / {theirs!r}" for name, ours, theirs in _pairs(shown, remote))
    known = till.book.read(lambda session: session.operations.counts()).customers
    if known != count:
        differences.append(f"{known} customers on the till, {count} on the server")
    return Comparison(count, tuple(differences), kept)


def _pairs(shown: Card, remote: Mapping[str, object]) -> list[tuple[str, object, object]]:
    standing, profile = shown.standing, shown.customer.profile
    server_balance = (
        None if standing.server_balance is None else (standing.server_balance + standing.unsent_balance).minor
    )
    server_points = None if standing.server_points is None else standing.server_points + standing.unsent_points
    pairs: list[tuple[str, object, object]] = [
        ("name", profile.name, remote["name"]),
        ("phone", profile.phone, remote["phone"]),
        ("email", profile.email, remote["email"]),
        ("address", profile.address, remote["address"]),
        ("notes", profile.notes, remote["notes"]),
        ("tags", list(profile.tags), remote["tags"]),
        ("points", server_points, remote["loyalty_points"]),
        ("balance", server_balance, remote["ledger_balance"]),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]
