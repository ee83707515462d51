"""Which way each character runs: Unicode's bidirectional levels (UAX 9) of a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

from bidi import algorithm  # type: ignore[import-untyped]

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_CLOSING = {"(": ")", "[": "]", "{": "}"}
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
    _resolve_brackets(storage["chars"], "R" if rtl else "L")
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


def _resolve_brackets(chars: list[dict[str, Any]], line: str) -> None:
    """Rule N0, which the algorithm lacks: both brackets of a pair run with what they enclose.

    Args:
        chars: With their weak types resolved; the types of brackets are set.
        line: Direction of the line, `L` or `R`.
    """
    ways = [{"EN": "R", "AN": "R"}.get(char["type"], char["type"]) for char in chars]
    for opening, closing in _bracket_pairs([char["ch"] for char in chars]):
        inside = {way for way in ways[opening + 1 : closing] if way in {"L", "R"}}
        if not inside:
            continue
        before = next((way for way in reversed(ways[:opening]) if way in {"L", "R"}), line)
        way = line if line in inside else before
        for at in (opening, closing):
            ways[at] = chars[at]["type"] = way


def _bracket_pairs(chars: Sequence[str]) -> list[tuple[int, int]]:
    """Return where pairs of brackets open and close, by their openings (UAX 9, BD16)."""
    pairs: list[tuple[int, int]] = []
    waiting: list[int] = []
    for at, char in enumerate(chars):
        if char in _CLOSING:
            waiting.append(at)
        elif char in _CLOSING.values():
            opened = next((number for number in reversed(waiting) if _CLOSING[chars[number]] == char), None)
            if opened is not None:
                pairs.append((opened, at))
                del waiting[waiting.index(opened) :]
    return sorted(pairs)
