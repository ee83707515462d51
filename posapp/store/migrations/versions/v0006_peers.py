"""The acts of the shop's other tills."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE peer_line (
  "row" INTEGER NOT NULL,
  source TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  gone BOOLEAN DEFAULT 0 NOT NULL,
  content TEXT NOT NULL,
  CONSTRAINT pk_peer_line PRIMARY KEY ("row"),
  CONSTRAINT uq_peer_line_source_number UNIQUE (source, number),
  CONSTRAINT ck_peer_line_number CHECK (number >= 1)
)""",
    """CREATE INDEX ix_peer_line_name ON peer_line (name, "row")""",
    """CREATE TABLE peer_till (
  source TEXT NOT NULL,
  name TEXT DEFAULT '' NOT NULL,
  header TEXT NOT NULL,
  number INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  told_at INTEGER,
  read_at INTEGER NOT NULL,
  problem TEXT,
  CONSTRAINT pk_peer_till PRIMARY KEY (source)
)""",
    """CREATE TABLE peer_customer (
  id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  remotes TEXT DEFAULT '[]' NOT NULL,
  CONSTRAINT pk_peer_customer PRIMARY KEY (id),
  CONSTRAINT fk_peer_customer_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id) DEFERRABLE
    INITIALLY DEFERRED
)""",
    "CREATE INDEX ix_peer_customer_customer_id ON peer_customer (customer_id)",
    """CREATE TABLE peer_same (
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  apart BOOLEAN DEFAULT 0 NOT NULL,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  CONSTRAINT pk_peer_same PRIMARY KEY (one, other),
  CONSTRAINT ck_peer_same_pair CHECK (one < other)
)""",
    """CREATE TABLE peer_entry (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  direction TEXT NOT NULL,
  amount INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  due_on TEXT,
  backdated BOOLEAN DEFAULT 0 NOT NULL,
  reverses TEXT,
  reference TEXT,
  actor TEXT DEFAULT '' NOT NULL,
  gone BOOLEAN DEFAULT 0 NOT NULL,
  CONSTRAINT pk_peer_entry PRIMARY KEY ("row"),
  CONSTRAINT ck_peer_entry_amount CHECK (amount > 0),
  CONSTRAINT ck_peer_entry_direction CHECK (direction IN ('credit', 'debit')),
  CONSTRAINT uq_peer_entry_id UNIQUE (id),
  CONSTRAINT fk_peer_entry_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id) DEFERRABLE
    INITIALLY DEFERRED
)""",
    "CREATE INDEX ix_peer_entry_customer_id ON peer_entry (customer_id)",
    "CREATE INDEX ix_peer_entry_operation_id ON peer_entry (operation_id)",
    """CREATE TABLE peer_points (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  points INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  gone BOOLEAN DEFAULT 0 NOT NULL,
  CONSTRAINT pk_peer_points PRIMARY KEY ("row"),
  CONSTRAINT ck_peer_points_points CHECK (points <> 0),
  CONSTRAINT uq_peer_points_id UNIQUE (id),
  CONSTRAINT fk_peer_points_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id) DEFERRABLE
    INITIALLY DEFERRED
)""",
    "CREATE INDEX ix_peer_points_customer_id ON peer_points (customer_id)",
    """CREATE TABLE peer_value (
  name TEXT NOT NULL,
  value TEXT,
  shown TEXT,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  CONSTRAINT pk_peer_value PRIMARY KEY (name)
)""",
    "CREATE INDEX ix_peer_value_value ON peer_value (value)",
    """CREATE TABLE peer_pair (
  entry_id TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  linked BOOLEAN DEFAULT 0 NOT NULL,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  CONSTRAINT pk_peer_pair PRIMARY KEY (entry_id, remote_id)
)""",
    """CREATE TRIGGER peer_line_stays BEFORE UPDATE OF "row", "source", "number", "kind", "name", "at", "gone" ON
    peer_line BEGIN SELECT RAISE(ABORT, 'peer_line is append-only'); END""",
    """CREATE TRIGGER peer_line_never_goes BEFORE DELETE ON peer_line BEGIN SELECT RAISE(ABORT, 'peer_line is
    append-only'); END""",
    """CREATE TRIGGER peer_entry_stays BEFORE UPDATE OF "row", "id", "source", "operation_id", "kind", "direction",
    "amount", "occurred_at", "taken_at", "description", "due_on", "backdated", "reverses", "reference", "actor"
    ON peer_entry BEGIN SELECT RAISE(ABORT, 'peer_entry is append-only'); END""",
    """CREATE TRIGGER peer_entry_never_goes BEFORE DELETE ON peer_entry BEGIN SELECT RAISE(ABORT, 'peer_entry is
    append-only'); END""",
    """CREATE TRIGGER peer_points_stays BEFORE UPDATE OF "row", "id", "source", "operation_id", "kind", "points",
    "occurred_at" ON peer_points BEGIN SELECT RAISE(ABORT, 'peer_points is append-only'); END""",
    """CREATE TRIGGER peer_points_never_goes BEFORE DELETE ON peer_points BEGIN SELECT RAISE(ABORT, 'peer_points is
    append-only'); END""",
)

_BACK = (
    "DROP TABLE peer_pair",
    "DROP TABLE peer_value",
    "DROP TABLE peer_points",
    "DROP TABLE peer_entry",
    "DROP TABLE peer_same",
    "DROP TABLE peer_customer",
    "DROP TABLE peer_till",
    "DROP TABLE peer_line",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in _BACK:
        op.execute(statement)
