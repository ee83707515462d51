"""The tables of the search index, filled from the customers and filled anew whenever its rules change."""

from __future__ import annotations

import sqlalchemy as sa

from posapp.store.columns import Moment
from posapp.store.tables import METADATA

CUSTOMER_SEEN = sa.Table(
    "customer_seen",
    METADATA,
    sa.Column("customer", sa.ForeignKey("customer.row"), primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
)
"""When a customer's card was last opened here: who was seen lately is found first."""

SEARCH_ENTRY = sa.Table(
    "search_entry",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("middles", sa.Text, nullable=False),
)
"""The indexed text of each live customer, by her row; both full-text indexes stand on it."""

SEARCH_VOCABULARY = sa.Table(
    "search_vocabulary",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("word", sa.Text, nullable=False, unique=True),
    sa.Column("sound", sa.Text, nullable=False, index=True),
)

SEARCH_SPELLING = sa.Table(
    "search_spelling",
    METADATA,
    sa.Column("variant", sa.Text, primary_key=True),
    sa.Column("word", sa.Integer, primary_key=True),
    sqlite_with_rowid=False,
)

SEARCH_STATE = sa.Table(
    "search_state",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("filled_to", sa.Integer),
    sa.CheckConstraint("id = 1", name="single"),
)
