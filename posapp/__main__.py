"""The `posapp` command."""

from __future__ import annotations

import getpass
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.app import TillApplication

INTERRUPTED = 130
_NOWHERE = logging.NullHandler()
"""Without it, a line logged before any home is open would be printed to the person."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the process's exit code.

    Args:
        argv: Arguments after the program's name; None for the process's own.
    """
    logging.getLogger().addHandler(_NOWHERE)
    try:
        # imported here, for Ctrl-C may come while half a second's worth of libraries is read
        from posapp import window  # noqa: PLC0415
        from posapp.app import known_apis  # noqa: PLC0415
        from posapp.cli.main import run  # noqa: PLC0415
        from posapp.cli.output import make_streams_tolerant  # noqa: PLC0415
        from posapp.demo import day  # noqa: PLC0415

        make_streams_tolerant()
        arguments = sys.argv[1:] if argv is None else argv
        more = (window.add_commands, day.add_commands)
        return run(arguments, _open, more, default=window.RUN, apis=known_apis())
    except KeyboardInterrupt:
        return INTERRUPTED


@contextmanager
def _open(home: Path | None, language: str) -> Iterator[TillApplication]:
    from posapp.app import open_till  # noqa: PLC0415 (see above)
    from posapp.domain.messages import N_  # noqa: PLC0415
    from posapp.locale.translator import Translator  # noqa: PLC0415

    say = Translator(language)

    def tell(code: str) -> None:
        """Print the recovery code where a person reads it and no script does."""
        print(say(N_("Recovery code (write it down, it is shown once): {code}"), code=code), file=sys.stderr)

    def passphrase() -> str | None:
        if sys.stdin is None or not sys.stdin.isatty():
            return None
        return getpass.getpass(say(N_("Passphrase of this till's vault: ")))

    with open_till(home, passphrase=passphrase, tell=tell) as app:
        yield app


if __name__ == "__main__":
    sys.exit(main())
