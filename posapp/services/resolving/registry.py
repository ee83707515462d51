"""Which module settles which kind of item."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.services.resolving.decision import Settlement
from posapp.services.resolving.make_good import MAKE_GOOD, MAKING_GOOD

SETTLEMENTS: Mapping[str, Settlement] = {MAKE_GOOD: MAKING_GOOD}
"""By the kind of an inbox item."""
