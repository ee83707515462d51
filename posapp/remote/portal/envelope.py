"""Answers of the `portal` API come bare or under `data`; a success may carry nothing at all (contracts, section 2)."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from posapp.remote.strict_json import WrongShape

Shape = TypeVar("Shape")


def content(told: object, shape: type[Shape]) -> Shape | None:
    """Return what a successful answer carries; None for a success that carries nothing.

    Args:
        told: The answer's JSON.
        shape: What it must carry, if anything.

    Raises:
        WrongShape: Its own `status` says that it is no success, or it carries something else.
    """
    inner = told
    if isinstance(told, dict) and ("data" in told or "message" in told):
        if told.get("status") not in (1, "1"):
            raise WrongShape("status")
        inner = told.get("data")
    if inner is None:
        return None
    try:
        return msgspec.convert(inner, shape)
    except msgspec.ValidationError:
        raise WrongShape("wrong_shape") from None  # its text may quote the answer


def required(told: object, shape: type[Shape]) -> Shape:
    """Return what a successful answer carries, as `content` does.

    Raises:
        WrongShape: As `content`; or it carries nothing: that is not the same as an empty list.
    """
    carried = content(told, shape)
    if carried is None:
        raise WrongShape("no_data")
    return carried
