"""Parsing a command line, running the command and ending with its exit code (contracts, section 4)."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from posapp.cli import acts, house, numbers, people, server
from posapp.cli.application import Answer, Application, Commands, Handler, Request
from posapp.domain.errors import (
    PosError,
    RemoteProtocolError,
    RemoteUnavailable,
    SecretsUnavailable,
    SignInRequired,
    StoreUnavailable,
)
from posapp.domain.messages import N_
from posapp.locale.translator import Translator

FILE_WIDTH = 200
"""Columns where no terminal says how wide it is."""

EXIT_REFUSED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_SIGN_IN, EXIT_UNAVAILABLE = 1, 2, 3, 4, 5
_EXIT_CODES: tuple[tuple[type[PosError], int], ...] = (
    (SignInRequired, EXIT_SIGN_IN),
    (RemoteUnavailable, EXIT_UNREACHABLE),
    (RemoteProtocolError, EXIT_UNREACHABLE),
    (StoreUnavailable, EXIT_UNAVAILABLE),
    (SecretsUnavailable, EXIT_UNAVAILABLE),
)

_DEFAULTS = {"home": None, "json": False, "yes": False}

log = logging.getLogger(__name__)

Opener = Callable[[Path | None, str], AbstractContextManager[Application]]
"""Opens the till of a home folder, speaking a language."""

CommandGroup = Callable[[Commands, argparse.ArgumentParser], None]
"""Adds the parsers of a group of commands."""


class Bug(PosError):
    """Something that we did wrong; the particulars are in the log, without personal data."""

    id = "bug"
    message = N_("The act stopped at a fault of this program. What was shown as saved is safe.")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints reach the caller as one exception."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(self.format_usage(), message)


class _UsageError(Exception):
    def __init__(self, usage: str, message: str) -> None:
        super().__init__(message)
        self.usage = usage


def build_parser(more: Sequence[CommandGroup] = ()) -> argparse.ArgumentParser:
    """Return the parser of all commands, `more` being groups that the composition root adds."""
    options = argparse.ArgumentParser(add_help=False)
    for flags, settings in (
        (("--home",), {"metavar": "DIR", "type": Path, "help": N_("the till's folder (or POSAPP_HOME)")}),
        (("--json",), {"action": "store_true", "help": N_("answer with one JSON object")}),
        (("--yes",), {"action": "store_true", "help": N_("confirm what would be asked")}),
        (("--lang",), {"metavar": "L", "help": N_("language of the answers")}),
    ):
        options.add_argument(*flags, default=argparse.SUPPRESS, **settings)
    parser = _Parser(prog="posapp", description=N_("The customer desk of a small shop."), parents=[options])
    commands: Commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    groups = (people.add_commands, acts.add_commands, numbers.add_commands, server.add_commands, house.add_commands)
    for add_commands in (*groups, *more):
        add_commands(commands, options)
    return parser


def run(argv: Sequence[str], open_application: Opener, more: Sequence[CommandGroup] = ()) -> int:
    """Run one command and return the process's exit code; prints its answer.

    Args:
        argv: The arguments after the program's name.
        open_application: Opens the till in a home folder (None for the default), speaking a language.
        more: Further groups of commands; a `standalone` command of theirs gets no till.
    """
    parser = build_parser(more)
    try:
        args = parser.parse_args(list(argv))
    except _UsageError as wrong:
        return _print_usage(wrong, as_json="--json" in argv)
    args = argparse.Namespace(**{**_DEFAULTS, "lang": os.environ.get("POSAPP_LANG", "en"), **vars(args)})
    say = Translator(args.lang)
    if not hasattr(args, "handler") and not hasattr(args, "standalone"):
        return _print_usage(_UsageError(parser.format_help(), say(N_("Name a command."))), as_json=args.json)
    try:
        if hasattr(args, "standalone"):
            answer: Answer = args.standalone(args, say)
        else:
            with open_application(args.home, args.lang) as app:
                answer = _answered(app, args, say)
    except PosError as error:
        return _print_error(error, say, as_json=args.json)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 (the last resort: a person never sees a traceback)
        # only where it happened: an exception's text may hold a name or a phone
        trace = "".join(traceback.format_tb(error.__traceback__))
        log.error("unexpected %s in %s\n%s", type(error).__name__, args.command, trace)  # noqa: TRY400
        return _print_error(Bug(), say, as_json=args.json)
    _print_answer(answer, as_json=args.json)
    return answer.exit_code


def _answered(app: Application, args: argparse.Namespace, say: Translator) -> Answer:
    handler: Handler = args.handler
    interactive = sys.stdin.isatty() and not args.json
    progress = _progress(say) if sys.stderr.isatty() and not args.json else None
    return handler(Request(app, args, say, confirmed=args.yes, interactive=interactive, progress=progress))


def _progress(say: Translator) -> Callable[[int], None]:
    def show(pulled: int) -> None:
        print("\r" + say(N_("{pulled} customers"), pulled=pulled), end="", file=sys.stderr, flush=True)

    return show


def exit_code_of(error: PosError) -> int:
    """Return the exit code of an error: 1 refused, 3 unreachable, 4 sign-in, 5 store, keychain or display."""
    return next((code for family, code in _EXIT_CODES if isinstance(error, family)), EXIT_REFUSED)


def _print_error(error: PosError, say: Translator, *, as_json: bool) -> int:
    title, detail, hint = (say.say(part) for part in (error.title_message, error.detail, error.next_step))
    if as_json:
        answer: dict[str, object] = {
            "ok": False,
            "error": {"id": error.id, "title": title, "message": detail, "hint": hint},
        }
        answer |= {name: str(error.params[name]) for name in ("operation", "state") if name in error.params}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(Text(title, style="bold red"))
        console.print(Text("  " + detail))
        console.print(Text("  " + hint, style="dim"))
    return exit_code_of(error)


def _print_usage(wrong: _UsageError, *, as_json: bool) -> int:
    if as_json:
        error = {"id": "usage", "title": "Usage", "message": str(wrong), "hint": wrong.usage.strip()}
        print(json.dumps({"ok": False, "error": error}, ensure_ascii=False))
    else:
        print(f"{wrong.usage.rstrip()}\n{wrong}", file=sys.stderr)
    return EXIT_USAGE


def _print_answer(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        whole: dict[str, object] = {"ok": answer.error is None}
        if answer.error is not None:
            whole["error"] = dict(answer.error)
        print(json.dumps(whole | dict(answer.data), ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else FILE_WIDTH)
    for part in answer.shown:
        console.print(part)
