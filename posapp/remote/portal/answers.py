"""What a successful answer to a write tells; one about another customer than was meant proves nothing about ours."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from posapp.remote.connector import Routes, is_replay
from posapp.remote.converting import check_same_id, strong_etag
from posapp.remote.http import Answer
from posapp.remote.portal import convert, wire
from posapp.remote.portal.envelope import content
from posapp.remote.portal.requests import CUSTOMERS
from posapp.remote.strict_json import WrongShape, decoded
from posapp.services.ports.writes import PreparedRequest, WriteAnswer

_NO_CONTENT = 204


def _created(request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    """Return a create's answer; a success that carries nothing leaves the customer unknown."""
    seen = content(decoded(answer, object), wire.Created)
    if seen is None:
        return WriteAnswer(replayed=is_replay(answer))
    sent = parse_qs(request.body.decode("ascii"), keep_blank_values=True)
    if (seen.email or "").strip().casefold() != sent["email"][0].casefold():
        raise WrongShape("other_echo")
    return WriteAnswer(customer=convert.created(seen, sent["username"][0]), replayed=is_replay(answer))


def _edited(request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    seen = content(decoded(answer, object), wire.Customer)
    if seen is None:
        return WriteAnswer(replayed=is_replay(answer))
    check_same_id(str(seen.id), request.path.rpartition("/")[2])
    return WriteAnswer(customer=convert.customer(seen, {}, strong_etag(answer)), replayed=is_replay(answer))


def _deleted(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    if answer.status != _NO_CONTENT or answer.body:
        decoded(answer, wire.Done)
    return WriteAnswer(replayed=is_replay(answer))


ROUTES: Routes = (
    ("POST", re.compile(CUSTOMERS), _created),
    ("PUT", re.compile(f"{CUSTOMERS}/[0-9]+"), _edited),
    ("DELETE", re.compile(f"{CUSTOMERS}/[0-9]+"), _deleted),
)
