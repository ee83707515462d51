"""What a successful answer to a write tells; one about another customer than was meant proves nothing about ours."""

from __future__ import annotations

import re
from urllib.parse import unquote

import msgspec

from posapp.remote.connector import Routes, is_replay
from posapp.remote.converting import check_same_id, strong_etag
from posapp.remote.http import Answer
from posapp.remote.modules import convert, wire
from posapp.remote.modules.requests import BULK_TAGS, CUSTOMERS
from posapp.remote.outcomes import NotDone
from posapp.remote.strict_json import WrongShape, decoded
from posapp.services.ports.writes import PreparedRequest, WriteAnswer

_NO_CONTENT = 204


class _New(msgspec.Struct):
    first_name: str
    email: str | None = None
    phone: str | None = None


def _created(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    """Return a create's answer; a server may write one of them its own way, another's record has none of them."""
    seen, sent = decoded(answer, wire.One).data, msgspec.json.decode(request.body, type=_New)
    alike = seen.full_name.startswith(sent.first_name), seen.email == sent.email, seen.phone == sent.phone
    if not any(alike):
        raise WrongShape("other_echo")
    return _told(seen, answer, currency)


def _edited(request: PreparedRequest, answer: Answer, currency: str) -> WriteAnswer:
    seen = decoded(answer, wire.One).data
    check_same_id(seen.id, unquote(request.path.rpartition("/")[2]))
    return _told(seen, answer, currency)


def _tagged(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    """Return the answer to a change of tags: it says how many customers were found, not what they are now."""
    if decoded(answer, wire.Tagged).data.updated != 1:
        raise NotDone("not_found", "")
    return WriteAnswer(replayed=is_replay(answer))


def _deleted(_request: PreparedRequest, answer: Answer, _currency: str) -> WriteAnswer:
    """Return a deletion's answer, which has no content (contracts, 2); one with any may tell of a failure."""
    if answer.status != _NO_CONTENT or answer.body:
        raise WrongShape("content")
    return WriteAnswer(replayed=is_replay(answer))


def _told(seen: wire.Customer, answer: Answer, currency: str) -> WriteAnswer:
    return WriteAnswer(customer=convert.customer(seen, currency, strong_etag(answer)), replayed=is_replay(answer))


_ONE = r"[^/]+"
ROUTES: Routes = (
    ("POST", re.compile(CUSTOMERS), _created),
    ("POST", re.compile(BULK_TAGS), _tagged),
    ("DELETE", re.compile(BULK_TAGS), _tagged),
    ("PATCH", re.compile(f"{CUSTOMERS}/{_ONE}"), _edited),
    ("DELETE", re.compile(f"{CUSTOMERS}/{_ONE}"), _deleted),
)
