"""A small file is the old one or the new one, and what must be new replaces nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from posapp.keychain.durable import write_new, write_replacing


def test_a_file_is_replaced_whole_and_stays_its_owner_s(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_replacing(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_new(path, b"first")
    with pytest.raises(FileExistsError):
        write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"theirs")
    path = tmp_path / "file"
    path.symlink_to(elsewhere)
    with pytest.raises(FileExistsError):
        write_new(path, b"ours")
    write_replacing(path, b"ours")
    assert elsewhere.read_bytes() == b"theirs"
    assert not path.is_symlink()
