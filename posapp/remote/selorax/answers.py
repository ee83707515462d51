"""What a successful answer to a write tells; one about another customer than was meant proves nothing about ours."""

from __future__ import annotations

import re

import msgspec

from posapp.domain.digits import only_digits
from posapp.remote.connector import Routes, is_replay
from posapp.remote.converting import check_same_id, strong_etag
from posapp.remote.http import Answer
from posapp.remote.selorax import convert, wire
from posapp.remote.selorax.requests import CUSTOMERS
from posapp.remote.strict_json import WrongShape, decoded
from posapp.services.ports.writes import PreparedRequest, WriteAnswer

_NO_CONTENT = 204


class _New(msgspec.Struct):
    name: str
    phone: str = ""


def _created(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    """Return a create's answer; a server may write a name or a phone its own way, another's record has neither."""
    seen, sent = decoded(answer, wire.Answered).data, msgspec.json.decode(request.body, type=_New)
    phone = seen.phone if isinstance(seen.phone, str) else ""
    if seen.name != sent.name and only_digits(phone) != only_digits(sent.phone):
        raise WrongShape("other_echo")
    return WriteAnswer(customer=convert.customer(seen, currency), replayed=is_replay(answer))


def _edited(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Answered).data
    check_same_id(str(seen.user_id), request.path.rpartition("/")[2])
    return WriteAnswer(customer=convert.customer(seen, currency, strong_etag(answer)), replayed=is_replay(answer))


def _deleted(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    if answer.status != _NO_CONTENT or answer.body:
        decoded(answer, wire.Deleted)
    return WriteAnswer(replayed=is_replay(answer))


ROUTES: Routes = (
    ("POST", re.compile(CUSTOMERS), _created),
    ("PUT", re.compile(f"{CUSTOMERS}/[0-9]+"), _edited),
    ("DELETE", re.compile(f"{CUSTOMERS}/[0-9]+"), _deleted),
)
