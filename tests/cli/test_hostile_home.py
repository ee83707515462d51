"""Homes, disks, terminals and fingers at their worst: a sentence, the right exit code, nothing lost, no traceback."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from posapp.app import open_till
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.main import run
from posapp.services.application import Application
from tests.cli.conftest import Posapp
from tests.cli.process import command, environment, shell


@pytest.fixture
def asha(posapp: Posapp) -> str:
    """A customer's id."""
    return str(posapp.ok("customer", "add", "--name", "Asha Devi", "--phone", "98765 43210")["customer"]["id"])


@contextmanager
def mounted(*arguments: str, at: Path) -> Iterator[None]:
    """Mount something for the length of a test; skipped where this machine does not let us."""
    at.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *arguments, str(at)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting needs root: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let a folder be a write-protected disk."""
    with mounted("--bind", str(folder), at=folder):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield


def test_a_write_protected_home_is_read_and_backed_up(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    posapp.ok("pay", asha, "5")
    with read_only(posapp.home):
        assert posapp.ok("customer", "show", asha)["balance"]["minor"] == 500
        assert posapp.ok("verify")["operations"] == 2
        refused = posapp("pay", asha, "6")
        assert (refused.code, refused.error) == (5, "book_read_only")
        posapp.ok("backup", str(tmp_path / "rescued.db"))
        assert posapp("doctor").error == "not_healthy"
    assert posapp.ok("verify")["operations"] == 2


def test_a_write_protected_folder_without_a_book(posapp: Posapp, tmp_path: Path) -> None:
    shutil.rmtree(posapp.home)
    posapp.home.mkdir()
    with read_only(posapp.home):
        assert posapp("status").code == 5
        assert posapp("doctor").code == 5


def test_a_full_disk_is_not_called_a_broken_one(posapp: Posapp) -> None:
    with mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", at=posapp.home):
        made = posapp.ok("customer", "add", "--name", "Full Disk")["customer"]["id"]
        with (posapp.home / "filler").open("wb", buffering=0) as filler:
            for size in (65536, 4096):
                try:
                    while True:
                        filler.write(bytes(size))
                except OSError:
                    pass
        refused = posapp("pay", made, "5")
        assert (refused.code, refused.error) == (5, "disk_full")
        assert posapp("backup", str(posapp.home / "copy.db")).code == 5
        assert not list(posapp.home.glob("copy.db*"))
        (posapp.home / "filler").unlink()
        posapp.ok("pay", made, "5")
        assert posapp.ok("verify")["operations"] == 2


def test_a_book_that_is_gone_is_never_silently_made_anew(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    posapp.ok("backup", str(tmp_path / "backup.db"))
    copy = (posapp.home / "second-copy.acts").read_bytes()
    for path in posapp.home.glob("book.db*"):
        path.unlink()
    for arguments in (("status",), ("pay", asha, "5"), ("find", "asha")):
        ran = posapp(*arguments)
        assert (ran.code, ran.error) == (5, "book_lost")
    assert posapp("doctor").code == 5
    assert posapp("backup", str(tmp_path / "other.db")).error == "book_missing"
    assert (posapp.home / "second-copy.acts").read_bytes() == copy
    posapp.ok("restore", str(tmp_path / "backup.db"))
    assert posapp.ok("find", "asha")["count"] == 1


def test_lost_keys_are_asked_for_never_made_again(posapp: Posapp, asha: str) -> None:
    code = json.loads((posapp.home / "keychain.json").read_text())["kind"]
    assert code == "vault"
    for name in ("keychain.json", "vault.json"):
        (posapp.home / name).unlink()
    assert posapp("status").error == "secret_missing"
    assert posapp("pay", asha, "5").code == 5
    (posapp.home / "keychain.json").write_text("{}")
    assert posapp("status").code == 5


def test_without_keyring_and_passphrase(posapp: Posapp, asha: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSAPP_VAULT_PASSPHRASE")
    ran = posapp("pay", asha, "5")
    assert (ran.code, ran.error) == (5, "vault_passphrase_needed")
    monkeypatch.setenv("POSAPP_VAULT_PASSPHRASE", "not the passphrase")
    assert posapp("find", "asha").error == "vault_passphrase_wrong"
    doctor = posapp("doctor")
    assert doctor.code == 5
    assert {one["problem"] for one in doctor.json["checks"] if not one["ok"]} == {"vault_passphrase_wrong"}


def test_backups_that_cannot_be(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    book = posapp.home / "book.db"
    whole = book.read_bytes()
    (tmp_path / "there.db").write_text("mine")
    assert posapp("backup", str(tmp_path / "there.db")).error == "backup_exists"
    assert posapp("backup", str(book)).code == 1
    (tmp_path / "garbage.db").write_bytes(b"garbage" * 5000)
    for source in ("nowhere.db", "there.db", "garbage.db", "."):
        ran = posapp("restore", str(tmp_path / source))
        assert (ran.code, ran.error) == (1, "not_a_backup"), source
    assert posapp.ok("find", "asha")["count"] == 1
    book.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    assert posapp("status").code == 5
    assert posapp("backup", str(tmp_path / "half.db")).code == 5
    assert not (tmp_path / "half.db").exists()


@pytest.mark.parametrize("name", ["\x1b[31mred\x1b[0m\x07", "علي\u202e desrever", "\ud83dbroken"])
def test_a_name_cannot_steer_the_terminal(posapp: Posapp, name: str) -> None:
    ran = posapp("customer", "add", "--name", name, as_json=False)
    assert ran.code == 0
    for arguments in (("find", "red"), ("find", "علي"), ("find", "broken"), ("customer", "show", "\x1b[31mred")):
        shown = posapp(*arguments, as_json=False)
        assert not set("\x1b\x07\u202e") & set(ran.out + shown.out + shown.err)


def test_bytes_that_are_no_text(posapp: Posapp, asha: str) -> None:
    assert posapp.ok("find", "\udcff\udcfe")["count"] == 0
    assert posapp("pay", "\udcff", "5").error == "unknown_customer"
    assert posapp("pay", asha, "\udcff5").error == "wrong_amount"
    assert posapp("pay", asha, "5", "--on", "\udcff").error == "wrong_date"
    posapp.ok("pay", asha, "5", "--note", "\udcffhello")
    assert posapp("\udcff").error == "usage"
    assert posapp("connect", "pos", "http://127.0.0.1:1/", "--token-stdin", stdin="\udcff\n").code == 1


SLIPS = [
    (("pay", "{id}", "5", "--on", "0001-01-01"), "too_long_ago"),
    (("pay", "{id}", "5", "--on", "0206-01-15"), "too_long_ago"),
    (("ledger", "{id}", "--from", "2026-02-01", "--to", "2026-01-01"), "wrong_period"),
    (("customer", "edit", "{id}", "--credit-limit", "-5"), "limit_below_zero"),
    (("shop", "--zone", "Asia"), "wrong_setting"),
    (("shop", "--zone", "../../etc/passwd"), "wrong_setting"),
    (("shop", "--name", "n" * 300), "wrong_setting"),
    (("connect", "pos", "https://shop.example.com/pos", "--token-stdin", "--zone", "Nonsense"), "wrong_setting"),
    (("connect", "pos", "https://shop.example.com/pos", "--token-stdin", "--currency", "rupee"), "wrong_setting"),
    (("connect", "pos", "https://shop.example.com/pos", "--token-stdin", "--country", "XX"), "wrong_setting"),
    (("connect", "pos", "http://shop.example.com/pos", "--token-stdin"), "insecure_address"),
]


def test_slips_are_refused(posapp: Posapp, asha: str) -> None:
    for arguments, error in SLIPS:
        ran = posapp(*(part.replace("{id}", asha) for part in arguments), stdin="token\n")
        assert (ran.code, ran.error) == (1, error), arguments
    assert posapp.ok("verify")["operations"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("redeem", "a", "1_0"),
        ("sale", "a", "10", "--points", "1.5"),
        ("find", "a", "--limit", "0"),
        ("find", "a", "--limit", "-3"),
        ("sale", "a", "10", "--on-acc", "5"),
        ("status", "--home", ""),
        ("status", "--home", " "),
    ],
)
def test_usage_is_not_guessed(posapp: Posapp, arguments: tuple[str, ...]) -> None:
    ran = posapp(*arguments)
    assert (ran.code, ran.error) == (2, "usage")


def test_an_advance_may_be_typed_with_its_minus(posapp: Posapp) -> None:
    for typed, minor in (("-1,000", 100000), ("-₹500", 50000), ("-১০০", 10000), ("−20", 2000)):
        made = posapp.ok("customer", "add", "--name", "Paid Ahead", "--opening-balance", typed)
        assert made["balance"]["minor"] == minor, typed
    bare = posapp.ok("customer", "add", "--name", "Too")["customer"]["id"]
    assert posapp.ok("opening", bare, "-1,000")["balance"]["minor"] == 100000


@pytest.mark.parametrize("encoding", ["ascii", "cp1252:strict"])
def test_a_terminal_without_the_rupee_sign(posapp: Posapp, asha: str, encoding: str) -> None:
    said = shell(posapp.home, f'"$@" pay {asha} 500; "$@" doctor', PYTHONIOENCODING=encoding)
    assert said.returncode == 0
    assert "?500.00" in said.stdout
    told = shell(posapp.home, f'"$@" --json pay {asha} 700', PYTHONIOENCODING=encoding)
    assert json.loads(told.stdout)["amount"]["text"] == "₹700.00"


@pytest.mark.parametrize(
    "line",
    ['"$@" --json {act} | head -0', '"$@" {act} >&-', '"$@" {act} > /dev/full', '"$@" --json {act} <&-'],
)
def test_nobody_listens(posapp: Posapp, asha: str, line: str) -> None:
    ran = shell(posapp.home, line.format(act=f"pay {asha} 5"))
    assert ran.returncode == 0
    assert "Exception ignored" not in ran.stderr
    assert ("could not be written" in ran.stderr) == ("full" in line)
    assert posapp.ok("verify")["operations"] == 2


def test_ctrl_c_at_any_moment(posapp: Posapp, asha: str) -> None:
    for delay in (0.2, 0.45, 0.7):
        running = subprocess.Popen(
            command(posapp.home, "pay", asha, "5"),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(delay)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
        assert running.returncode in {0, 130, -signal.SIGINT}
        assert "Traceback" not in out + err
    verified = posapp.ok("verify")
    assert verified["faults"] == []
    assert posapp.ok("pay", asha, "5")["state"] == "kept"


def test_two_at_once_and_one_killed(posapp: Posapp, asha: str) -> None:
    both = [
        subprocess.Popen(
            command(posapp.home, "--json", "pay", asha, "5"),
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in both]
    saved = [answer for answer in answers if answer["ok"]]
    assert saved
    assert {answer["error"]["id"] for answer in answers if not answer["ok"]} <= {"book_in_use"}
    killed = subprocess.Popen(command(posapp.home, "pay", asha, "7"), env=environment())
    time.sleep(0.55)
    killed.kill()
    killed.wait()
    verified = posapp.ok("verify")
    assert verified["faults"] == []
    assert verified["operations"] - 1 - len(saved) in {0, 1}


CANARY = "Zubaida Canary, 01799 987654"


def _stumbling(commands: Commands, options: argparse.ArgumentParser) -> None:
    def stumble(_: Request) -> Answer:
        raise RuntimeError(CANARY)

    commands.add_parser("stumble", parents=[options]).set_defaults(handler=stumble)


@pytest.mark.logs("posapp.services.faults", "unexpected RuntimeError in stumble")
def test_a_bug_is_logged_and_never_shown(posapp: Posapp, capsys: pytest.CaptureFixture[str]) -> None:
    def opened(home: Path | None, _: str) -> AbstractContextManager[Application]:
        return open_till(home, keyring=False)

    posapp.ok("status")
    code = run(["--home", str(posapp.home), "--json", "stumble"], opened, more=(_stumbling,))
    out, err = capsys.readouterr()
    assert (code, json.loads(out)["error"]["id"], err) == (1, "bug", "")
    logged = (posapp.home / "logs" / "posapp.log").read_text()
    assert "RuntimeError in stumble" in logged
    assert CANARY not in logged


def test_a_log_that_cannot_be_written_is_nobodys_business(posapp: Posapp, asha: str) -> None:
    shutil.rmtree(posapp.home / "logs", ignore_errors=True)
    (posapp.home / "logs").write_text("a file where the folder should be")
    ran = posapp("pay", asha, "5", as_json=False)
    assert (ran.code, ran.err) == (0, "")


def test_where_the_home_is(posapp: Posapp, asha: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    ran = shell(other, f'"$@" --json status --home {posapp.home}')
    assert json.loads(ran.stdout)["customers"] == 1
    assert not other.exists()
    ran = shell(other, f"shift 3; shift 2; {command(other)[0]} -m posapp --json status", POSAPP_HOME=str(posapp.home))
    assert json.loads(ran.stdout)["customers"] == 1


def test_the_clock_of_the_computer_is_elsewhere(posapp: Posapp, asha: str) -> None:
    posapp.ok("shop", "--zone", "Pacific/Kiritimati")
    for zone in ("Pacific/Honolulu", "Nonsense/Zone", "UTC+15"):
        ran = shell(posapp.home, f'"$@" --json pay {asha} 5 --on today', TZ=zone)
        assert json.loads(ran.stdout)["ok"] is True
    lines = posapp.ok("ledger", asha)["entries"]
    assert [line["backdated"] for line in lines] == [False] * 3


@pytest.mark.parametrize("named", ["", " ", "x" * 5000, "a\0b"], ids=["empty", "blank", "long", "zero"])
@pytest.mark.parametrize("command", ["exchange", "second-copy", "backup", "restore", "rescue"])
def test_a_name_that_no_file_can_have_is_a_slip_of_the_finger(
    posapp: Posapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, named: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    ran = posapp(command, named)
    assert (ran.code, ran.error) == (2, "usage")
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("asha")
@pytest.mark.parametrize("named", ["nowhere", "."])
def test_a_second_copy_that_is_not_there_is_named(posapp: Posapp, tmp_path: Path, named: str) -> None:
    path = tmp_path / named
    ran = posapp("rescue", str(path))
    assert (ran.code, ran.error) == (5, "second_copy_unreadable")
    assert str(path) in ran.json["error"]["message"]
