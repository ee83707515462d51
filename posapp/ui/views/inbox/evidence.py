"""What is known of an item of the inbox beyond the server's words: names and values for a person, no inner ids."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.proof_words import side_messages
from posapp.domain.shop import Shop
from posapp.domain.words import BROKEN_WORDS, MISMATCH_WORDS
from posapp.locale.translator import Translator
from posapp.services.inbox import FoundItem
from posapp.services.resolving.lost_words import lost_acts
from posapp.ui.views.inbox.wording import plain, target_words
from posapp.ui.widgets.pairs import Pairs
from posapp.ui.wording import balance_said, full_moment_said

_NAMES = {
    "status": N_("Answer"),
    "code": N_("Code"),
    "extensions": N_("Announced"),
    "seen": N_("What was seen"),
    "ability": N_("Lacks"),
    "fields": N_("Fields"),
    "missing": N_("Missing there"),
    "candidates": N_("May be one of"),
    "kind": N_("What differs"),
    "position": N_("Which entry"),
    "ours": N_("Here"),
    "theirs": N_("On the server"),
    "known": N_("Known here"),
    "suspects": N_("Missing"),
    "announced": N_("Announced by the server"),
    "count": N_("Acts that it lost"),
    "acts": N_("Which"),
    "failures": N_("Tries that failed"),
    "given": N_("Discount given"),
    "points_before": N_("Points before"),
    "points_after": N_("Points after"),
    "waiting": N_("Acts that wait"),
    "kept_balance": N_("Khata on this till alone"),
    "reason": N_("Why"),
    "taken": N_("Acts brought back"),
    "asked": N_("Acts that are asked about"),
    "damage": N_("Wrong with the copy"),
    "decided": N_("Decided before"),
    "first": N_("From act on"),
    "seq": N_("Act that was there"),
    "newest": N_("Last act of the book"),
    "file": N_("Its file"),
}
"""What is known by its name, in the order in which it is read."""
_ORDER = tuple(_NAMES)
_NAMES_OF = {
    ("chain_altered", "count"): N_("Faults"),
    ("customer_gone", "status"): N_("On the server"),
    ("field_missing", "fields"): N_("Needed"),
    **dict.fromkeys((("field_missing", "code"), ("rejected", "code")), N_("What is wrong")),
}
"""Names that mean something else in one kind of item."""
_GONE = {
    "deleted": N_("deleted"),
    "anonymized": N_("erased"),
    "merged": N_("made one with another customer"),
}
_CODES = {
    "phone_taken": N_("Another customer there has this phone."),
    "email_taken": N_("Another customer there has this e-mail."),
    "phone_size": N_("The phone is too short or too long for this server."),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": MISMATCH_WORDS,
    "seen": BROKEN_WORDS,
    "status": _GONE,
    "code": _CODES,
}
"""Values that are words, by their names."""
_INWARD = frozenset(
    {
        *("connection", "agreed_until", "since", "capabilities"),
        *("who", "other", "both_on_server", "holder"),
        *("entry", "line", "posted", "own"),
        *("till", "hash"),
    }
)
"""What the till notes for itself; whom or what an item is linked to is told by its targets."""
_MOMENTS = frozenset({"occurred_at", "recorded_at"})


def known(say: Translator, found: FoundItem, shop: Shop) -> Pairs:
    """Return what is known of an item, and what it may be the same as.

    Args:
        say: Says sentences.
        found: The item.
        shop: For its currency and its days.
    """
    item = found.item
    pairs = []
    for name, value in sorted(item.evidence.items(), key=_place):
        if value is None or value in ("", {}) or name in _INWARD:
            continue
        named = _NAMES_OF.get((item.kind, name)) or _NAMES.get(name)
        pairs.append((name if named is None else say(named), _told(say, found, name, value, shop)))
    if "candidates" not in item.evidence:
        targets = (one for offer in found.offers if offer.targets for one in found.targets.get(offer.choice, ()))
        words = "\n".join(dict.fromkeys(target_words(say, target, shop) for target in targets))
        pairs += [(say(N_("May be the same as")), words)] if words else []
    return tuple(pairs)


def _place(named: tuple[str, object]) -> int:
    return _ORDER.index(named[0]) if named[0] in _ORDER else len(_ORDER)


def _told(say: Translator, found: FoundItem, name: str, value: object, shop: Shop) -> str:
    if name == "acts":
        return "\n".join(say.say(one) for one in lost_acts(found.item.evidence, shop.currency))
    if isinstance(value, Mapping):
        return " · ".join(say.say(part) for part in side_messages(_at_the_shop(say, value, shop), shop.currency))
    if name == "given" and isinstance(value, int):
        return Money(value, shop.currency).text()
    if name == "kept_balance" and isinstance(value, int):
        said = balance_said(say, Money(value, shop.currency))
        return f"{said.caption} {said.value}"
    words = _WORDS.get(name, {}).get(str(value))
    return plain(say, value) if words is None else say(words)


def _at_the_shop(say: Translator, side: Mapping[str, object], shop: Shop) -> Mapping[str, object]:
    """Return a side of a difference with its moments as the shop's clock shows them."""
    moments = {}
    for name in _MOMENTS & side.keys():
        with suppress(ValueError):  # a day, or whatever a server calls a moment, is shown as it came
            moments[name] = full_moment_said(say, datetime.fromisoformat(str(side[name])), shop)
    return {**side, **moments}
