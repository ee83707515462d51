"""Who settled what needed a person, and why."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE inbox_item ADD COLUMN decided_by TEXT",
    "ALTER TABLE inbox_item ADD COLUMN approved_by TEXT",
    "ALTER TABLE inbox_item ADD COLUMN reason TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE inbox_item ADD COLUMN target TEXT",
)

_BACK: tuple[str, ...] = (
    "ALTER TABLE inbox_item DROP COLUMN target",
    "ALTER TABLE inbox_item DROP COLUMN reason",
    "ALTER TABLE inbox_item DROP COLUMN approved_by",
    "ALTER TABLE inbox_item DROP COLUMN decided_by",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in _BACK:
        op.execute(statement)
