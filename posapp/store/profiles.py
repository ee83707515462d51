"""A customer's profile between the dataclass, the columns of `customer` and the JSON of a mirrored record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from posapp.domain.customer import PROFILE_FIELDS, Profile
from posapp.domain.messages import N_
from posapp.services.ports.remote import Traits

DELETED_NAME = N_("Deleted customer")
"""The name of a customer whose person was erased; her khata stays."""

_TRAITS_KEY = "traits"
_TRAITS = frozenset(field.name for field in fields(Traits))

ERASED = Profile(name=DELETED_NAME)


def to_values(profile: Profile) -> dict[str, Any]:
    """Return a profile as JSON values and columns."""
    values = {name: getattr(profile, name) for name in PROFILE_FIELDS}
    values["tags"] = list(profile.tags)
    return values


def from_values(values: Mapping[str, Any]) -> Profile:
    """Read what `to_values` wrote."""
    known = {name: values[name] for name in PROFILE_FIELDS if name in values}
    return Profile(**{**known, "tags": tuple(values.get("tags") or ())})


def record_values(profile: Profile, traits: Traits) -> dict[str, Any]:
    """Return all that a server says of a customer in words, as the JSON of a mirrored record."""
    told = traits.told()
    return {**to_values(profile), **({_TRAITS_KEY: told} if told else {})}


def traits_of(values: Mapping[str, Any]) -> Traits:
    """Read the traits that `record_values` wrote; none where there are none."""
    told = values.get(_TRAITS_KEY) or {}
    known = {name: value for name, value in told.items() if name in _TRAITS}
    if "last_order_at" in known:
        known["last_order_at"] = datetime.fromisoformat(known["last_order_at"])
    return Traits(**known)


def from_row(row: Any) -> Profile:
    """Return the profile in a row of `customer`."""
    return Profile(row.name, row.phone, row.email, row.address, row.notes, tuple(row.tags))
