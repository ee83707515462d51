"""A vault gives back what was put in, to its passphrase alone, and is never half written or quietly replaced."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from posapp.domain.errors import SecretsUnavailable
from posapp.keychain.checked_file import decode, encode
from posapp.keychain.errors import (
    VaultDamaged,
    VaultExists,
    VaultMissing,
    VaultPassphraseNeeded,
    VaultPassphraseShort,
    VaultPassphraseWrong,
    VaultTooNew,
    VaultUnusable,
)
from posapp.keychain.vault import FORMAT, VERSION, Vault
from tests.support.vault import CHEAP

PASSPHRASE = "four unrelated words"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.json"


@pytest.fixture
def vault(path: Path) -> Vault:
    return Vault.create(path, PASSPHRASE, home_id="home-1", cost=CHEAP)


def test_secrets_survive_closing_and_opening(vault: Vault, path: Path) -> None:
    vault.set("book-key", b"\x00\xff" * 16)
    vault.set("token", b"t" * 5000)
    vault.set("token", b"u" * 5000)
    opened = Vault.open(path, PASSPHRASE)
    assert opened.kind == "vault"
    assert opened.home_id == "home-1"
    assert opened.get("book-key") == b"\x00\xff" * 16
    assert opened.get("token") == b"u" * 5000
    opened.delete("token")
    opened.delete("token")
    assert vault.get("token") is None
    assert vault.get("book-key") == b"\x00\xff" * 16


def test_only_the_owner_may_read_the_file(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["vault.json"]


def test_nothing_in_the_file_is_readable(vault: Vault, path: Path) -> None:
    vault.set("server-token", b"secret-canary")
    assert b"canary" not in path.read_bytes()
    assert b"server-token" not in path.read_bytes()


def test_another_passphrase_does_not_open_it(vault: Vault, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(VaultPassphraseWrong):
        Vault.open(path, PASSPHRASE + "x")
    with pytest.raises(VaultPassphraseNeeded):
        Vault.open(path, "")
    assert path.read_bytes() == before


def test_two_spellings_of_an_accent_are_one_passphrase(path: Path) -> None:
    Vault.create(path, "caf\u00e9 au lait", home_id="h", cost=CHEAP)
    Vault.open(path, "cafe\u0301 au lait")


@pytest.mark.parametrize("passphrase", ["", "1234567", "a       ", "        "])
def test_a_short_passphrase_makes_no_vault(path: Path, passphrase: str) -> None:
    with pytest.raises(VaultPassphraseShort):
        Vault.create(path, passphrase, home_id="h", cost=CHEAP)
    assert not path.exists()


def test_a_new_passphrase_opens_it_and_the_old_one_no_longer(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    vault.change_passphrase("five other unrelated words", cost=CHEAP)
    with pytest.raises(VaultPassphraseWrong):
        Vault.open(path, PASSPHRASE)
    assert Vault.open(path, "five other unrelated words").get("a") == b"1"
    assert vault.get("a") == b"1"


def test_every_changed_byte_is_noticed_and_the_file_left_alone(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    whole = path.read_bytes()
    for place in range(len(whole)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            altered = bytearray(whole)
            altered[place] ^= flip
            path.write_bytes(altered)
            with pytest.raises((VaultDamaged, VaultTooNew)):
                Vault.open(path, PASSPHRASE)
            assert path.read_bytes() == altered
    path.write_bytes(whole)
    assert Vault.open(path, PASSPHRASE).get("a") == b"1"


def test_every_cut_tail_is_noticed(vault: Vault, path: Path) -> None:
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(VaultDamaged):
            Vault.open(path, PASSPHRASE)
    path.write_bytes(whole + b"\n")
    with pytest.raises(VaultDamaged):
        Vault.open(path, PASSPHRASE)


@pytest.mark.parametrize(
    "raw", [b"[]", b"null", b'{"format":"posapp vault"}', b"\xff\xfe", b"[" * 100_000, b'{"a":NaN}']
)
def test_what_is_no_vault_is_called_damaged(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    with pytest.raises(VaultDamaged):
        Vault.open(path, PASSPHRASE)


def test_an_alteration_with_a_matching_checksum_is_noticed_by_the_seals(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    content = decode(path.read_bytes(), form=FORMAT, version=VERSION)
    other = Vault.create(path.with_name("other.json"), PASSPHRASE, home_id="home-1", cost=CHEAP)
    other.set("a", b"2")
    foreign = decode(path.with_name("other.json").read_bytes(), form=FORMAT, version=VERSION)
    kdf = {**content["kdf"], "iterations": 2}
    greedy = {**content["kdf"], "memory_kib": 2**40}
    forged = [{"home_id": "home-2"}, {"kdf": kdf}, {"kdf": greedy}, {"kdf": None}, {"extra": 1, "wrapped_key": None}]
    forged += [{key: foreign[key]} for key in ("kdf", "wrapped_key", "secrets")]
    for change in forged:
        path.write_bytes(encode({**content, **change}))
        with pytest.raises((VaultDamaged, VaultPassphraseWrong)):
            Vault.open(path, PASSPHRASE)


def test_an_older_vault_put_back_under_an_open_one_is_read_not_mixed(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    older = path.read_bytes()
    vault.set("a", b"2")
    path.write_bytes(older)
    assert vault.get("a") == b"1"


def test_a_newer_format_is_refused_and_left_alone(vault: Vault, path: Path) -> None:
    path.write_bytes(encode({"format": FORMAT, "version": 2, "anything": "else"}))
    before = path.read_bytes()
    with pytest.raises(VaultTooNew) as caught:
        Vault.open(path, PASSPHRASE)
    with pytest.raises(VaultTooNew):
        vault.set("a", b"1")
    assert caught.value.params == {"file": "vault.json", "version": 2}
    assert path.read_bytes() == before


def test_creating_never_overwrites(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    before = path.read_bytes()
    with pytest.raises(VaultExists):
        Vault.create(path, "another passphrase", home_id="h", cost=CHEAP)
    path.write_bytes(b"rubbish")
    with pytest.raises(VaultExists):
        Vault.create(path, "another passphrase", home_id="h", cost=CHEAP)
    assert path.read_bytes() == b"rubbish"
    path.write_bytes(before)
    assert [entry.name for entry in path.parent.iterdir()] == ["vault.json"]


def test_a_missing_or_unusable_file_has_its_own_error(vault: Vault, path: Path, tmp_path: Path) -> None:
    path.unlink()
    with pytest.raises(VaultMissing):
        vault.get("a")
    with pytest.raises(VaultUnusable):
        Vault.create(tmp_path / "no-such-folder" / "vault.json", PASSPHRASE, home_id="h", cost=CHEAP)
    path.mkdir()
    with pytest.raises(VaultUnusable):
        Vault.open(path, PASSPHRASE)


def test_a_name_that_could_mean_something_else_is_a_slip(vault: Vault) -> None:
    for name in ("", "A", "a/b", "a#1", "../a", "a" * 65):
        with pytest.raises(ValueError, match="name"):
            vault.set(name, b"1")


def test_threads_that_write_at_once_lose_nothing(vault: Vault) -> None:
    threads = [threading.Thread(target=vault.set, args=(f"name-{number}", b"v")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(vault.get(f"name-{number}") == b"v" for number in range(12))


WRITER = """
import sys
from pathlib import Path
from posapp.keychain.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
print("ready", flush=True)
number = 0
while True:
    number += 1
    vault.set("a", number.to_bytes(4, "big") * 500)
    vault.set("b", number.to_bytes(4, "big") * 500)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills with SIGKILL")
def test_a_killed_writer_leaves_the_old_or_the_new_version(vault: Vault, path: Path) -> None:
    vault.set("a", bytes(2000))
    vault.set("b", bytes(2000))
    for round_ in range(6):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path), PASSPHRASE], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.01 + 0.007 * round_)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        opened = Vault.open(path, PASSPHRASE)
        a, b = opened.get("a"), opened.get("b")
        assert a is not None
        assert b is not None
        assert int.from_bytes(a[:4], "big") - int.from_bytes(b[:4], "big") in {0, 1}
        assert a == a[:4] * 500


def test_a_full_disk_leaves_the_old_version(vault: Vault, path: Path) -> None:
    vault.set("a", b"1")
    script = """
import resource, signal, sys
from pathlib import Path
from posapp.keychain.errors import VaultUnusable
from posapp.keychain.vault import Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
try:
    vault.set("a", bytes(100_000))
except VaultUnusable as error:
    print(error, error.params)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), PASSPHRASE], capture_output=True, text=True, check=True
    )
    assert done.stdout == "vault_unusable {'file': 'vault.json'}\n"
    assert vault.get("a") == b"1"
    assert [entry.name for entry in path.parent.iterdir()] == ["vault.json"]


def test_the_stored_parameters_are_used_not_todays(vault: Vault, path: Path) -> None:
    assert json.loads(path.read_bytes())["kdf"]["memory_kib"] == CHEAP.memory_kib
    assert isinstance(Vault.open(path, PASSPHRASE), Vault)


def test_every_error_about_the_vault_stops_the_same_callers() -> None:
    for error in (VaultDamaged, VaultExists, VaultMissing, VaultPassphraseNeeded, VaultPassphraseWrong, VaultTooNew):
        assert issubclass(error, SecretsUnavailable)
