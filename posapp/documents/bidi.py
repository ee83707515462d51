"""Which way each character runs: Unicode's bidirectional levels (UAX 9) of a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

from bidi import algorithm  # type: ignore[import-untyped]

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_Run = TypeVar("_Run")


def is_rtl(text: str) -> bool:
    """Whether a line runs from right to left: by its first letter that has a direction."""
    directions = map(unicodedata.bidirectional, text)
    return next((way != "L" for way in directions if way in {"L", "R", "AL"}), False)


def levels(text: str, *, rtl: bool) -> list[int]:
    """Return the level of each character: even from left to right, odd from right to left.

    Args:
        text: One line of assigned characters without explicit embeddings.
        rtl: Whether the line as a whole runs from right to left.
    """
    ways = [unicodedata.bidirectional(char) for char in text]
    if not rtl and _RIGHT_TO_LEFT.isdisjoint(ways):
        return [0] * len(text)
    storage: dict[str, Any] = algorithm.get_empty_storage()
    storage["base_level"] = int(rtl)
    storage["base_dir"] = "R" if rtl else "L"
    algorithm.get_embedding_levels("".join(char for char, way in zip(text, ways, strict=True) if way != "BN"), storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    found = iter([char["level"] for char in storage["chars"]])
    level, every = int(rtl), []
    for way in ways:
        level = level if way == "BN" else next(found)  # the algorithm leaves joiners out: they go with their letter
        every.append(level)
    ends = len(text.rstrip())
    return every[:ends] + [int(rtl)] * (len(text) - ends)  # rule L1: blanks at the end run with the line


def visual(runs: Sequence[tuple[int, _Run]]) -> list[_Run]:
    """Return runs, each with its level, in the order in which they stand on paper from left to right (rule L2)."""
    ordered = list(runs)
    for level in range(max((level for level, _ in ordered), default=0), 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end][0] >= level:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = max(end, start + 1)
    return [run for _, run in ordered]
