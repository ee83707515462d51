"""No secret, passphrase, code or PIN ever shows in an error, a repr, a traceback, a log line or a file."""

from __future__ import annotations

import inspect
import logging
import string
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.domain.errors import PosError
from posapp.keychain import errors, pin_errors
from posapp.keychain.book_key import load_or_create_book_key
from posapp.keychain.opening import open_keychain, start_afresh
from posapp.keychain.pin import check_pin, set_pin
from posapp.keychain.recovery import create_recovery, open_recovery, restore_from_recovery
from posapp.keychain.recovery_code import new_code
from posapp.keychain.system import SystemKeychain
from posapp.keychain.vault import Vault
from tests.keychain.fakes import FakeClock, FilePinStore, MemoryBackend, MemoryKeychain
from tests.support.vault import CHEAP

CANARY = "canary-7304-secret"
PIN = "730416"
PLACES = {"name", "file", "version", "seconds", "shortest", "least", "most", "tries_left", "wait", "failures"}


class SloppyBackend(MemoryBackend):
    """Gives back what cannot be an entry of ours."""

    def get_password(self, service: str, username: str) -> str | None:
        return f"1:{CANARY}!"


def refuse() -> MemoryBackend:
    raise errors.KeyringAbsent


def slips(home: Path) -> list[Callable[[], object]]:
    """Everything that goes wrong with a secret in somebody's hand."""
    vault = Vault.create(home / "v.json", CANARY, home_id="h", cost=CHEAP)
    vault.set("token", CANARY.encode())
    code = create_recovery(home / "r.json", {"book-key": CANARY.encode()}, cost=CHEAP)
    store = FilePinStore(home / "pin.json")
    set_pin(store, CANARY.encode(), PIN, cost=CHEAP)
    keychain = MemoryKeychain()
    keychain.set("book-key", CANARY.encode())
    sloppy = SystemKeychain("h", find=SloppyBackend, patience=5, may_prompt=False)
    (home / "cut.json").write_bytes((home / "v.json").read_bytes()[:-9])
    absent = {"passphrase": lambda: CANARY[:7], "system": lambda i: SystemKeychain(i, find=refuse), "cost": CHEAP}
    return [
        lambda: Vault.open(home / "v.json", CANARY + "x"),
        lambda: Vault.open(home / "cut.json", CANARY),
        lambda: Vault.create(home / "v.json", CANARY, home_id="h", cost=CHEAP),
        lambda: Vault.create(home / "n.json", CANARY[:7], home_id="h", cost=CHEAP),
        lambda: open_recovery(home / "r.json", CANARY),
        lambda: open_recovery(home / "r.json", code[:-1]),
        lambda: restore_from_recovery(keychain, home / "r.json", new_code()),
        lambda: load_or_create_book_key(keychain, book_exists=True),
        lambda: sloppy.get("token"),
        lambda: sloppy.set("token", CANARY.encode()),
        lambda: check_pin(store, CANARY.encode(), "905172", clock=FakeClock()),
        lambda: check_pin(store, CANARY.encode(), CANARY, clock=FakeClock()),
        lambda: set_pin(store, CANARY.encode(), PIN, cost=CHEAP),
        lambda: open_keychain(home, **absent),
        lambda: start_afresh(home, **absent),
    ]


def test_no_error_tells_a_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSAPP_VAULT_PASSPHRASE", raising=False)
    caplog.set_level(logging.DEBUG)
    for slip in slips(tmp_path):
        with pytest.raises(PosError) as caught:
            slip()
        logging.getLogger("posapp").error("slip", exc_info=caught.value)
        told = [str(caught.value), repr(caught.value), repr(caught.value.params)]
        told += traceback.format_exception(caught.value)
        for text in told:
            assert CANARY[:7] not in text
            assert PIN not in text
    assert CANARY not in caplog.text
    assert PIN not in caplog.text


def test_no_repr_tells_a_secret(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "v.json", CANARY, home_id="h", cost=CHEAP)
    keychain = SystemKeychain("h", find=MemoryBackend, patience=5)
    for kept in (vault, keychain):
        kept.set("token", CANARY.encode())
        assert CANARY not in repr(kept)
        assert CANARY not in str(kept)


def test_no_file_holds_a_secret_in_the_clear(tmp_path: Path) -> None:
    slips(tmp_path)
    for file in tmp_path.iterdir():
        raw = file.read_bytes()
        assert CANARY.encode() not in raw
        assert PIN.encode() not in raw


def every_error() -> list[type[PosError]]:
    found = [kind for module in (errors, pin_errors) for _, kind in inspect.getmembers(module, inspect.isclass)]
    return [kind for kind in found if kind.__module__.startswith("posapp.keychain")]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_says_what_happened_and_what_to_do(kind: type[PosError]) -> None:
    for text in (kind.title, kind.message, kind.hint):
        places = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        assert places <= {
            "name",
            "file",
            "version",
            "seconds",
            "shortest",
            "least",
            "most",
            "tries_left",
            "wait",
            "failures",
        }
    for sentence in (kind.message, kind.hint):
        assert sentence.endswith(".")
    assert kind.id not in {parent.id for parent in kind.__mro__[1:] if issubclass(parent, PosError)}


def test_no_two_errors_share_an_id() -> None:
    ids = [kind.id for kind in every_error()]
    assert len(ids) == len(set(ids))
