"""Sales and reversals: one transaction each, once for each id."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.server_stub.test_customers import LIST, assert_refused, create
from tests.server_stub.test_ledger_and_points import adjust, assert_chain, post, redeem, shown
from tests.support.stub import StubServer, as_json

SALES = "/api/v1/sales"


def bill(customer: str, total: int, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "customer_id": customer, "total": total, **fields}


def test_a_sale_does_everything_at_once(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))
    body = bill(customer, 5_050, on_account=2_000, points_redeemed=40, occurred_at="2025-05-18T10:00:00Z")
    response = client.post(SALES, json=body)
    assert response.status_code == 201
    sold = response.json()
    assert sold == {
        "id": body["id"],
        "receipt_number": sold["receipt_number"],
        "points_earned": 46,
        "discount_amount": 400,
        "loyalty_points": 106,
        "ledger_balance": -2_000,
    }
    after = shown(client, customer)
    assert (after["loyalty_points"], after["ledger_balance"]) == (106, -2_000)
    assert (after["total_spent"], after["total_orders"]) == (5_050, 1)
    assert [each["id"] for each in after["recent_purchases"]] == [body["id"]]
    [line] = as_json(client.get(f"{LIST}/{customer}/ledger"))
    assert (line["type"], line["amount"], line["reference_id"]) == ("debit", 2_000, body["id"])
    assert line["description"] == f"Sale {sold['receipt_number']}"
    assert line["occurred_at"] == "2025-05-18T10:00:00.000000Z"
    got = as_json(client.get(f"{SALES}/{body['id']}"))
    assert sold.items() <= got.items()
    assert (got["customer_id"], got["total"], got["on_account"], got["points_redeemed"]) == (customer, 5_050, 2_000, 40)
    assert got["reversed_at"] is None
    again = client.post(SALES, json=body)
    assert (again.status_code, again.content) == (200, response.content)
    assert_refused(client.post(SALES, json={**body, "total": 5_051}), 409, "key_reused")
    assert shown(client, customer) == after


@pytest.mark.parametrize(
    "fields",
    [{"total": -1}, {"total": 1.5}, {"total": None}, {"total": 10**30}, {"on_account": 1_001}, {"on_account": -1},
     {"points_redeemed": 101}, {"points_redeemed": -1}, {"points_redeemed": 50, "on_account": 501}, {"id": "x"},
     {"customer_id": "x"}, {"receipt_number": 5}, {"occurred_at": "never"}],
    ids=str,
)  # fmt: skip
def test_a_bad_sale_is_refused_and_does_nothing(client: httpx.Client, fields: dict[str, Any]) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 200))
    before = shown(client, customer)
    assert_refused(client.post(SALES, json=bill(customer, 1_000) | fields), 400, "invalid_request")
    assert shown(client, customer) == before


def test_too_few_points_apply_nothing(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 5))
    body = bill(customer, 1_000, points_redeemed=6, on_account=100)
    assert assert_refused(client.post(SALES, json=body), 409, "insufficient_points")["available"] == 5
    assert as_json(client.get(f"{LIST}/{customer}/ledger")) == []
    assert_refused(client.get(f"{SALES}/{body['id']}"), 404, "not_found")
    as_json(adjust(client, customer, 1))
    assert client.post(SALES, json=body).status_code == 201


def test_a_sale_needs_a_living_customer_of_this_store(stub: StubServer, client: httpx.Client) -> None:
    assert_refused(client.post(SALES, json=bill(str(uuid4()), 100)), 404, "not_found")
    with stub.client("7") as stranger:
        made = create(stranger)["id"]
        sale = as_json(stranger.post(SALES, json=bill(made, 100)))["id"]
    assert_refused(client.post(SALES, json=bill(made, 100)), 404, "not_found")
    assert_refused(client.get(f"{SALES}/{sale}"), 404, "not_found")
    assert_refused(client.post(f"{SALES}/{sale}/reversal", json={"id": str(uuid4()), "reason": "x"}), 404, "not_found")


def test_a_redeem_before_the_sale_is_the_sales_own(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))
    body = bill(customer, 2_000, points_redeemed=30)
    as_json(redeem(client, customer, 30, body["id"]))
    assert_refused(client.post(SALES, json={**body, "points_redeemed": 31}), 409, "sale_already_redeemed")
    other = create(client)["id"]
    assert_refused(client.post(SALES, json={**body, "customer_id": other}), 409, "sale_already_redeemed")
    sold = as_json(client.post(SALES, json=body))
    assert (sold["discount_amount"], sold["points_earned"], sold["loyalty_points"]) == (300, 17, 87)
    as_json(redeem(client, customer, 30, body["id"]))
    assert shown(client, customer)["loyalty_points"] == 87


def test_a_redeem_before_a_sale_that_names_no_points_counts_too(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))
    body = bill(customer, 2_000)
    as_json(redeem(client, customer, 30, body["id"]))
    as_json(client.post(SALES, json=body))
    assert as_json(client.get(f"{SALES}/{body['id']}"))["points_redeemed"] == 30


def test_a_redeem_after_the_sale_is_added_to_it(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))
    body = bill(customer, 2_000)
    first = client.post(SALES, json=body)
    as_json(redeem(client, customer, 25, body["id"]))
    assert as_json(client.get(f"{SALES}/{body['id']}"))["points_redeemed"] == 25
    assert client.post(SALES, json=body).content == first.content


def test_a_reversal_takes_everything_back(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))
    before = shown(client, customer)
    body = bill(customer, 5_000, on_account=1_000, points_redeemed=50)
    as_json(client.post(SALES, json=body))
    reversal = {"id": str(uuid4()), "reason": "Wrong customer"}
    response = client.post(f"{SALES}/{body['id']}/reversal", json=reversal)
    assert response.status_code == 201
    done = response.json()
    assert done == {
        "id": reversal["id"],
        "sale_id": body["id"],
        "reason": "Wrong customer",
        "ledger_amount": 1_000,
        "points_returned": 50,
        "points_taken": 45,
        "points_shortfall": 0,
        "loyalty_points": 100,
        "ledger_balance": 0,
        "created_at": done["created_at"],
    }
    assert shown(client, customer) == before
    assert_chain(client, customer)
    again = client.post(f"{SALES}/{body['id']}/reversal", json=reversal)
    assert (again.status_code, again.content) == (200, response.content)
    other = {**reversal, "reason": "Other"}
    assert_refused(client.post(f"{SALES}/{body['id']}/reversal", json=other), 409, "key_reused")
    second = {"id": str(uuid4()), "reason": "Again"}
    assert_refused(client.post(f"{SALES}/{body['id']}/reversal", json=second), 409, "already_reversed")
    assert as_json(client.get(f"{SALES}/{body['id']}"))["reversed_at"] is not None


def test_a_reversals_id_is_its_ledger_entrys_reference(client: httpx.Client) -> None:
    customer = create(client)["id"]
    reference = as_json(post(client, customer, "credit", 5))["reference_id"]
    for on_account in (0, 100):
        sale = as_json(client.post(SALES, json=bill(customer, 200, on_account=on_account)))["id"]
        taken = {"id": reference, "reason": "x"}
        assert_refused(client.post(f"{SALES}/{sale}/reversal", json=taken), 409, "key_reused")
        assert as_json(client.get(f"{SALES}/{sale}"))["reversed_at"] is None
    fresh = {"id": str(uuid4()), "reason": "x"}
    as_json(client.post(f"{SALES}/{sale}/reversal", json=fresh))
    assert as_json(client.get(f"{LIST}/{customer}/ledger"))[0]["reference_id"] == fresh["id"]


def test_a_reversal_tells_of_points_already_spent(client: httpx.Client) -> None:
    customer = create(client)["id"]
    body = bill(customer, 10_000)
    assert as_json(client.post(SALES, json=body))["points_earned"] == 100
    as_json(redeem(client, customer, 70))
    reversal = {"id": str(uuid4()), "reason": "Returned"}
    done = as_json(client.post(f"{SALES}/{body['id']}/reversal", json=reversal))
    assert (done["points_taken"], done["points_shortfall"], done["loyalty_points"]) == (30, 70, 0)


def test_ids_are_not_shared_between_sales_and_ledger(client: httpx.Client) -> None:
    customer = create(client)["id"]
    reference = as_json(post(client, customer, "credit", 5))["reference_id"]
    for on_account in (0, 100):
        body = bill(customer, 100, on_account=on_account) | {"id": reference}
        assert_refused(client.post(SALES, json=body), 409, "key_reused")
    sold = as_json(client.post(SALES, json=bill(customer, 100, on_account=100)))
    assert_refused(post(client, customer, "debit", 100, reference_id=sold["id"]), 409, "key_reused")


def test_receipt_numbers_are_given_once(stub: StubServer, client: httpx.Client) -> None:
    customer = create(client)["id"]
    first = as_json(client.post(SALES, json=bill(customer, 100)))["receipt_number"]
    head, number = first.rsplit("-", 1)
    claimed = f"{head}-{int(number) + 1:03d}"
    assert as_json(client.post(SALES, json=bill(customer, 100, receipt_number=claimed)))["receipt_number"] == claimed

    def one(_number: int) -> str:
        with stub.client() as own:
            return str(as_json(own.post(SALES, json=bill(customer, 100)))["receipt_number"])

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(one, range(12)))
    assert len({*given, first, claimed}) == 14


def test_a_sale_repeated_at_the_same_time_counts_once(stub: StubServer, client: httpx.Client) -> None:
    customer = create(client)["id"]
    body = bill(customer, 1_000, on_account=500)

    def one(_number: int) -> tuple[int, bytes]:
        with stub.client() as own:
            response = own.post(SALES, json=body)
            return response.status_code, response.content

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(6)))
    assert sorted(status for status, _ in answers) == [200] * 5 + [201]
    assert len({content for _, content in answers}) == 1
    assert shown(client, customer)["ledger_balance"] == -500


def test_a_deleted_customers_sale_can_be_reversed(client: httpx.Client) -> None:
    customer = create(client)["id"]
    body = bill(customer, 1_000, on_account=500)
    as_json(client.post(SALES, json=body))
    as_json(client.delete(f"{LIST}/{customer}"))
    assert client.post(SALES, json=body).status_code == 200
    assert_refused(client.post(SALES, json=bill(customer, 100)), 404, "not_found")
    reversal = {"id": str(uuid4()), "reason": "Late"}
    assert as_json(client.post(f"{SALES}/{body['id']}/reversal", json=reversal))["ledger_balance"] == 0
    assert shown(client, customer)["anonymized"] is True
