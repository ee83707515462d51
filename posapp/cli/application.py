"""What a command gets and what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rich.console import RenderableType

from posapp.locale.translator import Translator
from posapp.services.application import Application


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers, for both kinds of reader.

    Attributes:
        data: For `--json`: the object's fields beside `ok`.
        shown: For a person: what is printed, in order.
        exit_code: Of the process.
        error: Where the command did its work and yet has bad news (a sync without a server): the error object.
    """

    data: Mapping[str, object]
    shown: Sequence[RenderableType] = ()
    exit_code: int = 0
    error: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A command with its arguments, as a handler gets it."""

    app: Application
    args: argparse.Namespace
    say: Translator
    confirmed: bool
    interactive: bool
    progress: Callable[[int], None] | None = field(default=None)


Handler = Callable[[Request], Answer]
"""A command."""

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 (its public name is missing)
"""Where a group of commands adds its parsers."""
