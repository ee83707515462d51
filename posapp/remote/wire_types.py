"""Kinds of values that every API's wire has, with the bounds within which they can be what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from posapp.domain.money import MAX_MINOR

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[0-9A-Za-z][0-9A-Za-z._:-]*\Z")]
"""What goes into a path: no id can lead a request elsewhere."""
Minor = Annotated[int, Meta(ge=-MAX_MINOR, le=MAX_MINOR)]
Amount = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
Count = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
Time = Annotated[datetime, Meta(tz=True)]
IntegerId = Annotated[int, Meta(ge=1, le=2**63 - 1)]
