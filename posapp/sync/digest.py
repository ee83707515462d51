"""When a server's record counts as changed: a digest over all that we understand of it."""

from __future__ import annotations

import hashlib

from posapp.domain.operation import canonical_json
from posapp.services.ports.remote import Capabilities, RemoteCustomer

_TEXTS = ("name", "phone", "email", "address", "notes")


def digest_of(record: RemoteCustomer, capabilities: Capabilities) -> bytes:
    """Return the digest of what a list shows of a record: of its profile, numbers and traits.

    What lists do not carry is left out, the balance where they are not by change: else one customer would look changed
    whenever she is read alone.

    Args:
        record: As the server showed it.
        capabilities: Of the server.
    """
    profile, listed = record.profile, frozenset(capabilities.listed)
    spent = None if record.total_spent is None else record.total_spent.minor
    balance = record.balance.minor if record.balance is not None and capabilities.updated_since else None
    numbers = (("points", record.points), ("total_orders", record.total_orders), ("total_spent", spent))
    content: list[object] = [getattr(profile, name) if name in listed else None for name in _TEXTS]
    content.append(list(profile.tags) if "tags" in listed else [])
    content += [value if name in listed else None for name, value in numbers]
    content += [balance, record.anonymized]
    content += [[name, value] for name, value in record.traits.told().items() if name in listed]
    return hashlib.blake2b(canonical_json(content).encode("utf-8", "surrogatepass"), digest_size=16).digest()
