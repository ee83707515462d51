"""Which keychain a home uses is decided once; afterwards it opens or it is refused, and no second key ever appears."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.domain.errors import SecretsUnavailable
from posapp.keychain.argon import Cost
from posapp.keychain.book_key import (
    load_or_create_book_key,
    load_or_create_deriving_key,
    load_or_create_pin_pepper,
    load_or_create_rescue_key,
)
from posapp.keychain.errors import (
    KeychainRecordDamaged,
    KeyringAbsent,
    KeyringLocked,
    SecretDamaged,
    SecretMissing,
    VaultMissing,
    VaultPassphraseNeeded,
    VaultPassphraseShort,
    VaultPassphraseWrong,
)
from posapp.keychain.opening import RECORD, VAULT, open_keychain, read_record, start_afresh
from posapp.keychain.ports import Keychain
from posapp.keychain.recovery import create_recovery, restore_from_recovery
from posapp.keychain.system import SystemKeychain
from posapp.keychain.vault import Vault
from tests.keychain.fakes import MemoryBackend, MemoryKeychain
from tests.support.vault import CHEAP

PASSPHRASE = "four unrelated words"


class Computer:
    """A computer with or without a keyring that answers."""

    def __init__(self) -> None:
        self.backend = MemoryBackend()
        self.failure: SecretsUnavailable | None = None
        self.asked = 0

    def find(self) -> MemoryBackend:
        if self.failure is not None:
            raise self.failure
        return self.backend

    def system(self, home_id: str) -> SystemKeychain:
        return SystemKeychain(home_id, find=self.find, patience=5, may_prompt=False)

    def open(self, home: Path, passphrase: str | None = None, act: Callable[..., Keychain] = open_keychain) -> Keychain:
        def ask() -> str | None:
            self.asked += 1
            return passphrase

        return act(home, passphrase=ask, system=self.system, cost=CHEAP)


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    monkeypatch.delenv("POSAPP_VAULT_PASSPHRASE", raising=False)
    return Computer()


def names(home: Path) -> list[str]:
    return sorted(entry.name for entry in home.iterdir())


def test_a_working_keyring_is_taken_and_recorded(tmp_path: Path, computer: Computer) -> None:
    first = computer.open(tmp_path)
    assert first.kind == "keyring"
    assert computer.backend.entries == {}, "the probe is gone"
    first.set("a", b"1")
    assert computer.open(tmp_path).get("a") == b"1"
    assert computer.asked == 0
    record = json.loads((tmp_path / RECORD).read_bytes())
    assert record["kind"] == "keyring"
    assert record["version"] == 1
    assert names(tmp_path) == [RECORD]


@pytest.mark.parametrize("failure", [KeyringAbsent, KeyringLocked])
def test_a_keyring_that_goes_away_is_never_replaced(
    tmp_path: Path, computer: Computer, failure: type[SecretsUnavailable]
) -> None:
    key = load_or_create_book_key(computer.open(tmp_path), book_exists=False)
    computer.failure = failure()
    before = names(tmp_path)
    with pytest.raises(failure):
        load_or_create_book_key(computer.open(tmp_path, PASSPHRASE), book_exists=True)
    with pytest.raises(failure):
        load_or_create_book_key(computer.open(tmp_path, PASSPHRASE), book_exists=False)
    assert names(tmp_path) == before
    computer.failure = None
    assert load_or_create_book_key(computer.open(tmp_path), book_exists=True) == key


@pytest.mark.parametrize("failure", [KeyringAbsent, KeyringLocked])
def test_without_a_keyring_the_first_start_makes_a_vault(
    tmp_path: Path, computer: Computer, failure: type[SecretsUnavailable]
) -> None:
    computer.failure = failure()
    with pytest.raises(VaultPassphraseNeeded) as caught:
        computer.open(tmp_path)
    assert "POSAPP_VAULT_PASSPHRASE" in caught.value.hint
    with pytest.raises(VaultPassphraseShort):
        computer.open(tmp_path, "short")
    assert names(tmp_path) == []
    computer.open(tmp_path, PASSPHRASE).set("a", b"1")
    computer.failure = None
    again = computer.open(tmp_path, PASSPHRASE)
    assert again.kind == "vault"
    assert again.get("a") == b"1"
    assert computer.backend.entries == {}, "a keyring that comes later is not used"
    with pytest.raises(VaultPassphraseWrong):
        computer.open(tmp_path, PASSPHRASE + "!")
    with pytest.raises(VaultPassphraseNeeded):
        computer.open(tmp_path)


def test_the_passphrase_from_the_environment_is_used_without_asking(
    tmp_path: Path, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.failure = KeyringAbsent()
    monkeypatch.setenv("POSAPP_VAULT_PASSPHRASE", PASSPHRASE)
    computer.open(tmp_path).set("a", b"1")
    assert computer.open(tmp_path).get("a") == b"1"
    assert computer.asked == 0


def test_a_keyring_that_forgets_is_not_taken(tmp_path: Path, computer: Computer) -> None:
    class Forgetful(MemoryKeychain):
        def set(self, name: str, value: bytes) -> None:
            pass

    keychain = open_keychain(tmp_path, passphrase=lambda: PASSPHRASE, system=lambda _: Forgetful(), cost=CHEAP)
    assert keychain.kind == "vault"


def test_a_vault_whose_first_start_was_cut_off_is_taken_over(tmp_path: Path, computer: Computer) -> None:
    vault = Vault.create(tmp_path / VAULT, PASSPHRASE, home_id="2f4b9c1e-0000-4000-8000-00000000000a", cost=CHEAP)
    vault.set("a", b"1")
    keychain = computer.open(tmp_path, PASSPHRASE)
    assert keychain.kind == "vault"
    assert keychain.get("a") == b"1"
    record = read_record(tmp_path)
    assert record is not None
    assert record.home_id == vault.home_id


def test_a_start_that_was_overtaken_uses_what_the_other_decided(tmp_path: Path, computer: Computer) -> None:
    def slow(home_id: str) -> Keychain:
        if not (tmp_path / RECORD).exists():
            computer.open(tmp_path).set("a", b"1")
        return computer.system(home_id)

    keychain = open_keychain(tmp_path, passphrase=lambda: None, system=slow, cost=CHEAP)
    assert keychain.get("a") == b"1"


def test_a_lost_vault_is_not_made_anew(tmp_path: Path, computer: Computer) -> None:
    computer.failure = KeyringAbsent()
    computer.open(tmp_path, PASSPHRASE)
    (tmp_path / VAULT).unlink()
    with pytest.raises(VaultMissing):
        computer.open(tmp_path, PASSPHRASE)
    assert names(tmp_path) == [RECORD]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"\xff",
        b"{}",
        b'{"version":2,"kind":"keyring","home_id":"2f4b9c1e-0000-4000-8000-00000000000a"}',
        b'{"version":1,"kind":"plain","home_id":"2f4b9c1e-0000-4000-8000-00000000000a"}',
        b'{"version":1,"kind":"keyring","home_id":"../other"}',
        b'{"version":1,"kind":"keyring","home_id":7}',
    ],
)
def test_a_damaged_record_decides_nothing_anew(tmp_path: Path, computer: Computer, raw: bytes) -> None:
    (tmp_path / RECORD).write_bytes(raw)
    with pytest.raises(KeychainRecordDamaged):
        computer.open(tmp_path, PASSPHRASE)
    assert (tmp_path / RECORD).read_bytes() == raw
    assert names(tmp_path) == [RECORD]


def test_the_book_key_is_drawn_once(tmp_path: Path, computer: Computer) -> None:
    keychain = computer.open(tmp_path)
    key = load_or_create_book_key(keychain, book_exists=False)
    assert len(key) == 32
    assert load_or_create_book_key(keychain, book_exists=False) == key
    assert load_or_create_book_key(computer.open(tmp_path), book_exists=True) == key


def test_beside_a_book_no_key_is_ever_drawn(tmp_path: Path, computer: Computer) -> None:
    keychain = computer.open(tmp_path)
    with pytest.raises(SecretMissing) as caught:
        load_or_create_book_key(keychain, book_exists=True)
    assert "recovery code" in caught.value.hint
    with pytest.raises(SecretMissing):
        load_or_create_rescue_key(keychain, second_copy_exists=True)
    with pytest.raises(SecretMissing):
        load_or_create_pin_pepper(keychain, pin_exists=True)
    assert computer.backend.entries == {}
    keychain.set("book-key", b"too short")
    with pytest.raises(SecretDamaged):
        load_or_create_book_key(keychain, book_exists=True)


def test_the_key_that_passwords_are_derived_from_is_drawn_once_and_stays(tmp_path: Path, computer: Computer) -> None:
    keychain = computer.open(tmp_path)
    secret = load_or_create_deriving_key(keychain)
    assert len(secret) == 32
    assert load_or_create_deriving_key(computer.open(tmp_path)) == secret
    assert load_or_create_book_key(keychain, book_exists=False) != secret


def test_of_two_starts_both_use_the_key_that_is_kept() -> None:
    class Overtaken(MemoryKeychain):
        """Another start writes its key right after ours."""

        def set(self, name: str, value: bytes) -> None:
            super().set(name, b"o" * 32)

    assert load_or_create_book_key(Overtaken(), book_exists=False) == b"o" * 32


def test_the_recovery_code_brings_a_dead_keyring_s_keys_into_a_vault(tmp_path: Path, computer: Computer) -> None:
    old = computer.open(tmp_path)
    keys = {
        "book-key": load_or_create_book_key(old, book_exists=False),
        "rescue-key": load_or_create_rescue_key(old, second_copy_exists=False),
    }
    code = create_recovery(tmp_path / "recovery.json", keys, cost=CHEAP)
    computer.failure = KeyringAbsent()
    fresh = computer.open(tmp_path, PASSPHRASE, start_afresh)
    assert fresh.kind == "vault"
    with pytest.raises(SecretMissing):
        load_or_create_book_key(fresh, book_exists=True)
    restore_from_recovery(fresh, tmp_path / "recovery.json", code)
    assert load_or_create_book_key(computer.open(tmp_path, PASSPHRASE), book_exists=True) == keys["book-key"]
    assert [name.split(".")[-1] for name in names(tmp_path) if name.startswith(RECORD)] == ["json", "old"]


def test_a_cost_out_of_range_is_a_slip() -> None:
    for wrong in ((7, 1, 1), (8, 0, 1), (8, 1, 0), (2**30, 1, 1)):
        with pytest.raises(ValueError, match="range"):
            Cost(*wrong)
