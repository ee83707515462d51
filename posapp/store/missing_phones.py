"""How many phones are still to be read customer by customer, where a server's lists do not carry them."""

from __future__ import annotations

import sqlalchemy as sa

from posapp.services.dto import CustomerStatus
from posapp.store.scope import Scope
from posapp.store.tables import REMOTE_RECORD

_PHONE = "phone"
_HERE = REMOTE_RECORD.c.connection == sa.bindparam("primary")
_UNREAD = sa.select(sa.func.count()).where(_HERE, REMOTE_RECORD.c.fetched_at.is_(None))
_UNREAD_AND_GONE = _UNREAD.where(
    REMOTE_RECORD.c.status.in_([status.value for status in CustomerStatus if status is not CustomerStatus.LIVE])
)
"""Those who are gone are counted by themselves: the whole is answered from one index, the rows are not looked at."""


def phones_missing(scope: Scope) -> int:
    """Return of how many live customers the primary server's own word on the phone was never read."""
    if scope.primary is None:
        return 0
    connection, capabilities = scope.primary
    if _PHONE not in capabilities.get("fields", ()) or _PHONE in capabilities.get("listed", ()):
        return 0
    unread, gone = (
        scope.sql.execute(query, {"primary": connection}).scalar_one() for query in (_UNREAD, _UNREAD_AND_GONE)
    )
    return int(unread) - int(gone)
