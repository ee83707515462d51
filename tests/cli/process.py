"""`posapp` as a process of its own, for what a process alone shows: streams, signals, encodings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PASSPHRASE = "a passphrase of the tests"


def environment(**changes: str | None) -> dict[str, str]:
    """Return the environment of a till without a keyring; None takes a variable away."""
    names = {
        **os.environ,
        "POSAPP_VAULT_PASSPHRASE": PASSPHRASE,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **changes,
    }
    return {name: value for name, value in names.items() if value is not None}


def command(home: Path, *arguments: str) -> list[str]:
    """Return a command line."""
    return [sys.executable, "-m", "posapp", "--home", str(home), *arguments]


def shell(home: Path, line: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which `"$@"` is `posapp --home HOME`."""
    ran = subprocess.run(
        ["/bin/sh", "-c", line, "sh", *command(home)],
        env=environment(**changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ran.stdout + ran.stderr, ran.stderr
    return ran
