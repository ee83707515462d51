"""The system's keyring as our keychain: who is trusted, what fits, what a failure means, and no waiting for ever."""

from __future__ import annotations

import subprocess
import sys
import threading

import keyring.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backends import SecretService, chainer, fail, null

from posapp.domain.errors import SecretsUnavailable
from posapp.keychain.backend import trusted
from posapp.keychain.entries import packed, read_head
from posapp.keychain.errors import KeyringAbsent, KeyringFailed, KeyringLocked, KeyringSilent, SecretDamaged
from posapp.keychain.secret_service import can_prompt
from posapp.keychain.system import SystemKeychain
from tests.keychain.fakes import MemoryBackend

HOME = "5e7c1f7e-0000-4000-8000-000000000001"


def over(backend: MemoryBackend, patience: float = 5) -> SystemKeychain:
    return SystemKeychain(HOME, find=lambda: backend, patience=patience, may_prompt=False)


class Chain(chainer.ChainerBackend):
    """Looks like a chain but is a class of somebody else."""


class PlaintextKeyring(null.Keyring):
    """As keyrings.alt has it: a file that everybody reads."""


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, PlaintextKeyring, Chain, MemoryBackend, object])
def test_backends_that_protect_nothing_are_refused(backend: type[object]) -> None:
    with pytest.raises(KeyringAbsent):
        trusted(backend())


def test_the_real_ones_are_trusted_by_their_exact_class() -> None:
    service = SecretService.Keyring()
    assert trusted(service) is service


def test_a_chain_gives_its_first_trusted_member() -> None:
    script = """
from keyring.backends import chainer, null, SecretService
from posapp.keychain.backend import trusted
from posapp.keychain.errors import KeyringAbsent
service = SecretService.Keyring()
for members in ([null.Keyring(), service], [null.Keyring()], []):
    chainer.ChainerBackend.backends = members
    try:
        print(trusted(chainer.ChainerBackend()) is service)
    except KeyringAbsent as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "keyring_absent", "keyring_absent"]


def test_keyring_is_imported_only_when_a_secret_is_asked_for() -> None:
    script = (
        "import sys, posapp.keychain.opening, posapp.keychain.system as s; s.SystemKeychain('h');"
        "print(sorted(m for m in ('keyring', 'secretstorage', 'jeepney') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_secret_comes_back_and_goes() -> None:
    backend = MemoryBackend()
    keychain = over(backend)
    assert keychain.kind == "keyring"
    assert keychain.get("book-key") is None
    keychain.set("book-key", b"\x00\xff" * 16)
    assert keychain.get("book-key") == b"\x00\xff" * 16
    assert list(backend.entries) == [("posapp", f"{HOME}/book-key")]
    keychain.delete("book-key")
    keychain.delete("book-key")
    assert backend.entries == {}


@given(st.binary(max_size=6000))
def test_any_secret_fits_into_small_entries(value: bytes) -> None:
    text, parts = packed(value)
    assert all(len(entry) <= 1280 for entry in (text, *parts))
    head = read_head(text)
    assert (head.joined(parts) if parts else head.value) == value


def test_a_long_token_is_kept_in_parts_and_leaves_none_behind() -> None:
    backend = MemoryBackend()
    keychain = over(backend)
    for value in (b"a" * 9000, b"b" * 4000, b"", b"c" * 20_000, b"short"):
        keychain.set("token", value)
        assert keychain.get("token") == value
    assert len(backend.entries) == 1
    keychain.set("token", b"d" * 9000)
    keychain.delete("token")
    assert backend.entries == {}


class CutBackend(MemoryBackend):
    """A backend whose process dies after so many writes."""

    left = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.left == 0:
            raise ConnectionResetError
        self.left -= 1
        super().set_password(service, username, password)


@pytest.mark.parametrize("writes", range(11))
def test_a_write_cut_off_anywhere_leaves_the_old_or_the_new_token(writes: int) -> None:
    backend = CutBackend()
    backend.left = 100
    keychain = over(backend)
    keychain.set("token", b"o" * 9000)
    backend.left = writes
    try:
        keychain.set("token", b"n" * 9000)
        expected = b"n" * 9000
    except SecretsUnavailable:
        expected = b"o" * 9000
    assert keychain.get("token") == expected
    backend.left = 100
    keychain.set("token", b"x")
    assert keychain.get("token") == b"x"


@pytest.mark.parametrize("text", ["", "plain", "1:!!!", "2:0123456789abcdef:" + "0" * 64, "9" * 50, "1:é"])
def test_an_entry_that_somebody_changed_is_damaged_and_can_be_written_anew(text: str) -> None:
    backend = MemoryBackend()
    backend.entries["posapp", f"{HOME}/book-key"] = text
    keychain = over(backend)
    with pytest.raises(SecretDamaged):
        keychain.get("book-key")
    keychain.set("book-key", b"k" * 32)
    assert keychain.get("book-key") == b"k" * 32


class ForgetfulBackend(MemoryBackend):
    """Says yes and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.writes.append(username)


class ChangingBackend(MemoryBackend):
    """Keeps an older value."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries.setdefault((service, username), password)


def test_what_was_not_kept_is_noticed() -> None:
    with pytest.raises(KeyringFailed):
        over(ForgetfulBackend()).set("a", b"1")
    changing = over(ChangingBackend())
    changing.set("a", b"1")
    with pytest.raises(KeyringFailed):
        changing.set("a", b"2")


class FailingBackend(MemoryBackend):
    """Fails with what it is told."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error


class DBusException(Exception):
    """As dbus-python raises it, which KWallet uses."""


@pytest.mark.parametrize(
    ("raised", "meant"),
    [
        (keyring.errors.NoKeyringError("text of the backend"), KeyringAbsent),
        (keyring.errors.InitError("text of the backend"), KeyringAbsent),
        (FileNotFoundError("text of the backend"), KeyringAbsent),
        (keyring.errors.KeyringLocked("text of the backend"), KeyringLocked),
        (keyring.errors.PasswordSetError("text of the backend"), KeyringFailed),
        (keyring.errors.KeyringError("text of the backend"), KeyringFailed),
        (DBusException("text of the backend"), KeyringFailed),
        (AssertionError("text of the backend"), KeyringFailed),
        (TimeoutError("text of the backend"), KeyringSilent),
    ],
)
def test_each_failure_is_translated_once_with_its_cause(raised: Exception, meant: type[SecretsUnavailable]) -> None:
    with pytest.raises(meant) as caught:
        over(FailingBackend(raised)).get("book-key")
    assert type(caught.value) is meant
    assert caught.value.__cause__ is raised
    assert "text of the backend" not in f"{caught.value!r} {caught.value} {caught.value.params}"


def test_an_error_that_quotes_the_bytes_is_not_handed_on() -> None:
    error = UnicodeDecodeError("utf-8", b"secret-canary", 0, 1, "no")
    with pytest.raises(KeyringFailed) as caught:
        over(FailingBackend(error)).get("book-key")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


class AskingBackend(MemoryBackend):
    """Opens a window that nobody answers until the test does."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.answered.wait(20)
        super().set_password(service, username, password)


def test_a_keyring_that_asks_for_ever_is_given_up_and_its_late_write_comes_first() -> None:
    backend = AskingBackend()
    keychain = over(backend, patience=0.1)
    with pytest.raises(KeyringSilent):
        keychain.set("book-key", b"first")
    with pytest.raises(KeyringSilent):
        keychain.set("book-key", b"second")
    assert backend.writes == []
    backend.answered.set()
    keychain.set("book-key", b"third")
    assert keychain.get("book-key") == b"third"
    assert len(backend.writes) == 2


def test_a_window_is_only_hoped_for_where_there_is_a_display() -> None:
    assert can_prompt({"DISPLAY": ":0"})
    assert can_prompt({"WAYLAND_DISPLAY": "wayland-0"})
    assert not can_prompt({"DISPLAY": ""})
