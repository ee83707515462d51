"""Whatever a server answers, a read gives a value or one of our errors, and a write says what is certain."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import RemoteError, RemoteProtocolError
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient
from posapp.remote.pos.api import PosApi
from posapp.services.ports.writes import Outcome
from tests.remote.samples import CUSTOMER, ENTRY, ID, WRITES

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(ID)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
SETTINGS = {"currency": "INR", "earn_rate": 1, "redemption_value": 10, "store_name": "S", "time_zone": "Asia/Kolkata"}
TOMBSTONE = {"id": ID, "deleted_at": "2026-01-01T00:00:00Z", "reason": "merged", "merged_into": ID}
READS: dict[str, tuple[Callable[[PosApi], object], Any]] = {
    "customer": (lambda api: api.customer(ID), CUSTOMER),
    "page": (lambda api: api.oldest_first(1), [CUSTOMER]),
    "search": (lambda api: api.search("x"), [CUSTOMER]),
    "ledger": (lambda api: api.ledger(ID), [ENTRY]),
    "deleted": (lambda api: api.deleted_since(None, 1), [TOMBSTONE]),
}


def api_answering(body: bytes, status: int = 200) -> PosApi:
    headers = {"Content-Type": "application/json"}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    return PosApi(HttpClient("https://shop.example", BearerToken("t"), transport=transport), "INR", "Shop")


def one_member_replaced(good: Any, name: str, value: Any) -> Any:
    rows = good if isinstance(good, list) else [good]
    changed = [{**row, name: value} for row in rows]
    return changed if isinstance(good, list) else changed[0]


@pytest.mark.parametrize("name", READS)
@given(value=values)
def test_any_json_as_an_answer(name: str, value: Any) -> None:
    read, _ = READS[name]
    with suppress(RemoteProtocolError):
        read(api_answering(json.dumps(value).encode()))


@pytest.mark.parametrize("name", READS)
@given(data=st.data())
def test_any_value_of_a_member(name: str, data: st.DataObject) -> None:
    read, good = READS[name]
    member = data.draw(st.sampled_from(sorted(good[0] if isinstance(good, list) else good)))
    body = json.dumps(one_member_replaced(good, member, data.draw(values))).encode()
    with suppress(RemoteProtocolError):
        read(api_answering(body))


@given(body=st.binary(max_size=200), status=st.integers(200, 599))
def test_any_bytes(body: bytes, status: int) -> None:
    api = api_answering(body, status)
    with suppress(RemoteError):
        api.customer(ID)
    for write, _, _ in WRITES.values():
        result = api.send(api.prepare(write, "k"), operation_id="o")
        assert result.outcome is not Outcome.NOT_SENT


@pytest.mark.parametrize("name", WRITES)
@given(data=st.data())
def test_any_value_in_the_answer_to_a_write(name: str, data: st.DataObject) -> None:
    write, status, good = WRITES[name]
    member = data.draw(st.sampled_from(sorted(good)))
    api = api_answering(json.dumps({**good, member: data.draw(values)}).encode(), status)
    assert api.send(api.prepare(write, "k"), operation_id="o").outcome in {Outcome.OK, Outcome.AMBIGUOUS}


@given(member=st.sampled_from(sorted(SETTINGS)), value=values)
def test_any_value_in_the_settings(member: str, value: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        body: Any = {**SETTINGS, member: value} if request.url.path.endswith("settings") else [CUSTOMER]
        headers = {"Content-Type": "application/json", "X-Sync-Extensions": "settings"}
        return httpx.Response(200, content=json.dumps(body).encode(), headers=headers)

    client = HttpClient("https://shop.example", BearerToken("t"), transport=httpx.MockTransport(answer))
    with suppress(RemoteProtocolError):
        PosApi(client, "INR", "Shop").describe()
