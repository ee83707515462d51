"""What a server can do, by what it announces (contracts, section 3); and how a repeat of each write is made safe."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from posapp.remote.http import Answer
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    LogLine,
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


def announced(answer: Answer) -> frozenset[str]:
    """Return the names of the extensions that an answer announces."""
    names = (name.strip().lower() for name in answer.headers.get(HEADER, "").split(","))
    return frozenset(name for name in names if name)


def offered(plain: Capabilities, names: Collection[str]) -> Capabilities:
    """Return what a server can do that announces some extensions: those that every API may have.

    Args:
        plain: What its document alone promises.
        names: As announced.
    """
    return replace(
        plain,
        idempotency_keys="idempotency-key" in names,
        updated_since="updated-since" in names,
        tombstones="tombstones" in names,
        etags="etag" in names,
    )


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
        case CreateCustomer() | LogLine():
            return Repeat.PROBE
        case EditCustomer() | DeleteCustomer():
            return Repeat.NATURAL


def total_count(answer: Answer) -> int | None:
    """Return how many rows a list was announced to be a page of; None where the server does not say a plain number."""
    text = answer.headers.get(TOTAL, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_TOTAL else None
