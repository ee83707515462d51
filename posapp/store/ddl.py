"""What `MetaData` cannot say: the search index, the guards of the append-only tables, and how a fresh book is made.

A fresh book is made from the tables directly, for importing the migration tool costs more than the whole rest of a
start; a test holds both ways against each other.
"""

from __future__ import annotations

import sqlalchemy as sa

from posapp.store.exchange.tables import PEER_ENTRY, PEER_LINE, PEER_POINTS
from posapp.store.search.tables import SEARCH_STATE
from posapp.store.tables import (
    ATTEMPT,
    LANE_CLOCK,
    LEDGER_ENTRY,
    METADATA,
    OPERATION,
    POINTS_ENTRY,
    SALE,
    STATEMENT_PRINT,
)

HEAD = "0006"
"""The newest revision of the schema that this program knows."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", HEAD)
"""All revisions that this program can bring to `HEAD`, oldest first."""

APPLICATION_ID = 0x706F7362
"""`posb` in SQLite's header: the file is a book of ours."""

_SEARCH = (
    """CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='row', detail=none,
  columnsize=0, tokenize='ascii', prefix='1 2 3 4 5 6 7')""",
    "INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1)",
    """CREATE VIRTUAL TABLE search_middles USING fts5(middles, content='search_entry', content_rowid='row', detail=none,
  columnsize=0, tokenize='trigram case_sensitive 1')""",
    "INSERT INTO search_middles (search_middles, rank) VALUES ('secure-delete', 1)",
)
"""Both indexes get folded text. The tokenizer `ascii` parts it at blanks alone and takes every sign beyond ASCII as a
letter, where `unicode61` would part Indic words at their vowel signs."""

_BODY_STAYS = """CREATE TRIGGER attempt_body_stays BEFORE UPDATE OF body ON attempt
  WHEN NEW.body IS NOT OLD.body AND length(NEW.body) > 0
  BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END"""

_DELIVERY = {"state", "not_before", "evidence"}
_ENDING = {"outcome", "status", "server_text", "error_kind", "finished_at", "body"}
_GUARDED: dict[sa.Table, set[str]] = {
    OPERATION: _DELIVERY,
    ATTEMPT: _ENDING,
    LEDGER_ENTRY: set(),
    POINTS_ENTRY: set(),
    SALE: set(),
    STATEMENT_PRINT: set(),
    PEER_LINE: {"content"},
    PEER_ENTRY: {"customer_id", "gone"},
    PEER_POINTS: {"customer_id", "gone"},
}
"""Append-only tables with the columns that may change after all."""


def guards() -> list[str]:
    """Return the triggers that forbid changing or deleting what was recorded.

    The bytes of an attempt may be emptied, by an erasure of the person in them, and changed in no other way.
    """
    statements = [_BODY_STAYS]
    for table, free in _GUARDED.items():
        fixed = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in free)
        stop = f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        statements += [
            f"CREATE TRIGGER {table.name}_stays BEFORE UPDATE OF {fixed} ON {table.name} {stop}",
            f"CREATE TRIGGER {table.name}_never_goes BEFORE DELETE ON {table.name} {stop}",
        ]
    return statements


def create_schema(connection: sa.Connection) -> None:
    """Make all tables of a fresh book at `HEAD`, inside the caller's transaction."""
    METADATA.create_all(connection, checkfirst=False)
    for statement in (*_SEARCH, *guards()):
        connection.exec_driver_sql(statement)
    connection.execute(LANE_CLOCK.insert().values(id=1, epoch=0))
    connection.execute(SEARCH_STATE.insert().values(id=1, fingerprint="", entries=0))
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n"
        "\tCONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))
