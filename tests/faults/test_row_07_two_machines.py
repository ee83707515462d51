"""Row 7, as a shopkeeper lives it: a machine dies, and another one, new or living, goes on from the stick."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Posapp, posapp, stub
from tests.cli.test_copies import code_of, day, second
from tests.support.stub import StubServer

__all__ = ["posapp", "second", "stub"]


def test_row_07_a_dead_machine_comes_back_on_another_from_the_stick_and_the_code_on_paper(
    posapp: Posapp, second: Posapp, stub: StubServer, tmp_path: Path
) -> None:
    code = code_of(posapp)
    posapp.connect(stub)
    done = day(posapp, tmp_path / "stick")
    before = posapp.ok("customer", "show", done["asha"])
    till = posapp.ok("verify", "--offline")["head"]
    shutil.rmtree(posapp.home)
    copy = tmp_path / "stick" / "second-copy.acts"
    assert second("rescue", str(copy)).code == 5
    answer = second.ok("rescue", str(copy), "--recovery-code-stdin", stdin=code + "\n")
    assert (answer["acts"], answer["known"], answer["taken_over"]) == (3, 0, 3)
    assert second.ok("verify", "--offline")["head"] == till
    stub_effects = stub.effects()
    assert second("sync").error == "sign_in_required"
    second.connect(stub)
    second.drain()
    after = second.ok("customer", "show", done["asha"])
    assert after["balance"]["minor"] == before["balance"]["minor"] == -3500
    assert after["customer"]["name"] == "Asha Rao"
    assert second.ok("outbox")["operations"] == []
    assert [item["kind"] for item in second.ok("inbox", "list")["items"]] == ["restored"]
    new = stub.effects()[len(stub_effects) :]
    assert {effect["op"] for effect in new} == {done["pay"]}


def test_row_07_a_dead_tills_acts_go_on_at_the_till_beside_it(
    posapp: Posapp, second: Posapp, stub: StubServer, tmp_path: Path
) -> None:
    code = code_of(posapp)
    for till in (posapp, second):
        till.connect(stub)
    done = day(posapp, tmp_path / "stick")
    second.ok("sync")
    shutil.rmtree(posapp.home)
    copy = str(tmp_path / "stick" / "second-copy.acts")
    assert second("rescue", copy).error == "second_copy_other_key"
    answer = second.ok("rescue", copy, "--recovery-code-stdin", stdin=code + "\n")
    assert (answer["known"], answer["taken_over"], answer["new_customers"]) == (0, 3, 0)
    again = second.ok("rescue", copy, "--recovery-code-stdin", stdin=code + "\n")
    assert (again["known"], again["taken_over"], again["asked_about"]) == (3, 0, 0)
    second.drain()
    found = second.ok("find", "Asha Rao")["customers"]
    assert len(found) == 1
    shown = second.ok("customer", "show", found[0]["id"])
    assert shown["balance"]["minor"] == -3500
    assert second.ok("customer", "show", "C-7")["customer"]["id"] == found[0]["id"]
    assert second.ok("verify", "--offline")["faults"] == []
    assert done["asha"] != found[0]["id"]


def test_row_07_a_backup_on_a_new_machine(posapp: Posapp, second: Posapp, stub: StubServer, tmp_path: Path) -> None:
    code = code_of(posapp)
    posapp.connect(stub)
    done = day(posapp, tmp_path / "stick")
    backup = tmp_path / "stick" / "monday.db"
    posapp.ok("backup", str(backup))
    shutil.rmtree(posapp.home)
    assert second("restore", str(backup)).code == 5
    answer = second.ok("restore", str(backup), "--recovery-code-stdin", stdin=code + "\n")
    assert (answer["second_copy"], answer["asked_about"]) == (None, 1)
    assert second.ok("customer", "show", done["asha"])["balance"]["minor"] == -3500
    wrong = second("rescue", str(tmp_path / "no-such-file"))
    assert (wrong.code, wrong.json["ok"]) == (5, False)
