"""Putting before a person what the exchange must not settle alone."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from posapp.domain.ids import CustomerId, InboxId, OperationId, new_uuid
from posapp.services.dto import InboxItem
from posapp.store.inbox import InboxRepository
from posapp.store.scope import Scope
from posapp.store.tables import INBOX_ITEM


def ask(
    scope: Scope,
    kind: str,
    customer_id: CustomerId,
    evidence: Mapping[str, object],
    *,
    operation_id: OperationId | None = None,
    meant: Mapping[str, object] | None = None,
    server_said: str = "",
) -> None:
    """Open an item about a customer, unless one of its kind is open.

    Args:
        scope: The transaction.
        kind: Of the item.
        customer_id: Whom it is about.
        evidence: What is known; ids and amounts, never personal data.
        operation_id: The act of this till in question, if it is one.
        meant: What was meant.
        server_said: The server's words.
    """
    item = InboxItem(
        id=InboxId(new_uuid()),
        kind=kind,
        operation_id=operation_id,
        customer_id=customer_id,
        meant=dict(meant or {}),
        server_said=server_said,
        evidence=dict(evidence),
        opened_at=scope.now(),
    )
    InboxRepository(scope).open(item)


def answered(scope: Scope, kind: str, **evidence: str) -> None:
    """Close the open items of a kind whose evidence says this: another till's person has decided."""
    says = [sa.func.json_extract(INBOX_ITEM.c.evidence, f"$.{name}") == value for name, value in evidence.items()]
    query = sa.select(INBOX_ITEM.c.id).where(INBOX_ITEM.c.kind == kind, INBOX_ITEM.c.resolved_at.is_(None), *says)
    for inbox_id in scope.sql.execute(query).scalars().all():
        InboxRepository(scope).resolve(InboxId(inbox_id), "decided_elsewhere", scope.now())
