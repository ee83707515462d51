"""What a `pos` server can do, by what it announces; and how a repeat of each write is made safe there."""

from __future__ import annotations

from posapp.remote.http import Answer
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    PostEntry,
    PostSale,
    RedeemPoints,
    Repeat,
    ReverseSale,
    Write,
)

HEADER = "x-sync-extensions"
TOTAL = "x-total-count"
_LONGEST_TOTAL = 9


def announced(answer: Answer) -> Capabilities:
    """Return what a signed answer announces; without the header, what the document alone promises."""
    names = {name.strip().lower() for name in answer.headers.get(HEADER, "").split(",")}
    return Capabilities(
        idempotency_keys="idempotency-key" in names,
        updated_since="updated-since" in names,
        tombstones="tombstones" in names,
        etags="etag" in names,
        points=True,
        redeem_unique="redeem-key" in names,
        ledger=True,
        ledger_write="ledger-write" in names,
        sales="sales" in names,
        reversals="reversals" in names,
        settings="settings" in names,
        delete_meaning="anonymize",
    )


PLAIN = Capabilities(points=True, ledger=True, delete_meaning="anonymize")
"""What the document alone promises."""


def repeat_safety(write: Write, capabilities: Capabilities) -> Repeat:
    """Return how a repeat of a write is made safe.

    Args:
        write: What is to be sent.
        capabilities: Of the server as it is now.
    """
    if capabilities.idempotency_keys:
        return Repeat.KEY
    match write:
        case PostEntry() | PostSale() | ReverseSale() | AdjustPoints():
            return Repeat.UNIQUE if capabilities.unique_references else Repeat.PROBE
        case RedeemPoints():
            return Repeat.UNIQUE if capabilities.redeem_unique else Repeat.NEVER
        case CreateCustomer():
            return Repeat.PROBE
        case EditCustomer() | DeleteCustomer():
            return Repeat.NATURAL


def total_count(answer: Answer) -> int | None:
    """Return how many rows a list was announced to be a page of; None where the server does not say a plain number."""
    text = answer.headers.get(TOTAL, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_TOTAL else None
