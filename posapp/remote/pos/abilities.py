"""What a `pos` server can do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from posapp.remote.extensions import offered
from posapp.services.ports.remote import Capabilities

PLAIN = Capabilities(points=True, ledger=True, delete_meaning="anonymize")
"""What the document alone promises."""


def abilities(names: Collection[str]) -> Capabilities:
    """Return what a server can do that announces some extensions, by their names."""
    return replace(
        offered(PLAIN, names),
        redeem_unique="redeem-key" in names,
        ledger_write="ledger-write" in names,
        sales="sales" in names,
        reversals="reversals" in names,
        settings="settings" in names,
    )
