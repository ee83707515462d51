"""Backup, restore and rescue as a shopkeeper runs them: two homes, a server, a recovery code on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE
from tests.support.vault import make_cheap_vault


@pytest.fixture
def second(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Posapp:
    """A till on another machine."""
    make_cheap_vault(tmp_path / "second", PASSPHRASE)
    return Posapp(tmp_path / "second", capsys, monkeypatch)


def code_of(posapp: Posapp) -> str:
    """Begin a till and return the recovery code that it prints."""
    ran = posapp("status", as_json=False)
    words = (ran.out + ran.err).split()
    return next(word for word in words if word.count("-") == 5)


def day(posapp: Posapp, stick: Path) -> dict[str, str]:
    """Sell, take money and add somebody with a card, some of it after the last sync."""
    stick.mkdir()
    posapp.ok("second-copy", str(stick))
    asha = posapp.ok("customer", "add", "--name", "Asha Rao", "--phone", "9820012345", "--card", "C-7")["customer"][
        "id"
    ]
    posapp.ok("sale", asha, "100", "--on-account", "60")
    posapp.ok("sync")
    pay = posapp.ok("pay", asha, "25")["operation"]
    return {"asha": asha, "pay": pay}


def test_doctor_reads_the_last_backup(posapp: Posapp, tmp_path: Path) -> None:
    def found() -> dict[str, object]:
        return next(one for one in posapp.ok("doctor")["checks"] if one["name"] == "backup")

    posapp.ok("status")
    assert "none" in str(found()["detail"])
    backup = tmp_path / "monday.db"
    posapp.ok("backup", str(backup))
    assert str(backup) in str(found()["detail"])
    backup.write_bytes(backup.read_bytes()[:5000])
    assert (found()["ok"], found()["problem"]) == (False, "not_a_backup")


def test_a_damaged_copy_is_named_and_used_up_to_there_when_asked(posapp: Posapp, tmp_path: Path) -> None:
    posapp.ok("status")
    done = day_without_server(posapp, tmp_path / "stick")
    copy = tmp_path / "stick" / "second-copy.acts"
    whole = copy.read_bytes()
    (posapp.home / "book.db").unlink()
    copy.write_bytes(whole[:-20])
    assert posapp("status").error == "book_lost"
    assert posapp("rescue", str(copy)).error == "second_copy_cut"
    answer = posapp.ok("rescue", str(copy), "--up-to-damage")
    assert (answer["acts"], answer["damage"]["id"]) == (1, "second_copy_cut")
    words = posapp("customer", "show", done, as_json=False)
    assert words.code == 0


def day_without_server(posapp: Posapp, stick: Path) -> str:
    """Add somebody and take money, on a till of its own."""
    stick.mkdir()
    posapp.ok("second-copy", str(stick))
    asha: str = posapp.ok("customer", "add", "--name", "Asha Rao")["customer"]["id"]
    posapp.ok("pay", asha, "25")
    return asha
