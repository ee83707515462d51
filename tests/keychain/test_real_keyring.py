"""A real gnome-keyring on a D-Bus of its own, and real computers without one: each in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

needs_keyring = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="needs gnome-keyring and dbus: apt-get install gnome-keyring dbus",
)
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the Secret Service is of Linux")

ROOT = Path(__file__).parents[2]
HEAD = """
import time
from pathlib import Path
from posapp.domain.errors import SecretsUnavailable
from posapp.keychain.argon import Cost
from posapp.keychain.book_key import load_or_create_book_key
from posapp.keychain.opening import open_keychain, read_record
from posapp.keychain.system import SystemKeychain
home = Path({home!r})
def opened(passphrase=None):
    return open_keychain(home, passphrase=lambda: passphrase, cost=Cost(8, 1, 1))
"""

Run = Callable[..., list[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def run(tmp_path: Path, home: Path) -> Run:
    """Run a script as another program would, alone or beside a keyring, and return what it printed."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "DBUS_", "POSAPP_", "KEYRING"))
    }
    for name in ("data", "config", "cache", "runtime"):
        (tmp_path / name).mkdir(mode=0o700)
    environment = kept | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "PYTHONPATH": str(ROOT),
    }
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)

    def go(script: str, session: str = "", **variables: str) -> list[str]:
        file = tmp_path / "script.py"
        file.write_text(HEAD.format(home=str(home)) + textwrap.dedent(script))
        command = [sys.executable, str(file)]
        if session:
            starter = str(Path(__file__).with_name("keyring_session.py"))
            command = ["dbus-run-session", "--", sys.executable, starter, session, str(file)]
        done = subprocess.run(
            command, env=environment | variables, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return go


@needs_linux
@needs_keyring
def test_a_real_keyring_keeps_our_secrets(run: Run, home: Path, tmp_path: Path) -> None:
    script = """
    keychain = opened()
    print(keychain.kind, len(load_or_create_book_key(keychain, book_exists=False)))
    keychain.set("token", b"secret-canary" * 500)
    keychain.set("token", b"secret-canary" * 400)
    print(keychain.get("token") == b"secret-canary" * 400, keychain.get("nothing"))
    keychain.delete("token")
    print(keychain.get("token"), load_or_create_book_key(opened(), book_exists=True).hex())
    """
    lines = run(script, "unlocked")
    assert lines[:2] == ["keyring 32", "True None"]
    assert lines[2].startswith("None ")
    again = run("print(load_or_create_book_key(opened(), book_exists=True).hex())", "unlocked")
    assert again == [lines[2].removeprefix("None ")]
    key = bytes.fromhex(again[0])
    assert [file.name for file in home.iterdir()] == ["keychain.json"]
    for file in (file for file in tmp_path.rglob("*") if file.is_file() and file.name != "script.py"):
        assert b"secret-canary" not in file.read_bytes()
        assert key not in file.read_bytes()


REFUSED = """
started = time.monotonic()
for book_exists in (True, False):
    try:
        load_or_create_book_key(opened("four unrelated words"), book_exists=book_exists)
    except SecretsUnavailable as error:
        print(error, type(error.__cause__).__name__)
print(time.monotonic() - started < 10, sorted(file.name for file in home.iterdir()))
"""


@needs_linux
@needs_keyring
def test_a_locked_keyring_is_refused_at_once_and_never_replaced(run: Run) -> None:
    key = run("print(load_or_create_book_key(opened(), book_exists=False).hex())", "unlocked")
    lines = run(REFUSED, "locked")
    assert lines == ["keyring_locked NoneType", "keyring_locked NoneType", "True ['keychain.json']"]
    assert run("print(load_or_create_book_key(opened(), book_exists=True).hex())", "unlocked") == key


@needs_linux
@needs_keyring
def test_a_prompt_that_nobody_answers_is_given_up(run: Run) -> None:
    """The prompter is there, as on a desktop, but nobody sits before it; without a display it is not even called."""
    run("opened().set('a', b'1')", "unlocked")
    script = """
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    prompter = open_dbus_connection()
    bus = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")
    name = ("org.gnome.keyring.SystemPrompter", 4)
    print(prompter.send_and_get_reply(new_method_call(bus, "RequestName", "su", name)).body)
    started = time.monotonic()
    try:
        opened().get("a")
    except SecretsUnavailable as error:
        print(error, time.monotonic() - started < 3)
    keychain = SystemKeychain(read_record(home).home_id, may_prompt=True, patience=0.7)
    for act in (lambda: keychain.get("a"), lambda: keychain.set("a", b"2")):
        try:
            act()
        except SecretsUnavailable as error:
            print(error)
    print(time.monotonic() - started < 8)
    """
    assert run(script, "locked") == ["(1,)", "keyring_locked True", "keyring_silent", "keyring_silent", "True"]
    assert run("print(opened().get('a'))", "unlocked") == ["b'1'"]


@needs_linux
@needs_keyring
def test_a_service_without_a_collection_is_no_keyring_on_a_till_without_a_display(run: Run) -> None:
    script = """
    try:
        SystemKeychain("home").get("a")
    except SecretsUnavailable as error:
        print(error)
    print(opened("four unrelated words").kind)
    """
    assert run(script, "locked") == ["keyring_absent", "vault"]


@needs_linux
@needs_keyring
def test_no_bus_at_a_later_start_is_refused_and_never_replaced(run: Run) -> None:
    run("load_or_create_book_key(opened(), book_exists=False)", "unlocked")
    lines = run(REFUSED, DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere/bus")
    assert lines[2] == "True ['keychain.json']"
    assert {line.split()[0] for line in lines[:2]} == {"keyring_absent"}


@needs_linux
@pytest.mark.parametrize(
    "variables",
    [
        {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"},
        {"DBUS_SESSION_BUS_ADDRESS": "rubbish"},
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        {"PYTHON_KEYRING_BACKEND": "no.such.backend"},
    ],
)
def test_without_a_keyring_the_first_start_needs_a_passphrase(run: Run, home: Path, variables: dict[str, str]) -> None:
    script = """
    try:
        opened()
    except SecretsUnavailable as error:
        print(error, list(home.iterdir()))
    keychain = opened("four unrelated words")
    keychain.set("token", b"secret-canary")
    print(keychain.kind, read_record(home).kind)
    """
    assert run(script, **variables) == ["vault_passphrase_needed []", "vault vault"]
    for file in home.iterdir():
        assert b"canary" not in file.read_bytes()
