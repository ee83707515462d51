"""What the answers of a `selorax` server tell, write by write; and that any JSON is read or refused, never a crash."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import RemoteId
from posapp.remote.credential import ClientCredential
from posapp.remote.registry import open_api
from posapp.remote.selorax.abilities import abilities
from posapp.remote.selorax.api import SeloraxApi
from posapp.services.ports.remote import RemoteCustomer, Tombstone, Traits
from posapp.services.ports.writes import DeleteCustomer, Outcome, WriteResult
from tests.remote.selorax.samples import (
    CREATED,
    ID,
    NEW,
    ROW,
    SINGLE,
    TOMBSTONE,
    UPDATED,
    WRITES,
    api_saying,
    api_with,
    one,
    page,
)


def sent(name: str, body: Any = None, *, status: int | None = None, **headers: str) -> WriteResult:
    write, first, good = WRITES[name]
    api = api_saying(good if body is None else body, first if status is None else status, **headers)
    return api.send(api.prepare(write, "k"), operation_id="o")


def test_what_each_write_tells() -> None:
    results = {name: sent(name) for name in WRITES}
    assert {name: result.outcome for name, result in results.items()} == dict.fromkeys(WRITES, Outcome.OK)
    told = {name: result.answer.customer for name, result in results.items() if result.answer is not None}
    assert told["create"] == RemoteCustomer(
        remote_id=NEW,
        profile=Profile("Karim Hossain", "01812345678", "karim@example.com"),
        untold=frozenset({"address"}),
    )
    assert told["edit"] == RemoteCustomer(
        remote_id=ID,
        profile=Profile("Rahim Ahmed Khan", "01712345678", "rahim@example.com", "456 New Street, Gulshan, Dhaka"),
        created_at=datetime(2025, 1, 20, 6, 30, tzinfo=UTC),
        updated_at=datetime(2025, 6, 20, 12, 0, tzinfo=UTC),
        traits=Traits(guest=False),
    )
    assert told["delete"] is None


def test_a_repeated_answer_is_known_as_one() -> None:
    for name in WRITES:
        first, again = sent(name).answer, sent(name, Idempotency_Replayed="true").answer
        assert first is not None
        assert again is not None
        assert (first.replayed, again.replayed) == (False, True)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("create", one({**CREATED, "name": "Somebody", "phone": "01999999999"}, 201)),
        ("create", one({"user_id": 350, "name": "Somebody"}, 201)),
        ("edit", one({**UPDATED, "user_id": 302})),
    ],
)
def test_an_answer_about_somebody_else_proves_nothing(name: str, body: Any) -> None:
    result = sent(name, body)
    assert (result.outcome, result.error_kind) == (Outcome.AMBIGUOUS, "other_echo")


@pytest.mark.parametrize("own", [{"name": "KARIM HOSSAIN"}, {"phone": "+880 1812-345678"}, {"phone": "018-12345678"}])
def test_a_server_may_write_a_name_or_a_phone_its_own_way(own: dict[str, str]) -> None:
    assert sent("create", one({**CREATED, **own}, 201)).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("create", one(CREATED, 409)),
        ("create", {"data": {"user_id": 350}, "status": 201}),
        ("create", {"status": 201}),
        ("create", {"data": None, "status": 201}),
        ("edit", {"data": [], "status": 200}),
        ("delete", {"message": "Customer has orders.", "status": 400}),
        ("delete", {"status": 200}),
        ("delete", []),
    ],
)
def test_a_success_of_another_shape_proves_nothing(name: str, body: Any) -> None:
    assert sent(name, body).outcome is Outcome.AMBIGUOUS


def test_a_delete_may_answer_nothing() -> None:
    api = api_with(lambda _: httpx.Response(204))
    assert api.send(api.prepare(DeleteCustomer(ID), "k"), operation_id="o").outcome is Outcome.OK


def test_a_request_from_before_a_restart_is_understood() -> None:
    for write, status, body in WRITES.values():
        request = api_saying({}).prepare(write, "k")
        assert api_saying(body, status).send(request, operation_id="o").outcome is Outcome.OK


@pytest.mark.parametrize(
    ("name", "status", "body", "code"),
    [
        ("create", 400, {"message": "Name and phone are required.", "status": 400}, ""),
        ("create", 409, {"message": "Phone number exists.", "status": 409, "code": "phone_taken"}, "phone_taken"),
        ("create", 409, {"message": "Phone number exists.", "status": 409}, ""),
        ("edit", 403, {"message": "No.", "status": 403, "code": "insufficient_scope"}, "insufficient_scope"),
        ("delete", 400, {"message": "Customer has orders (cannot delete)", "status": 400}, ""),
        ("delete", 404, {"message": "Customer not found.", "status": 404}, ""),
    ],
)
def test_a_refusal_in_the_servers_words(name: str, status: int, body: dict[str, Any], code: str) -> None:
    result = sent(name, body, status=status)
    assert (result.outcome, result.code, result.server_text) == (Outcome.REFUSED, code, body["message"])


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_what_the_api_itself_says(status: int) -> None:
    assert api_saying({"message": "Customer not found.", "status": status}, status).customer(ID) is None
    html = {"Content-Type": "text/html"}
    with pytest.raises(RemoteProtocolError):
        api_with(lambda _: httpx.Response(status, content=b"<html>", headers=html)).customer(ID)
    with pytest.raises(RemoteRejected):
        api_saying({"message": "No.", "status": 403}, 403).customer(ID)


def test_tombstones() -> None:
    merged = {"id": 302, "deleted_at": "2026-03-01T09:30:00Z", "reason": "merged", "merged_into": 301}
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert api_saying(page(TOMBSTONE, merged)).deleted_since(None, 1) == (
        Tombstone(ID, at, "deleted"),
        Tombstone(RemoteId("302"), at, "merged", ID),
    )
    for wrong in ({**TOMBSTONE, "reason": "forgotten"}, {**TOMBSTONE, "id": "301"}, {**TOMBSTONE, "deleted_at": None}):
        with pytest.raises(RemoteProtocolError):
            api_saying(page(wrong)).deleted_since(None, 1)


def test_what_was_announced_counts() -> None:
    every = "idempotency-key, updated-since, tombstones, etag"
    api = api_saying(page(ROW), X_Sync_Extensions=every)
    assert api.describe().capabilities == abilities(every.split(", "))
    assert api_saying(one(SINGLE), ETag='"abc"').customer(ID) != api_saying(one(SINGLE)).customer(ID)


def test_a_client_signs_with_three_headers_that_show_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[httpx.Headers] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(400, content=b"{}", headers={"Content-Type": "application/json"})

    kept = ClientCredential("sx_app_1", "sx_secret_canary", "22").to_bytes()
    transport = httpx.MockTransport(refuse)
    api = open_api(
        "selorax", base_url="https://x.example", credential=kept, currency="BDT", name="Shop", transport=transport
    )
    with pytest.raises(RemoteRejected) as caught:
        api.describe()
    request = api.prepare(WRITES["create"][0], "k")
    api.send(request, operation_id="o")
    for headers in seen:
        assert (headers["x-client-id"], headers["x-client-secret"], headers["x-store-id"]) == (
            "sx_app_1",
            "sx_secret_canary",
            "22",
        )
        assert "authorization" not in headers
    shown = [repr(caught.value), repr(api), repr(request), *(record.getMessage() for record in caplog.records)]
    assert len(seen) == 2
    assert not [text for text in shown if "canary" in text]


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(301)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
Read = Callable[[SeloraxApi], object]
READS: dict[str, tuple[Read, Any, dict[str, Any]]] = {
    "customer": (lambda api: api.customer(ID), one, SINGLE),
    "page": (lambda api: api.by_change(1), page, ROW),
    "deleted": (lambda api: api.deleted_since(None, 1), page, TOMBSTONE),
}


@pytest.mark.parametrize("name", READS)
@given(data=st.data())
def test_any_json_is_read_or_refused(name: str, data: st.DataObject) -> None:
    read, wrapped, good = READS[name]
    value = data.draw(values)
    member = data.draw(st.sampled_from(sorted(good)))
    for body in (value, wrapped(value), wrapped({**good, member: value}), {**wrapped(good), "status": value}):
        with suppress(RemoteProtocolError):
            read(api_saying(body))


@pytest.mark.parametrize("name", WRITES)
@given(data=st.data())
def test_any_json_as_the_answer_to_a_write(name: str, data: st.DataObject) -> None:
    _, _, good = WRITES[name]
    value = data.draw(values)
    bodies = [value, {**good, "data": value}, {**good, "status": value}, {**good, "message": value}]
    if "data" in good:
        member = data.draw(st.sampled_from(sorted(good["data"])))
        bodies.append({**good, "data": {**good["data"], member: value}})
    for body in bodies:
        assert sent(name, body).outcome in {Outcome.OK, Outcome.AMBIGUOUS}


@given(body=st.binary(max_size=200), status=st.integers(200, 599))
def test_any_bytes(body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    api = api_with(lambda _: httpx.Response(status, content=body, headers=headers))
    for write, _, _ in WRITES.values():
        assert api.send(api.prepare(write, "k"), operation_id="o").outcome is not Outcome.NOT_SENT
