"""Settling what needed a person: what can be chosen, and carrying it out with a record of who chose it and why.

A decision, what it does and the closed item are one transaction (design, section 5). The decision itself is an act in
the chain (`OperationKind.RESOLUTION`): it moves nothing, is never sent and never pruned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, InboxId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import Operation, OperationKind, OperationState
from posapp.services.dto import CustomerStatus, InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.by_hand import BY_HAND
from posapp.services.resolving.decision import Decision, Offer, Settlement
from posapp.services.resolving.registry import SETTLEMENTS
from posapp.services.resolving.targets import WrongTarget
from posapp.services.till import Till, draft

LONGEST_REASON = 200


class UnknownItem(DomainError):
    """No inbox item of that id."""

    id = "unknown_item"
    title = N_("Not in the inbox")
    message = N_("There is no item “{text}” in the inbox.")
    hint = N_("posapp inbox list shows them.")


class SettledAlready(DomainError):
    """The first decision stands."""

    id = "settled_already"
    title = N_("Settled already")
    message = N_("This was settled before.")
    hint = N_("What was decided then stands; look at the settled items.")


class NotOffered(DomainError):
    """The act stands otherwise than when the choice was shown, or it never was one."""

    id = "choice_not_offered"
    title = N_("This cannot be chosen here")
    message = N_("“{choice}” cannot be chosen for this item as it stands now.")
    hint = N_("Look at the item again: it shows what can be chosen.")


class DecisionReasonMissing(DomainError):
    """A decision about money says why."""

    id = "decision_reason_missing"
    title = N_("A reason is missing")
    message = N_("This decision needs a reason.")
    hint = N_("Say in a few words why, for whoever looks at it later.")


class DecisionNeedsApproval(DomainError):
    """Something is given up, or may happen twice: a manager allows it."""

    id = "decision_needs_approval"
    title = N_("The manager decides this")
    message = N_("This decision needs the manager's PIN.")
    hint = N_("Ask the manager for the PIN (on the command line: --pin-stdin).")


class TargetMissing(DomainError):
    """A link points at something, and it does not say at what."""

    id = "decision_target_missing"
    title = N_("Nothing is chosen")
    message = N_("Say what it is the same as.")
    hint = N_("Choose one of those shown (on the command line: --to ID).")


class ValueMissing(DomainError):
    """A choice asks for a phone or an e-mail, and none was typed."""

    id = "decision_value_missing"
    title = N_("Nothing was typed")
    message = N_("Type what shall be sent instead.")
    hint = N_("A phone or an e-mail, as the choice asks (on the command line: --value TEXT).")


@dataclass(frozen=True, slots=True)
class Resolved:
    """An item as it is after a decision.

    Attributes:
        item: Settled.
        decision: What was chosen.
        operation: The act that records the decision; None where the item is about no customer.
    """

    item: InboxItem
    decision: Decision
    operation: Operation | None


def offers(till: Till, item_id: InboxId) -> tuple[Offer, ...]:
    """Return what can be chosen for an item as it stands now, the safest first; nothing for a settled one.

    Raises:
        UnknownItem: There is no such item.
    """

    def read(session: Session) -> tuple[Offer, ...]:
        return offers_of(session, _item(session, item_id))

    return till.book.read(read)


def offers_of(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    """Return what can be chosen for an item, inside a running transaction."""
    return () if item.resolved_at is not None else _settlement(item).offers(session, item)


def resolve(till: Till, item_id: InboxId, decision: Decision) -> Resolved:
    """Carry a decision out, record it and close its item, all or nothing.

    Raises:
        UnknownItem, SettledAlready: There is nothing to settle.
        NotOffered, DecisionReasonMissing, DecisionNeedsApproval: Not like this.
        TargetMissing, WrongTarget, ValueMissing: Something is not said yet.
        DomainError: The choice would risk something; the item stays open.
        StoreUnavailable: The book cannot be written.
    """
    chosen = replace(decision, reason=decision.reason.strip()[:LONGEST_REASON], value=decision.value.strip())

    def write(session: Session) -> Resolved:
        item = _item(session, item_id)
        if item.resolved_at is not None:
            raise SettledAlready
        _check(session, item, chosen)
        operation = _record(till, session, item, chosen)
        _settlement(item).settle(till, session, item, chosen)
        close(till, session, item, chosen)
        if item.customer_id is not None:
            session.customers.bump_lane(item.customer_id)  # what was read before the decision counts no more
        return Resolved(_item(session, item_id), chosen, operation)

    return till.book.write(write)


def close(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """Note on an item how it was settled, by whom and why."""
    session.inbox.resolve(
        item.id,
        decision.choice.value,
        till.clock.now(),
        decided_by=till.actor,
        approved_by=decision.approved_by,
        reason=decision.reason,
        target=decision.target or None,
    )


def _item(session: Session, item_id: InboxId) -> InboxItem:
    item = session.inbox.get(item_id)
    if item is None:
        raise UnknownItem(text=item_id)
    return item


def _settlement(item: InboxItem) -> Settlement:
    return SETTLEMENTS.get(item.kind, BY_HAND)


def _check(session: Session, item: InboxItem, decision: Decision) -> None:
    offer = next((one for one in offers_of(session, item) if one.choice is decision.choice), None)
    if offer is None:
        raise NotOffered(choice=decision.choice.value)
    if offer.needs_reason and not decision.reason:
        raise DecisionReasonMissing
    if offer.needs_approval and decision.approved_by is None:
        raise DecisionNeedsApproval
    if offer.wants_target and not decision.target:
        raise TargetMissing
    if offer.field and not decision.value:
        raise ValueMissing
    if decision.target and decision.target not in offer.targets and not _is_customer(session, item, offer, decision):
        raise WrongTarget(target=decision.target)


def _is_customer(session: Session, item: InboxItem, offer: Offer, decision: Decision) -> bool:
    other = session.customers.get(CustomerId(decision.target)) if offer.any_customer else None
    return other is not None and other.status is CustomerStatus.LIVE and other.id != item.customer_id


def _record(till: Till, session: Session, item: InboxItem, decision: Decision) -> Operation | None:
    """Append the decision to the chain; what a person typed lies beside it, where an erasure may delete it."""
    if item.customer_id is None:
        return None
    intent = {
        "item": item.id,
        "item_kind": item.kind,
        "about": item.operation_id,
        "choice": decision.choice.value,
        "target": decision.target or None,
    }
    return session.operations.record(
        draft(
            till,
            OperationId(new_uuid()),
            OperationKind.RESOLUTION,
            item.customer_id,
            intent,
            occurred_at=till.clock.now(),
            person={"reason": decision.reason} if decision.reason else None,
            approved_by=decision.approved_by,
        ),
        state=OperationState.KEPT,
        recorded_at=till.clock.now(),
    )
