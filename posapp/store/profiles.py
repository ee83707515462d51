"""A customer's profile between the dataclass, the columns of `customer` and the JSON of a mirrored record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posapp.domain.customer import PROFILE_FIELDS, Profile
from posapp.domain.messages import N_

DELETED_NAME = N_("Deleted customer")
"""The name of a customer whose person was erased; her khata stays."""

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


def from_row(row: Any) -> Profile:
    """Return the profile in a row of `customer`."""
    return Profile(row.name, row.phone, row.email, row.address, row.notes, tuple(row.tags))
