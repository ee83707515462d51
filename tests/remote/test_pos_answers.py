"""What the answers of a `pos` server tell, read by read and write by write."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteProtocolError
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient
from posapp.remote.pos.api import PosApi
from posapp.services.ports.remote import RemoteCustomer, ServerDescription, Tombstone
from posapp.services.ports.writes import CreateCustomer, EditCustomer, Outcome, WriteResult
from tests.remote.samples import CUSTOMER, ENTRY, EXTENDED, ID, OTHER, REFERENCE, WRITES, as_bytes

JANE = RemoteCustomer(
    remote_id=ID,
    profile=Profile(
        "Jane Doe",
        "+1234567890",
        "jane@example.com",
        "123 Main St, City",
        "Prefers organic products",
        ("vip", "wholesale"),
    ),
    points=450,
    total_spent=Money(125000, "INR"),
    total_orders=28,
    balance=Money(-5000, "INR"),
    created_at=datetime(2025, 1, 15, 10, tzinfo=UTC),
)

Answering = Callable[[httpx.Request], httpx.Response]


def api_with(answer: Answering, **options: Any) -> PosApi:
    client = HttpClient("https://shop.example/pos", BearerToken("t"), transport=httpx.MockTransport(answer))
    return PosApi(client, "INR", "Shop", **options)


def api_saying(body: Any, status: int = 200, **headers: str) -> PosApi:
    named = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return api_with(lambda _: httpx.Response(status, content=as_bytes(body), headers=named))


def sent(name: str, *, status: int | None = None, changed: dict[str, Any] | None = None, **headers: str) -> WriteResult:
    write, first, body = WRITES[name]
    api = api_saying({**body, **(changed or {})}, first if status is None else status, **headers)
    return api.send(api.prepare(write, "k"), operation_id="o")


def test_one_customer() -> None:
    assert api_saying(CUSTOMER).customer(ID) == JANE
    assert api_saying({**CUSTOMER, "anonymized": True}).customer(ID) != JANE


@pytest.mark.parametrize(
    ("tag", "kept"), [('"abc"', '"abc"'), ('W/"abc"', None), ("abc", None), ('"a b"', None), ("", None)]
)
def test_only_a_strong_etag_is_kept(tag: str, kept: str | None) -> None:
    record = api_saying(CUSTOMER, ETag=tag).customer(ID)
    assert record is not None
    assert record.etag == kept


def test_what_a_list_asks_for() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return httpx.Response(200, content=b"[]", headers={"Content-Type": "application/json"})

    api = api_with(answer)
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    for read in (
        lambda: api.oldest_first(3),
        lambda: api.newest_first(1),
        lambda: api.changed_since(moment, 2),
        lambda: api.changed_since(None, 1),
        lambda: api.deleted_since(moment, 1),
        lambda: api.deleted_since(None, 4),
        lambda: api.search("+91 9723&x=1"),
        lambda: api.ledger(RemoteId("a/../b?c")),
    ):
        assert read() == ()
    base = "/pos/api/v1/customers"
    assert asked == [
        f"{base}?sort=created_at&order=ASC&page=3&limit=250",
        f"{base}?sort=created_at&order=DESC&page=1&limit=250",
        f"{base}?updated_since=2026-03-01T09%3A30%3A00.000000Z&page=2&limit=250",
        f"{base}?updated_since=1970-01-01T00%3A00%3A00Z&page=1&limit=250",
        f"{base}/deleted?page=1&limit=250&since=2026-03-01T09%3A30%3A00.000000Z",
        f"{base}/deleted?page=4&limit=250",
        f"{base}?search=%2B91+9723%26x%3D1&limit=250",
        f"{base}/a%2F..%2Fb%3Fc/ledger",
    ]


def lines(*amounts: int) -> list[dict[str, Any]]:
    """Return a ledger, oldest first, whose times all tie."""
    balance, found = 0, []
    for number, amount in enumerate(amounts):
        balance += amount
        kind = "credit" if amount > 0 else "debit"
        found.append({**ENTRY, "id": f"e{number}", "type": kind, "amount": abs(amount), "balance_after": balance})
    return found


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_khata_is_oldest_first_whichever_way_it_is_told(newest_first: bool) -> None:
    told = lines(-5000, 2000, -700)
    entries = api_saying(told[::-1] if newest_first else told).ledger(ID)
    assert [entry.remote_id for entry in entries] == ["e0", "e1", "e2"]
    assert [entry.direction for entry in entries] == [Direction.DEBIT, Direction.CREDIT, Direction.DEBIT]
    assert entries[-1].balance_after == Money(-3700, "INR")


def test_a_khata_whose_balances_do_not_follow_goes_by_time() -> None:
    told = [
        {**ENTRY, "id": "b", "balance_after": 7, "created_at": "2026-03-02T00:00:00Z"},
        {**ENTRY, "id": "c", "balance_after": 8, "created_at": "2026-03-03T00:00:00Z"},
        {**ENTRY, "id": "a", "balance_after": 9, "created_at": "2026-03-01T00:00:00Z"},
    ]
    assert [entry.remote_id for entry in api_saying(told).ledger(ID)] == ["a", "b", "c"]


def test_tombstones() -> None:
    told = [
        {"id": ID, "deleted_at": "2026-03-01T09:30:00Z", "reason": "merged", "merged_into": OTHER},
        {"id": OTHER, "deleted_at": "2026-03-01T09:30:00Z", "reason": "deleted", "merged_into": None},
    ]
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert api_saying(told).deleted_since(None, 1) == (
        Tombstone(ID, at, "merged", RemoteId(OTHER)),
        Tombstone(RemoteId(OTHER), at, "deleted"),
    )


STONE = {"id": ID, "deleted_at": "2026-03-01T09:30:00Z", "reason": "deleted"}
SETTINGS = {
    "currency": "INR",
    "earn_rate": 1.5,
    "redemption_value": 10,
    "store_name": "S",
    "time_zone": "Asia/Kolkata",
}


@pytest.mark.parametrize(
    "told",
    [
        [{**STONE, "reason": "forgotten"}],
        [{**STONE, "id": f"id-{number}"} for number in range(251)],
        [{**STONE, "deleted_at": "0001-01-01T00:00:00+23:59"}],
    ],
)
def test_wrong_tombstones_bury_nobody(told: list[dict[str, Any]]) -> None:
    with pytest.raises(RemoteProtocolError):
        api_saying(told).deleted_since(None, 1)


@pytest.mark.parametrize("told", [[{**ENTRY, "type": "gift"}], [ENTRY, ENTRY], [{**ENTRY, "amount": -1}]])
def test_a_wrong_khata_is_refused_whole(told: list[dict[str, Any]]) -> None:
    with pytest.raises(RemoteProtocolError):
        api_saying(told).ledger(ID)


def described(settings: dict[str, Any]) -> ServerDescription:
    def answer(request: httpx.Request) -> httpx.Response:
        body: Any = settings if request.url.path.endswith("/settings") else []
        headers = {"Content-Type": "application/json", "X-Sync-Extensions": "settings"}
        return httpx.Response(200, content=as_bytes(body), headers=headers)

    return api_with(answer).describe()


def test_the_shops_settings() -> None:
    settings = described(SETTINGS).settings
    assert settings is not None
    assert (settings.earn_rate, settings.redemption_value) == (Decimal("1.5"), 10)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("currency", "rupees"),
        ("earn_rate", -1),
        ("earn_rate", 10**7),
        ("redemption_value", -10),
        ("redemption_value", 1.5),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("store_name", None),
    ],
)
def test_wrong_settings_are_refused(member: str, value: Any) -> None:
    with pytest.raises(RemoteProtocolError):
        described({**SETTINGS, member: value})


def test_what_each_write_tells() -> None:
    told = {name: sent(name) for name in WRITES}
    assert {name: result.outcome for name, result in told.items()} == dict.fromkeys(WRITES, Outcome.OK)
    answers = {name: result.answer for name, result in told.items() if result.answer is not None}
    assert not any(answer.replayed for answer in answers.values())
    assert answers["create"].customer == answers["edit"].customer == JANE
    assert answers["entry"].entry is not None
    assert answers["entry"].entry.reference_id == REFERENCE
    assert answers["entry"].balance == Money(-5000, "INR")
    assert (answers["sale"].points, answers["sale"].balance) == (540, Money(-10000, "INR"))
    assert (answers["sale"].points_earned, answers["sale"].discount) == (90, Money(0, "INR"))
    assert (answers["redeem"].points, answers["redeem"].discount) == (350, Money(1000, "INR"))
    assert (answers["reverse"].points, answers["reverse"].balance) == (450, Money(-5000, "INR"))
    assert answers["adjust"].points == 400


REPLAYED_BY_STATUS = {"entry", "sale", "reverse", "adjust"}


@pytest.mark.parametrize("name", WRITES)
def test_a_repeated_answer_is_known_as_one(name: str) -> None:
    by_header = sent(name, Idempotency_Replayed="true").answer
    by_status = sent(name, status=200).answer
    assert by_header is not None
    assert by_header.replayed
    assert by_status is not None
    assert by_status.replayed is (name in REPLAYED_BY_STATUS)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("edit", {"id": OTHER}),
        ("entry", {"amount": 5001}),
        ("entry", {"type": "credit"}),
        ("entry", {"reference_id": OTHER}),
        ("entry", {"reference_id": None}),
        ("sale", {"id": OTHER}),
        ("redeem", {"redeemed": 99}),
        ("reverse", {"id": OTHER}),
        ("adjust", {"points": 50}),
        ("adjust", {"reference_id": OTHER}),
    ],
)
def test_an_answer_to_something_else_proves_nothing(name: str, changed: dict[str, Any]) -> None:
    result = sent(name, changed=changed)
    assert (result.outcome, result.error_kind) == (Outcome.AMBIGUOUS, "other_echo")


def test_a_create_answered_in_short_is_completed_with_what_was_sent() -> None:
    short = {"id": ID, "name": "Jane Doe", "phone": None, "email": None, "loyalty_points": 0, "total_spent": 0}
    api = api_saying(short, 201)
    write = CreateCustomer(Profile("Jane Doe", phone="1234", notes="n", tags=("a",)))
    answer = api.send(api.prepare(write, "k"), operation_id="o").answer
    assert answer is not None
    assert answer.customer is not None
    assert answer.customer.profile == Profile("Jane Doe", phone=None, notes="n", tags=("a",))
    assert answer.customer.balance is None


def test_an_edit_answered_in_short_is_no_record() -> None:
    api = api_saying({"id": ID, "name": "Jane Doe"})
    result = api.send(api.prepare(EditCustomer(ID, {"name": "Jane Doe"}), "k"), operation_id="o")
    assert result.outcome is Outcome.OK
    assert result.answer is not None
    assert result.answer.customer is None


def test_a_delete_may_answer_nothing() -> None:
    api = api_with(lambda _: httpx.Response(204))
    assert api.send(api.prepare(WRITES["delete"][0], "k"), operation_id="o").outcome is Outcome.OK


def test_a_request_from_before_a_restart_is_understood() -> None:
    for write, status, body in WRITES.values():
        request = api_saying({}).prepare(write, "k")
        assert api_saying(body, status).send(request, operation_id="o").outcome is Outcome.OK


def test_only_the_servers_own_good_answers_say_what_it_can_do() -> None:
    every = "idempotency-key, updated-since, tombstones, etag, redeem-key, ledger-write, sales, reversals, settings"
    replies = [
        httpx.Response(200, content=b"[]", headers={"Content-Type": "application/json", "X-Sync-Extensions": every}),
        httpx.Response(200, content=b"<html>", headers={"Content-Type": "text/html"}),
        httpx.Response(503, content=b"{}", headers={"Content-Type": "application/json"}),
        httpx.Response(401, content=b"{}", headers={"Content-Type": "application/json"}),
        httpx.Response(200, content=b"{}", headers={"Content-Type": "application/json"}),
        httpx.Response(200, content=b"[]", headers={"Content-Type": "application/json"}),
    ]
    queue = iter(replies)
    api = api_with(lambda _: next(queue))
    api.oldest_first(1)
    assert api.capabilities == EXTENDED
    for _ in range(4):
        with pytest.raises(Exception, match=r"server_|sign_in"):
            api.oldest_first(1)
        assert api.capabilities == EXTENDED
    api.oldest_first(1)
    assert not api.capabilities.idempotency_keys


def test_what_was_known_counts_until_it_is_announced_again() -> None:
    assert api_with(lambda _: httpx.Response(500), known=EXTENDED).capabilities == EXTENDED
