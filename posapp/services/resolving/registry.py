"""Which module settles which kind of item."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.services.resolving.conflict import CONFLICT
from posapp.services.resolving.customer_gone import CUSTOMER_GONE
from posapp.services.resolving.decision import Settlement
from posapp.services.resolving.make_good import MAKE_GOOD, MAKING_GOOD
from posapp.services.resolving.original_open import ORIGINAL_OPEN
from posapp.services.resolving.refused import REFUSED

SETTLEMENTS: Mapping[str, Settlement] = {
    **dict.fromkeys(("rejected", "capability_gone", "unknown", "lost_effect"), REFUSED),
    "conflict": CONFLICT,
    "customer_gone": CUSTOMER_GONE,
    "original_open": ORIGINAL_OPEN,
    MAKE_GOOD: MAKING_GOOD,
}
"""By the kind of an inbox item."""
