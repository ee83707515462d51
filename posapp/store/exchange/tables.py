"""The tables of the exchange: this till's own facts, and what the other tills' facts came to here."""

from __future__ import annotations

import sqlalchemy as sa

from posapp.store.columns import Day, Json, Moment
from posapp.store.tables import METADATA


def _customer() -> sa.Column[str]:
    """Return whose it is here; it changes when two records turn out to be one person."""
    key = sa.ForeignKey("customer.id", deferrable=True, initially="DEFERRED")
    return sa.Column("customer_id", sa.Text, key, nullable=False, index=True)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


PEER_LINE = sa.Table(
    "peer_line",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    _flag("gone"),
    sa.Column("content", Json, nullable=False),
    sa.UniqueConstraint("source", "number"),
    sa.CheckConstraint("number >= 1", name="number"),
    sa.Index("ix_peer_line_name", "name", "row"),
)
"""This till's own facts, as they lie in its files: `number` without gaps in each file."""

PEER_TILL = sa.Table(
    "peer_till",
    METADATA,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("offset", sa.Integer, nullable=False),
    sa.Column("told_at", Moment),
    sa.Column("read_at", Moment, nullable=False),
    sa.Column("problem", sa.Text),
)
"""The other files of the folder and how far each was read; `told_at` is the moment of its newest fact."""

PEER_CUSTOMER = sa.Table(
    "peer_customer",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _customer(),
    sa.Column("remotes", Json, nullable=False, server_default="[]"),
)
"""Another till's customer, or one of ours who became one with somebody: who that is here."""

PEER_SAME = sa.Table(
    "peer_same",
    METADATA,
    sa.Column("one", sa.Text, primary_key=True),
    sa.Column("other", sa.Text, primary_key=True),
    _flag("apart"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.CheckConstraint("one < other", name="pair"),
)
"""Two customers of whom a person said that they are one, or that they are not."""

PEER_ENTRY = sa.Table(
    "peer_entry",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("source", sa.Text, nullable=False),
    _customer(),
    sa.Column("operation_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("taken_at", Moment, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("due_on", Day),
    _flag("backdated"),
    sa.Column("reverses", sa.Text),
    sa.Column("reference", sa.Text),
    sa.Column("actor", sa.Text, nullable=False, server_default=""),
    _flag("gone"),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("direction IN ('credit', 'debit')", name="direction"),
)
"""Khata entries that another till keeps; `taken_at` is when this book got one, `gone` is set once that till no longer
keeps it."""

PEER_POINTS = sa.Table(
    "peer_points",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("source", sa.Text, nullable=False),
    _customer(),
    sa.Column("operation_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    _flag("gone"),
    sa.CheckConstraint("points <> 0", name="points"),
)
"""Movements of points that another till keeps."""

PEER_VALUE = sa.Table(
    "peer_value",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Json),
    sa.Column("shown", Json),
    sa.Column("at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Index("ix_peer_value_value", "value"),
)
"""What holds of cards, limits, kept particulars and the shop's settings; `shown` is what the book was given for it."""

PEER_PAIR = sa.Table(
    "peer_pair",
    METADATA,
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("remote_id", sa.Text, primary_key=True),
    _flag("linked"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)
"""A kept entry and a server's entry of which a person said whether they are one."""
