"""What `posapp doctor` looks at before any book is opened: versions and room on the disk."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path

from posapp.domain.messages import N_, Message
from posapp.services.application import CheckUp
from posapp.store import driver

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


def _qt() -> CheckUp:
    try:
        from PySide6.QtCore import qVersion  # noqa: PLC0415 (the command line works without Qt's libraries)
    except ImportError as error:
        return CheckUp("qt", ok=False, detail=Message(type(error).__name__), optional=True)
    return CheckUp("qt", ok=True, detail=Message(qVersion()))
