"""Which khatas were proven equal to the server's, and when."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE khata_proof (
  record INTEGER NOT NULL,
  state TEXT NOT NULL,
  seal BLOB NOT NULL,
  tried_at INTEGER,
  proven_at INTEGER,
  entries INTEGER,
  debit INTEGER,
  credit INTEGER,
  balance INTEGER,
  digest BLOB,
  settled_until INTEGER,
  difference TEXT,
  CONSTRAINT pk_khata_proof PRIMARY KEY (record),
  CONSTRAINT ck_khata_proof_state CHECK (state IN ('unproven', 'proven', 'mismatch', 'accepted')),
  CONSTRAINT ck_khata_proof_proven CHECK ((proven_at IS NULL) = (digest IS NULL)),
  CONSTRAINT ck_khata_proof_difference CHECK (state <> 'mismatch' OR difference IS NOT NULL),
  CONSTRAINT fk_khata_proof_record_remote_record FOREIGN KEY(record) REFERENCES remote_record ("row")
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
)""",
)

_BACK = ("DROP TABLE khata_proof",)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in _BACK:
        op.execute(statement)
