"""The words of a decision: what can be chosen, what was chosen, and how a kind of item is settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.till import Till


class Choice(StrEnum):
    """What can be decided; which of them an item offers depends on its kind and on how its act stands.

    `SEND_AS_NEW`: the same again as a new act. `LINK`: it is this record, or this line, that the server has already.
    `ARRIVED`: the server has it, nothing is sent. `KEEP`: it stays in this till's book. `WRITE_OFF`: the shop bears it.
    `GOODWILL`: the shop gives it. `CHARGE`: the customer agreed to owe it. `DROP`: it shall not be. `ACCEPT`: what the
    server says now is right. `REPLAY`: what the server lost is sent again under the same ids. `SEPARATE`: two things,
    not one. `STOP`: it is tried no more, and decided about next. `OURS`, `THEIRS`: which of two values stands.
    `TRUST`: what was given up is relied on again. `ANOTHER`: the same with another value in the field that was refused.
    `WITHOUT`: the same without that field, which stays on this till.
    """

    SEND_AS_NEW = "send_as_new"
    LINK = "link"
    ARRIVED = "arrived"
    KEEP = "keep"
    WRITE_OFF = "write_off"
    GOODWILL = "goodwill"
    CHARGE = "charge"
    DROP = "drop"
    ACCEPT = "accept"
    REPLAY = "replay"
    SEPARATE = "separate"
    STOP = "stop"
    OURS = "ours"
    THEIRS = "theirs"
    TRUST = "trust"
    ANOTHER = "another"
    WITHOUT = "without"


DECIDED: Mapping[str, str] = {
    Choice.SEND_AS_NEW: N_("sent as new"),
    Choice.LINK: N_("linked"),
    Choice.ARRIVED: N_("the server has it"),
    Choice.KEEP: N_("kept on this till"),
    Choice.WRITE_OFF: N_("written off"),
    Choice.GOODWILL: N_("given as goodwill"),
    Choice.CHARGE: N_("the customer owes it"),
    Choice.DROP: N_("dropped"),
    Choice.ACCEPT: N_("taken as it is"),
    Choice.REPLAY: N_("sent again"),
    Choice.SEPARATE: N_("two different things"),
    Choice.STOP: N_("taken out of the queue"),
    Choice.OURS: N_("ours stands"),
    Choice.THEIRS: N_("the server's stands"),
    Choice.TRUST: N_("trusted again"),
    Choice.ANOTHER: N_("put right and sent"),
    Choice.WITHOUT: N_("sent without it; it stays on this till"),
    "decided_elsewhere": N_("decided at another till"),
    "proven": N_("proven equal again"),
    "whole_again": N_("whole again"),
    "told_at_till": N_("told at the till"),
    "it went through": N_("it went through after all"),
    "the server is back": N_("the server shows this shop's customers again"),
}
"""How it is said afterwards, by what an item was settled with."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice as it is put before a person.

    Attributes:
        choice: Which.
        label: On the button; a message id.
        effect: What it does, in one sentence; a message id.
        needs_reason: Whether a reason must be typed.
        needs_approval: Whether a manager must approve.
        targets: What a link may point to (remote ids, line ids or ids of customers); empty where the choice needs none.
        danger: Whether something is given up for good.
        any_customer: Whether any other customer of this till may be the target as well.
        field: The field of a customer that must be typed; empty for none.
    """

    choice: Choice
    label: str
    effect: str
    needs_reason: bool = False
    needs_approval: bool = False
    targets: tuple[str, ...] = ()
    danger: bool = False
    any_customer: bool = False
    field: str = ""

    @property
    def wants_target(self) -> bool:
        """Whether the choice says nothing without a target."""
        return bool(self.targets) or self.any_customer


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose.

    Attributes:
        choice: Which.
        reason: Why, in her words; empty for none.
        target: What a link points to; empty for none.
        approved_by: The manager who allowed it; None for nobody.
        value: Of the field that the choice asks for; empty for none.
    """

    choice: Choice
    reason: str = ""
    target: str = ""
    approved_by: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one kind of item is settled.

    Attributes:
        offers: Returns what can be chosen for an item as it stands now, the safest first.
        settle: Carries a decision out, in the transaction that also closes the item.
    """

    offers: Callable[[Session, InboxItem], tuple[Offer, ...]]
    settle: Callable[[Till, Session, InboxItem, Decision], None]
