"""A search for what stands inside words, sounds alike or is misspelled; its index is filled when the book opens."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "DROP TABLE customer_search",
    """CREATE TABLE customer_seen (
  customer INTEGER NOT NULL,
  at INTEGER NOT NULL,
  CONSTRAINT pk_customer_seen PRIMARY KEY (customer),
  CONSTRAINT fk_customer_seen_customer_customer FOREIGN KEY(customer) REFERENCES customer ("row")
)""",
    "CREATE INDEX ix_customer_seen_at ON customer_seen (at)",
    """CREATE TABLE search_entry (
  "row" INTEGER NOT NULL,
  words TEXT NOT NULL,
  middles TEXT NOT NULL,
  CONSTRAINT pk_search_entry PRIMARY KEY ("row")
)""",
    """CREATE TABLE search_vocabulary (
  id INTEGER NOT NULL,
  word TEXT NOT NULL,
  sound TEXT NOT NULL,
  CONSTRAINT pk_search_vocabulary PRIMARY KEY (id),
  CONSTRAINT uq_search_vocabulary_word UNIQUE (word)
)""",
    "CREATE INDEX ix_search_vocabulary_sound ON search_vocabulary (sound)",
    """CREATE TABLE search_spelling (
  variant TEXT NOT NULL,
  word INTEGER NOT NULL,
  CONSTRAINT pk_search_spelling PRIMARY KEY (variant, word)
) WITHOUT ROWID""",
    """CREATE TABLE search_state (
  id INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  entries INTEGER NOT NULL,
  filled_to INTEGER,
  CONSTRAINT pk_search_state PRIMARY KEY (id),
  CONSTRAINT ck_search_state_single CHECK (id = 1)
)""",
    """CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='row', detail=none,
  columnsize=0, tokenize='ascii', prefix='1 2 3 4 5 6 7')""",
    "INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1)",
    """CREATE VIRTUAL TABLE search_middles USING fts5(middles, content='search_entry', content_rowid='row', detail=none,
  columnsize=0, tokenize='trigram case_sensitive 1')""",
    "INSERT INTO search_middles (search_middles, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO search_state (id, fingerprint, entries) VALUES (1, '', 0)",
)

_BACK = (
    "DROP TABLE search_middles",
    "DROP TABLE search_words",
    "DROP TABLE search_state",
    "DROP TABLE search_spelling",
    "DROP TABLE search_vocabulary",
    "DROP TABLE search_entry",
    "DROP TABLE customer_seen",
    """CREATE VIRTUAL TABLE customer_search USING fts5(
  words, phone, content='', contentless_delete=1,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'", prefix='1 2 3 4')""",
    "INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in _BACK:
        op.execute(statement)
