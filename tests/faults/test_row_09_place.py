"""Row 9: a book on a network, or under two names. Refused, with the reason, and not touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from posapp.store.place import network_of
from tests.cli.conftest import Posapp

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
//server/shop /mnt/shop cifs rw 0 0
server:/export /mnt/my\\040share nfs4 rw 0 0
/dev/sdb1 /mnt/shop/stick vfat rw 0 0
me@server: /home/me/far fuse.sshfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me/till", None),
        ("/tmp/till", None),
        ("/mnt/shop", "cifs"),
        ("/mnt/shop/till", "cifs"),
        ("/mnt/shopping", None),
        ("/mnt/shop/stick/till", None),
        ("/mnt/my share/till", "nfs4"),
        ("/home/me/far/till", "fuse.sshfs"),
    ],
)
def test_row_09_network(folder: str, kind: str | None) -> None:
    assert network_of(Path(folder), MOUNTS) == kind


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_row_09_link(posapp: Posapp, tmp_path: Path, link) -> None:
    customer = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    book, elsewhere = posapp.home / "book.db", tmp_path / "elsewhere.db"
    book.rename(elsewhere)
    link(elsewhere, book)
    before = elsewhere.read_bytes()
    for arguments in (("pay", customer, "5"), ("find", "asha"), ("status",)):
        ran = posapp(*arguments)
        assert (ran.code, ran.error) == (5, "book_linked")
    assert elsewhere.read_bytes() == before
    book.unlink()
    elsewhere.rename(book)
    assert posapp.ok("find", "asha")["count"] == 1


def test_row_09_a_linked_home_is_a_home(posapp: Posapp, tmp_path: Path) -> None:
    posapp.ok("customer", "add", "--name", "Asha Devi")
    (tmp_path / "link").symlink_to(posapp.home)
    posapp.home = tmp_path / "link"
    assert posapp.ok("find", "asha")["count"] == 1
