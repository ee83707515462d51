"""What both faces say of a customer in a word or two: the group, the kind of customer, what the server allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from posapp.domain.messages import N_, Message
from posapp.domain.segments import SEGMENT_RULES, SEGMENT_WORDS, Segment
from posapp.services.ports.remote import Traits

GROUP: Final = "group"
"""The name of the mark that has a colour of its own, `Traits.group_color`."""

BLACKLIST_MEANS: Final = N_("A payment is always taken; anything else needs the manager's PIN.")

_LONGEST_REASON = 240
_GOOD_SEGMENTS = {Segment.VIP: True, Segment.LOYAL: True, Segment.AT_RISK: False}


@dataclass(frozen=True, slots=True)
class TraitMark:
    """One word about a customer.

    Attributes:
        name: Of the trait: `group`, `segment`, `cod_enabled`, `guest`, `marketing`.
        text: The word.
        why: What it means, and who says so.
        good: Whether it speaks for the customer; False where it asks for care, None for neither.
    """

    name: str
    text: Message
    why: Message
    good: bool | None = None


def blacklist_words(traits: Traits) -> Message | None:
    """Return that the shop does not serve a customer, and why in the words of whoever decided it; None where it does.

    Args:
        traits: As the server told them; its words become one line and are cut where they are long.
    """
    if not traits.blacklisted:
        return None
    reason = " ".join((traits.blacklist_reason or "").split())
    if not reason:
        return Message(N_("This customer is blacklisted"))
    shown = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
    return Message(N_("Blacklisted: “{reason}”"), {"reason": shown})


def trait_marks(traits: Traits, segment: Segment | None) -> Iterator[TraitMark]:
    """Yield what is known of a customer; a trait that the server does not tell is left out.

    Args:
        traits: As the server told them.
        segment: As the server or this till counts; None for unknown.
    """
    if traits.group:
        yield TraitMark(GROUP, Message(N_("{group}"), {"group": traits.group}), Message(N_("Group on the server")))
    if segment is not None:
        yield TraitMark("segment", Message(SEGMENT_WORDS[segment]), _why(traits, segment), _GOOD_SEGMENTS.get(segment))
    if traits.cod_enabled is not None:
        why = N_("May pay on delivery") if traits.cod_enabled else N_("May not pay on delivery")
        text = N_("COD") if traits.cod_enabled else N_("No COD")
        yield TraitMark("cod_enabled", Message(text), Message(why), None if traits.cod_enabled else False)
    if traits.guest:
        yield TraitMark("guest", Message(N_("Guest")), Message(N_("Bought without an account")))
    if traits.marketing is not None:
        text = N_("Marketing: yes") if traits.marketing else N_("Marketing: no")
        why = N_("Agreed to be written to") if traits.marketing else N_("Did not agree to be written to")
        yield TraitMark("marketing", Message(text), Message(why))


def _why(traits: Traits, segment: Segment) -> Message:
    rule = Message(SEGMENT_RULES[segment])
    if segment is Segment.VIP and traits.vip:
        return Message(N_("The server counts the customer as a VIP"))
    return Message(N_("Counted by this till: {rule}"), {"rule": rule})
