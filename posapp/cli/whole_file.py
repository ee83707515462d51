"""Writing a file whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from posapp.domain.errors import DocumentError, DomainError
from posapp.domain.messages import N_

_UNFINISHED = ".unfinished"


class FileThere(DomainError):
    """A file of that name is there already."""

    id = "file_there"
    title = N_("The file is there already")
    message = N_("{path} is there already; it was not touched.")
    hint = N_("Give another name, or confirm that the new one takes its place: --yes.")


class FileNotWritten(DocumentError):
    """The disk or the folder does not take the file."""

    id = "file_not_written"
    title = N_("The file could not be written")
    message = N_("{path} could not be written.")
    hint = N_("Check the folder, the disk and its room, then print again.")


def refuse_existing(paths: Iterable[Path], *, confirmed: bool) -> None:
    """Refuse names that are taken, unless a person confirmed that their files are replaced."""
    taken = next((path for path in paths if path.exists()), None)
    if taken is not None and not confirmed:
        raise FileThere(path=taken)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its name and then put it in place, durably.

    Raises:
        FileNotWritten: It could not be written; what was there before is still there.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise FileNotWritten(path=path) from error


def make_folder(path: Path) -> None:
    """Make a folder with those above it; one that is there is fine.

    Raises:
        FileNotWritten: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritten(path=path) from error
