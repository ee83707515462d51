"""What the `modules` connector sends, and what it makes of answers: of right ones, and of any JSON."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteProtocolError, RemoteRejected, RemoteUnavailable
from posapp.domain.ids import RemoteId
from posapp.domain.money import Money
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient
from posapp.remote.modules.abilities import PLAIN, abilities
from posapp.remote.modules.api import ModulesApi
from posapp.remote.modules.requests import prepared
from posapp.services.ports.remote import Capabilities, RemoteCustomer, Traits
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    Outcome,
    RedeemPoints,
    Repeat,
    Write,
)

ID = RemoteId("0198c5f0-0000-7000-8000-000000000001")
KEY = "0198c5f0-0000-7000-8000-00000000000a"
PERSON = Profile("Asha Rani Das", "+91 98123 00001", "asha@example.com", "12 Hill Road", "Pays on Fridays", ("vip",))
ROW = {
    "id": ID,
    "email": "asha@example.com",
    "phone": "+91 98123 00001",
    "first_name": "Asha",
    "last_name": "Rani Das",
    "full_name": "Asha Rani Das",
    "accepts_marketing": True,
    "total_orders": 3,
    "total_spent": 1250.05,
    "avg_order_value": 416.68,
    "first_order_at": None,
    "last_order_at": "2025-06-14T09:00:00.000000Z",
    "is_vip": False,
    "tags": ["vip", "retail", "vip"],
    "notes": "",
    "external_ids": {},
    "created_at": "2025-01-20T06:30:00.000000Z",
    "updated_at": "2025-06-15T16:00:00+05:30",
}
WRITES: dict[str, tuple[Write, int, Any]] = {
    "create": (CreateCustomer(PERSON), 201, {"data": ROW}),
    "edit": (EditCustomer(ID, {"name": "Asha Das"}), 200, {"data": ROW}),
    "tag": (EditCustomer(ID, {"tags": ("vip",)}), 200, {"data": {"updated": 1}}),
    "untag": (EditCustomer(ID, {"tags": ()}, tags_seen=("vip",)), 200, {"data": {"updated": 1}}),
    "delete": (DeleteCustomer(ID), 204, None),
}


def api_saying(body: Any, status: int = 200, **headers: str) -> ModulesApi:
    def answer(_: httpx.Request) -> httpx.Response:
        content = b"" if body is None else msgspec.json.encode(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, content=content, headers={"Content-Type": "application/json", **named})

    client = HttpClient("https://shop.test", BearerToken("t"), transport=httpx.MockTransport(answer))
    return ModulesApi(client, "INR", "Shop")


def body_of(write: Write, capabilities: Capabilities = PLAIN) -> Any:
    request = prepared(write, KEY, capabilities)
    return request.method, request.path, msgspec.json.decode(request.body) if request.body else None


def test_what_it_declares() -> None:
    assert PLAIN == abilities(()) == abilities(("ledger-write", "sales"))
    assert "address" not in PLAIN.fields, "one line is no address there"
    extended = abilities(("idempotency-key", "updated-since", "tombstones", "etag"))
    assert extended.without(("idempotency_keys", "updated_since", "tombstones", "etags")) == PLAIN
    api = api_saying({"data": [], "meta": {"total": 0}})
    assert [api.repeat_safety(write) for write, _, _ in WRITES.values()] == [
        Repeat.PROBE, Repeat.NATURAL, Repeat.NATURAL, Repeat.NATURAL, Repeat.NATURAL,
    ]  # fmt: skip


def test_writes_are_these_bytes() -> None:
    named = {"first_name": "Asha", "last_name": "Rani Das"}
    told = {"email": "asha@example.com", "notes": "Pays on Fridays", "phone": "+91 98123 00001", "tags": ["vip"]}
    assert body_of(CreateCustomer(PERSON)) == ("POST", "/api/v1/customers", {**named, **told})
    bare = {"first_name": "Asha", "last_name": None}
    path = f"/api/v1/customers/{ID}"
    assert body_of(EditCustomer(ID, {"name": "Asha", "phone": None, "address": "gone"})) == (
        "PATCH", path, {**bare, "phone": None},
    )  # fmt: skip
    bulk = "/api/v1/customers/bulk/tags"
    for wanted, expected in (
        (("a", "b", "c"), ("POST", bulk, {"customer_ids": [ID], "tags": ["c"]})),
        (("b",), ("DELETE", bulk, {"customer_ids": [ID], "tags": ["a"]})),
        (("b", "c"), ("PATCH", path, {"tags": ["b", "c"]})),
    ):
        assert body_of(EditCustomer(ID, {"tags": wanted}, '"1"', ("a", "b"))) == expected
    assert prepared(EditCustomer(ID, {"tags": ("a",)}, '"1"'), KEY, abilities(("etag",))).headers == {}
    both = EditCustomer(ID, {"tags": ("a",), "notes": "x"}, tags_seen=())
    assert body_of(both) == ("PATCH", path, {"tags": ["a"], "notes": "x"})
    assert body_of(DeleteCustomer(ID)) == ("DELETE", path, None)
    with pytest.raises(ValueError, match="no such write"):
        body_of(RedeemPoints(ID, 5, KEY))
    extended = abilities(("idempotency-key", "etag"))
    keyed = prepared(EditCustomer(ID, {"notes": "x"}, '"1"'), KEY, extended)
    assert (keyed.key, keyed.headers) == (KEY, {"If-Match": '"1"'})
    assert prepared(EditCustomer(ID, {"notes": "x"}, '"1"'), KEY, PLAIN).headers == {}


def test_a_customer_is_read_whole() -> None:
    assert api_saying({"data": ROW}, ETag='"7"').customer(ID) == RemoteCustomer(
        remote_id=ID,
        profile=Profile("Asha Rani Das", "+91 98123 00001", "asha@example.com", tags=("vip", "retail")),
        total_spent=Money(125005, "INR"),
        total_orders=3,
        created_at=datetime(2025, 1, 20, 6, 30, tzinfo=UTC),
        updated_at=datetime(2025, 6, 15, 10, 30, tzinfo=UTC),
        etag='"7"',
        traits=Traits(vip=False, marketing=True, last_order_at=datetime(2025, 6, 14, 9, tzinfo=UTC)),
    )


def test_a_page_tells_how_many_there_are() -> None:
    api = api_saying({"data": [ROW], "meta": {"total": 731}})
    assert [one.remote_id for one in api.newest_first(1)] == [ID]
    assert api.changes_announced == 731
    with pytest.raises(RemoteProtocolError):
        api_saying({"data": [ROW, ROW], "meta": {"total": 2}}).newest_first(1)


NOT_READ = {"first_name", "last_name", "external_ids", "avg_order_value", "first_order_at"}
"""What a row tells and the till does not use."""


@pytest.mark.parametrize("name", sorted(set(ROW) - NOT_READ))
def test_a_member_that_is_missing_or_of_another_type_is_no_customer(name: str) -> None:
    less = {key: value for key, value in ROW.items() if key != name}
    with pytest.raises(RemoteProtocolError):
        api_saying({"data": less}).customer(ID)
    with pytest.raises(RemoteProtocolError):
        api_saying({"data": {**ROW, name: {"odd": 1}}}).customer(ID)


@pytest.mark.parametrize("spent", [0.001, 1e40, "NaN", -1e30])
def test_a_total_that_is_no_amount_is_no_customer(spent: Any) -> None:
    with pytest.raises(RemoteProtocolError):
        api_saying({"data": {**ROW, "total_spent": spent}}).customer(ID)


def test_only_the_api_itself_says_that_somebody_is_gone() -> None:
    assert api_saying({"message": "Customer not found.", "errors": {}}, 404).customer(ID) is None
    assert api_saying({"message": "Merged.", "merged_into": KEY}, 404).customer(ID) is None
    assert api_saying({"message": "Merged.", "merged_into": KEY}, 404).successor(ID) == KEY
    assert api_saying({"message": "Customer not found.", "errors": {}}, 404).successor(ID) is None
    assert api_saying({"message": "Merged.", "merged_into": 7}, 404).successor(ID) is None
    assert api_saying({"data": ROW}).successor(ID) is None
    with pytest.raises(RemoteUnavailable):
        api_saying(None, 503).successor(ID)
    with pytest.raises(RemoteProtocolError):
        api_saying(None, 404).customer(ID)
    with pytest.raises(RemoteProtocolError):
        api_saying({"data": {**ROW, "id": KEY}}).customer(ID)


@pytest.mark.parametrize("name", WRITES)
def test_what_an_answer_to_a_write_proves(name: str) -> None:
    write, status, good = WRITES[name]

    def outcome(body: Any, code: int = status) -> Outcome:
        api = api_saying(body, code)
        return api.send(api.prepare(write, KEY), operation_id="o").outcome

    assert outcome(good) is Outcome.OK
    assert outcome({"message": "Wrong.", "errors": {"email": ["Taken."]}}, 422) is Outcome.REFUSED
    assert outcome([], 200) is Outcome.AMBIGUOUS
    assert outcome(None, 500) is Outcome.AMBIGUOUS
    if name == "edit":
        assert outcome({"data": {**ROW, "id": KEY}}) is Outcome.AMBIGUOUS
    if name in {"tag", "untag"}:
        assert outcome({"data": {"updated": 0}}) is Outcome.REFUSED
    if name == "create":
        other = {**ROW, "full_name": "Bina", "email": "b@example.com", "phone": "1"}
        assert outcome({"data": other}) is Outcome.AMBIGUOUS


def test_a_refusal_is_quoted() -> None:
    api = api_saying({"message": "The given data was invalid.", "errors": {"email": ["An e-mail."]}}, 422)
    result = api.send(api.prepare(CreateCustomer(PERSON), KEY), operation_id="o")
    assert (result.status, result.server_text) == (422, "The given data was invalid.")


NAMES = (*ROW, "data", "meta", "total")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW, "data", "meta", "total"]), inner)
    ),
    max_leaves=12,
)


@given(body=JSON, status=st.sampled_from([200, 201, 204, 404, 422]))
def test_any_json_is_read_or_refused(body: Any, status: int) -> None:
    api = api_saying(body, status)
    with suppress(RemoteProtocolError, RemoteRejected):
        api.customer(ID)
    with suppress(RemoteProtocolError, RemoteRejected):
        api.newest_first(1)
    for write, _, _ in WRITES.values():
        api.send(api.prepare(write, KEY), operation_id="o")
