"""The tables of the local book (design, section 4).

Three kinds of tables lie here side by side: what people did (append-only, guarded by the triggers of `ddl`), what a
server last said (`remote_*`, `checkpoint`, `scan_run`: may be wiped and rebuilt), and what the screen shows of a
customer. Amounts are whole minor units of the shop's one currency.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from posapp.store.columns import Day, Json, Moment

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

HOLDS_LANE = "state IN ('pending', 'in_flight', 'unknown') OR (state = 'needs_human' AND kind = 'customer_create')"
"""Which operations hold their lane; a query must repeat these words to be answered from the partial index."""

CUSTOMER_STATES = "status IN ('live', 'deleted', 'anonymized')"


def _ref(name: str, target: str, *, null: bool = False, index: bool = False, cascade: bool = False) -> sa.Column[Any]:
    """Return a reference that is checked at commit, so that an act may write its rows in any order."""
    key = sa.ForeignKey(target, deferrable=True, initially="DEFERRED", ondelete="CASCADE" if cascade else None)
    return sa.Column(name, key, nullable=null, index=index)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


SETTING = sa.Table(
    "setting",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

CONNECTION = sa.Table(
    "connection",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("api", sa.Text, nullable=False),
    sa.Column("base_url", sa.Text, nullable=False),
    sa.Column("store", sa.Text),
    _flag("primary"),
    sa.Column("capabilities", Json, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_success_at", Moment),
    _flag("paused"),
    sa.Column("clock_skew_seconds", sa.Float),
    sa.Index("ix_connection_primary", "primary", unique=True, sqlite_where=sa.text('"primary" = 1')),
)

CUSTOMER = sa.Table(
    "customer",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("phone_e164", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("notes", sa.Text),
    sa.Column("tags", Json, nullable=False),
    sa.Column("card_code", sa.Text),
    sa.Column("credit_limit", sa.Integer),
    sa.Column("status", sa.Text, nullable=False, index=True),
    sa.Column("lane_epoch", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint(CUSTOMER_STATES, name="status"),
    sa.CheckConstraint("credit_limit >= 0", name="credit_limit"),
    sa.Index("ix_customer_phone_e164", "phone_e164", sqlite_where=sa.text("phone_e164 IS NOT NULL")),
    sa.Index("ix_customer_card_code", "card_code", unique=True, sqlite_where=sa.text("card_code IS NOT NULL")),
)

OPERATION = sa.Table(
    "operation",
    METADATA,
    sa.Column("till_seq", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("till_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    _ref("customer_id", "customer.id"),
    sa.Column("intent", Json, nullable=False),
    sa.Column("amount", sa.Integer),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("approved_by", sa.Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("reverses", sa.Text),
    sa.Column("prev_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("not_before", Moment),
    sa.Column("evidence", Json, nullable=False, server_default="{}"),
    sa.CheckConstraint("till_seq >= 1", name="till_seq"),
    sa.CheckConstraint("length(hash) = 64 AND length(prev_hash) = 64", name="hash"),
    sa.CheckConstraint(
        "state IN ('pending', 'in_flight', 'unknown', 'acked', 'confirmed', 'rejected', 'needs_human', 'cancelled',"
        " 'kept')",
        name="state",
    ),
    sa.Index("ix_operation_customer", "customer_id", "till_seq"),
    sa.Index("ix_operation_state", "state", "till_seq"),
    sa.Index("ix_operation_largest", "kind", "amount"),
    sa.Index("ix_operation_reverses", "reverses", sqlite_where=sa.text("reverses IS NOT NULL")),
    sa.Index("ix_operation_lane", "customer_id", "till_seq", sqlite_where=sa.text(HOLDS_LANE)),
)

OPERATION_PERSON = sa.Table(
    "operation_person",
    METADATA,
    sa.Column(
        "operation_id",
        sa.ForeignKey("operation.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    sa.Column("person", Json, nullable=False),
)

ATTEMPT = sa.Table(
    "attempt",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("operation_id", "operation.id"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    sa.Column("headers", Json, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("status", sa.Integer),
    _text("server_text"),
    _text("error_kind"),
    sa.Column("finished_at", Moment),
    sa.UniqueConstraint("operation_id", "number"),
    sa.CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name="finished"),
)

LEDGER_ENTRY = sa.Table(
    "ledger_entry",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    _ref("customer_id", "customer.id"),
    _ref("operation_id", "operation.id", index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    _text("description"),
    sa.Column("due_on", Day),
    _flag("backdated"),
    sa.Column("reverses", sa.Text),
    _flag("kept"),
    sa.Column("tender", sa.Text),
    sa.Column("reference", sa.Text),
    sa.Column("note", sa.Text),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("direction IN ('credit', 'debit')", name="direction"),
    sa.CheckConstraint(
        "kind IN ('opening', 'sale', 'charge', 'payment', 'return', 'payout', 'settlement', 'write_off', 'reversal')",
        name="kind",
    ),
    sa.Index("ix_ledger_entry_customer", "customer_id", "occurred_at"),
)

POINTS_ENTRY = sa.Table(
    "points_entry",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    _ref("operation_id", "operation.id", index=True),
    _ref("customer_id", "customer.id"),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    _flag("kept"),
    sa.CheckConstraint("points <> 0", name="points"),
    sa.Index("ix_points_entry_customer", "customer_id", "occurred_at"),
)

SALE = sa.Table(
    "sale",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column(
        "id",
        sa.ForeignKey("operation.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
        unique=True,
    ),
    _ref("customer_id", "customer.id"),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("discount", sa.Integer, nullable=False),
    sa.Column("on_account", sa.Integer, nullable=False),
    sa.Column("paid", sa.Integer, nullable=False),
    sa.Column("points_redeemed", sa.Integer, nullable=False),
    sa.Column("points_earned", sa.Integer, nullable=False),
    sa.Column("receipt_number", sa.Text),
    sa.Column("occurred_at", Moment, nullable=False),
    _flag("kept"),
    sa.CheckConstraint("total = discount + on_account + paid", name="sum"),
    sa.CheckConstraint("points_redeemed >= 0 AND points_earned >= 0", name="points"),
    sa.Index("ix_sale_customer", "customer_id", "occurred_at"),
)

STATEMENT_PRINT = sa.Table(
    "statement_print",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    _ref("customer_id", "customer.id", index=True),
    sa.Column("first", Day, nullable=False),
    sa.Column("last", Day, nullable=False),
    sa.Column("printed_at", Moment, nullable=False),
    sa.Column("till_seq", sa.Integer, nullable=False),
    sa.Column("server_recorded_at", Moment),
    sa.CheckConstraint("first <= last", name="period"),
    sa.CheckConstraint("till_seq >= 0", name="till_seq"),
)
"""Statements handed out: this till's acts up to `till_seq` and the server's lines of the customer up to
`server_recorded_at` (by the server's clock; NULL for none) stood on them."""

REMOTE_RECORD = sa.Table(
    "remote_record",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    _ref("connection", "connection.row"),
    sa.Column("remote_id", sa.Text, nullable=False),
    _ref("customer", "customer.row", null=True),
    sa.Column("alias_of", sa.Text),
    sa.Column("profile", Json),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("points", sa.Integer),
    sa.Column("points_as_of", Moment),
    sa.Column("balance", sa.Integer),
    sa.Column("balance_as_of", Moment),
    sa.Column("total_spent", sa.Integer),
    sa.Column("total_orders", sa.Integer),
    sa.Column("created_at", Moment),
    sa.Column("updated_at", Moment),
    sa.Column("etag", sa.Text),
    sa.Column("seen_generation", sa.Integer, nullable=False, server_default="0"),
    sa.Column("status", sa.Text, nullable=False),
    _flag("refresh_marked"),
    sa.Column("fetched_at", Moment),
    sa.UniqueConstraint("connection", "remote_id"),
    sa.CheckConstraint(CUSTOMER_STATES, name="status"),
    sa.CheckConstraint("(balance IS NULL) = (balance_as_of IS NULL)", name="balance"),
    sa.CheckConstraint("(points IS NULL) = (points_as_of IS NULL)", name="points"),
    sa.Index("ix_remote_record_customer", "customer", "connection"),
    sa.Index("ix_remote_record_status", "connection", "status"),
    sa.Index("ix_remote_record_fetched", "connection", "fetched_at"),
    sa.Index("ix_remote_record_marked", "connection", sqlite_where=sa.text("refresh_marked = 1")),
    sa.Index("ix_remote_record_unknown", "connection", sqlite_where=sa.text("balance IS NULL AND status = 'live'")),
    sa.Index("ix_remote_record_unadopted", "connection", sqlite_where=sa.text("customer IS NULL")),
)

REMOTE_ENTRY = sa.Table(
    "remote_entry",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    _ref("record", "remote_record.row", cascade=True),
    sa.Column("remote_id", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("balance_after", sa.Integer, nullable=False),
    _text("description"),
    sa.Column("reference_id", sa.Text),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("occurred_at", Moment),
    sa.UniqueConstraint("record", "remote_id"),
    sa.CheckConstraint("direction IN ('credit', 'debit')", name="direction"),
)

KHATA_PROOF = sa.Table(
    "khata_proof",
    METADATA,
    sa.Column(
        "record",
        sa.ForeignKey("remote_record.row", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("seal", sa.LargeBinary, nullable=False),
    sa.Column("tried_at", Moment),
    sa.Column("proven_at", Moment),
    sa.Column("entries", sa.Integer),
    sa.Column("debit", sa.Integer),
    sa.Column("credit", sa.Integer),
    sa.Column("balance", sa.Integer),
    sa.Column("digest", sa.LargeBinary),
    sa.Column("settled_until", Moment),
    sa.Column("difference", Json),
    sa.CheckConstraint("state IN ('unproven', 'proven', 'mismatch', 'accepted')", name="state"),
    sa.CheckConstraint("(proven_at IS NULL) = (digest IS NULL)", name="proven"),
    sa.CheckConstraint("state <> 'mismatch' OR difference IS NOT NULL", name="difference"),
)
"""What was seen of a server's khata: `seal` is over its rows of `remote_entry` as they were written, `digest` over
those that were proven, at `proven_at`, with their figures."""


CHECKPOINT = sa.Table(
    "checkpoint",
    METADATA,
    sa.Column("connection", sa.ForeignKey("connection.row"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

SCAN_RUN = sa.Table(
    "scan_run",
    METADATA,
    sa.Column("connection", sa.ForeignKey("connection.row"), primary_key=True),
    _flag("running"),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("next_page", sa.Integer, nullable=False),
    sa.Column("last_page", sa.Integer, nullable=False),
    sa.Column("page_size", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("rows_seen", sa.Integer, nullable=False),
)

INBOX_ITEM = sa.Table(
    "inbox_item",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    _ref("operation_id", "operation.id", null=True),
    _ref("customer_id", "customer.id", null=True, index=True),
    sa.Column("meant", Json, nullable=False),
    _text("server_said"),
    sa.Column("evidence", Json, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("resolved_at", Moment),
    sa.Column("resolution", sa.Text),
    sa.Column("decided_by", sa.Text),
    sa.Column("approved_by", sa.Text),
    _text("reason"),
    sa.Column("target", sa.Text),
    sa.CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved"),
    sa.Index(
        "ix_inbox_item_open",
        "kind",
        sa.text("coalesce(operation_id, customer_id, '')"),
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
    ),
)

FIELD_HISTORY = sa.Table(
    "field_history",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True),
    _ref("customer_id", "customer.id", index=True),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("value", Json),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

LANE_CLOCK = sa.Table(
    "lane_clock",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
)
