"""Two processes on one PostgreSQL keep every guarantee: clients ask both of them at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.server_stub.contract import test_modules as modules
from tests.server_stub.contract import test_selorax as selorax
from tests.server_stub.test_customers import LIST, create
from tests.server_stub.test_ledger_and_points import adjust, assert_chain, post, redeem, shown
from tests.server_stub.test_merging import khata
from tests.server_stub.test_sales import SALES, bill
from tests.server_stub.test_siyahfy import INSERT
from tests.support import storefront
from tests.support.portal_requests import changed_customer, details, new_customer
from tests.support.portal_requests import create as create_at_portal
from tests.support.postgres import PostgresServer
from tests.support.storefront import PASSWORD, mailed, new_email, shopper, sign_up, visitor
from tests.support.stub import StubProcess, as_json

SEEDED = 5
Ask = Callable[[httpx.Client, int], httpx.Response]


class Both:
    """Two running servers on one database."""

    def __init__(self, first: StubProcess, second: StubProcess) -> None:
        self.stubs = (first, second)

    def client(self, api: str = "pos") -> httpx.Client:
        """Return a client of the first."""
        return self.stubs[0].client(api=api)

    def at_once(self, *asks: Ask, times: int = 8, api: str | tuple[str, ...] = "pos") -> list[httpx.Response]:
        """Ask in turn, each time on a connection of its own, all at the same moment; return the answers in that order.

        Each of the asks goes to both servers, and neighbours to different ones.
        """
        barrier = Barrier(times)
        apis = (api,) * len(asks) if isinstance(api, str) else api

        def one(number: int) -> httpx.Response:
            turn, which = divmod(number, len(asks))
            stub, name = self.stubs[(turn + which) % 2], apis[which]
            with visitor(stub) if name == "storefront" else stub.client(api=name) as client:
                client.timeout = httpx.Timeout(60)
                client.get(f"{stub.root_url}/healthz")
                barrier.wait()
                return asks[which](client, number)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))


@pytest.fixture(scope="module")
def both(postgres: PostgresServer) -> Iterator[Both]:
    url = postgres.new_database()
    first, second = (StubProcess(database_url=url, customers=SEEDED) for _ in range(2))
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(StubProcess.start, (first, second)))
        yield Both(first, second)
    finally:
        first.kill()
        second.kill()


def statuses(answers: list[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def found(both: Both, text: str) -> list[dict[str, Any]]:
    with both.client() as pos:
        return list(as_json(pos.get(LIST, params={"search": text})))


def test_an_empty_database_is_filled_once(both: Both) -> None:
    with both.client() as pos, both.client("portal") as portal:
        oldest = as_json(pos.get(LIST, params={"sort": "created_at", "order": "ASC", "limit": SEEDED + 1}))
        groups = as_json(portal.get("/api/customer-group", params={"limit": 250}))["data"]
    assert len({row["id"] for row in oldest[:SEEDED]}) == SEEDED
    assert len({group["name"] for group in groups}) == len(groups)


@pytest.mark.parametrize("api", ["pos", "selorax", "modules", "portal", "siyahfy"])
def test_one_key_creates_one_customer(both: Both, api: str) -> None:
    name, headers = uuid4().hex, {"Idempotency-Key": str(uuid4())}
    sent: dict[str, Any] = {
        "pos": {"url": LIST, "json": {"name": name}},
        "selorax": {"url": selorax.LIST, "json": {"name": name, "phone": selorax.new_phone()}},
        "modules": {"url": LIST, "json": {"first_name": name}},
        "portal": {"url": "/api/customer", "data": new_customer(username=name)},
        "siyahfy": {"url": INSERT, "json": {"customers": [{"name": name, "phone": storefront_phone()}]}},
    }[api]
    answers = both.at_once(lambda client, _: client.post(**sent, headers=headers), api=api)
    done = [answer for answer in answers if answer.is_success]
    assert {answer.status_code for answer in answers if answer not in done} <= {409}
    assert len({answer.content for answer in done}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in done) == 1
    assert len(found(both, name)) == 1


def test_points_never_fall_below_zero(both: Both) -> None:
    with both.client() as pos:
        customer = create(pos)["id"]
        as_json(adjust(pos, customer, 100))
        answers = both.at_once(lambda client, _: redeem(client, customer, 30), times=12)
        assert statuses(answers) == [200] * 3 + [409] * 9
        assert shown(pos, customer)["loyalty_points"] == 10


def test_a_sale_is_redeemed_once(both: Both) -> None:
    with both.client() as pos:
        customer, sale = create(pos)["id"], str(uuid4())
        as_json(adjust(pos, customer, 100))
        answers = both.at_once(lambda client, _: redeem(client, customer, 30, sale))
        assert statuses(answers) == [200] * 8
        assert len({answer.content for answer in answers}) == 1
        assert shown(pos, customer)["loyalty_points"] == 70


def test_a_reference_is_one_entry_and_a_khata_is_a_chain(both: Both) -> None:
    with both.client() as pos:
        customer, reference = create(pos)["id"], str(uuid4())
        answers = both.at_once(
            lambda client, _: post(client, customer, "debit", 3, reference_id=reference),
            lambda client, number: post(client, customer, "credit", number + 1),
            times=12,
        )
        assert statuses(answers[::2]) == [200] * 5 + [201]
        assert statuses(answers[1::2]) == [201] * 6
        assert len(khata(pos, customer)) == 7
        assert_chain(pos, customer)


def test_a_sale_counts_once_and_receipt_numbers_differ(both: Both) -> None:
    with both.client() as pos:
        customer = create(pos)["id"]
        same = bill(customer, 1_000, on_account=500)
        answers = both.at_once(
            lambda client, _: client.post(SALES, json=same),
            lambda client, _: client.post(SALES, json=bill(customer, 1_000)),
            times=12,
        )
        assert statuses(answers[::2]) == [200] * 5 + [201]
        assert statuses(answers[1::2]) == [201] * 6
        assert len({as_json(answer)["receipt_number"] for answer in answers}) == 7
        after = shown(pos, customer)
        assert (after["total_orders"], after["total_spent"], after["ledger_balance"]) == (7, 7_000, -500)


def test_a_sale_is_reversed_once(both: Both) -> None:
    with both.client() as pos:
        customer = create(pos)["id"]
        sold = as_json(pos.post(SALES, json=bill(customer, 1_000, on_account=500)))
        path = f"{SALES}/{sold['id']}/reversal"
        answers = both.at_once(lambda client, _: client.post(path, json={"id": str(uuid4()), "reason": "Late"}))
        assert statuses(answers) == [201] + [409] * 7
        assert shown(pos, customer)["ledger_balance"] == 0


def test_a_phone_is_one_customers_at_selorax(both: Both) -> None:
    phone = selorax.new_phone()
    made = both.at_once(
        lambda client, _: client.post(selorax.LIST, json={"name": "First", "phone": phone}), api="selorax"
    )
    assert statuses(made) == [201] + [409] * 7
    with both.client("selorax") as client:
        others, wanted = [selorax.create(client)["user_id"] for _ in range(4)], selorax.new_phone()
    moved = both.at_once(
        lambda client, number: client.put(f"{selorax.LIST}/{others[number]}", json={"phone": wanted}),
        times=4,
        api="selorax",
    )
    assert statuses(moved) == [200] + [409] * 3


def test_a_phone_is_one_customers_at_siyahfy(both: Both) -> None:
    phone = storefront_phone()
    answers = both.at_once(
        lambda client, number: client.post(INSERT, json={"customers": [{"name": f"N{number}", "phone": phone}]}),
        api="siyahfy",
    )
    made = [as_json(answer)["data"]["ids"] for answer in answers]
    assert sum(bool(ids) for ids in made) == 1
    assert len(found(both, phone)) == 1


def test_an_email_is_one_customers_at_the_portal(both: Both) -> None:
    email = new_email()
    made = both.at_once(
        lambda client, number: client.post(
            "/api/customer", data=new_customer(email=email.upper() if number % 3 else email)
        ),
        times=4,
        api="portal",
    )
    assert statuses(made) == [200] + [400] * 3
    wanted = new_email()
    with both.client("portal") as client:
        others = [details(client, create_at_portal(client)["id"]) for _ in range(2)]
    moved = both.at_once(
        lambda client, number: client.put(
            f"/api/customer/{others[number]['id']}", data=changed_customer(others[number], email=wanted)
        ),
        times=2,
        api="portal",
    )
    assert statuses(moved) == [200, 400]


def test_an_email_signs_up_once_and_its_code_serves_once(both: Both) -> None:
    email = new_email()
    signed = both.at_once(lambda client, _: sign_up(client, email), times=4, api="storefront")
    assert statuses(signed) == [201] * 4
    assert len(found(both, email)) == 1
    [mail] = mailed(both.stubs[0], email)
    used = both.at_once(
        lambda client, _: storefront.post(client, "verify-otp-and-update", email=email, otp=mail["code"]),
        times=4,
        api="storefront",
    )
    assert statuses(used) == [200] + [400] * 3


def test_a_code_sets_one_password_and_five_an_hour_are_mailed(both: Both) -> None:
    who = shopper(both.stubs[0])
    asked = both.at_once(
        lambda client, _: storefront.post(client, "forgot-password-get-otp", email=who.email), api="storefront"
    )
    assert statuses(asked) == [200] * 5 + [429] * 3
    code = mailed(both.stubs[0], who.email)[0]["code"]
    words = [f"{PASSWORD} {number}" for number in range(4)]
    reset = both.at_once(
        lambda client, number: storefront.post(
            client, "forgot-password-verify-otp", email=who.email, otp=code, password=words[number]
        ),
        times=4,
        api="storefront",
    )
    assert statuses(reset) == [200] + [400] * 3
    winner = next(number for number, answer in enumerate(reset) if answer.is_success)
    with visitor(both.stubs[1]) as client:
        logins = [storefront.post(client, "vendor/customer/login", email=who.email, password=word) for word in words]
    assert [answer.status_code for answer in logins] == [200 if number == winner else 401 for number in range(4)]


def test_a_customer_with_an_order_is_not_deleted_by_selorax(both: Both) -> None:
    for _ in range(4):
        sell_and_delete(both)


def sell_and_delete(both: Both) -> None:
    phone = selorax.new_phone()
    with both.client("selorax") as client:
        number = selorax.create(client, phone=phone)["user_id"]
    [customer] = found(both, phone)
    sale, deletion = both.at_once(
        lambda client, _: client.post(SALES, json=bill(customer["id"], 100)),
        lambda client, _: client.delete(f"{selorax.LIST}/{number}"),
        times=2,
        api=("pos", "selorax"),
    )
    assert (sale.status_code, deletion.status_code) in {(201, 400), (404, 200)}
    assert len(found(both, phone)) == sale.is_success


def test_a_khata_outlives_its_customers_deletion(both: Both) -> None:
    for _ in range(4):
        write_and_delete(both)


def write_and_delete(both: Both) -> None:
    with both.client() as pos:
        customer = create(pos)["id"]
        entry, deletion = both.at_once(
            lambda client, _: post(client, customer, "debit", 50),
            lambda client, _: client.delete(f"{LIST}/{customer}"),
            times=2,
        )
        assert deletion.is_success
        if entry.is_success:
            assert (shown(pos, customer)["anonymized"], len(khata(pos, customer))) == (True, 1)
        else:
            assert (entry.status_code, pos.get(f"{LIST}/{customer}").status_code) == (404, 404)


def test_one_of_many_edits_of_one_version_wins(both: Both) -> None:
    with both.client() as pos:
        customer = create(pos)["id"]
        version = {"If-Match": pos.get(f"{LIST}/{customer}").headers["etag"]}
        answers = both.at_once(
            lambda client, number: client.put(f"{LIST}/{customer}", json={"notes": str(number)}, headers=version)
        )
        assert statuses(answers) == [200] + [412] * 7
        winner = next(number for number, answer in enumerate(answers) if answer.is_success)
        assert shown(pos, customer)["notes"] == str(winner)


def test_no_tag_is_lost_and_one_address_is_the_default(both: Both) -> None:
    with both.client("modules") as client:
        customer = modules.create(client)["id"]
        answers = both.at_once(
            lambda own, number: own.post(
                f"{LIST}/bulk/tags", json={"customer_ids": [customer], "tags": [f"tag {number}"]}
            ),
            lambda own, _: own.post(f"{LIST}/{customer}/addresses", json={**modules.MUMBAI, "is_default": True}),
            api="modules",
        )
        assert {answer.is_success for answer in answers} == {True}
        kept = modules.read(client, customer)
        assert set(kept["tags"]) == {f"tag {number}" for number in range(0, 8, 2)}
        assert len(kept["addresses"]) == 4
        assert sum(address["is_default"] for address in kept["addresses"]) == 1


def test_two_merges_that_cross_keep_one_of_both(both: Both) -> None:
    with both.client() as pos:
        one, two = create(pos)["id"], create(pos)["id"]
        for customer, amount in ((one, 10), (two, 20)):
            as_json(post(pos, customer, "debit", amount))
        pairs = [{"primary_id": one, "secondary_id": two}, {"primary_id": two, "secondary_id": one}]
        answers = both.at_once(
            lambda client, number: client.post(f"{LIST}/merge", json=pairs[number]), times=2, api="modules"
        )
        assert statuses(answers) == [200, 404]
        [left] = [each for each in (one, two) if pos.get(f"{LIST}/{each}").is_success]
        assert shown(pos, left)["ledger_balance"] == -30
        assert_chain(pos, left)


def storefront_phone() -> str:
    return f"019{uuid4().int % 10**8:08}"
