"""Which module settles which kind of item."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.services.resolving.decision import Settlement

SETTLEMENTS: Mapping[str, Settlement] = {}
"""By the kind of an inbox item."""
