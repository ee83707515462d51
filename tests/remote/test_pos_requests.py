"""Writes as bytes, and how a repeat of each is made safe."""

from datetime import datetime, timedelta, timezone
from uuid import uuid4

import httpx
import pytest

from posapp.domain.customer import Profile
from posapp.domain.ledger import Direction
from posapp.domain.money import CurrencyMismatch, Money
from posapp.remote.connector import parser_of
from posapp.remote.extensions import announced, repeat_safety
from posapp.remote.pos.abilities import PLAIN, abilities
from posapp.remote.pos.answers import ROUTES
from posapp.remote.pos.requests import prepared
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import CreateCustomer, EditCustomer, PostEntry, PostSale, PreparedRequest, Repeat
from tests.remote.samples import EXTENDED, ID, NOW, OTHER, REFERENCE, WRITES
from tests.remote.test_outcomes import SHAPES

KEY = str(uuid4())
BASE = "/api/v1/customers"
BYTES = {
    "create": ("POST", BASE, b'{"name":"Jane Doe","phone":"+1234567890"}'),
    "edit": ("PUT", f"{BASE}/{ID}", b'{"name":"Jane Doe"}'),
    "delete": ("DELETE", f"{BASE}/{ID}", b""),
    "entry": (
        "POST",
        f"{BASE}/{ID}/ledger",
        b'{"amount":5000,"description":"Rice","occurred_at":"2026-03-01T09:30:00.000000Z","reference_id":"%s",'
        b'"type":"debit"}' % REFERENCE.encode(),
    ),
    "sale": (
        "POST",
        "/api/v1/sales",
        b'{"customer_id":"%s","id":"%s","occurred_at":"2026-03-01T09:30:00.000000Z","on_account":5000,'
        b'"points_redeemed":0,"receipt_number":"R-1","total":9000}' % (ID.encode(), REFERENCE.encode()),
    ),
    "redeem": ("POST", f"{BASE}/{ID}/loyalty/redeem", b'{"points":100,"sale_id":"%s"}' % REFERENCE.encode()),
    "reverse": (
        "POST",
        f"/api/v1/sales/{OTHER}/reversal",
        b'{"id":"%s","reason":"Wrong customer"}' % REFERENCE.encode(),
    ),
    "adjust": (
        "POST",
        f"{BASE}/{ID}/loyalty/adjust",
        b'{"points":-50,"reason":"Counted twice","reference_id":"%s"}' % REFERENCE.encode(),
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_the_exact_bytes(name: str) -> None:
    method, path, body = BYTES[name]
    content_type = "application/json" if body else ""
    write = WRITES[name][0]
    assert prepared(write, KEY, "INR", PLAIN) == PreparedRequest(method, path, body, content_type)
    assert prepared(write, KEY, "INR", EXTENDED) == PreparedRequest(method, path, body, content_type, KEY)


def test_an_edit_sends_what_changed_and_null_clears() -> None:
    write = EditCustomer(ID, {"phone": None, "tags": ("b", "a"), "notes": "x\ny"}, etag='"abc"')
    assert prepared(write, KEY, "INR", PLAIN).body == b'{"notes":"x\\ny","phone":null,"tags":["b","a"]}'
    assert prepared(write, KEY, "INR", PLAIN).headers == {}
    assert prepared(write, KEY, "INR", EXTENDED).headers == {"If-Match": '"abc"'}


def test_a_create_sends_everything_there_is() -> None:
    profile = Profile("শিউলি", "+91 97232", "a@b.example", "Carter Road", "note", ("vip",))
    assert prepared(CreateCustomer(profile), KEY, "INR", PLAIN).body.decode() == (
        '{"address":"Carter Road","email":"a@b.example","name":"শিউলি","notes":"note","phone":"+91 97232",'
        '"tags":["vip"]}'
    )


def test_times_leave_as_utc() -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    write = PostEntry(ID, REFERENCE, Direction.CREDIT, Money(1, "INR"), "", datetime(2026, 3, 1, 15, 0, tzinfo=kolkata))
    assert b'"occurred_at":"2026-03-01T09:30:00.000000Z"' in prepared(write, KEY, "INR", PLAIN).body


def test_a_time_without_a_zone_is_a_bug() -> None:
    write = PostEntry(ID, REFERENCE, Direction.CREDIT, Money(1, "INR"), "", NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        prepared(write, KEY, "INR", PLAIN)


@pytest.mark.parametrize("other", ["total", "on_account"])
def test_another_currency_never_leaves(other: str) -> None:
    amounts = {"total": Money(9, "INR"), "on_account": Money(9, "INR"), other: Money(9, "BDT")}
    write = PostSale(ID, REFERENCE, amounts["total"], amounts["on_account"], 0, None, NOW)
    with pytest.raises(CurrencyMismatch):
        prepared(write, KEY, "INR", PLAIN)


def test_what_is_no_write_of_this_api_is_a_bug() -> None:
    for method, path in (("GET", BASE), ("POST", f"{BASE}/a/b"), ("DELETE", BASE), ("PUT", f"{BASE}/a/ledger")):
        with pytest.raises(ValueError, match="no such write"):
            parser_of(ROUTES, PreparedRequest(method, path, b"", ""))


SAFETY = {
    "create": Repeat.PROBE,
    "edit": Repeat.NATURAL,
    "delete": Repeat.NATURAL,
    "entry": Repeat.UNIQUE,
    "sale": Repeat.UNIQUE,
    "redeem": Repeat.NEVER,
    "reverse": Repeat.UNIQUE,
    "adjust": Repeat.UNIQUE,
}


@pytest.mark.parametrize("name", WRITES)
def test_how_a_repeat_is_safe(name: str) -> None:
    write = WRITES[name][0]
    assert repeat_safety(write, EXTENDED) is Repeat.KEY
    assert repeat_safety(write, PLAIN) is SAFETY[name]
    unique = Capabilities(points=True, redeem_unique=True)
    assert repeat_safety(write, unique) is (Repeat.UNIQUE if name == "redeem" else SAFETY[name])


def test_what_is_announced() -> None:
    def of(**headers: str) -> Capabilities:
        sample = SHAPES["right"]
        named = httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()})
        return abilities(announced(type(sample)(200, named, b"", NOW)))

    assert of() == of(x_sync_extensions="") == of(x_sync_extensions="time-travel") == PLAIN
    every = "idempotency-key,updated-since , tombstones,ETAG,redeem-key,ledger-write,sales,reversals,settings"
    assert of(x_sync_extensions=every) == EXTENDED
    assert of(x_sync_extensions="sales") == Capabilities(
        points=True, ledger=True, sales=True, delete_meaning="anonymize"
    )
