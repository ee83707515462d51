"""Which module settles which kind of item."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.services.anchors import ALTERED_ITEM, ANCHOR_ITEMS
from posapp.services.ports.rescued import RESTORED_ITEM
from posapp.services.ports.trust import EXTENSION_BROKEN
from posapp.services.resolving.card import CARD
from posapp.services.resolving.chain import CHAIN
from posapp.services.resolving.conflict import CONFLICT
from posapp.services.resolving.customer_gone import CUSTOMER_GONE
from posapp.services.resolving.decision import Settlement
from posapp.services.resolving.duplicate import DUPLICATE
from posapp.services.resolving.extension_broken import BROKEN
from posapp.services.resolving.khata_mismatch import KHATA_MISMATCH
from posapp.services.resolving.make_good import MAKE_GOOD, MAKING_GOOD
from posapp.services.resolving.original_open import ORIGINAL_OPEN
from posapp.services.resolving.pair import PAIR
from posapp.services.resolving.refused import REFUSED
from posapp.services.resolving.restored import RESTORED
from posapp.services.resolving.server_restored import OTHER_STORE, SERVER_RESTORED
from posapp.services.resolving.stalled import STALLED
from posapp.services.resolving.suspects import SUSPECTS

SETTLEMENTS: Mapping[str, Settlement] = {
    **dict.fromkeys(("rejected", "capability_gone", "field_missing", "unknown", "lost_effect"), REFUSED),
    "conflict": CONFLICT,
    "khata_mismatch": KHATA_MISMATCH,
    "customer_gone": CUSTOMER_GONE,
    "original_open": ORIGINAL_OPEN,
    "suspects": SUSPECTS,
    "pair": PAIR,
    "duplicate": DUPLICATE,
    "card": CARD,
    "stalled": STALLED,
    "server_restored": SERVER_RESTORED,
    "other_store": OTHER_STORE,
    EXTENSION_BROKEN: BROKEN,
    **dict.fromkeys((*ANCHOR_ITEMS, ALTERED_ITEM), CHAIN),
    MAKE_GOOD: MAKING_GOOD,
    RESTORED_ITEM: RESTORED,
}
"""By the kind of an inbox item."""
