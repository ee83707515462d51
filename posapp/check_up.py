"""What `posapp doctor` looks at before any book is opened: versions and room on the disk."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from posapp.domain.errors import SecretsUnavailable
from posapp.domain.messages import N_, Message
from posapp.services.anchors import chain_state
from posapp.services.application import CheckUp
from posapp.services.ports.anchors import AnchorKeeper
from posapp.services.ports.book import Session
from posapp.store import driver
from posapp.store.errors import NotABackup

LEAST_FREE_BYTES = 200 * 1024 * 1024


def versions() -> Sequence[CheckUp]:
    """Return the versions of what the till stands on."""
    sqlite, cipher = driver.versions()
    return [
        CheckUp("python", ok=True, detail=Message(platform.python_version())),
        CheckUp("sqlite", ok=True, detail=Message(sqlite)),
        CheckUp("sqlcipher", ok=bool(cipher), detail=Message(cipher)),
        _qt(),
    ]


def home(folder: Path) -> CheckUp:
    """Return whether the till's folder can be written, or made where it is not there yet."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    ok = there.is_dir() and os.access(there, os.W_OK)
    detail = Message(N_("{path} can be written") if ok else N_("{path} cannot be written"), {"path": folder})
    return CheckUp("home", ok=ok, detail=detail)


def disk(home: Path) -> CheckUp:
    """Return whether there is room for the book to grow."""
    folder = next(parent for parent in (home, *home.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    return CheckUp(
        "disk", ok=free >= LEAST_FREE_BYTES, detail=Message(N_("{megabytes} MB free"), {"megabytes": free // 2**20})
    )


def backup(last: Callable[[], tuple[Path, datetime] | None]) -> CheckUp:
    """Return how the last backup stands; one on a stick that lies in a drawer is no fault of the till.

    Args:
        last: Returns file and moment of the last backup, once it was found there and whole.
    """
    try:
        found = last()
    except NotABackup as error:
        return CheckUp("backup", ok=False, detail=error.detail, optional=True, problem=error.id)
    if found is None:
        return CheckUp("backup", ok=True, detail=Message(N_("none made yet: posapp backup FILE")), optional=True)
    said = {"moment": f"{found[1]:%Y-%m-%d %H:%M}", "file": found[0]}
    return CheckUp("backup", ok=True, detail=Message(N_("{moment} UTC, whole: {file}"), said), optional=True)


def chain(session: Session, keeper: AnchorKeeper, problem: str | None) -> Sequence[CheckUp]:
    """Return how the chain of acts stands, and whether the keychain keeps up with it.

    Args:
        session: On the book.
        keeper: Where the anchor lies.
        problem: Id of what keeps it from being kept; None while all is well.
    """
    state = chain_state(session)
    checked = (
        Message(N_("never read whole yet"))
        if state.verified_at is None
        else Message(
            N_("{count} of {newest} acts read at {moment} UTC"),
            {"count": state.verified_to, "newest": state.newest, "moment": f"{state.verified_at:%Y-%m-%d %H:%M}"},
        )
    )
    findings = [CheckUp("chain", ok=True, detail=checked, optional=True)]
    findings += [CheckUp("chain", ok=False, detail=fault, problem="book_altered") for fault in state.faults]
    try:
        kept = keeper.load()
    except SecretsUnavailable as error:
        kept, problem = None, error.id
    anchored = {"seq": kept.seq if kept else 0, "newest": state.newest}
    detail = Message(N_("the keychain remembers act {seq} of {newest}"), anchored)
    return [*findings, CheckUp("anchor", ok=problem is None, detail=detail, optional=True, problem=problem)]


def _qt() -> CheckUp:
    try:
        from PySide6.QtCore import qVersion  # noqa: PLC0415 (the command line works without Qt's libraries)
    except ImportError as error:
        return CheckUp("qt", ok=False, detail=Message(type(error).__name__), optional=True)
    return CheckUp("qt", ok=True, detail=Message(qVersion()))
