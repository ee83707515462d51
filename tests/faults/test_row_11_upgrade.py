"""Row 11: killed in an upgrade, at each of its statements. What is left is the old book, and the next start ends it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa
from alembic import command

from posapp.domain.ids import OperationId, new_uuid
from posapp.store.migrating import migrate, upgrade
from tests.faults.disk_till import a_home, pay, recorded, reopened, till_of
from tests.store.test_migrations import schema_of
from tests.support.book import KEY, START

OLD = "0001"


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, list[str], dict[tuple[str, str], str]]:
    """A book of the first revision, the acts in it, and the newest schema."""
    path, customer = a_home(tmp_path / "old")
    acts = [OperationId(new_uuid()) for _ in range(3)]
    with reopened(path) as book:
        assert [pay(till_of(book), customer, one) for one in acts] == ["saved"] * 3
    newest = schema_of(path)
    migrate(path, KEY, lambda config: command.downgrade(config, OLD))
    return path, acts, newest


def killed_at(path: Path, statement: int) -> bool:
    """Upgrade in a process that dies at a statement; False where it lived to the end."""
    child = os.fork()
    if child == 0:
        _upgrade_and_die(path, statement)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def _upgrade_and_die(path: Path, statement: int) -> NoReturn:
    left = iter(range(statement - 1, -1, -1))

    def count(*_: object) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        upgrade(path, KEY, now=START - timedelta(days=1))
    finally:
        os._exit(0)


def statements() -> Iterator[int]:
    number = 1
    while True:
        yield number
        number += 1


def test_row_11_each_statement(tmp_path: Path, old: tuple[Path, list[str], dict[tuple[str, str], str]]) -> None:
    path, acts, newest = old
    before = schema_of(path)
    died = 0
    for number in statements():
        home = tmp_path / str(number)
        shutil.copytree(path.parent, home)
        dead = killed_at(home / path.name, number)
        assert schema_of(home / path.name) == (before if dead else newest)
        with reopened(home / path.name) as book:
            assert recorded(book) == acts
        assert schema_of(home / path.name) == newest
        shutil.rmtree(home)
        if not dead:
            break
        died += 1
    assert died > 20, "each statement of each revision is one death"
