"""What a `selorax` server can do."""

from __future__ import annotations

from collections.abc import Collection

from posapp.remote.extensions import offered
from posapp.services.ports.remote import Capabilities

KEPT = ("name", "phone", "email", "address")

PLAIN = Capabilities(
    delete_meaning="refuse",
    fields=KEPT,
    listed=(*KEPT, "guest", "total_orders", "total_spent"),
    required=("phone",),
    unique=("phone",),
    phone_sizes=(10, 20),
    by_change=True,
)
"""What the document alone promises. Its `since` goes by creation: it tells of new customers, never of changed ones."""


def abilities(names: Collection[str]) -> Capabilities:
    """Return what a server can do that announces some extensions, by their names."""
    return offered(PLAIN, names)
