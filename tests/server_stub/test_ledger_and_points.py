"""The ledger and the points of the `pos` API: documented endpoints, and the extensions that write them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server_stub.test_customers import LIST, TIME, UUID, assert_refused, create
from tests.support.stub import StubServer, as_json

ENTRY = {"id", "type", "amount", "balance_after", "description", "reference_id", "created_at"}
HUGE = 10**30


def post(client: httpx.Client, customer: str, kind: str, amount: int, **fields: Any) -> httpx.Response:
    body = {"type": kind, "amount": amount, "description": "Test", "reference_id": str(uuid4()), **fields}
    return client.post(f"{LIST}/{customer}/ledger", json=body)


def adjust(client: httpx.Client, customer: str, points: int, **fields: Any) -> httpx.Response:
    body = {"reference_id": str(uuid4()), "points": points, "reason": "Test", **fields}
    return client.post(f"{LIST}/{customer}/loyalty/adjust", json=body)


def redeem(client: httpx.Client, customer: str, points: Any, sale_id: Any = None) -> httpx.Response:
    body = {"points": points, "sale_id": str(uuid4()) if sale_id is None else sale_id}
    return client.post(f"{LIST}/{customer}/loyalty/redeem", json=body)


def shown(client: httpx.Client, customer: str) -> dict[str, Any]:
    return dict(as_json(client.get(f"{LIST}/{customer}")))


def rich(client: httpx.Client) -> dict[str, Any]:
    """Return a seeded customer with at least 500 points."""
    rows = as_json(client.get(LIST, params={"sort": "loyalty_points", "limit": 1}))
    assert rows[0]["loyalty_points"] >= 500
    return dict(rows[0])


def debtor(client: httpx.Client) -> dict[str, Any]:
    """Return a seeded customer with a khata."""
    for row in as_json(client.get(LIST, params={"limit": 250, "sort": "created_at", "order": "ASC"})):
        if len(as_json(client.get(f"{LIST}/{row['id']}/ledger"))) >= 2:
            return dict(row)
    raise AssertionError("no khata was seeded")


def test_ledger_lines_have_the_documented_fields_newest_first(any_stub: StubServer, any_client: httpx.Client) -> None:
    customer = debtor(any_client)
    response = any_client.get(f"{LIST}/{customer['id']}/ledger")
    lines = as_json(response)
    plain = any_stub.thread.settings.announced("pos") == ""
    for line in lines:
        assert set(line) == ENTRY | (set() if plain else {"occurred_at"})
        assert UUID.fullmatch(line["id"])
        assert UUID.fullmatch(line["reference_id"])
        assert line["type"] in {"credit", "debit"}
        assert type(line["amount"]) is int
        assert line["amount"] >= 1
        assert TIME.fullmatch(line["created_at"])
    times = [line["created_at"] for line in lines]
    assert times == sorted(times, reverse=True)
    balance = 0
    for line in reversed(lines):
        balance += line["amount"] if line["type"] == "credit" else -line["amount"]
        assert line["balance_after"] == balance
    assert shown(any_client, customer["id"])["ledger_balance"] == balance
    assert response.headers.get("x-total-count") == (None if plain else str(len(lines)))


def test_ledger_bounds_are_inclusive(any_client: httpx.Client) -> None:
    path = f"{LIST}/{debtor(any_client)['id']}/ledger"
    lines = as_json(any_client.get(path))
    oldest = lines[-1]["created_at"]
    moment = datetime.fromisoformat(oldest)
    offset = moment.astimezone(tz=None).isoformat()

    def ids(**query: str) -> list[str]:
        return [line["id"] for line in as_json(any_client.get(path, params=query))]

    first = [lines[-1]["id"]]
    assert ids(to=oldest) == first
    assert ids(to=offset) == first
    assert ids(**{"from": oldest}) == [line["id"] for line in lines]
    assert ids(to=(moment - timedelta(microseconds=1)).isoformat()) == []
    assert first[0] in ids(**{"from": oldest[:10], "to": oldest[:10]})
    assert ids(to=(moment - timedelta(days=1)).strftime("%Y-%m-%d")) == []
    assert ids(**{"from": "2999-01-01"}) == []
    assert as_json(any_client.get(f"{path}?from={oldest[:-1]}+00:00")) == lines


@pytest.mark.parametrize(
    "value", ["yesterday", "2025-13-01", "2025-02-30", "20250101", "", "2025-01-01T25:00", "0000-01-01"]
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_bounds_that_do_not_parse_are_400(any_client: httpx.Client, name: str, value: str) -> None:
    customer = create(any_client)
    assert_refused(any_client.get(f"{LIST}/{customer['id']}/ledger", params={name: value}), 400, "invalid_request")


def test_redeem_deducts_and_answers_the_worth(any_client: httpx.Client) -> None:
    customer = rich(any_client)
    had = customer["loyalty_points"]
    answer = as_json(redeem(any_client, customer["id"], 100))
    assert answer == {"redeemed": 100, "discount_amount": 1000, "remaining_points": had - 100}
    assert shown(any_client, customer["id"])["loyalty_points"] == had - 100
    refused = assert_refused(redeem(any_client, customer["id"], had), 409, "insufficient_points")
    assert refused["available"] == had - 100
    assert shown(any_client, customer["id"])["loyalty_points"] == had - 100


@pytest.mark.parametrize("points", [0, -1, 1.5, 1.0, "100", True, None, HUGE, 2**63])
def test_redeem_refuses_bad_points(any_client: httpx.Client, points: Any) -> None:
    assert_refused(redeem(any_client, rich(any_client)["id"], points), 400, "invalid_request")


@pytest.mark.parametrize("sale_id", ["", "x", 5, "g" * 36])
def test_redeem_refuses_a_sale_id_that_is_no_uuid(any_client: httpx.Client, sale_id: Any) -> None:
    assert_refused(redeem(any_client, rich(any_client)["id"], 1, sale_id), 400, "invalid_request")


def test_without_the_extension_every_redeem_deducts(any_stub: StubServer, any_client: httpx.Client) -> None:
    customer = rich(any_client)
    sale_id = str(uuid4())
    first = redeem(any_client, customer["id"], 5, sale_id)
    again = redeem(any_client, customer["id"], 5, sale_id.upper())
    assert first.status_code == again.status_code == 200
    plain = any_stub.thread.settings.announced("pos") == ""
    assert (again.json() == first.json()) is not plain
    expected = customer["loyalty_points"] - (10 if plain else 5)
    assert shown(any_client, customer["id"])["loyalty_points"] == expected


def test_a_redeem_for_a_sale_counts_once(client: httpx.Client) -> None:
    customer, other = rich(client), create(client)
    sale_id = str(uuid4())
    too_many = redeem(client, customer["id"], 10**9, sale_id)
    assert_refused(too_many, 409, "insufficient_points")
    as_json(redeem(client, customer["id"], 7, sale_id))
    assert_refused(redeem(client, customer["id"], 8, sale_id), 409, "sale_already_redeemed")
    assert_refused(redeem(client, other["id"], 7, sale_id), 409, "sale_already_redeemed")


def test_plain_has_no_writing_extensions(any_stub: StubServer, any_client: httpx.Client) -> None:
    customer = create(any_client)["id"]
    plain = any_stub.thread.settings.announced("pos") == ""
    for response in [
        post(any_client, customer, "debit", 5),
        adjust(any_client, customer, 5),
        any_client.get("/api/v1/settings"),
        any_client.get(f"{LIST}/deleted"),
        any_client.post("/api/v1/sales", json={"id": str(uuid4()), "customer_id": customer, "total": 5}),
    ]:
        assert response.is_success is not plain
        assert plain is (response.status_code in {404, 405})


def test_ledger_write_posts_once(client: httpx.Client) -> None:
    customer = create(client)["id"]
    reference = str(uuid4())
    fields = {"reference_id": reference, "occurred_at": "2025-05-18T15:30:00+05:30"}
    response = post(client, customer, "debit", 15_000, **fields)
    assert response.status_code == 201
    line = response.json()
    assert set(line) == ENTRY | {"occurred_at"}
    assert (line["type"], line["amount"], line["balance_after"]) == ("debit", 15_000, -15_000)
    assert line["occurred_at"] == "2025-05-18T10:00:00.000000Z"
    assert line["created_at"] > line["occurred_at"]
    assert line["reference_id"] == reference
    again = post(client, customer, "debit", 15_000, **{**fields, "occurred_at": "2025-05-18T10:00:00Z"})
    assert (again.status_code, again.json()) == (200, line)
    assert_refused(post(client, customer, "debit", 15_001, **fields), 409, "key_reused")
    assert_refused(post(client, create(client)["id"], "debit", 15_000, **fields), 409, "key_reused")
    assert as_json(client.get(f"{LIST}/{customer}/ledger")) == [line]
    assert shown(client, customer)["ledger_balance"] == -15_000


@pytest.mark.parametrize(
    "change",
    [{"type": "Debit"}, {"type": None}, {"amount": 0}, {"amount": -5}, {"amount": 5.0}, {"amount": "5"},
     {"amount": HUGE}, {"amount": 2**63}, {"description": None}, {"reference_id": "x"}, {"reference_id": None},
     {"occurred_at": "today"}, {"occurred_at": 5}],
    ids=str,
)  # fmt: skip
def test_ledger_write_refuses_bad_content(client: httpx.Client, change: dict[str, Any]) -> None:
    customer = create(client)["id"]
    assert_refused(post(client, customer, "debit", 5, **change) if "type" not in change and "amount" not in change
        else client.post(f"{LIST}/{customer}/ledger", json={"type": "debit", "amount": 5, "description": "x",
            "reference_id": str(uuid4()), **change}), 400, "invalid_request")  # fmt: skip
    assert as_json(client.get(f"{LIST}/{customer}/ledger")) == []


def test_adjust_moves_points_once_and_never_below_zero(client: httpx.Client) -> None:
    customer = create(client)["id"]
    reference = str(uuid4())
    first = adjust(client, customer, 50, reference_id=reference)
    assert first.status_code == 201
    assert first.json()["loyalty_points"] == 50
    again = adjust(client, customer, 50, reference_id=reference)
    assert (again.status_code, again.json()) == (200, first.json())
    assert_refused(adjust(client, customer, 51, reference_id=reference), 409, "key_reused")
    assert assert_refused(adjust(client, customer, -51), 409, "insufficient_points")["available"] == 50
    assert as_json(adjust(client, customer, -50))["loyalty_points"] == 0
    for points in (0, HUGE, 1.5):
        assert_refused(client.post(f"{LIST}/{customer}/loyalty/adjust", json={"reference_id": str(uuid4()),
            "points": points, "reason": "x"}), 400, "invalid_request")  # fmt: skip


def test_points_never_fall_below_zero_under_concurrency(stub: StubServer, client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))

    def one(_number: int) -> int:
        with stub.client() as own:
            return redeem(own, customer, 30).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(one, range(8)))
    assert statuses == [200] * 3 + [409] * 5
    assert shown(client, customer)["loyalty_points"] == 10


def test_ledger_chain_holds_under_concurrency(stub: StubServer, client: httpx.Client) -> None:
    customer = create(client)["id"]

    def one(number: int) -> int:
        with stub.client() as own:
            return post(own, customer, "credit" if number % 3 else "debit", number + 1).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(24))) == {201}
    assert_chain(client, customer)


def assert_chain(client: httpx.Client, customer: str) -> None:
    lines = as_json(client.get(f"{LIST}/{customer}/ledger"))[::-1]
    balance = 0
    for line in lines:
        balance += line["amount"] if line["type"] == "credit" else -line["amount"]
        assert line["balance_after"] == balance
    times = [line["created_at"] for line in lines]
    assert times == sorted(set(times))
    assert shown(client, customer)["ledger_balance"] == balance


@pytest.fixture(scope="module")
def memory_client() -> Any:
    with StubServer() as stub, stub.client() as client:
        yield client


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(["credit", "debit"]), st.integers(1, 10**15)), max_size=12))
def test_any_ledger_sums_up(memory_client: httpx.Client, moves: list[tuple[str, int]]) -> None:
    customer = create(memory_client)["id"]
    for kind, amount in moves:
        assert post(memory_client, customer, kind, amount).status_code == 201
    assert_chain(memory_client, customer)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.booleans(), st.integers(1, 300)), max_size=12))
def test_any_points_add_up_and_stay_above_zero(memory_client: httpx.Client, moves: list[tuple[bool, int]]) -> None:
    customer = create(memory_client)["id"]
    points = 0
    for gives, amount in moves:
        call: Callable[..., httpx.Response] = adjust if gives else redeem
        response = call(memory_client, customer, amount)
        if gives or amount <= points:
            assert response.is_success
            points += amount if gives else -amount
        else:
            assert response.status_code == 409
    assert shown(memory_client, customer)["loyalty_points"] == points


def test_a_balance_stays_within_bounds(client: httpx.Client) -> None:
    customer = create(client)["id"]
    for _ in range(3):
        as_json(post(client, customer, "debit", 10**15))
    assert_refused(post(client, customer, "debit", 10**15 + 1), 400, "invalid_request")
    assert shown(client, customer)["ledger_balance"] == -3 * 10**15


def test_times_follow_the_clock_that_is_given() -> None:
    moment = datetime(2024, 2, 29, 12, tzinfo=UTC)
    with StubServer(clock=lambda: moment) as stub, stub.client() as client:
        first, second = create(client), create(client)
        assert first["created_at"] == "2024-02-29T12:00:00.000000Z"
        assert second["created_at"] == "2024-02-29T12:00:00.000001Z"
        assert client.get(LIST).headers["date"] == "Thu, 29 Feb 2024 12:00:00 GMT"
        sale = {"id": str(uuid4()), "customer_id": first["id"], "total": 100}
        assert re.fullmatch(r"REC-20240229-001", as_json(client.post("/api/v1/sales", json=sale))["receipt_number"])
