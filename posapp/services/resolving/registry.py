"""Which module settles which kind of item."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.services.resolving.decision import Settlement

SETTLEMENTS: Mapping[str, Settlement] = {**dict.fromkeys((*ANCHOR_ITEMS, ALTERED_ITEM), CHAIN), MAKE_GOOD: MAKING_GOOD}
from posapp.services.resolving.make_good import MAKE_GOOD, MAKING_GOOD
"""By the kind of an inbox item."""
