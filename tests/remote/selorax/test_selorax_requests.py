"""Writes as bytes, what each read asks for, and how a repeat of each write is made safe."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.remote.connector import AbilityAbsent, parser_of
from posapp.remote.selorax.abilities import PLAIN, abilities
from posapp.remote.selorax.answers import ROUTES
from posapp.remote.selorax.requests import prepared
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    PostEntry,
    PreparedRequest,
    RedeemPoints,
    Repeat,
    Write,
)
from tests.remote.selorax.samples import ID, WRITES, api_saying, api_with

KEY = str(uuid4())
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
EXTENDED = abilities(("idempotency-key", "updated-since", "tombstones", "etag"))
BASE = "/api/apps/v1/customers"
BYTES = {
    "create": (
        "POST",
        BASE,
        (
            b'{"address":{"address":"789 Park Avenue"},"email":"karim@example.com","name":"Karim Hossain",'
            b'"phone":"01812345678"}'
        ),
    ),
    "edit": ("PUT", f"{BASE}/301", b'{"address_json":{"address":"456 New Street"},"name":"Rahim Ahmed Khan"}'),
    "delete": ("DELETE", f"{BASE}/301", b""),
}


@pytest.mark.parametrize("name", WRITES)
def test_the_exact_bytes(name: str) -> None:
    method, path, body = BYTES[name]
    content_type = "application/json" if body else ""
    write = WRITES[name][0]
    assert prepared(write, KEY, PLAIN) == PreparedRequest(method, path, body, content_type)
    assert prepared(write, KEY, EXTENDED) == PreparedRequest(method, path, body, content_type, KEY)


def test_what_there_is_not_is_not_sent() -> None:
    body = prepared(CreateCustomer(Profile("শিউলি", "01812345678", notes="n", tags=("vip",))), KEY, PLAIN).body
    assert body.decode() == '{"name":"শিউলি","phone":"01812345678"}'


def test_an_edit_sends_what_the_server_keeps_and_null_clears() -> None:
    write = EditCustomer(ID, {"email": None, "address": None, "notes": "x", "tags": ("a",)}, etag='"abc"')
    assert prepared(write, KEY, PLAIN).body == b'{"address_json":null,"email":null}'
    assert prepared(write, KEY, PLAIN).headers == {}
    assert prepared(write, KEY, EXTENDED).headers == {"If-Match": '"abc"'}
    assert b"address" not in prepared(EditCustomer(ID, {"phone": "01812345678"}), KEY, PLAIN).body


@pytest.mark.parametrize(
    "write",
    [
        PostEntry(ID, KEY, Direction.DEBIT, Money(1, "BDT"), "", NOW),
        RedeemPoints(ID, 1, KEY),
        AdjustPoints(ID, KEY, 1, ""),
    ],
)
def test_what_the_api_lacks_is_a_bug_to_ask_for(write: Write) -> None:
    with pytest.raises(ValueError, match="no such write"):
        prepared(write, KEY, PLAIN)


@pytest.mark.parametrize("wrong", ["", "0", "01", "-1", "1/orders", "..", "٣", "1?x", "9" * 20, "0198c5f0-0000"])
def test_no_id_leads_elsewhere(wrong: str) -> None:
    for write in (DeleteCustomer(RemoteId(wrong)), EditCustomer(RemoteId(wrong), {"name": "x"})):
        with pytest.raises(ValueError, match="no id"):
            prepared(write, KEY, PLAIN)
    with pytest.raises(ValueError, match="no id"):
        api_saying({}).customer(RemoteId(wrong))


def test_what_is_no_write_of_this_api_is_a_bug() -> None:
    for method, path in (("GET", BASE), ("POST", f"{BASE}/1"), ("DELETE", BASE), ("PUT", f"{BASE}/1/orders")):
        with pytest.raises(ValueError, match="no such write"):
            parser_of(ROUTES, PreparedRequest(method, path, b"", ""))


def test_how_a_repeat_is_safe() -> None:
    safety = {"create": Repeat.PROBE, "edit": Repeat.NATURAL, "delete": Repeat.NATURAL}
    for name, (write, _, _) in WRITES.items():
        assert api_saying({}).repeat_safety(write) is safety[name]
        assert api_with(lambda _: httpx.Response(500), known=EXTENDED).repeat_safety(write) is Repeat.KEY


def test_what_each_read_asks_for() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        body = b'{"data": [], "pagination": {"page": 1, "limit": 250, "total": 0}, "status": 200}'
        return httpx.Response(200, content=body, headers={"Content-Type": "application/json"})

    api = api_with(answer)
    for read in (
        lambda: api.oldest_first(3),
        lambda: api.newest_first(1),
        lambda: api.by_change(2),
        lambda: api.changed_since(NOW, 2),
        lambda: api.changed_since(None, 1),
        lambda: api.deleted_since(NOW, 1),
        lambda: api.deleted_since(None, 4),
        lambda: api.search("+880 1712&x=1"),
    ):
        assert read() == ()
    api.describe()
    base = f"/selorax{BASE}"
    assert asked == [
        f"{base}?sort=created_at%3Aasc&page=3&limit=250",
        f"{base}?sort=created_at%3Adesc&page=1&limit=250",
        f"{base}?sort=updated_at%3Aasc&page=2&limit=250",
        f"{base}?updated_since=2026-03-01T09%3A30%3A00.000000Z&page=2&limit=250",
        f"{base}?updated_since=1970-01-01T00%3A00%3A00Z&page=1&limit=250",
        f"{base}/deleted?page=1&limit=250&since=2026-03-01T09%3A30%3A00.000000Z",
        f"{base}/deleted?page=4&limit=250",
        f"{base}?search=%2B880+1712%26x%3D1&limit=250",
        f"{base}?limit=1",
    ]


def test_what_this_api_cannot_is_a_bug_to_ask_for() -> None:
    api = api_saying({})
    for read in (lambda: api.ledger(ID), api.snapshot, lambda: api.customers([ID])):
        with pytest.raises(AbilityAbsent):
            read()
