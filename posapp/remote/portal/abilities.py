"""What a `portal` server can do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from posapp.remote.extensions import offered
from posapp.services.ports.remote import Capabilities

PLAIN = Capabilities(
    delete_meaning="hide",
    fields=("name", "phone", "email"),
    listed=("name", "email", "group"),
    required=("phone", "email"),
    unique=("email",),
    ascending=False,
    phone_digits=True,
)
"""What the document alone promises: no order of its list, no phone in it."""


def abilities(names: Collection[str]) -> Capabilities:
    """Return what a server can do that announces some extensions; with any of them its lists carry the phone."""
    found = offered(PLAIN, names)
    return found if found == PLAIN else replace(found, listed=("name", "phone", "email", "group"))
