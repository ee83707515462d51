"""What a server announces and was seen not to keep: it is not relied on any more, until a person trusts it again.

The till never needs an extension (contracts, section 3), so giving one up costs time, never a promise (research/sync,
section 4.4: trust but verify).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from posapp.domain.ids import ConnectionId
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import CHANGED, DELETED, NEWEST, SCANNED_AT, SENSELESS

EXTENSION_BROKEN = "extension_broken"
"""Kind of the inbox item that says so."""

_DISTRUSTED = "distrusted"

ANNOUNCED_AS: Mapping[str, str] = {
    "idempotency_keys": "idempotency-key",
    "updated_since": "updated-since",
    "tombstones": "tombstones",
    "redeem_unique": "redeem-key",
    "unique_references": "ledger-write",
}
"""The name under which a server announces each capability that can be given up."""


class Seen(StrEnum):
    """What was seen of a server that does not keep what it announces; its words are in `domain.words`."""

    MADE_TWICE = "made_twice"
    POINTS_TWICE = "points_twice"
    POSTED_TWICE = "posted_twice"
    CHANGES_SENSELESS = "changes_senseless"
    CHANGE_UNTOLD = "change_untold"
    DELETION_UNTOLD = "deletion_untold"


def distrusted(session: Session, connection_id: ConnectionId) -> frozenset[str]:
    """Return the names of the capabilities that are not relied on."""
    return frozenset(_noted(session, connection_id))


def distrust(
    session: Session, connection_id: ConnectionId, capabilities: Collection[str], seen: Seen, at: datetime
) -> None:
    """Note that capabilities are not relied on any more; everybody is read again where changes went untold.

    Args:
        session: A transaction.
        connection_id: Whose server.
        capabilities: Their names.
        seen: Why.
        at: When that was seen.
    """
    why = {"at": at.isoformat(), "seen": seen.value}
    noted = _noted(session, connection_id) | dict.fromkeys(capabilities, why)
    session.mirror.set_checkpoint(connection_id, _DISTRUSTED, json.dumps(noted))
    if "updated_since" in capabilities:
        session.mirror.set_checkpoint(connection_id, NEWEST, None)
        session.mirror.set_checkpoint(connection_id, SCANNED_AT, None)


def trust_again(session: Session, connection_id: ConnectionId, capabilities: Collection[str]) -> None:
    """Rely on capabilities again; what the server tells of changes and deletions is read from the beginning.

    Args:
        session: A transaction.
        connection_id: Whose server.
        capabilities: Their names.
    """
    left = {name: why for name, why in _noted(session, connection_id).items() if name not in capabilities}
    session.mirror.set_checkpoint(connection_id, _DISTRUSTED, json.dumps(left) if left else None)
    for position in (CHANGED, DELETED, NEWEST, SENSELESS):
        session.mirror.set_checkpoint(connection_id, position, None)


def _noted(session: Session, connection_id: ConnectionId) -> dict[str, object]:
    noted: dict[str, object] = json.loads(session.mirror.checkpoint(connection_id, _DISTRUSTED) or "{}")
    return noted
