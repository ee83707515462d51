"""The practice till: a book with made-up customers, thrown away each time, to learn and to try things on."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.home import make_folder
from posapp.store.errors import HomeUnusable

PRACTICE = "practice"
MARK = "this-is-practice"


class PracticeStaysHere(DomainError):
    """A practice till reaches no server, so that nothing made up gets into a shop's books."""

    id = "practice_stays_here"
    title = N_("This is the practice till")
    message = N_("The practice till is never connected to a server.")
    hint = N_("Leave the practice and connect the shop's own till.")


def begin_practice(folder: Path) -> str:
    """Make an empty practice home and return a passphrase for its vault.

    Args:
        folder: Where; a practice of before is thrown away.

    Raises:
        HomeUnusable: Something else lies there, or the system refuses.
    """
    if folder.exists() and not (folder / MARK).is_file():
        raise HomeUnusable(path=folder)
    try:
        shutil.rmtree(folder, ignore_errors=False) if folder.exists() else None
        make_folder(folder)
        (folder / MARK).touch()
    except OSError as error:
        raise HomeUnusable(path=folder) from error
    return secrets.token_urlsafe(16)
