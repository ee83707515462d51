"""`posapp exchange` with two homes and one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE
from tests.support.vault import make_cheap_vault


@pytest.fixture
def till(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Posapp]:
    """Make tills of their own, by name."""

    def make(name: str) -> Posapp:
        make_cheap_vault(tmp_path / name, PASSPHRASE)
        return Posapp(tmp_path / name, capsys, monkeypatch)

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that both tills reach."""
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


def test_two_tills_of_a_shop_without_a_server_keep_one_khata(till: Callable[[str], Posapp], folder: Path) -> None:
    counter, stall = till("counter"), till("stall")
    counter.ok("shop", "--terms-days", "14")
    counter.ok("customer", "add", "--name", "Rahima Khatun", "--phone", "98765 43210", "--opening-balance", "120")
    founded = counter.ok("exchange", str(folder), "--till", "counter")["exchange"]
    assert founded["written"] > 0
    assert founded["tills"] == []
    code = founded["code"]
    assert len(code.replace("-", "")) == 30

    refused = stall("exchange", str(folder))
    assert (refused.code, refused.error) == (1, "exchange_not_joined")
    wrong = stall("exchange", str(folder), "--join", stdin="00000-00000-00000-00000-00000-00000\n")
    assert (wrong.code, wrong.error) == (1, "exchange_code_wrong")
    joined = stall.ok("exchange", str(folder), "--join", stdin=code + "\n")["exchange"]
    assert joined["code"] is None
    assert [(one["till"], one["problem"]) for one in joined["tills"]] == [("counter", None)]
    assert joined["read"] == founded["written"]

    assert stall.ok("shop")["shop"]["terms_days"] == 14
    stall.ok("pay", "98765 43210", "50")
    assert stall.ok("exchange")["exchange"]["written"] > 0, "the folder is remembered"
    counter.ok("exchange")
    shown = [one.ok("customer", "show", "98765 43210")["balance"]["minor"] for one in (counter, stall)]
    assert shown == [-7000, -7000]
    assert counter.ok("exchange")["exchange"] | {"tills": None} == {
        "folder": str(folder),
        "written": 0,
        "read": 0,
        "waiting": 0,
        "tills": None,
        "code": None,
    }
    status = counter.ok("status")["exchange"]
    assert status["folder"] == str(folder)
    assert [one["problem"] for one in status["tills"]] == [None]


def test_what_is_wrong_with_a_file_is_named_and_heals(till: Callable[[str], Posapp], folder: Path) -> None:
    counter, stall = till("counter"), till("stall")
    code = counter.ok("exchange", str(folder), "--till", "counter")["exchange"]["code"]
    stall.ok("exchange", str(folder), "--join", stdin=code + "\n")
    counter.ok("customer", "add", "--name", "Rahima Khatun", "--opening-balance", "120")
    counter.ok("exchange")
    (file,) = [path for path in folder.glob("*.posapp-exchange") if len(path.read_bytes()) > 2000]
    whole = file.read_bytes()

    file.write_bytes(whole[:-30])
    cut = stall.ok("exchange")["exchange"]
    assert cut["waiting"] == 1
    file.write_bytes(whole[:-60] + bytes([whole[-60] ^ 1]) + whole[-59:])
    altered = stall.ok("exchange")["exchange"]["tills"][0]
    assert altered["problem"] == "exchange_altered"
    said = stall("exchange", as_json=False)
    assert "counter" in said.out
    file.write_bytes(whole)
    assert stall.ok("exchange")["exchange"]["tills"][0]["problem"] is None
    assert stall.ok("customer", "show", "Rahima")["balance"]["minor"] == -12000


def test_a_lost_code_is_made_anew_and_the_old_one_is_worthless(till: Callable[[str], Posapp], folder: Path) -> None:
    counter, stall = till("counter"), till("stall")
    old = counter.ok("exchange", str(folder))["exchange"]["code"]
    new = counter.ok("exchange", "--new-code")["exchange"]["code"]
    assert stall("exchange", str(folder), "--join", stdin=old + "\n").error == "exchange_code_wrong"
    stall.ok("exchange", str(folder), "--join", stdin=new + "\n")


def test_a_folder_that_is_not_there_is_said(till: Callable[[str], Posapp], folder: Path) -> None:
    counter = till("counter")
    assert counter("exchange").error == "no_exchange_folder"
    counter.ok("exchange", str(folder))
    folder.rename(folder.with_name("unplugged"))
    gone = counter("exchange")
    assert (gone.code, gone.error) == (5, "exchange_folder_missing")


def test_one_till_keeps_the_khata_until_the_tills_exchange(till: Callable[[str], Posapp], folder: Path) -> None:
    stall = till("stall")
    stall.ok("customer", "add", "--name", "Rahima Khatun")
    assert stall.ok("shop", "--khata-till", "no")["shop"]["khata_till"] is False
    for act in (("pay", "Rahima", "5"), ("sale", "Rahima", "5", "--on-account", "5")):
        refused = stall(*act)
        assert (refused.code, refused.error) == (1, "not_khata_till")
    stall.ok("sale", "Rahima", "5")
    stall.ok("exchange", str(folder))
    stall.ok("pay", "Rahima", "5")
    assert stall.ok("shop")["shop"]["khata_till"] is True
