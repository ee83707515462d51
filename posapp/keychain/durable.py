"""Writing a small file so that a crash or a power cut leaves the old version or the new one, never half of one.

The new bytes go to a temporary file in the same folder, are forced to the disk, and take the file's name in one step;
then the folder is forced too. A process killed in between leaves the temporary file behind, which holds nothing but
what the finished file would hold and is never read.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_replacing(path: Path, content: bytes) -> None:
    """Write a file, replacing an older version in one step.

    Args:
        path: The file; only its owner may read it afterwards.
        content: All of its bytes.

    Raises:
        OSError: The disk refused; the older version is as it was.
    """
    with _temporary(path, content) as temporary:
        os.replace(temporary, path)  # noqa: PTH105 (the name under which everybody knows the atomic step)
    _force_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet.

    Args:
        path: The file; only its owner may read it afterwards.
        content: All of its bytes.

    Raises:
        FileExistsError: There is such a file; it is as it was.
        OSError: The disk refused; there is no such file.
    """
    with _temporary(path, content) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links, such as a stick's
            _write_exclusively(path, content)
    _force_folder(path.parent)


@contextmanager
def _temporary(path: Path, content: bytes) -> Iterator[str]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)  # mode 0600
    try:
        _write_and_force(handle, content)
        yield name
    finally:
        if os.path.lexists(name):
            os.unlink(name)  # noqa: PTH108 (a plain name, as mkstemp gave it)


def _write_exclusively(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _write_and_force(handle, content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _write_and_force(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _force_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows opens no folders; NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
