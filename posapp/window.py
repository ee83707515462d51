"""The command `posapp run`: decides whether a window can be shown, and only then lets Qt start."""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import sys
from pathlib import Path

from posapp.app import open_till
from posapp.cli.application import Answer, Commands
from posapp.display import PLATFORM, find_display
from posapp.domain.errors import DisplayUnavailable
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.store.errors import BookInUse

RUN = "run"


class QtMissing(DisplayUnavailable):
    """Qt, or a library of the system that it needs, is not there."""

    id = "qt_missing"
    title = N_("The window's libraries are missing")
    message = N_("Qt cannot be loaded here: {missing}")
    hint = N_("Install what is missing (the README names the packages). The command line works without it.")


class TillOpenAlready(BookInUse):
    """Another window, or another command, holds this till."""

    id = "till_open_already"
    title = N_("The till is open already")
    message = N_("This till is open in another window or used by another command.")
    hint = N_("Go on there, or close it first.")


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(RUN, help=N_("open the till's window (also without any command)"), parents=[options])
    parser.set_defaults(standalone=run)


def run(args: argparse.Namespace, say: Translator) -> Answer:
    """Show the window until it is closed.

    Raises:
        NoDisplay: There is nothing to show it on.
        QtMissing: Qt does not load.
        TillOpenAlready: Another process holds this till.
    """
    platform = find_display(os.environ, sys.platform)
    if platform is not None:
        os.environ[PLATFORM] = platform
    _load_qt(os.environ.get(PLATFORM, ""))
    from posapp.ui.application import run_window  # noqa: PLC0415 (Qt comes in with it)

    with open_till(args.home, tell=None) as app:
        if app.home.in_use():
            raise TillOpenAlready
        return Answer({}, exit_code=run_window(app, say=say))


def _load_qt(platforms: str) -> None:
    """Load Qt's libraries and, on Linux, the plugin that draws: one that does not load would end the process."""
    try:
        from PySide6 import QtWidgets  # noqa: F401, PLC0415 (loading it is the question)
    except ImportError as error:
        raise QtMissing(missing=str(error)) from error
    spec = importlib.util.find_spec("PySide6")
    plugins = Path(spec.origin or "").parent / "Qt" / "plugins" / "platforms" if spec else Path("/nowhere")
    files = [plugins / f"libq{name.partition(':')[0]}.so" for name in platforms.split(";") if name]
    problems = [_problem_of(file) for file in files if file.exists()]
    if problems and all(problems):
        raise QtMissing(missing=problems[0])


def _problem_of(library: Path) -> str | None:
    try:
        ctypes.CDLL(str(library))
    except OSError as error:
        return str(error)
    return None
