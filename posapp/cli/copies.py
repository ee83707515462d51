"""Copies of the book on the command line: backup, restore, rescue."""

from __future__ import annotations

import argparse

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.domain.messages import N_
from posapp.services.application import BringBack
from posapp.services.ports.rescued import Rescued


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("backup", help=N_("write a verified backup of the book"), parents=[options])
    parser.add_argument("file", metavar="FILE", type=inputs.file)
    parser.set_defaults(handler=_backup)
    parser = commands.add_parser("restore", help=N_("put a backup in the book's place"), parents=[options])
    parser.add_argument("file", metavar="FILE", type=inputs.file, help=N_("written by posapp backup"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--second-copy", metavar="FILE", type=inputs.file, help=N_("go on with this second copy"))
    which.add_argument("--without-second-copy", action="store_true", help=N_("later acts do not come back"))
    _add_reading(parser)
    parser.set_defaults(handler=_restore)
    parser = commands.add_parser("rescue", help=N_("take over the acts of a second copy"), parents=[options])
    parser.add_argument("file", metavar="FILE", type=inputs.file, help=N_("a till's second copy"))
    _add_reading(parser)
    parser.set_defaults(handler=_rescue)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--up-to-damage", action="store_true", help=N_("use the acts before a damaged line"))
    parser.add_argument("--recovery-code-stdin", action="store_true", help=N_("of the till that wrote the file"))


def _backup(request: Request) -> Answer:
    request.app.backup(request.args.file)
    return Answer(
        {"file": str(request.args.file)},
        [Text(request.say(N_("Backup written and read back: {file}"), file=request.args.file))],
    )


def _restore(request: Request) -> Answer:
    args = request.args
    how = BringBack(_code(request), args.up_to_damage, args.second_copy, not args.without_second_copy)
    done = request.app.restore(args.file, how)
    words = N_("Restored.") if done.aside is None else N_("Restored. The old book lies at {file}.")
    head = Text(request.say(words, file=done.aside), style="green")
    return Answer({"restored": str(args.file), **_data(request, done)}, [head, *_found(request, done)])


def _rescue(request: Request) -> Answer:
    done = request.app.rescue(request.args.file, BringBack(_code(request), request.args.up_to_damage))
    words = request.say.plural(
        N_("Rescued: {count} act is in this book now."), N_("Rescued: {count} acts are in this book now."), done.taken
    )
    return Answer(_data(request, done), [Text(words, style="green"), *_found(request, done)])


def _code(request: Request) -> str | None:
    return inputs.secret_line(request, N_("Recovery code: ")) if request.args.recovery_code_stdin else None


def _found(request: Request, done: Rescued) -> list[Text]:
    """Say what was found in the copy of acts and what follows from it."""
    say = request.say
    if done.copy is None:
        lines = [Text(say(N_("There was no second copy: acts after the backup are not in this book.")), style="yellow")]
    else:
        found = N_("In {file}: {acts} acts, of which {known} were known and {taken} came back.")
        lines = [Text(say(found, file=done.copy, acts=done.acts, known=done.known, taken=done.taken))]
    if done.damage is not None:
        lines.append(Text(say.say(done.damage.detail), style="bold yellow"))
    if done.asked:
        words = say.plural(
            N_("{count} act may have been sent before; the server is asked about it, nothing is sent blindly."),
            N_("{count} acts may have been sent before; the server is asked about them, nothing is sent blindly."),
            done.asked,
        )
        lines.append(Text(words, style="yellow"))
    return lines


def _data(request: Request, done: Rescued) -> dict[str, object]:
    damage = done.damage
    return {
        "old_book": None if done.aside is None else str(done.aside),
        "second_copy": None if done.copy is None else str(done.copy),
        "till": done.till_id,
        "acts": done.acts,
        "known": done.known,
        "taken_over": done.taken,
        "kept": done.kept,
        "new_customers": done.people,
        "asked_about": done.asked,
        "damage": None if damage is None else {"id": damage.id, "message": request.say.say(damage.detail)},
    }
