"""The `posapp` command."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from posapp.app import TillApplication, open_till
from posapp.cli.main import run
from posapp.demo import day
from posapp.domain.messages import N_
from posapp.locale.translator import Translator


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the process's exit code.

    Args:
        argv: Arguments after the program's name; None for the process's own.
    """
    return run(sys.argv[1:] if argv is None else argv, _open, more=(day.add_commands,))


@contextmanager
def _open(home: Path | None, language: str) -> Iterator[TillApplication]:
    named = os.environ.get("POSAPP_HOME")
    say = Translator(language)

    def tell(code: str) -> None:
        """Print the recovery code where a person reads it and no script does."""
        print(say(N_("Recovery code (write it down, it is shown once): {code}"), code=code), file=sys.stderr)

    def passphrase() -> str | None:
        return getpass.getpass(say(N_("Passphrase of this till's vault: "))) if sys.stdin.isatty() else None

    folder = home or (Path(named) if named else None)
    with open_till(folder, passphrase=passphrase, tell=tell) as app:
        yield app


if __name__ == "__main__":
    sys.exit(main())
