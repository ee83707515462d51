"""The first schema of the book.

Written as the statements themselves, so that this revision stays what it was when the code around it moves on.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE setting (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY (name)
)""",
    """CREATE TABLE connection (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  api TEXT NOT NULL,
  base_url TEXT NOT NULL,
  store TEXT,
  "primary" BOOLEAN DEFAULT 0 NOT NULL,
  capabilities TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_success_at INTEGER,
  paused BOOLEAN DEFAULT 0 NOT NULL,
  clock_skew_seconds FLOAT,
  CONSTRAINT pk_connection PRIMARY KEY ("row"),
  CONSTRAINT uq_connection_id UNIQUE (id)
)""",
    """CREATE TABLE customer (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  phone_e164 TEXT,
  email TEXT,
  address TEXT,
  notes TEXT,
  tags TEXT NOT NULL,
  card_code TEXT,
  credit_limit INTEGER,
  status TEXT NOT NULL,
  lane_epoch INTEGER DEFAULT '0' NOT NULL,
  created_at INTEGER NOT NULL,
  CONSTRAINT pk_customer PRIMARY KEY ("row"),
  CONSTRAINT ck_customer_status CHECK (status IN ('live', 'deleted', 'anonymized')),
  CONSTRAINT ck_customer_credit_limit CHECK (credit_limit >= 0),
  CONSTRAINT uq_customer_id UNIQUE (id)
)""",
    """CREATE TABLE lane_clock (
  id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  CONSTRAINT pk_lane_clock PRIMARY KEY (id),
  CONSTRAINT ck_lane_clock_single CHECK (id = 1)
)""",
    """CREATE TABLE operation (
  till_seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  till_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  intent TEXT NOT NULL,
  amount INTEGER,
  actor TEXT NOT NULL,
  approved_by TEXT,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  reverses TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  state TEXT NOT NULL,
  not_before INTEGER,
  evidence TEXT DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_operation PRIMARY KEY (till_seq),
  CONSTRAINT ck_operation_till_seq CHECK (till_seq >= 1),
  CONSTRAINT ck_operation_hash CHECK (length(hash) = 64 AND length(prev_hash) = 64),
  CONSTRAINT ck_operation_state CHECK (state IN ('pending', 'in_flight', 'unknown', 'acked', 'confirmed',
    'rejected', 'needs_human', 'cancelled', 'kept')),
  CONSTRAINT uq_operation_id UNIQUE (id),
  CONSTRAINT fk_operation_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
    DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE remote_record (
  "row" INTEGER NOT NULL,
  connection INTEGER NOT NULL,
  remote_id TEXT NOT NULL,
  customer INTEGER,
  alias_of TEXT,
  profile TEXT,
  digest BLOB NOT NULL,
  points INTEGER,
  points_as_of INTEGER,
  balance INTEGER,
  balance_as_of INTEGER,
  total_spent INTEGER,
  total_orders INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  etag TEXT,
  seen_generation INTEGER DEFAULT '0' NOT NULL,
  status TEXT NOT NULL,
  refresh_marked BOOLEAN DEFAULT 0 NOT NULL,
  fetched_at INTEGER,
  CONSTRAINT pk_remote_record PRIMARY KEY ("row"),
  CONSTRAINT uq_remote_record_connection_remote_id UNIQUE (connection, remote_id),
  CONSTRAINT ck_remote_record_status CHECK (status IN ('live', 'deleted', 'anonymized')),
  CONSTRAINT ck_remote_record_balance CHECK ((balance IS NULL) = (balance_as_of IS NULL)),
  CONSTRAINT ck_remote_record_points CHECK ((points IS NULL) = (points_as_of IS NULL)),
  CONSTRAINT fk_remote_record_connection_connection FOREIGN KEY(connection)
    REFERENCES connection ("row") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_remote_record_customer_customer FOREIGN KEY(customer) REFERENCES customer ("row")
    DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE checkpoint (
  connection INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT pk_checkpoint PRIMARY KEY (connection, name),
  CONSTRAINT fk_checkpoint_connection_connection FOREIGN KEY(connection) REFERENCES connection ("row")
)""",
    """CREATE TABLE scan_run (
  connection INTEGER NOT NULL,
  running BOOLEAN DEFAULT 0 NOT NULL,
  generation INTEGER NOT NULL,
  next_page INTEGER NOT NULL,
  last_page INTEGER NOT NULL,
  page_size INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  rows_seen INTEGER NOT NULL,
  CONSTRAINT pk_scan_run PRIMARY KEY (connection),
  CONSTRAINT fk_scan_run_connection_connection FOREIGN KEY(connection) REFERENCES connection ("row")
)""",
    """CREATE TABLE field_history (
  "row" INTEGER NOT NULL,
  customer_id TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  CONSTRAINT pk_field_history PRIMARY KEY ("row"),
  CONSTRAINT fk_field_history_customer_id_customer FOREIGN KEY(customer_id)
    REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE operation_person (
  operation_id TEXT NOT NULL,
  person TEXT NOT NULL,
  CONSTRAINT pk_operation_person PRIMARY KEY (operation_id),
  CONSTRAINT fk_operation_person_operation_id_operation FOREIGN KEY(operation_id)
    REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE attempt (
  id INTEGER NOT NULL,
  operation_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  body BLOB NOT NULL,
  content_type TEXT NOT NULL,
  "key" TEXT,
  headers TEXT NOT NULL,
  outcome TEXT,
  status INTEGER,
  server_text TEXT DEFAULT '' NOT NULL,
  error_kind TEXT DEFAULT '' NOT NULL,
  finished_at INTEGER,
  CONSTRAINT pk_attempt PRIMARY KEY (id),
  CONSTRAINT uq_attempt_operation_id_number UNIQUE (operation_id, number),
  CONSTRAINT ck_attempt_finished CHECK ((outcome IS NULL) = (finished_at IS NULL)),
  CONSTRAINT fk_attempt_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
    DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE ledger_entry (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  direction TEXT NOT NULL,
  amount INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  due_on TEXT,
  backdated BOOLEAN DEFAULT 0 NOT NULL,
  reverses TEXT,
  kept BOOLEAN DEFAULT 0 NOT NULL,
  tender TEXT,
  reference TEXT,
  note TEXT,
  CONSTRAINT pk_ledger_entry PRIMARY KEY ("row"),
  CONSTRAINT ck_ledger_entry_amount CHECK (amount > 0),
  CONSTRAINT ck_ledger_entry_direction CHECK (direction IN ('credit', 'debit')),
  CONSTRAINT ck_ledger_entry_kind CHECK (kind IN ('opening', 'sale', 'charge', 'payment', 'return', 'payout',
    'settlement', 'write_off', 'reversal')),
  CONSTRAINT uq_ledger_entry_id UNIQUE (id),
  CONSTRAINT fk_ledger_entry_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_ledger_entry_operation_id_operation FOREIGN KEY(operation_id)
    REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE points_entry (
  "row" INTEGER NOT NULL,
  operation_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  points INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  kept BOOLEAN DEFAULT 0 NOT NULL,
  CONSTRAINT pk_points_entry PRIMARY KEY ("row"),
  CONSTRAINT ck_points_entry_points CHECK (points <> 0),
  CONSTRAINT fk_points_entry_operation_id_operation FOREIGN KEY(operation_id)
    REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_points_entry_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
    DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE sale (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  total INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  on_account INTEGER NOT NULL,
  paid INTEGER NOT NULL,
  points_redeemed INTEGER NOT NULL,
  points_earned INTEGER NOT NULL,
  receipt_number TEXT,
  occurred_at INTEGER NOT NULL,
  kept BOOLEAN DEFAULT 0 NOT NULL,
  CONSTRAINT pk_sale PRIMARY KEY ("row"),
  CONSTRAINT ck_sale_sum CHECK (total = discount + on_account + paid),
  CONSTRAINT ck_sale_points CHECK (points_redeemed >= 0 AND points_earned >= 0),
  CONSTRAINT uq_sale_id UNIQUE (id),
  CONSTRAINT fk_sale_id_operation FOREIGN KEY(id) REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_sale_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
    DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE remote_entry (
  "row" INTEGER NOT NULL,
  record INTEGER NOT NULL,
  remote_id TEXT NOT NULL,
  direction TEXT NOT NULL,
  amount INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  reference_id TEXT,
  recorded_at INTEGER NOT NULL,
  occurred_at INTEGER,
  CONSTRAINT pk_remote_entry PRIMARY KEY ("row"),
  CONSTRAINT uq_remote_entry_record_remote_id UNIQUE (record, remote_id),
  CONSTRAINT ck_remote_entry_direction CHECK (direction IN ('credit', 'debit')),
  CONSTRAINT fk_remote_entry_record_remote_record FOREIGN KEY(record) REFERENCES remote_record ("row")
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE inbox_item (
  "row" INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  operation_id TEXT,
  customer_id TEXT,
  meant TEXT NOT NULL,
  server_said TEXT DEFAULT '' NOT NULL,
  evidence TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  resolved_at INTEGER,
  resolution TEXT,
  CONSTRAINT pk_inbox_item PRIMARY KEY ("row"),
  CONSTRAINT ck_inbox_item_resolved CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
  CONSTRAINT uq_inbox_item_id UNIQUE (id),
  CONSTRAINT fk_inbox_item_operation_id_operation FOREIGN KEY(operation_id)
    REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_inbox_item_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
    DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE VIRTUAL TABLE customer_search USING fts5(
  words, phone, content='', contentless_delete=1,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'", prefix='1 2 3 4')""",
    """CREATE UNIQUE INDEX ix_connection_primary ON connection ("primary") WHERE "primary" = 1""",
    """CREATE INDEX ix_customer_phone_e164 ON customer (phone_e164) WHERE phone_e164 IS NOT NULL""",
    """CREATE INDEX ix_customer_status ON customer (status)""",
    """CREATE UNIQUE INDEX ix_customer_card_code ON customer (card_code) WHERE card_code IS NOT NULL""",
    """CREATE INDEX ix_operation_reverses ON operation (reverses) WHERE reverses IS NOT NULL""",
    """CREATE INDEX ix_operation_customer ON operation (customer_id, till_seq)""",
    """CREATE INDEX ix_operation_largest ON operation (kind, amount)""",
    """CREATE INDEX ix_operation_state ON operation (state, till_seq)""",
    """CREATE INDEX ix_operation_lane ON operation (customer_id, till_seq) WHERE state IN ('pending', 'in_flight',
    'unknown') OR (state = 'needs_human' AND kind = 'customer_create')""",
    """CREATE INDEX ix_remote_record_unknown ON remote_record (connection) WHERE balance IS NULL AND status = 'live'""",
    """CREATE INDEX ix_remote_record_customer ON remote_record (customer, connection)""",
    """CREATE INDEX ix_remote_record_marked ON remote_record (connection) WHERE refresh_marked = 1""",
    """CREATE INDEX ix_remote_record_fetched ON remote_record (connection, fetched_at)""",
    """CREATE INDEX ix_remote_record_unadopted ON remote_record (connection) WHERE customer IS NULL""",
    """CREATE INDEX ix_remote_record_status ON remote_record (connection, status)""",
    """CREATE INDEX ix_field_history_customer_id ON field_history (customer_id)""",
    """CREATE INDEX ix_ledger_entry_operation_id ON ledger_entry (operation_id)""",
    """CREATE INDEX ix_ledger_entry_customer ON ledger_entry (customer_id, occurred_at)""",
    """CREATE INDEX ix_points_entry_operation_id ON points_entry (operation_id)""",
    """CREATE INDEX ix_points_entry_customer ON points_entry (customer_id, occurred_at)""",
    """CREATE INDEX ix_sale_customer ON sale (customer_id, occurred_at)""",
    """CREATE UNIQUE INDEX ix_inbox_item_open ON inbox_item (kind, coalesce(operation_id, customer_id,
    '')) WHERE resolved_at IS NULL""",
    """CREATE INDEX ix_inbox_item_customer_id ON inbox_item (customer_id)""",
    """CREATE TRIGGER attempt_body_stays BEFORE UPDATE OF body ON attempt
  WHEN NEW.body IS NOT OLD.body AND length(NEW.body) > 0
  BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END""",
    """CREATE TRIGGER operation_stays BEFORE UPDATE OF "till_seq", "id", "till_id", "kind", "customer_id", "intent",
    "amount", "actor", "approved_by", "occurred_at", "recorded_at", "reverses", "prev_hash", "hash"
    ON operation BEGIN SELECT RAISE(ABORT, 'operation is append-only'); END""",
    """CREATE TRIGGER operation_never_goes BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT,
    'operation is append-only'); END""",
    """CREATE TRIGGER attempt_stays BEFORE UPDATE OF "id", "operation_id", "number", "started_at", "method", "path",
    "content_type", "key", "headers" ON attempt BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END""",
    """CREATE TRIGGER attempt_never_goes BEFORE DELETE ON attempt
    BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END""",
    """CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OF "row", "id", "customer_id", "operation_id", "kind",
    "direction", "amount", "occurred_at", "description", "due_on", "backdated", "reverses", "kept", "tender",
    "reference", "note" ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END""",
    """CREATE TRIGGER ledger_entry_never_goes BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT,
    'ledger_entry is append-only'); END""",
    """CREATE TRIGGER points_entry_stays BEFORE UPDATE OF "row", "operation_id", "customer_id", "points",
    "occurred_at", "kept" ON points_entry BEGIN SELECT RAISE(ABORT, 'points_entry is append-only'); END""",
    """CREATE TRIGGER points_entry_never_goes BEFORE DELETE ON points_entry BEGIN SELECT RAISE(ABORT,
    'points_entry is append-only'); END""",
    """CREATE TRIGGER sale_stays BEFORE UPDATE OF "row", "id", "customer_id", "total", "discount", "on_account",
    "paid", "points_redeemed", "points_earned", "receipt_number", "occurred_at", "kept" ON sale
    BEGIN SELECT RAISE(ABORT, 'sale is append-only'); END""",
    """CREATE TRIGGER sale_never_goes BEFORE DELETE ON sale BEGIN SELECT RAISE(ABORT, 'sale is append-only'); END""",
    "INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO lane_clock (id, epoch) VALUES (1, 0)",
)

_TABLES = (
    "customer_search",
    "inbox_item",
    "remote_entry",
    "sale",
    "points_entry",
    "ledger_entry",
    "attempt",
    "operation_person",
    "field_history",
    "scan_run",
    "checkpoint",
    "remote_record",
    "operation",
    "lane_clock",
    "customer",
    "connection",
    "setting",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
