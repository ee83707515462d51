"""What a server says of a customer on the command line: traits, the blacklist and its PIN, phones still missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server_stub.credentials import all_credentials
from tests.cli.conftest import Posapp
from tests.support.stub import StubServer

PIN = "739164"


@pytest.fixture
def joined(posapp: Posapp) -> Callable[[StubServer, str], Posapp]:
    """Connects a till to one of a stub's APIs and reads it."""

    def join(stub: StubServer, api: str) -> Posapp:
        token = all_credentials(stub.random_seed)[api]["22"]["token"]
        shop = ("--currency", "BDT", "--country", "BD", "--zone", "Asia/Dhaka")
        posapp.ok("connect", api, f"{stub.root_url}/{api}", "--store", "22", "--token-stdin", *shop, stdin=token + "\n")
        return posapp

    return join


def test_a_blacklisted_customer_is_told_and_served_by_the_managers_pin_alone(
    joined: Callable[[StubServer, str], Posapp],
) -> None:
    with StubServer(customers=0, plain=True) as stub:
        with stub.client() as office:
            made = office.post("/api/v1/customers", json={"name": "Asha Devi", "phone": "01711234567"}).json()
        shown_as = stub.number_of(made["id"])
        reason = {"customer_id": shown_as, "blacklisted": True, "reason": "Refused three [red]deliveries"}
        with stub.client(api="siyahfy") as office:
            office.post("/api/vendors/blacklist-customer", json=reason).raise_for_status()
        posapp = joined(stub, "siyahfy")
        posapp.ok("sync")
    shown = posapp.ok("customer", "show", "asha")
    assert shown["traits"] == {
        "blacklisted": True,
        "blacklist_reason": "Refused three [red]deliveries",
        "cod_enabled": True,
        "vip": None,
        "marketing": None,
        "guest": None,
        "group": None,
        "group_color": None,
        "last_order_at": None,
    }
    assert shown["segment"] == "new"
    said = posapp("customer", "show", "asha", as_json=False).out
    assert "Blacklisted: “Refused three [red]deliveries”" in said
    assert "New · COD" in said
    found = posapp.ok("find", "asha")
    assert ([hit["blacklisted"] for hit in found["customers"]], found["phones_missing"]) == ([True], 0)
    assert "(blacklisted)" in posapp("find", "asha", as_json=False).out
    posapp.ok("pin", stdin=f"{PIN}\n")
    refused = posapp("sale", "asha", "100")
    assert (refused.code, refused.error) == (1, "customer_blacklisted")
    for act in (["sale", "asha", "100"], ["return", "asha", "100"], ["redeem", "asha", "1"]):
        assert posapp.ok(*act, "--approve", stdin=f"{PIN}\n")["state"] == "kept"


def test_phones_that_lists_do_not_carry_are_counted_until_they_are_read(
    joined: Callable[[StubServer, str], Posapp],
) -> None:
    with StubServer(customers=0, plain=True) as stub:
        with stub.client() as office:
            for number in range(2):
                person = {"name": f"Asha {number}", "email": f"c{number}@example.com", "phone": f"0171123456{number}"}
                office.post("/api/v1/customers", json=person).raise_for_status()
        posapp = joined(stub, "portal")
        stub.faults([{"match": {"path": "*/customer-detail*"}, "effect": {"status": 503}}])
        posapp("sync")
        found = posapp.ok("find", "asha")
        assert (found["count"], found["phones_missing"], posapp.ok("status")["phones_missing"]) == (2, 2, 2)
        for command in (["find", "nobody"], ["status"]):
            assert "Phones of 2 customers are still being fetched." in posapp(*command, as_json=False).out
        stub.clear_faults()
        posapp.ok("sync")
    by_phone = posapp("find", "01711234561", as_json=False).out
    assert ("Asha 1" in by_phone, "fetched" in by_phone) == (True, False)
