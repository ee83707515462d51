"""Statements handed out, so that a later one can mark what was not on them yet."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE statement_print (
  "row" INTEGER NOT NULL,
  customer_id TEXT NOT NULL,
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  printed_at INTEGER NOT NULL,
  till_seq INTEGER NOT NULL,
  server_recorded_at INTEGER,
  CONSTRAINT pk_statement_print PRIMARY KEY ("row"),
  CONSTRAINT ck_statement_print_period CHECK (first <= last),
  CONSTRAINT ck_statement_print_till_seq CHECK (till_seq >= 0),
  CONSTRAINT fk_statement_print_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
    DEFERRABLE INITIALLY DEFERRED
)""",
    "CREATE INDEX ix_statement_print_customer_id ON statement_print (customer_id)",
    """CREATE TRIGGER statement_print_stays BEFORE UPDATE OF "row", "customer_id", "first", "last", "printed_at",
    "till_seq", "server_recorded_at" ON statement_print BEGIN SELECT RAISE(ABORT,
    'statement_print is append-only'); END""",
    """CREATE TRIGGER statement_print_never_goes BEFORE DELETE ON statement_print BEGIN SELECT RAISE(ABORT,
    'statement_print is append-only'); END""",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE statement_print")
