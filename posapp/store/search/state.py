"""Whether the index is whole, and filling it anew where it is not.

The state is one row: of which version and country the entries are, how many there are, and how far a filling that is
under way has come. Filling goes in portions, each a transaction of its own, so that a till's acts go between them; who
is found meanwhile is who is in the index, and the count says so.
"""

from __future__ import annotations

import json
from typing import Any, Final

import sqlalchemy as sa

from posapp.store.phones import indexed
from posapp.store.search import upkeep
from posapp.store.search.entries import VERSION, row_entry

PORTION: Final = 250
"""Customers a transaction: some 40 ms."""

_STATE = "SELECT fingerprint, entries, filled_to FROM search_state"
_LIVE = "SELECT count(*) FROM customer WHERE status = 'live'"
_NEXT = (
    "SELECT row, name, phone, phone_e164, email, tags, card_code, row IN (SELECT row FROM search_entry) AS held"
    " FROM customer WHERE row > ? AND status = 'live' ORDER BY row LIMIT ?"
)
_WIPE: Final = (
    "INSERT INTO search_words (search_words) VALUES ('delete-all')",
    "INSERT INTO search_middles (search_middles) VALUES ('delete-all')",
    "DELETE FROM search_entry",
    "DELETE FROM search_spelling",
    "DELETE FROM search_vocabulary",
)
_BEGIN = "UPDATE search_state SET fingerprint = ?, entries = 0, filled_to = 0"
_COME_TO = "UPDATE search_state SET filled_to = ?"
_SET_FINGERPRINT = "UPDATE search_state SET fingerprint = ?"
_SET_E164 = "UPDATE customer SET phone_e164 = ? WHERE row = ?"
_UNLIKE: Final = (
    "SELECT count(*) FROM search_entry WHERE row NOT IN (SELECT row FROM customer WHERE status = 'live')",
    "SELECT count(*) FROM search_spelling WHERE word NOT IN (SELECT id FROM search_vocabulary)",
)


def count(sql: sa.Connection) -> int:
    """Return how many customers are in the index."""
    return int(sql.exec_driver_sql("SELECT entries FROM search_state").scalar_one())


def is_stale(sql: sa.Connection, country: str) -> bool:
    """Return whether the index is of another version or country, half filled, or of another number of customers."""
    fingerprint, entries, filled_to = sql.exec_driver_sql(_STATE).one()
    if fingerprint != _fingerprint(country) or filled_to is not None:
        return True
    return bool(entries != sql.exec_driver_sql(_LIVE).scalar_one())


def country_changed(sql: sa.Connection, country: str) -> bool:
    """Note the country that phones are read by; return whether the index must be filled anew for it."""
    if sql.exec_driver_sql("SELECT 1 FROM customer LIMIT 1").first() is None:
        sql.exec_driver_sql(_SET_FINGERPRINT, (_fingerprint(country),))
    return is_stale(sql, country)


def fill_on(sql: sa.Connection, country: str) -> bool:
    """Fill the index with the next portion, from the beginning where it is stale; return whether it is whole now."""
    fingerprint, _, filled_to = sql.exec_driver_sql(_STATE).one()
    if fingerprint != _fingerprint(country) or filled_to is None:
        if not is_stale(sql, country):
            return True
        begin(sql, country)
        filled_to = 0
    rows = sql.exec_driver_sql(_NEXT, (filled_to, PORTION)).all()
    new = [row for row in rows if not row.held]
    e164 = [(found, row.row) for row in new if (found := indexed(row.phone, country).e164) != row.phone_e164]
    if e164:
        sql.exec_driver_sql(_SET_E164, e164)
    upkeep.add(sql, [(row.row, row_entry(row, country)) for row in new])
    whole = len(rows) < PORTION
    sql.exec_driver_sql(_COME_TO, (None if whole else rows[-1].row,))
    return whole


def begin(sql: sa.Connection, country: str) -> None:
    """Empty the index, to be filled anew from the first customer on."""
    for statement in _WIPE:
        sql.exec_driver_sql(statement)
    sql.exec_driver_sql(_BEGIN, (_fingerprint(country),))


def is_sound(sql: sa.Connection, country: str) -> bool:
    """Read the whole index and return whether it holds exactly what it must: for tests and doubts, not for a start.

    Raises:
        StoreCorrupt: A full-text index does not hold what its entries say (translated by the book).
    """
    for index in ("search_words", "search_middles"):
        sql.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    if any(sql.exec_driver_sql(statement).scalar_one() for statement in _UNLIKE) or is_stale(sql, country):
        return False
    return all(_is_right(sql, row, country) for row in sql.exec_driver_sql(_NEXT, (0, -1)).all())


def _is_right(sql: sa.Connection, row: Any, country: str) -> bool:
    entry = row_entry(row, country)
    held = sql.exec_driver_sql("SELECT words, middles FROM search_entry WHERE row = ?", (row.row,)).first()
    if held is None or tuple(held) != (entry.words, entry.middles):
        return False
    known = "SELECT count(*) FROM search_vocabulary WHERE word IN (SELECT value FROM json_each(?))"
    words = {word for word in entry.names if not any(char.isdigit() for char in word)}
    return bool(sql.exec_driver_sql(known, (json.dumps(sorted(words)),)).scalar_one() == len(words))


def _fingerprint(country: str) -> str:
    return f"{VERSION} {country}"
