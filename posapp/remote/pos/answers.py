"""What a successful answer to a write tells.

Where the answer repeats what was asked (an amount, a reference), it must be the same: an answer to something else
proves nothing about ours.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import msgspec

from posapp.domain.money import Money
from posapp.remote.connector import Routes, is_replay
from posapp.remote.converting import check_same_id, strong_etag
from posapp.remote.http import Answer
from posapp.remote.pos import convert, wire
from posapp.remote.pos.requests import CUSTOMERS, SALES
from posapp.remote.strict_json import WrongShape, decoded
from posapp.services.ports.writes import PreparedRequest, WriteAnswer

_FIRST = 201
_NO_CONTENT = 204
_FIELDS = ("name", "email", "phone", "address", "notes", "tags")


def _created(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = _completed(answer, _sent(request), complete=True)
    assert seen is not None, "a create sends every field"
    return WriteAnswer(customer=convert.customer(seen, currency, strong_etag(answer)), replayed=is_replay(answer))


def _edited(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    """Return an edit's answer; a record that does not show every field is not one, since unknown is not empty."""
    seen = _completed(answer, _sent(request), complete=False)
    if seen is not None:
        check_same_id(seen.id, unquote(request.path.rpartition("/")[2]))
    record = None if seen is None else convert.customer(seen, currency, strong_etag(answer))
    return WriteAnswer(customer=record, replayed=is_replay(answer))


def _completed(answer: Answer, sent: dict[str, Any], *, complete: bool) -> wire.Customer | None:
    """Return the record with what was sent in place of what the answer leaves out.

    Args:
        answer: The server's.
        sent: The request's members.
        complete: Whether what was not sent is empty there now.
    """
    members = decoded(answer, dict[str, object])
    missing = [name for name in _FIELDS if name not in members]
    seen = decoded(answer, wire.Customer)
    if not complete and any(name not in sent for name in missing):
        return None
    return msgspec.structs.replace(seen, **{name: sent.get(name) for name in missing})


def _deleted(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    if answer.status != _NO_CONTENT or answer.body:
        decoded(answer, wire.Deleted)
    return WriteAnswer(replayed=is_replay(answer))


def _entered(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Entry)
    sent = _sent(request)
    _same(seen.type, sent.get("type"))
    _same(seen.amount, sent.get("amount"))
    _same_id(seen.reference_id, sent.get("reference_id"))
    entry = convert.entry(seen, currency)
    return WriteAnswer(entry=entry, balance=entry.balance_after, replayed=is_replay(answer, first=_FIRST))


def _sold(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Sold)
    _same_id(seen.id, _sent(request).get("id"))
    return WriteAnswer(
        points=seen.loyalty_points,
        balance=Money(seen.ledger_balance, currency),
        points_earned=seen.points_earned,
        discount=Money(seen.discount_amount, currency),
        replayed=is_replay(answer, first=_FIRST),
    )


def _redeemed(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Redeemed)
    _same(seen.redeemed, _sent(request).get("points"))
    return WriteAnswer(
        points=seen.remaining_points, discount=Money(seen.discount_amount, currency), replayed=is_replay(answer)
    )


def _reversed(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Reversed)
    _same_id(seen.id, _sent(request).get("id"))
    return WriteAnswer(
        points=seen.loyalty_points,
        balance=Money(seen.ledger_balance, currency),
        replayed=is_replay(answer, first=_FIRST),
    )


def _adjusted(request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Adjusted)
    sent = _sent(request)
    _same_id(seen.reference_id, sent.get("reference_id"))
    _same(seen.points, sent.get("points"))
    return WriteAnswer(points=seen.loyalty_points, replayed=is_replay(answer, first=_FIRST))


_ONE = r"[^/]+"
ROUTES: Routes = tuple(
    (method, re.compile(path), parser)
    for method, path, parser in (
        ("POST", CUSTOMERS, _created),
        ("PUT", f"{CUSTOMERS}/{_ONE}", _edited),
        ("DELETE", f"{CUSTOMERS}/{_ONE}", _deleted),
        ("POST", f"{CUSTOMERS}/{_ONE}/ledger", _entered),
        ("POST", f"{CUSTOMERS}/{_ONE}/loyalty/redeem", _redeemed),
        ("POST", f"{CUSTOMERS}/{_ONE}/loyalty/adjust", _adjusted),
        ("POST", SALES, _sold),
        ("POST", f"{SALES}/{_ONE}/reversal", _reversed),
    )
)


def _sent(request: PreparedRequest) -> dict[str, Any]:
    return msgspec.json.decode(request.body, type=dict[str, Any])


def _same(told: object, meant: object) -> None:
    if told != meant:
        raise WrongShape("other_echo")


def _same_id(told: str | None, meant: object) -> None:
    _same((told or "").lower(), str(meant).lower())
