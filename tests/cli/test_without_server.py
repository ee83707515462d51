"""A till without a server: every act is kept, every number adds up, every slip of the finger gets a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.app import open_till
from tests.cli.conftest import Posapp


@pytest.fixture
def asha(posapp: Posapp) -> str:
    """A customer's id."""
    return str(posapp.ok("customer", "add", "--name", "Asha Devi", "--phone", "98765 43210")["customer"]["id"])


def test_the_first_run_tells_a_recovery_code_once_and_not_on_stdout(posapp: Posapp) -> None:
    first = posapp("status")
    again = posapp("status")
    assert "Recovery code" in first.err
    assert "Recovery code" not in again.err
    code = first.err.split(": ", 1)[1].strip()
    assert code not in first.out
    assert posapp("recover", stdin=code + "\n").code == 0
    assert posapp("recover", stdin="AAAAA-AAAAA\n").code == 1


def test_amounts_and_balances_have_the_contracts_shape(posapp: Posapp, asha: str) -> None:
    paid = posapp.ok("pay", asha, "125.50", "--tender", "wallet")
    assert paid["amount"] == {"minor": 12550, "currency": "INR", "text": "₹125.50"}
    assert paid["state"] == "kept"
    assert paid["operation"]
    assert paid["balance"] == {
        "minor": 12550,
        "currency": "INR",
        "text": "you will give ₹125.50",
        "direction": "owed",
    }
    charged = posapp.ok("--yes", "charge", asha, "1,125.50")
    assert charged["balance"]["minor"] == -100000
    assert charged["balance"]["direction"] == "owes"
    assert "-" not in charged["balance"]["text"]
    assert posapp.ok("settle", asha, "1000", "--yes")["balance"]["direction"] == "settled"


def test_every_khata_act_and_its_reversal(posapp: Posapp, asha: str) -> None:
    acts = [
        ("opening", "500", -50000),
        ("charge", "300", -80000),
        ("pay", "1000", 20000),
        ("payout", "200", 0),
        ("charge", "400", -40000),
        ("return", "100", -30000),
        ("settle", "20", -28000),
    ]
    made = []
    for name, amount, balance in acts:
        answer = posapp.ok("--yes", name, asha, amount)
        assert answer["balance"]["minor"] == balance
        made.append(answer["operation"])
    last = posapp.ok("reverse", made[-1], "--reason", "typed twice")
    assert last["balance"]["minor"] == -30000
    assert posapp("reverse", made[-1], "--reason", "again").error == "already_reversed"
    assert posapp("reverse", made[-1], "--reason", "  ").error == "reason_missing"
    assert posapp("opening", asha, "5").error == "opening_exists"
    ledger = posapp.ok("ledger", asha)
    counted = [line for line in ledger["entries"] if line["counted"]]
    effects = [line["amount"]["minor"] * (1 if line["type"] == "credit" else -1) for line in counted]
    assert len(effects) == 8
    assert ledger["opening_balance"]["minor"] + sum(effects) == ledger["closing_balance"]["minor"] == -30000
    explained = posapp.ok("explain", asha, "balance")
    assert explained["brought_forward"]["minor"] == 0
    assert [line["id"] for line in explained["entries"]] == [line["id"] for line in ledger["entries"]]
    assert posapp.ok("verify")["faults"] == []


def test_a_sale_with_kept_points(posapp: Posapp, asha: str) -> None:
    sold = posapp.ok("sale", asha, "450", "--on-account", "100", "--receipt", "R-1")
    assert sold["sale"]["paid"]["minor"] == 35000
    assert sold["sale"]["points_earned"] == sold["points"] == 450
    seen = posapp.ok("sale", asha, "45", "--points", "450", "--preview")
    assert seen["sale"]["paid"]["minor"] == 0
    again = posapp.ok("sale", asha, "100", "--points", "50")
    assert again["sale"]["discount"]["minor"] == 500
    assert again["points"] == 450 - 50 + 95
    assert posapp("redeem", asha, "10000").error == "insufficient_points"
    assert posapp.ok("redeem", asha, "95", "--preview")["discount"]["minor"] == 950
    assert posapp.ok("redeem", asha, "95")["points"] == 400
    undone = posapp.ok("reverse", again["operation"], "--reason", "goods back")
    assert undone["points"] == 400 + 50 - 95
    shown = posapp.ok("customer", "show", asha)
    assert [sale["receipt_number"] for sale in shown["sales"]] == [None, "R-1"]
    explained = posapp.ok("explain", asha, "points")
    assert sum(line["points"] for line in explained["entries"] if line["counted"]) == explained["points"] == 355


def test_limits(posapp: Posapp, asha: str) -> None:
    posapp.ok("shop", "--credit-limit", "500")
    refused = posapp("charge", asha, "600")
    assert refused.code == 1
    assert refused.error == "over_credit_limit"
    assert "₹100.00" in refused.json["error"]["hint"]
    posapp.ok("charge", asha, "500")
    assert posapp("sale", asha, "10", "--on-account", "1").error == "over_credit_limit"
    posapp.ok("customer", "edit", asha, "--credit-limit", "0")
    assert posapp("charge", asha, "1").error == "over_credit_limit"
    posapp.ok("sale", asha, "10")


def test_large_amounts_ask_back(posapp: Posapp, asha: str) -> None:
    posapp.ok("pay", asha, "10")
    assert posapp("pay", asha, "101").error == "large_amount"
    posapp.ok("--yes", "pay", asha, "101")
    posapp.ok("pay", asha, "1010")
    new = ("customer", "add", "--name", "Ravi", "--opening-balance", "10101")
    assert posapp(*new).error == "large_amount"
    posapp.ok("--yes", *new)


def test_backdating_is_marked(posapp: Posapp, asha: str) -> None:
    posapp.ok("pay", asha, "10", "--on", "2026-01-15")
    posapp.ok("pay", asha, "20", "--on", "today")
    assert posapp("pay", asha, "10", "--on", "2999-01-01").error == "in_the_future"
    lines = posapp.ok("ledger", asha)["entries"]
    assert (lines[0]["backdated"], lines[0]["occurred_at"][:10]) == (True, "2026-01-15")
    assert lines[1]["backdated"] is False
    january = posapp.ok("ledger", asha, "--from", "2026-01-01", "--to", "2026-01-31")
    assert january["closing_balance"]["minor"] == 1000
    later = posapp.ok("ledger", asha, "--from", "2026-02-01")
    assert later["opening_balance"]["minor"] == 1000
    assert later["closing_balance"]["minor"] == 3000


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("pay", "{id}", "abc"), "wrong_amount"),
        (("pay", "{id}", "NaN"), "wrong_amount"),
        (("pay", "{id}", "1.005"), "too_many_decimals"),
        (("pay", "{id}", "0"), "amount_not_positive"),
        (("pay", "{id}", "-5"), "amount_not_positive"),
        (("pay", "{id}", "9" * 25), "amount_too_large"),
        (("pay", "nobody at all", "5"), "unknown_customer"),
        (("pay", "", "5"), "unknown_customer"),
        (("pay", "{id}", "5", "--on", "soon"), "wrong_date"),
        (("payout", "{id}", "5"), "payout_above_advance"),
        (("charge", "{id}", "5", "--due", "2020-01-01"), "due_before_charge"),
        (("settle", "{id}", "5"), "settlement_above_debt"),
        (("sale", "{id}", "0"), "amount_not_positive"),
        (("sale", "{id}", "10", "--on-account", "11"), "on_account_above_bill"),
        (("sale", "{id}", "10", "--on-account", "-1"), "amount_not_positive"),
        (("redeem", "{id}", "0"), "wrong_points"),
        (("redeem", "{id}", "5", "--sale", "not a uuid"), "insufficient_points"),
        (("reverse", "nothing", "--reason", "x"), "unknown_entry"),
        (("customer", "add", "--name", "  "), "name_missing"),
        (("customer", "add", "--name", "A", "--phone", "12"), "wrong_phone"),
        (("customer", "add", "--name", "A", "--email", "nobody"), "wrong_email"),
        (("customer", "edit", "{id}", "--name", "Asha Devi"), "nothing_changed"),
        (("customer", "edit", "{id}", "--name", ""), "name_missing"),
        (("customer", "delete", "{id}"), "confirm_delete"),
        (("sync",), "no_connection"),
        (("inbox", "show", "x"), "unknown_item"),
        (("shop", "--currency", "rupee"), "wrong_setting"),
        (("shop", "--zone", "Nowhere/City"), "wrong_setting"),
        (("shop", "--country", "XX"), "wrong_setting"),
        (("shop", "--earn-rate", "NaN"), "wrong_setting"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    posapp: Posapp, asha: str, arguments: tuple[str, ...], error: str
) -> None:
    ran = posapp(*(part.replace("{id}", asha) for part in arguments))
    assert ran.error == error
    assert ran.code == 1
    assert len(posapp.ok("outbox", "--all")["operations"]) == 1
    for_a_person = posapp(*(part.replace("{id}", asha) for part in arguments), as_json=False)
    assert for_a_person.out == ""
    assert ran.json["error"]["title"] in for_a_person.err
    assert "{" not in for_a_person.err


def test_two_matches_are_listed(posapp: Posapp, asha: str) -> None:
    posapp.ok("customer", "add", "--name", "Asha Rani", "--phone", "98111 22334")
    ran = posapp("pay", "asha", "5")
    assert ran.error == "several_match"
    assert "Asha Devi" in ran.json["error"]["message"]
    assert "Asha Rani" in ran.json["error"]["message"]
    assert posapp.ok("pay", "asha devi", "5")["customer"]["id"] == asha
    assert posapp.ok("pay", "+919876543210", "5")["customer"]["id"] == asha


@pytest.mark.parametrize("arguments", [("fly",), ("pay",), ("redeem", "a", "many"), ("customer",), ("--frob",)])
def test_wrong_usage(posapp: Posapp, arguments: tuple[str, ...]) -> None:
    ran = posapp(*arguments)
    assert ran.code == 2
    assert ran.error == "usage"
    assert posapp(*arguments, as_json=False).out == ""


def test_a_person_sees_words(posapp: Posapp, asha: str) -> None:
    assert "Saved for Asha Devi: ₹5.00" in posapp("pay", asha, "5", as_json=False).out
    assert "you will give ₹5.00" in posapp("find", "asha", as_json=False).out
    explain = [("explain", asha, number) for number in ("balance", "points")]
    for command in (("ledger", asha), *explain, ("status",), ("verify",)):
        ran = posapp(*command, as_json=False)
        assert ran.code == 0
        assert ran.out.strip()


def test_find(posapp: Posapp, asha: str) -> None:
    posapp.ok("customer", "edit", asha, "--card", "CARD-77", "--email", "asha@example.com", "--tag", "wholesale")
    for text, matched in (
        ("dev ash", "name"),
        ("3210", "phone"),
        ("98765", "phone"),
        ("+91 98765-43210", "phone"),
        ("০৯৮৭৬৫", "phone"),
        ("asha@exa", "email"),
        ("card-77", "card"),
        ("whole", "tag"),
    ):
        found = posapp.ok("find", text)["customers"]
        assert [(one["id"], one["matched"]) for one in found] == [(asha, matched)], text
    for text in ("zzz", "'", '"', "*", "a* OR b", "-", "((", "😀", "\x00"):
        assert posapp.ok("find", text)["customers"] == [], text
    hit = posapp.ok("find", "asha")["customers"][0]
    assert {"id", "name", "phone", "matched", "points", "balance"} <= set(hit)


def test_deleting_says_first_what_it_means(posapp: Posapp, asha: str) -> None:
    posapp.ok("pay", asha, "5")
    assert posapp("--yes", "customer", "delete", asha).error == "delete_balance"
    posapp.ok("payout", asha, "5")
    asked = posapp("customer", "delete", asha)
    assert asked.error == "confirm_delete"
    assert "erased" in asked.json["error"]["message"]
    posapp.ok("--yes", "customer", "delete", asha)
    assert posapp.ok("find", "asha")["customers"] == []
    assert posapp("pay", asha, "5").error in {"customer_gone", "unknown_customer"}
    assert posapp.ok("verify")["faults"] == []


def test_a_restored_backup_goes_on_with_the_second_copy(posapp: Posapp, asha: str) -> None:
    target = posapp.home.parent / "backup.db"
    posapp.ok("pay", asha, "5")
    posapp.ok("backup", str(target))
    posapp.ok("pay", asha, "6")
    again = posapp.ok("restore", str(target))
    assert (again["acts"], again["known"], again["taken_over"], again["asked_about"]) == (3, 2, 1, 0)
    assert posapp.ok("customer", "show", asha)["balance"]["minor"] == 1100
    assert posapp.ok("verify")["faults"] == []
    answer = posapp.ok("restore", str(target), "--without-second-copy")
    assert answer["old_book"]
    assert posapp.ok("customer", "show", asha)["balance"]["minor"] == 500
    assert posapp.ok("inbox", "list")["items"]


def test_doctor_makes_no_book(posapp: Posapp) -> None:
    assert posapp.ok("doctor")["checks"]
    assert not (posapp.home / "book.db").exists()
    posapp.ok("status")
    names = {check["name"]: check["ok"] for check in posapp.ok("doctor")["checks"]}
    assert names["book"]
    assert names["keychain"]


def test_the_second_copy_follows_and_moves(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    posapp.ok("pay", asha, "5")
    here = posapp.ok("second-copy")["second_copy"]
    assert here == {"folder": str(posapp.home), "missing_since": None, "same_disk": True}
    assert (posapp.home / "second-copy.acts").stat().st_size > 0
    other = tmp_path / "stick"
    posapp.ok("second-copy", str(other))
    copies = [(folder / "second-copy.acts").read_bytes().splitlines() for folder in (posapp.home, other)]
    assert len(copies[0]) == len(copies[1])
    before = (other / "second-copy.acts").stat().st_size
    posapp.ok("pay", asha, "6")
    assert posapp.ok("status")["second_copy"] == {"folder": str(other), "missing_since": None, "same_disk": True}
    assert (other / "second-copy.acts").stat().st_size > before


def test_credit_beyond_the_limit_takes_the_managers_pin(posapp: Posapp, asha: str) -> None:
    posapp.ok("shop", "--credit-limit", "100")
    assert posapp("charge", asha, "500", "--approve", stdin="271828\n").code == 1
    assert posapp("pin", stdin="123456\n").code == 1
    posapp.ok("pin", stdin="271828\n")
    assert posapp("pin", stdin="314159\n").code == 1
    wrong = posapp("charge", asha, "500", "--approve", stdin="000001\n")
    assert wrong.code == 1
    assert "271828" not in wrong.out + wrong.err
    posapp.ok("charge", asha, "500", "--approve", stdin="২৭১৮২৮\n")
    assert posapp("charge", asha, "500").error == "over_credit_limit"
    posapp.ok("pin", "--change", stdin="271828\n314159\n")
    posapp.ok("sale", asha, "500", "--on-account", "500", "--approve", stdin="314159\n")


def test_the_till_is_open_elsewhere(posapp: Posapp, asha: str) -> None:
    with open_till(posapp.home, passphrase=lambda: None, keyring=False) as window:
        assert window.till
        assert posapp.ok("find", "asha")["count"] == 1
        assert posapp.ok("status")["customers"] == 1
        refused = posapp("pay", asha, "5")
        assert (refused.code, refused.error) == (5, "book_in_use")
        assert posapp("restore", "nowhere.db").code == 5
    posapp.ok("pay", asha, "5")
