"""The command as a user runs it: real home, real book, real stub; only the process is shared."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posapp.__main__ import main
from tests.cli.process import PASSPHRASE
from tests.support.stub import StubServer
from tests.support.vault import make_cheap_vault


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer

    @property
    def error(self) -> str:
        """The error's id."""
        assert self.json["ok"] is False
        assert set(self.json["error"]) == {"id", "title", "message", "hint"}
        assert all(self.json["error"].values())
        return str(self.json["error"]["id"])


class Posapp:
    """`posapp` in one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("POSAPP_VAULT_PASSPHRASE", PASSPHRASE)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    def __call__(self, *arguments: str, stdin: str = "", as_json: bool = True) -> Ran:
        """Run a command and return what it did."""
        self._capsys.readouterr()
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        options = ["--home", str(self.home), *(["--json"] if as_json else [])]
        code = main([*options, *arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(code, out, err)

    def ok(self, *arguments: str, stdin: str = "") -> dict[str, Any]:
        """Run a command that must succeed and return its answer."""
        ran = self(*arguments, stdin=stdin)
        assert ran.code == 0, ran.out
        assert ran.json["ok"] is True
        return ran.json

    def connect(self, stub: StubServer, **options: str) -> dict[str, Any]:
        """Connect to a stub as the till of store 22, with a short quarantine."""
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        answer = self.ok("connect", "pos", stub.base_url, "--token-stdin", *flags, stdin=stub.token() + "\n")
        self.ok("shop", "--quarantine", "1")
        return answer

    def drain(self) -> dict[str, Any]:
        """Sync until nothing waits, however short or long the cycles are beside the quarantine."""
        for _ in range(40):
            answer = self.ok("sync")
            if not answer["waiting"]:
                return answer
            time.sleep(0.3)
        raise AssertionError(self.ok("outbox"))


@pytest.fixture
def posapp(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Posapp:
    """A till of its own."""
    make_cheap_vault(tmp_path / "home", PASSPHRASE)
    return Posapp(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """A stub with every extension."""
    with StubServer(customers=60) as server:
        yield server


@pytest.fixture
def plain_stub() -> Iterator[StubServer]:
    """A stub with what the document describes and nothing else."""
    with StubServer(customers=60, plain=True) as server:
        yield server
