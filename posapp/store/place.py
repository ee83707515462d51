"""Where a book may lie: on a disk of this computer, under one name.

SQLite's log needs memory that all its users share, which a network does not give; and a second name of a file, by a
link, leads to a second log beside it. Both end in a damaged book.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from posapp.domain.errors import StoreUnavailable
from posapp.domain.messages import N_

_MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset(
    {
        *("afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"),
        *("fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs"),
    }
)


class BookLinked(StoreUnavailable):
    """The book's file has another name elsewhere."""

    id = "book_linked"
    title = N_("The book's file is a link")
    message = N_("{path} is a link, or has a second name. Two names of one book would damage it; it was not opened.")
    hint = N_("Put the file itself into the till's folder and remove the link. To use another folder, give --home.")


class BookOnNetwork(StoreUnavailable):
    """The home lies on another computer."""

    id = "book_on_network"
    title = N_("The book must lie on this computer")
    message = N_("The folder {path} lies on a network ({kind}). A book there would be damaged; it was not opened.")
    hint = N_(
        "Choose a folder on this computer with --home. The second copy may lie on the network: posapp second-copy."
    )


def check_place(path: Path) -> None:
    """Refuse a place where a book would come to harm.

    Args:
        path: The book's file, which may not be there yet.

    Raises:
        BookLinked: The file is a link or has a second name.
        BookOnNetwork: Its folder lies on a network.
    """
    if path.is_symlink() or (path.is_file() and path.stat().st_nlink > 1):
        raise BookLinked(path=path)
    folder = path.parent.resolve()
    kind = "UNC" if str(folder).startswith("\\\\") else network_of(folder, _mounts())
    if kind is not None:
        raise BookOnNetwork(path=folder, kind=kind)


def network_of(folder: Path, mounts: str) -> str | None:
    """Return the kind of network that a folder lies on; None for a disk.

    Args:
        folder: Without links in its path.
        mounts: The system's table: a line a mount, its place and kind the second and third word.
    """
    found = None
    for line in mounts.splitlines():
        _, place, kind, *_ = line.split()
        place = place.replace("\\040", " ")
        if folder.is_relative_to(place) and (found is None or len(place) >= len(found[0])):
            found = (place, kind)
    return found[1] if found is not None and found[1] in _NETWORK else None


def _mounts() -> str:
    return _MOUNTS.read_text(errors="replace") if _MOUNTS.exists() else ""
