"""What the command line needs from the composition root, and what a command answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from rich.console import RenderableType

from posapp.domain.messages import Message
from posapp.locale.translator import Translator
from posapp.services.connections import Connected, ConnectForm
from posapp.services.dto import CycleReport
from posapp.services.ports.delivery import Delivery
from posapp.services.till import Till


@dataclass(frozen=True, slots=True)
class CheckUp:
    """One thing that `posapp doctor` looked at.

    Attributes:
        name: What (`sqlite`, `keychain`, `book`, …).
        ok: Whether it is as it should be.
        detail: What was found; a figure or a version, never a secret.
        optional: Whether the till works without it.
        problem: The error's id, where one told what is wrong.
    """

    name: str
    ok: bool
    detail: Message
    optional: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SecondCopyState:
    """How the second copy stands; `since` is when it stopped following, None while it does."""

    folder: Path
    since: datetime | None
    same_disk: bool


class Application(Protocol):
    """The till as the command line drives it."""

    @property
    def till(self) -> Till:
        """The use cases' context; opens the book."""
        ...

    def delivery(self) -> Delivery | None:
        """Return what sends an act at once; None where the till has no server."""
        ...

    def connect(self, form: ConnectForm) -> Connected:
        """Check a credential and remember the server."""
        ...

    def sync(self, *, full: bool, connection: str | None, progress: Callable[[int], None] | None) -> CycleReport:
        """Run one cycle."""
        ...

    def watch(self, *, connection: str | None, on_report: Callable[[CycleReport], None]) -> None:
        """Run cycles until interrupted."""
        ...

    def backup(self, target: Path) -> None:
        """Write a verified backup of the book."""
        ...

    def restore(self, source: Path) -> Path | None:
        """Put a backup in the book's place and return where the old book was laid aside."""
        ...

    def recover(self, code: str) -> None:
        """Put the book's keys back into the keychain with the recovery code."""
        ...

    def set_pin(self, old: str | None, new: str) -> None:
        """Choose the manager's PIN; changing one takes the old."""
        ...

    def approve(self, pin: str) -> str:
        """Check the manager's PIN and return how the approval is written into an act."""
        ...

    def second_copy(self) -> SecondCopyState:
        """Return how the second copy stands."""
        ...

    def move_second_copy(self, folder: Path) -> SecondCopyState:
        """Let the second copy lie in another folder from now on, whole."""
        ...

    def check_up(self) -> Sequence[CheckUp]:
        """Look at everything the till stands on, without changing anything."""
        ...


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
