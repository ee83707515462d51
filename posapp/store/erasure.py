"""Erasing a person: what identifies somebody goes, what was done and its chain stay."""

from __future__ import annotations

import sqlalchemy as sa

from posapp.domain.ids import CustomerId
from posapp.store.exchange.lines import forget_person
from posapp.store.scope import ERASURES, Scope
from posapp.store.tables import ATTEMPT, FIELD_HISTORY, INBOX_ITEM, OPERATION, OPERATION_PERSON


def erase_person(scope: Scope, customer_id: CustomerId) -> None:
    """Delete what identifies a customer in her operations, their attempts, the inbox and the kept losing values.

    Args:
        scope: The transaction.
        customer_id: Whose.
    """
    hers = sa.select(OPERATION.c.id).where(OPERATION.c.customer_id == customer_id)
    scope.sql.execute(sa.delete(OPERATION_PERSON).where(OPERATION_PERSON.c.operation_id.in_(hers)))
    scope.sql.execute(sa.update(ATTEMPT).where(ATTEMPT.c.operation_id.in_(hers)).values(body=b"", server_text=""))
    count = int(scope.setting(ERASURES) or 0) + 1
    scope.set_setting(ERASURES, str(count))
    scope.erased = True
    forget_person(scope, customer_id)
    scope.sql.execute(sa.delete(FIELD_HISTORY).where(FIELD_HISTORY.c.customer_id == customer_id))
    scope.sql.execute(
        sa.update(INBOX_ITEM)
        .where(sa.or_(INBOX_ITEM.c.customer_id == customer_id, INBOX_ITEM.c.operation_id.in_(hers)))
        .values(meant={}, server_said="", evidence={}, reason="")
    )
