"""Files that appear whole or not at all: written under another name, forced to the disk, then renamed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def flush_file(path: Path) -> None:
    """Force a closed file's bytes to the disk; never used on a book that is open, whose locks it would drop."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Force a folder's names to the disk, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(temporary: Path, target: Path) -> None:
    """Give a finished file its name, durably."""
    flush_file(temporary)
    temporary.replace(target)
    flush_folder(target.parent)


def remove_with_companions(path: Path) -> None:
    """Remove a database file of ours that nobody has open, with its WAL and shared memory."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
