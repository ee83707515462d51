"""A book that somebody edited behind the till's back: each kind of edit is named, by whatever remembers better."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.app import open_till
from posapp.domain.customer import Profile
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.keychain.chain_anchor import KeychainAnchor
from posapp.keychain.opening import VAULT
from posapp.keychain.ports import BOOK_KEY
from posapp.keychain.vault import Vault
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.store import driver
from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE
from tests.support.vault import make_cheap_vault

COPY = "second-copy.acts"


@pytest.fixture(scope="module")
def six_acts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A closed till's home, and the ids of the six acts in its book."""
    home = tmp_path_factory.mktemp("template") / "home"
    make_cheap_vault(home, PASSPHRASE)
    with open_till(home, actor="Mina", passphrase=lambda: PASSPHRASE, keyring=False) as app:
        made = add_customer(app.till, operation_id=OperationId(new_uuid()), profile=Profile("Asha Devi"))
        ids = [made.recorded.operation.id]
        for number in range(1, 6):
            form = EntryForm(
                OperationId(new_uuid()), made.recorded.customer.id, OperationKind.PAYMENT, Money(100 * number, "INR")
            )
            ids.append(record_entry(app.till, form).operation.id)
    return home, list(ids)


@pytest.fixture
def acts(posapp: Posapp, six_acts: tuple[Path, list[str]]) -> list[str]:
    """Ids of six acts in the till's book."""
    shutil.copytree(six_acts[0], posapp.home, dirs_exist_ok=True)
    return six_acts[1]


def vault(home: Path) -> Vault:
    return Vault.open(home / VAULT, PASSPHRASE)


@contextlib.contextmanager
def edited(home: Path) -> Iterator[object]:
    """Open the book as a thief would who has the key: without its guards."""
    key = vault(home).get(BOOK_KEY)
    assert key is not None
    with contextlib.closing(driver.connect(home / "book.db", key, mode="rw")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA foreign_keys = OFF").fetchall()
        yield connection


def cut(home: Path, *, after: int) -> None:
    """Take away the newest acts with all they wrote, so that the book is whole by itself."""
    with edited(home) as connection:
        gone = f"(SELECT id FROM operation WHERE till_seq > {after})"
        for table, column in (("ledger_entry", "operation_id"), ("operation_person", "operation_id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} IN {gone}")
        connection.execute(f"DELETE FROM operation WHERE till_seq > {after}")


def without_copy(home: Path) -> None:
    (home / COPY).unlink()


def verified(posapp: Posapp) -> dict[str, list[int]]:
    """Return places by the kind of fault."""
    ran = posapp("verify")
    assert (ran.code == 5) == bool(ran.json["faults"])
    found: dict[str, list[int]] = {}
    for fault in ran.json["faults"]:
        found.setdefault(fault["kind"], []).append(fault["seq"])
    return found


def said(posapp: Posapp) -> str:
    return " ".join(posapp("verify", as_json=False).out.split())


def test_a_whole_book_has_its_newest_act_in_the_keychain(posapp: Posapp, acts: list[str]) -> None:
    assert verified(posapp) == {}
    anchor = KeychainAnchor(vault(posapp.home)).load()
    assert anchor is not None
    assert anchor.seq == len(acts)
    checks = {one["name"]: one for one in posapp.ok("doctor")["checks"]}
    assert checks["anchor"]["detail"] == "the keychain remembers act 6 of 6"
    assert checks["chain"]["ok"] is True


def test_a_changed_byte_is_named(posapp: Posapp, acts: list[str]) -> None:
    with edited(posapp.home) as connection:
        connection.execute("UPDATE operation SET actor = 'Somebody' WHERE till_seq = 3")
    assert verified(posapp) == {"altered": [3]}


def test_a_dropped_middle_is_named(posapp: Posapp, acts: list[str]) -> None:
    with edited(posapp.home) as connection:
        connection.execute("DELETE FROM ledger_entry WHERE operation_id = ?", (acts[2],))
        connection.execute("DELETE FROM operation WHERE till_seq = 3")
    assert verified(posapp) == {"gap": [4], "replaced": [3]}


def test_a_cut_tail_is_named_by_the_second_copy_and_the_keychain(posapp: Posapp, acts: list[str]) -> None:
    cut(posapp.home, after=4)
    assert posapp.ok("find", "asha")["count"] == 1, "the till opens"
    assert verified(posapp) == {"cut_tail": [6, 6]}
    assert "cut tail: acts 5–6 are missing, the second copy has them" in said(posapp)
    assert "cut tail: acts 5–6 are missing from the book, the keychain remembers them" in said(posapp)
    kinds = {item["kind"] for item in posapp.ok("inbox", "list")["items"]}
    assert kinds == {"chain_keychain", "chain_second_copy"}
    assert "cut tail" in posapp.ok("status")["chain"]["faults"][0]
    doctor = posapp("doctor")
    assert doctor.code == 5
    assert {one["problem"] for one in doctor.json["checks"] if not one["ok"]} == {"book_altered"}


def test_a_cut_tail_is_seen_without_the_second_copy(posapp: Posapp, acts: list[str]) -> None:
    cut(posapp.home, after=4)
    without_copy(posapp.home)
    assert verified(posapp) == {"cut_tail": [6]}


def test_a_cut_tail_is_seen_without_the_keychains_anchor(posapp: Posapp, acts: list[str]) -> None:
    cut(posapp.home, after=4)
    vault(posapp.home).delete("chain-anchor")
    assert verified(posapp) == {"cut_tail": [6]}


def test_what_the_second_copy_had_is_kept_while_the_till_goes_on(posapp: Posapp, acts: list[str]) -> None:
    before = (posapp.home / COPY).read_bytes()
    cut(posapp.home, after=4)
    customer = posapp.ok("find", "asha")["customers"][0]["id"]
    posapp.ok("pay", customer, "10")
    (aside,) = posapp.home.glob(COPY + ".aside-*")
    assert aside.read_bytes() == before
    assert {"cut_tail"} <= set(verified(posapp)) | {"replaced"}
    anchor = KeychainAnchor(vault(posapp.home)).load()
    assert anchor is not None
    assert anchor.seq == 6, "what the keychain remembers is evidence until somebody has decided"


def test_a_book_with_other_acts_in_their_place_is_named(posapp: Posapp, acts: list[str]) -> None:
    whole = (posapp.home / "book.db").read_bytes()
    cut(posapp.home, after=4)
    without_copy(posapp.home)
    vault(posapp.home).delete("chain-anchor")
    customer = posapp.ok("find", "asha")["customers"][0]["id"]
    for amount in ("11", "12"):
        posapp.ok("pay", customer, amount)
    (posapp.home / "book.db").write_bytes(whole)
    assert verified(posapp) == {"replaced": [6, 6]}


def test_acts_that_are_back_close_the_question_by_themselves(posapp: Posapp, acts: list[str]) -> None:
    whole = (posapp.home / "book.db").read_bytes()
    cut(posapp.home, after=4)
    assert posapp("verify").code == 5
    (posapp.home / "book.db").write_bytes(whole)
    assert verified(posapp) == {}
    assert posapp.ok("inbox", "list")["count"] == 0


def test_a_second_copy_that_was_edited_is_named_and_the_book_is_not(posapp: Posapp, acts: list[str]) -> None:
    copy = posapp.home / COPY
    lines = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join(lines[:3] + lines[4:]))
    assert verified(posapp) == {"second_copy_gap": [0]}
    changed = bytearray(lines[2])
    changed[20] ^= 1
    copy.write_bytes(b"".join([*lines[:2], bytes(changed), *lines[3:]]))
    assert verified(posapp) == {"second_copy_altered": [0]}
    assert "posapp restore" not in posapp("verify").json["error"]["hint"]
    copy.write_bytes(b"".join(lines[:4]))
    assert verified(posapp) == {}, "a cut end is written again"
    assert copy.read_bytes().count(b"\n") == len(lines)


def test_a_till_never_writes_into_the_second_copy_of_another(posapp: Posapp, acts: list[str], tmp_path: Path) -> None:
    copy = posapp.home / COPY
    other = copy.read_bytes().replace(copy.read_bytes().split()[2], b"another-till", 1)
    copy.write_bytes(other)
    customer = posapp.ok("find", "asha")["customers"][0]["id"]
    posapp.ok("pay", customer, "5")
    assert copy.read_bytes() == other
