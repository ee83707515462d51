"""What `posapp doctor` looks at before any book is opened: versions and room on the disk."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from pathlib import Path

from posapp.cli.application import CheckUp
from posapp.store import driver

LEAST_FREE_BYTES = 200 * 1024 * 1024


def versions() -> Sequence[CheckUp]:
    """Return the versions of what the till stands on."""
    sqlite, cipher = driver.versions()
    return [
        CheckUp("python", ok=True, detail=platform.python_version()),
        CheckUp("sqlite", ok=True, detail=sqlite),
        CheckUp("sqlcipher", ok=bool(cipher), detail=cipher),
        _qt(),
    ]


def disk(home: Path) -> CheckUp:
    """Return whether there is room for the book to grow."""
    folder = next(parent for parent in (home, *home.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    return CheckUp("disk", ok=free >= LEAST_FREE_BYTES, detail=f"{free // 2**20} MB free")


def _qt() -> CheckUp:
    try:
        from PySide6.QtCore import qVersion  # noqa: PLC0415 (the command line works without Qt's libraries)
    except ImportError as error:
        return CheckUp("qt", ok=False, detail=type(error).__name__, optional=True)
    return CheckUp("qt", ok=True, detail=qVersion())
