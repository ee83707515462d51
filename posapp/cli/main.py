"""Parsing a command line, running the command and ending with its exit code (contracts, section 4)."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from posapp.cli import (
    acts,
    connecting,
    copies,
    debts,
    exchanging,
    house,
    inbox,
    inputs,
    numbers,
    output,
    papers,
    people,
    server,
    verify,
    waiting,
)
from posapp.cli.application import Answer, Commands, Handler, Request
from posapp.domain.errors import (
    Cancelled,
    DisplayUnavailable,
    PosError,
    RemoteProtocolError,
    RemoteUnavailable,
    SecretsUnavailable,
    SignInRequired,
    StoreUnavailable,
)
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.services.faults import explained

EXIT_INTERRUPTED = 130
EXIT_REFUSED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_SIGN_IN, EXIT_UNAVAILABLE = 1, 2, 3, 4, 5
_EXIT_CODES: tuple[tuple[type[PosError], int], ...] = (
    (SignInRequired, EXIT_SIGN_IN),
    (RemoteUnavailable, EXIT_UNREACHABLE),
    (RemoteProtocolError, EXIT_UNREACHABLE),
    (StoreUnavailable, EXIT_UNAVAILABLE),
    (SecretsUnavailable, EXIT_UNAVAILABLE),
    (DisplayUnavailable, EXIT_UNAVAILABLE),
    (Cancelled, EXIT_INTERRUPTED),
)

_DEFAULTS = {"home": None, "json": False, "yes": False}

Opener = Callable[[Path | None, str], AbstractContextManager[Application]]
"""Opens the till of a home folder, speaking a language."""

CommandGroup = Callable[[Commands, argparse.ArgumentParser], None]
"""Adds the parsers of a group of commands."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints reach the caller as one exception, and who guesses no options: money is at stake."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "allow_abbrev": False})
        # argparse takes -5 for a value; -1,000 and -₹500 are amounts as well
        self._negative_number_matcher = re.compile(r"^-\W{0,2}\d[\d.,٫٬\s]*$")

    def error(self, message: str) -> NoReturn:
        raise _UsageError(self.format_usage(), message)


class _UsageError(Exception):
    def __init__(self, usage: str, message: str) -> None:
        super().__init__(message)
        self.usage = usage


def build_parser(more: Sequence[CommandGroup] = (), apis: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of all commands.

    Args:
        more: Groups that the composition root adds.
        apis: Names of the customer APIs that can be connected.
    """
    options = argparse.ArgumentParser(add_help=False)
    for flags, settings in (
        (("--home",), {"metavar": "DIR", "type": inputs.folder, "help": N_("the till's folder (or POSAPP_HOME)")}),
        (("--json",), {"action": "store_true", "help": N_("answer with one JSON object")}),
        (("--yes",), {"action": "store_true", "help": N_("confirm what would be asked")}),
        (("--lang",), {"metavar": "L", "help": N_("language of the answers")}),
    ):
        options.add_argument(*flags, default=argparse.SUPPRESS, **settings)
    parser = _Parser(prog="posapp", description=N_("The customer desk of a small shop."), parents=[options])
    commands: Commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    groups: tuple[CommandGroup, ...] = (
        people.add_commands,
        acts.add_commands,
        numbers.add_commands,
        debts.add_commands,
        papers.add_commands,
        partial(connecting.add_commands, apis=apis),
        server.add_commands,
        waiting.add_commands,
        inbox.add_commands,
        house.add_commands,
        verify.add_commands,
        copies.add_commands,
        exchanging.add_commands,
    )
    for add_commands in (*groups, *more):
        add_commands(commands, options)
    return parser


def run(
    argv: Sequence[str],
    open_application: Opener,
    more: Sequence[CommandGroup] = (),
    *,
    default: str | None = None,
    apis: Sequence[str] = (),
) -> int:
    """Run one command and return the process's exit code; prints its answer.

    Args:
        argv: The arguments after the program's name.
        open_application: Opens the till in a home folder (None for the default), speaking a language.
        more: Further groups of commands; a `standalone` command of theirs gets no till.
        default: The command where none is named; None to ask for one.
        apis: Names of the customer APIs that can be connected.
    """
    say, as_json = Translator("en"), "--json" in argv
    try:
        arguments = _parsed(build_parser(more, apis), argv, default)
        given = {name: inputs.typed(value) for name, value in vars(arguments).items()}
        args = argparse.Namespace(**{**_DEFAULTS, "lang": os.environ.get("POSAPP_LANG", "en"), **given})
        say = Translator(args.lang)
        answer = _answer(args, say, open_application)
        _print_answer(answer, say, as_json=args.json)
    except _UsageError as wrong:
        return _print_usage(wrong, say, as_json=as_json)
    except PosError as error:
        return _print_error(error, say, as_json=as_json)
    except KeyboardInterrupt:
        return _print_error(Cancelled(), say, as_json=as_json)
    return answer.exit_code


def _parsed(parser: argparse.ArgumentParser, argv: Sequence[str], default: str | None) -> argparse.Namespace:
    named = parser.parse_args(list(argv))
    return named if named.command or default is None else parser.parse_args([*argv, default])


def _answer(args: argparse.Namespace, say: Translator, open_application: Opener) -> Answer:
    """Run the command; what nobody expected is logged while the till's log is open."""
    if not hasattr(args, "handler") and not hasattr(args, "standalone"):
        raise _UsageError(build_parser().format_help(), say(N_("Name a command.")))
    try:
        if hasattr(args, "standalone"):
            standalone: Callable[[argparse.Namespace, Translator], Answer] = args.standalone
            return standalone(args, say)
        with open_application(args.home, args.lang) as app:
            try:
                return _answered(app, args, say)
            except Exception as error:
                raise explained(error, args.command) from error
    except Exception as error:
        raise explained(error, args.command) from error


def _answered(app: Application, args: argparse.Namespace, say: Translator) -> Answer:
    handler: Handler = args.handler
    interactive = output.interactive() and not args.json
    progress = _progress(say) if sys.stderr.isatty() and not args.json else None
    return handler(Request(app, args, say, confirmed=args.yes, interactive=interactive, progress=progress))


def _progress(say: Translator) -> Callable[[int], None]:
    def show(pulled: int) -> None:
        words = say.plural(N_("{count} customer"), N_("{count} customers"), pulled)
        print("\r" + words, end="", file=sys.stderr, flush=True)

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
        output.print_json(answer, say)
    else:
        output.print_problem(title, detail, hint)
    return exit_code_of(error)


def _print_usage(wrong: _UsageError, say: Translator, *, as_json: bool) -> int:
    if as_json:
        error = {
            "id": "usage",
            "title": say(N_("The command is not complete or not known")),
            "message": str(wrong),
            "hint": wrong.usage.strip(),
        }
        output.print_json({"ok": False, "error": error}, say)
    else:
        output.print_usage(wrong.usage.rstrip(), str(wrong))
    return EXIT_USAGE


def _print_answer(answer: Answer, say: Translator, *, as_json: bool) -> None:
    """Print what a command did; bad news of one that did its work goes to standard error."""
    error = answer.error
    if as_json:
        whole: dict[str, object] = {"ok": error is None}
        output.print_json(whole | ({} if error is None else {"error": dict(error)}) | dict(answer.data), say)
        return
    output.print_words(answer.shown, say)
    if error is not None:
        output.print_problem(error["title"], error["message"], error["hint"])
