"""What a `modules` server can do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from posapp.remote.extensions import offered
from posapp.services.ports.remote import Capabilities

KEPT: Final = ("name", "phone", "email", "notes", "tags")
"""An address is a resource of its own there, with a city, a state and a pincode that one line does not tell: the line
stays on the till."""

PLAIN = Capabilities(
    delete_meaning="hide",
    fields=KEPT,
    apart=("tags",),
    tag_steps=True,
    listed=(*KEPT, "vip", "marketing", "last_order_at", "total_orders", "total_spent"),
    ascending=False,
)
"""What the document alone promises: one order of the list, the newest first."""


def abilities(names: Collection[str]) -> Capabilities:
    """Return what a server can do that announces some extensions, by their names."""
    return offered(PLAIN, names)
