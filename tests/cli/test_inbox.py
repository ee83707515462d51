"""Settling what needs a person, on the command line: what is offered, what is asked, what stands afterwards."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Posapp
from tests.support.stub import StubServer

PIN = "271828\n"
LEDGER = {"method": "POST", "path": "*/ledger*"}


@pytest.fixture
def refused(posapp: Posapp, stub: StubServer) -> str:
    """The payment of a customer whom the server knows, refused there."""
    posapp.connect(stub)
    posapp.ok("sync")
    asha = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    posapp.ok("sync")
    stub.faults([{"match": LEDGER, "effect": {"status": 422}}])
    payment = posapp.ok("pay", asha, "125")["operation"]
    posapp.ok("sync")
    stub.clear_faults()
    return str(payment)


def open_id(posapp: Posapp) -> str:
    [item] = posapp.ok("inbox", "list")["items"]
    return str(item["id"])


def test_what_can_be_chosen_is_shown_with_what_it_does(posapp: Posapp, refused: str) -> None:
    shown = posapp.ok("inbox", "show", open_id(posapp)[-8:])
    assert shown["operation"] == refused
    assert {offer["choice"]: (offer["needs_reason"], offer["needs_approval"]) for offer in shown["offers"]} == {
        "send_as_new": (True, False),
        "keep": (True, False),
        "drop": (True, True),
    }
    words = posapp("inbox", "show", open_id(posapp), as_json=False).out
    assert all(offer["effect"] in " ".join(words.split()) for offer in shown["offers"])
    assert "posapp inbox resolve" in words


def test_a_refused_payment_is_sent_as_new(posapp: Posapp, stub: StubServer, refused: str) -> None:
    item = open_id(posapp)
    assert posapp("inbox", "resolve", item, "--as", "send_as_new").error == "decision_reason_missing"
    settled = posapp.ok("inbox", "resolve", item, "--as", "send_as_new", "--reason", "a slip of theirs")
    assert (settled["resolution"], settled["reason"], settled["offers"]) == ("send_as_new", "a slip of theirs", [])
    assert settled["recorded"]
    assert posapp.ok("inbox", "list")["count"] == 0
    posapp.ok("sync")
    effects = [effect for effect in stub.effects() if effect["entity"] == "ledger_entry"]
    assert len(effects) == 1
    assert effects[0]["op"] != refused
    assert posapp("inbox", "resolve", item, "--as", "keep", "--reason", "x").error == "settled_already"


def test_dropping_money_takes_the_managers_pin(posapp: Posapp, refused: str) -> None:
    posapp.ok("pin", stdin=PIN)
    drop = ("inbox", "resolve", open_id(posapp), "--as", "drop", "--reason", "nobody paid")
    assert posapp(*drop).error == "decision_needs_approval"
    assert posapp(*drop, "--pin-stdin", stdin="000001\n").code == 1
    assert posapp.ok(*drop, "--pin-stdin", stdin=PIN)["approved_by"] == "manager"
    [settled] = posapp.ok("inbox", "list", "--all")["items"]
    assert (settled["resolution"], settled["reason"], settled["operation"]) == ("drop", "nobody paid", refused)
    words = posapp("inbox", "list", "--all", as_json=False).out
    assert "dropped" in words
    assert "nobody paid" in words
    assert posapp.ok("status")["waiting"] == 0


def test_another_customer_is_named_as_anywhere(posapp: Posapp, stub: StubServer) -> None:
    posapp.connect(stub)
    posapp.ok("sync")
    asha = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    usha = posapp.ok("customer", "add", "--name", "Usha Unmistakable")["customer"]["id"]
    posapp.ok("sync")
    stub.faults([{"match": LEDGER, "effect": {"status": 404}}])
    posapp.ok("pay", asha, "125")
    posapp.ok("sync")
    stub.clear_faults()
    link = ("inbox", "resolve", open_id(posapp), "--as", "link", "--reason", "her sister")
    assert posapp(*link).error == "decision_target_missing"
    assert posapp.ok(*link, "--to", "unmistakable")["target"] == usha
    posapp.ok("sync")
    assert posapp.ok("customer", "show", usha)["balance"]["minor"] == 12_500


def test_what_is_no_choice_here_is_refused(posapp: Posapp, refused: str) -> None:
    item = open_id(posapp)
    assert posapp("inbox", "resolve", item, "--as", "theirs").error == "choice_not_offered"
    assert posapp("inbox", "resolve", item, "--as", "burn").code == 2
    assert posapp("inbox", "resolve", "0000", "--as", "drop").error == "unknown_item"
    assert posapp.ok("inbox", "show", item)["operation"] == refused
