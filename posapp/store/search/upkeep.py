"""Keeping the index in the transaction of the rows that it is of.

Each index is filled by one statement for many customers, in ascending order of their rows. What leaves is taken out by
its very text, which the entry keeps: the full-text index then overwrites it (`secure-delete`), where an index that does
not know the text could only strike the row out and would keep the person's name until its next merge.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from posapp.store.search import vocabulary
from posapp.store.search.entries import Entry

_ADD = "INSERT INTO search_entry (row, words, middles) VALUES (?, ?, ?)"
_WHICH = "row IN (SELECT value FROM json_each(?))"
_FILL: Final = tuple(
    f"INSERT INTO {index} (rowid, {text}) SELECT row, {text} FROM search_entry WHERE {_WHICH} ORDER BY row"  # noqa: S608
    for index, text in (("search_words", "words"), ("search_middles", "middles"))
)
_EMPTY: Final = tuple(
    f"INSERT INTO {index} ({index}, rowid, {text})"  # noqa: S608
    f" SELECT 'delete', row, {text} FROM search_entry WHERE {_WHICH} ORDER BY row"
    for index, text in (("search_words", "words"), ("search_middles", "middles"))
)
_HELD = f"SELECT row, words FROM search_entry WHERE {_WHICH}"  # noqa: S608
_REMOVE = f"DELETE FROM search_entry WHERE {_WHICH}"  # noqa: S608
_COUNT = "UPDATE search_state SET entries = entries + ?"
_ENTRY = "SELECT words, middles FROM search_entry WHERE row = ?"


def add(sql: sa.Connection, entries: Sequence[tuple[int, Entry]]) -> None:
    """Index customers who are not in the index.

    Args:
        sql: The transaction that also writes their rows.
        entries: Row and entry of each, in ascending order of rows.
    """
    if not entries:
        return
    sql.exec_driver_sql(_ADD, [(row, entry.words, entry.middles) for row, entry in entries])
    rows = json.dumps([row for row, _ in entries])
    for statement in _FILL:
        sql.exec_driver_sql(statement, (rows,))
    vocabulary.learn(sql, {word for _, entry in entries for word in entry.names})
    sql.exec_driver_sql(_COUNT, (len(entries),))


def remove(sql: sa.Connection, rows: Iterable[int]) -> None:
    """Take customers out of the index, and words that nobody else has; those not in it are passed over."""
    which = json.dumps(list(rows))
    held = sql.exec_driver_sql(_HELD, (which,)).all()
    if not held:
        return
    for statement in _EMPTY:
        sql.exec_driver_sql(statement, (which,))
    sql.exec_driver_sql(_REMOVE, (which,))
    vocabulary.forget(sql, {word for _, words in held for word in words.split()})
    sql.exec_driver_sql(_COUNT, (-len(held),))


def replace(sql: sa.Connection, row: int, entry: Entry) -> None:
    """Index a customer as she is now; what is the same already is left alone."""
    held = sql.exec_driver_sql(_ENTRY, (row,)).first()
    if held is not None and tuple(held) == (entry.words, entry.middles):
        return
    remove(sql, [row])
    add(sql, [(row, entry)])
