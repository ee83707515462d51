"""Whatever a `portal` server answers, a read gives a value or one of our errors, and a write says what is certain."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.errors import RemoteError, RemoteProtocolError
from posapp.remote.portal.api import PortalApi
from posapp.services.ports.writes import Outcome
from tests.remote.portal.samples import (
    CREATED,
    CUSTOMER,
    GROUPS,
    ID,
    ROW,
    TOMBSTONE,
    WRITES,
    Portal,
    connected,
    saying,
    under_data,
)
from tests.remote.test_any_answer import values

READS: dict[str, tuple[Callable[[PortalApi], object], Any]] = {
    "customer": (lambda api: api.customer(ID), under_data(CUSTOMER)),
    "list": (lambda api: api.search("x"), under_data([ROW])),
    "deleted": (lambda api: api.deleted_since(None, 1), under_data([TOMBSTONE])),
}
REQUESTS = {name: Portal().api().prepare(write, "k") for name, (write, _) in WRITES.items()}


def changed(good: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return an answer with another value at a path into it."""
    if not path:
        return value
    copy: Any = list(good) if isinstance(good, list) else dict(good)
    copy[path[0]] = changed(good[path[0]], path[1:], value)
    return copy


def paths(good: Any) -> list[tuple[Any, ...]]:
    inner = good.get("data", {})
    rows = [("data", 0, name) for name in inner[0]] if isinstance(inner, list) else [("data", name) for name in inner]
    return [(), *((name,) for name in good), *rows]


@pytest.mark.parametrize("name", READS)
@settings(max_examples=60)
@given(data=st.data())
def test_any_value_anywhere_in_an_answer(name: str, data: st.DataObject) -> None:
    read, good = READS[name]
    told = changed(good, data.draw(st.sampled_from(paths(good))), data.draw(values))
    with suppress(RemoteProtocolError):
        read(saying(told))


@settings(max_examples=30)
@given(data=st.data())
def test_any_value_among_the_groups(data: st.DataObject) -> None:
    portal, good = Portal(), under_data(GROUPS)
    told = changed(good, data.draw(st.sampled_from(paths(good))), data.draw(values))
    portal.reads["/api/customer-group"] = told
    assert portal.api().search("x")[0].remote_id == ID


@pytest.mark.parametrize("name", WRITES)
@settings(max_examples=30)
@given(data=st.data())
def test_any_value_in_the_answer_to_a_write(name: str, data: st.DataObject) -> None:
    good = data.draw(st.sampled_from([WRITES[name][1], under_data(CREATED), under_data(CUSTOMER)]))
    told = changed(good, data.draw(st.sampled_from(paths(good))), data.draw(values))
    outcome = saying(told).send(REQUESTS[name], operation_id="o").outcome
    assert outcome in {Outcome.OK, Outcome.AMBIGUOUS}


@given(body=st.binary(max_size=200), status=st.integers(200, 599))
def test_any_bytes(body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    api = connected(lambda _: httpx.Response(status, content=body, headers=headers))
    for read, _ in READS.values():
        with suppress(RemoteError):
            read(api)
    for request in REQUESTS.values():
        assert api.send(request, operation_id="o").outcome is not Outcome.NOT_SENT


def test_the_samples_are_good() -> None:
    for read, good in READS.values():
        assert read(saying(json.loads(json.dumps(good))))
