"""The two ways to the newest schema are the same way, and an upgrade that dies leaves the old book or the new one."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from posapp.store import ddl, driver
from posapp.store.book import open_book
from posapp.store.connection import writing_engine
from posapp.store.migrating import configuration, migrate, upgrade
from tests.support.book import KEY, START, SettableClock, a_customer, fresh_book


def schema_of(path: Path) -> dict[tuple[str, str], str]:
    with contextlib.closing(driver.connect(path, KEY, mode="ro")) as connection:
        rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return {(kind, name): re.sub(r"\s+", "", sql).replace('"', "") for kind, name, sql in rows}


def empty_file(path: Path) -> Path:
    engine = writing_engine(path, KEY, create=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA application_id = 1")
    engine.dispose()
    return path


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    path = empty_file(tmp_path / "migrated.db")
    migrate(path, KEY, lambda config: command.upgrade(config, "head"))
    return path


def test_a_fresh_book_and_a_migrated_one_have_the_same_schema(tmp_path: Path, migrated: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        path = book.path
    assert schema_of(path) == schema_of(migrated)


def test_down_leaves_nothing_and_up_again_gives_the_same(migrated: Path) -> None:
    before = schema_of(migrated)
    migrate(migrated, KEY, lambda config: command.downgrade(config, "base"))
    assert {name for _, name in schema_of(migrated)} == {"alembic_version", "sqlite_autoindex_alembic_version_1"}
    migrate(migrated, KEY, lambda config: command.upgrade(config, "head"))
    assert schema_of(migrated) == before


def test_the_program_knows_the_revisions_that_it_carries() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert scripts.get_heads() == [ddl.HEAD]
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == ddl.REVISIONS


def test_revisions_import_no_code_of_the_program() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    for script in scripts.walk_revisions():
        assert "posapp" not in Path(script.path).read_text(encoding="utf-8")


def test_opening_a_current_book_does_not_import_the_migration_tool() -> None:
    code = "import sys, posapp.store.book; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_upgrade_leaves_a_verified_backup_of_the_book_before_it(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        book.write(lambda session: session.customers.add(a_customer()))
        path = book.path
    backup = upgrade(path, KEY, now=START)
    assert backup.parent == path.parent / "backups"
    with contextlib.closing(driver.connect(backup, KEY, mode="ro", immutable=True)) as connection:
        assert connection.execute("SELECT count(*) FROM customer").fetchone() == (1,)
    assert [child.name for child in backup.parent.iterdir()] == [backup.name]


DYING = """
import os, sys
from pathlib import Path
from alembic import command
import posapp.store.migrations.versions.v0001_initial as first
from posapp.store.migrating import migrate
from alembic import op
import sqlalchemy as sa

statements, die_at = 0, int(sys.argv[2])

def count(*_):
    global statements
    statements += 1
    if statements == die_at:
        os.kill(os.getpid(), 9)

sa.event.listen(sa.Engine, "before_cursor_execute", count)
migrate(Path(sys.argv[1]), bytes(range(32)), lambda config: command.upgrade(config, "head"))
"""


@pytest.mark.parametrize("die_at", [3, 12, 40])
def test_a_crash_in_the_middle_leaves_the_old_schema(tmp_path: Path, die_at: int) -> None:
    path = empty_file(tmp_path / "old.db")
    ended = subprocess.run([sys.executable, "-c", DYING, str(path), str(die_at)], check=False, capture_output=True)
    assert ended.returncode == -9, ended.stderr
    assert schema_of(path) == {}
    migrate(path, KEY, lambda config: command.upgrade(config, "head"))
    assert ("table", "operation") in schema_of(path)


def test_a_book_of_the_first_revision_is_brought_up_with_what_is_in_it(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        book.write(lambda session: session.customers.add(a_customer()))
        path = book.path
    newest = schema_of(path)
    migrate(path, KEY, lambda config: command.downgrade(config, "0001"))
    assert ("table", "statement_print") not in schema_of(path)
    with open_book(path, KEY, clock=SettableClock()) as reopened:
        assert reopened.wait_for_index(10), "a search of another make is filled anew"
        assert len(reopened.read(lambda session: session.customers.find("rah", 5)).hits) == 1
    assert schema_of(path) == newest
