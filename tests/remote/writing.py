"""A write as the sync sends it to a real stub, and what its answer says."""

from __future__ import annotations

from uuid import uuid4

from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.writes import Outcome, Write, WriteAnswer, WriteResult


def sent(api: CustomerApi, write: Write, key: str | None = None) -> WriteResult:
    """Send a write, under a key of its own where none is given."""
    return api.send(api.prepare(write, key or str(uuid4())), operation_id="op-1")


def done(api: CustomerApi, write: Write) -> WriteAnswer:
    """Send a write that must take effect and return its answer."""
    result = sent(api, write)
    assert (result.outcome, result.code) == (Outcome.OK, "")
    assert result.answer is not None
    return result.answer
