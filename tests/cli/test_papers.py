"""`statement`, `ageing`, `owing` and `explain … ageing` as a shopkeeper runs them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from posapp.app import open_till
from tests.cli.conftest import Posapp
from tests.support.stub import StubServer


@pytest.fixture
def asha(posapp: Posapp) -> str:
    """A customer who owes for 40 days, after a payment."""
    made = str(posapp.ok("customer", "add", "--name", "Asha Devi", "--phone", "98765 43210")["customer"]["id"])
    posapp.ok("charge", made, "500", "--on", "2026-01-02", "--note", "Rice")
    posapp.ok("charge", made, "300", "--due", "2099-01-01", "--reference", "B-7")
    posapp.ok("pay", made, "100")
    return made


@pytest.fixture
def ravi(posapp: Posapp) -> str:
    """A customer who owes more, and has no day for it but today's."""
    made = str(posapp.ok("customer", "add", "--name", "রবি / Ravi: Kumar")["customer"]["id"])
    posapp.ok("charge", made, "900")
    return made


def pages(path: Path) -> list[str]:
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_a_statement_of_one_customer(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    out = tmp_path / "asha.pdf"
    answer = posapp.ok("statement", asha, "--from", "2026-01-01", "--out", str(out))
    assert answer["files"] == [str(out)]
    assert (answer["noted"], answer["unfetched"]) == (True, 0)
    (made,) = answer["statements"]
    assert made["customer"] == {"id": asha, "name": "Asha Devi"}
    assert (made["from"], made["entries"], made["unsent"], made["late"]) == ("2026-01-01", 3, 0, 0)
    assert made["opening_balance"]["direction"] == "settled"
    assert made["closing_balance"]["minor"] == -70000
    text = "\n".join(pages(out))
    assert "Asha Devi" in text
    assert "B-7" in text
    assert [child.name for child in tmp_path.iterdir() if child.name.startswith("asha")] == ["asha.pdf"]
    posapp.ok("charge", asha, "50", "--on", "2026-01-05")
    again = posapp.ok("--yes", "statement", asha, "--out", str(out), "--paper", "80mm")
    assert again["statements"][0]["late"] == 1


def test_a_file_is_not_replaced_unasked(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    out = tmp_path / "there.pdf"
    out.write_text("mine")
    assert posapp("statement", asha, "--out", str(out)).error == "file_there"
    assert out.read_text() == "mine"
    assert posapp.ok("--yes", "statement", asha, "--out", str(out))["noted"] is True
    assert pages(out)


def test_a_place_that_takes_no_file(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "missing" / "a.pdf", tmp_path / "file"):
        assert posapp("statement", asha, "--out", str(out)).error == "file_not_written"
    assert (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "missing").exists()


def test_everyone_who_owes_in_a_folder_or_in_one_file(posapp: Posapp, asha: str, ravi: str, tmp_path: Path) -> None:
    posapp.ok("customer", "add", "--name", "Owes Nothing")
    folder, whole = tmp_path / "papers" / "today", tmp_path / "all.pdf"
    answer = posapp.ok("statement", "--owing", "--out", str(folder))
    assert [one["customer"]["id"] for one in answer["statements"]] == [ravi, asha]
    names = sorted(child.name for child in folder.iterdir())
    assert names == sorted(Path(path).name for path in answer["files"])
    assert names[0].startswith("Asha-Devi-")
    assert "/" not in names[1]
    assert posapp.ok("statement", "--owing", "--out", str(whole))["files"] == [str(whole)]
    assert len(pages(whole)) == 2
    assert len(posapp.ok("statement", asha, ravi, asha, "--yes", "--out", str(whole))["statements"]) == 2


def test_nobody_owes(posapp: Posapp, tmp_path: Path) -> None:
    ran = posapp("statement", "--owing", "--out", str(tmp_path / "none.pdf"), as_json=False)
    assert "Nobody owes anything" in ran.out
    assert not (tmp_path / "none.pdf").exists()
    assert "Nobody owes anything." in posapp("owing", as_json=False).out


@pytest.mark.parametrize("arguments", [(), ("asha", "--owing"), ("asha", "--paper", "a5")])
def test_wrong_usage(posapp: Posapp, arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert posapp("statement", *arguments, "--out", str(tmp_path / "x.pdf")).code == 2


def test_what_is_not_known_is_not_printed(posapp: Posapp, plain_stub: StubServer, tmp_path: Path) -> None:
    posapp.connect(plain_stub)
    plain_stub.faults([{"match": {"path": "/pos/api/v1/customers/*"}, "effect": {"status": 503}}])
    posapp("sync")
    unknown = posapp.ok("find", "a")["customers"][0]
    assert unknown["balance"] is None
    plain_stub.stop()
    assert posapp("statement", unknown["id"], "--out", str(tmp_path / "x.pdf")).error == "balance_unknown"
    assert not (tmp_path / "x.pdf").exists()
    count = posapp.ok("status")["customers"]
    assert posapp.ok("owing")["unfetched"] == count
    assert f"{count} khatas were not fetched yet" in posapp("owing", as_json=False).out
    assert posapp.ok("statement", "--owing", "--out", str(tmp_path / "x.pdf"))["unfetched"] == count
    assert posapp.ok("explain", unknown["id"], "ageing")["ageing"] is None


def test_a_till_that_is_open_elsewhere_prints_and_says_that_it_could_not_note_it(
    posapp: Posapp, asha: str, tmp_path: Path
) -> None:
    with open_till(posapp.home, passphrase=lambda: "a passphrase of the tests", keyring=False) as window:
        assert window.till
        answer = posapp.ok("statement", asha, "--out", str(tmp_path / "a.pdf"))
        words = posapp("--yes", "statement", asha, "--out", str(tmp_path / "a.pdf"), as_json=False).out
    assert answer["noted"] is False
    assert "will not mark" in words
    assert pages(tmp_path / "a.pdf")


def test_who_owes_by_amount_and_by_age(posapp: Posapp, asha: str, ravi: str) -> None:
    by_amount = posapp.ok("owing")
    assert [(row["id"], row["owed"]["minor"]) for row in by_amount["customers"]] == [(ravi, 90000), (asha, 70000)]
    assert by_amount["total"]["minor"] == 160000
    row = by_amount["customers"][1]
    assert (row["oldest_due"], row["known"], row["phone"]) == ("2026-01-02", True, "98765 43210")
    assert row["last_payment_at"].endswith("Z")
    assert [row["id"] for row in posapp.ok("owing", "--by", "age")["customers"]] == [asha, ravi]
    words = posapp("owing", as_json=False).out
    assert "2 customers owe ₹1,600.00" in words
    assert "2026-01-02" in words
    assert "never" in words


def test_ageing_adds_up(posapp: Posapp, asha: str, ravi: str) -> None:
    payer = posapp.ok("customer", "add", "--name", "Paid Ahead")["customer"]["id"]
    posapp.ok("pay", payer, "40")
    answer = posapp.ok("ageing")
    names = ("current", "days_1_30", "days_31_60", "days_61_90", "over_90")
    for one in (answer["total"], *(row["ageing"] for row in answer["customers"])):
        assert set(one) == {*names, "as_of", "advance", "undated", "oldest_due"}
    assert sum(answer["total"][name]["minor"] for name in names) == 160000
    assert answer["total"]["advance"]["minor"] == 4000
    assert answer["total"]["current"]["minor"] == 120000
    words = posapp("ageing", as_json=False).out
    assert "Together" in words
    assert "Others have paid ₹40.00 ahead." in words


def test_ageing_opens_to_the_debts_that_make_it(posapp: Posapp, asha: str) -> None:
    answer = posapp.ok("explain", asha, "ageing")
    assert [(one["description"], one["open"]["minor"], one["due_on"]) for one in answer["debits"]] == [
        ("Rice", 40000, "2026-01-02"),
        ("", 30000, "2099-01-01"),
    ]
    assert sum(one["open"]["minor"] for one in answer["debits"]) == -answer["balance"]["minor"]
    words = posapp("explain", asha, "ageing", as_json=False).out
    assert "Rice" in words
    assert "Not due yet" in words
    assert "you will get ₹700.00" in words


def test_terms_move_what_is_due(posapp: Posapp, ravi: str) -> None:
    assert posapp.ok("shop", "--terms-days", "30")["shop"]["terms_days"] == 30
    assert "debts are due: after 30 days" in posapp("shop", as_json=False).out
    assert posapp.ok("ageing")["customers"][0]["oldest_due"] > posapp.ok("ageing")["as_of"]


def test_points_open_to_lines_in_words(posapp: Posapp, ravi: str) -> None:
    posapp.ok("sale", ravi, "450")
    words = posapp("explain", ravi, "points", as_json=False).out
    assert "sale" in words
    assert "kept on this till" in words
