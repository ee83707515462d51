"""When a server's record counts as changed: a digest over all that we understand of it."""

from __future__ import annotations

import hashlib

from posapp.domain.operation import canonical_json
from posapp.services.ports.remote import Capabilities, RemoteCustomer


def digest_of(record: RemoteCustomer, capabilities: Capabilities) -> bytes:
    """Return the digest of a record's profile, points, totals and flags.

    The balance counts only where lists carry it, else one customer would look changed whenever she is read alone.

    Args:
        record: As the server showed it.
        capabilities: Of the server.
    """
    profile = record.profile
    content = [
        profile.name,
        profile.phone,
        profile.email,
        profile.address,
        profile.notes,
        list(profile.tags),
        record.points,
        record.total_orders,
        None if record.total_spent is None else record.total_spent.minor,
        record.balance.minor if record.balance is not None and capabilities.updated_since else None,
        record.anonymized,
    ]
    return hashlib.blake2b(canonical_json(content).encode("utf-8", "surrogatepass"), digest_size=16).digest()
