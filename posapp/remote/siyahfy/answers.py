"""What a successful answer to a write tells.

Rows that were not inserted are named in an answer of status 200: that is a refusal in the API's own words.
"""

from __future__ import annotations

import re
from typing import NoReturn

import msgspec

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.remote.connector import Routes, is_replay
from posapp.remote.converting import check_same_id, strong_etag
from posapp.remote.http import Answer
from posapp.remote.outcomes import NotDone
from posapp.remote.siyahfy import convert, wire
from posapp.remote.siyahfy.requests import COLUMNS, DELETE, EDIT, INSERT, LOG
from posapp.remote.strict_json import WrongShape, decoded
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import PreparedRequest, WriteAnswer


class _New(msgspec.Struct):
    name: str
    email: str | None = None
    phone: str | None = None
    notes: str | None = None
    tags: list[str] = []


class _Insert(msgspec.Struct):
    customers: list[_New]


class _Edit(msgspec.Struct):
    id: int


def _created(request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    """Return a create's answer: an id alone, so the record is what was sent, until the customer is read."""
    seen = decoded(answer, wire.Success[wire.Inserted]).data
    [sent] = msgspec.json.decode(request.body, type=_Insert).customers
    if (seen.inserted, len(seen.ids)) != (1, 1):
        _not_inserted(seen)
    profile = Profile(sent.name, sent.phone, sent.email, None, sent.notes, tuple(sent.tags))
    return WriteAnswer(customer=RemoteCustomer(RemoteId(str(seen.ids[0])), profile), replayed=is_replay(answer))


def _not_inserted(seen: wire.Inserted) -> NoReturn:
    if seen.inserted or seen.ids or len(seen.errors) != 1:
        raise WrongShape("other_echo")
    [fault] = seen.errors
    raise NotDone(f"{fault.field}_taken" if seen.skipped else f"{fault.field}_wrong", fault.message)


def _edited(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.Success[wire.Customer]).data
    check_same_id(str(seen.id), str(msgspec.json.decode(request.body, type=_Edit).id))
    return WriteAnswer(customer=convert.customer(seen, currency, strong_etag(answer)), replayed=is_replay(answer))


def _tagged(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    """Return the answer to a change of tags: it says how many customers were found, not what they are now."""
    if decoded(answer, wire.Success[wire.Updated]).data.updated != 1:
        raise NotDone("not_found", "")
    return WriteAnswer(replayed=is_replay(answer))


def _logged(request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    seen, sent = decoded(answer, wire.Success[wire.Line]).data, msgspec.json.decode(request.body, type=wire.Line)
    if seen.reference != sent.reference:
        raise WrongShape("other_echo")
    return WriteAnswer(replayed=is_replay(answer))


def _deleted(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    if decoded(answer, wire.Success[wire.Deleted]).data.deleted != 1:
        raise NotDone("not_found", "")
    return WriteAnswer(replayed=is_replay(answer))


ROUTES: Routes = (
    ("POST", re.compile(INSERT), _created),
    ("POST", re.compile(EDIT), _edited),
    ("POST", re.compile(COLUMNS), _tagged),
    ("POST", re.compile(LOG), _logged),
    ("DELETE", re.compile(f"{DELETE}/[0-9]+"), _deleted),
)
