"""What a `siyahfy` server can do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from posapp.remote.extensions import offered
from posapp.services.ports.remote import Capabilities

KEPT: Final = ("name", "phone", "email", "notes", "tags")
"""Addresses are rows of their own there, with parts that one line does not tell: the line stays on the till."""

BULK: Final = 250
"""The most customers that one request reads by their ids (contracts, section 2)."""

PLAIN = Capabilities(
    delete_meaning="gone",
    fields=KEPT,
    listed=(*KEPT, "cod_enabled", "blacklisted", "blacklist_reason", "total_orders", "total_spent"),
    unique=("phone", "email"),
    apart=("tags",),
    timeline=True,
    by_change=True,
    snapshot=True,
    bulk_read=BULK,
)
"""What the document alone promises."""


def abilities(names: Collection[str]) -> Capabilities:
    """Return what a server can do that announces some extensions, by their names."""
    return offered(PLAIN, names)
