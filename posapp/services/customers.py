"""Customers: adding, editing, deleting, and what lives on this till alone (card code, credit limit)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import NAMESPACE_OID, uuid5

from posapp.domain.customer import FieldChange, FieldValue, Profile, changes_between, cleaned, merged_tags, with_fields
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.messages import N_, Message
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, LOCAL, WAITING, Operation, OperationKind, OperationState
from posapp.domain.policy import check_limit
from posapp.services.dto import Customer, CustomerStatus
from posapp.services.khata import EntryForm, write_entry
from posapp.services.khata_till import check_khata_till
from posapp.services.local_values import LocalChange, changed_local, check_card, local_parts
from posapp.services.ports.book import Session
from posapp.services.ports.remote import Capabilities
from posapp.services.till import (
    Recorded,
    Till,
    When,
    ask_if_large,
    capabilities,
    draft,
    live_customer,
    primary_connection,
    record,
)

_MOST_ALIKE = 10


class NothingChanged(DomainError):
    """An edit that leaves everything as it is."""

    id = "nothing_changed"
    title = N_("Nothing to change")
    message = N_("The customer's particulars are like that already.")


class DeleteRefused(DomainError):
    """A customer with money, points or unsent work cannot be deleted."""

    id = "delete_refused"
    title = N_("Cannot be deleted now")


class OwesOrIsOwed(DeleteRefused):
    """The khata is not even."""

    id = "delete_balance"
    message = N_("The khata of {name} is not settled.")
    hint = N_("Settle the khata first; a deleted customer could never pay.")


class HasPoints(DeleteRefused):
    """Points would be lost."""

    id = "delete_points"
    message = N_("{name} has {points} points.")
    hint = N_("Redeem the points first.")


class WorkWaits(DeleteRefused):
    """Something of hers is not on the server yet."""

    id = "delete_waiting"
    message = N_("{count} acts of {name} are not settled with the server yet.")
    hint = N_("Sync, look at the inbox, then delete.")


class NumbersUnknown(DeleteRefused):
    """Her balance or points were never fetched."""

    id = "delete_unknown"
    message = N_("The balance or points of {name} are not known on this till.")
    hint = N_("Sync first.")


class ConfirmDelete(DomainError):
    """Deleting means something different on each server; a person must say yes to it."""

    id = "confirm_delete"
    title = N_("Delete {name}?")
    message = N_("{meaning}")
    hint = N_("Confirm it (on the command line: --yes).")


DELETE_MEANINGS: Mapping[str, str] = {
    "anonymize": N_("Name, phone and address are erased for ever; her sales and khata stay without a name."),
    "refuse": N_("The server deletes only customers without orders; otherwise it refuses."),
    "hide": N_("The server hides the customer; her record stays there."),
    "gone": N_("The customer is deleted for ever."),
    "local": N_("Name, phone and address are erased from this till; her khata lines stay without a name."),
}
"""What deleting a customer means, by `Capabilities.delete_meaning`."""


@dataclass(frozen=True, slots=True)
class AddedCustomer:
    """A new customer, with others who have the same phone or name: perhaps she is one of them."""

    recorded: Recorded
    alike: Sequence[Customer]


def add_customer(
    till: Till,
    *,
    operation_id: OperationId,
    profile: Profile,
    opening_balance: Money | None = None,
    card_code: str | None = None,
    credit_limit: Money | None = None,
    confirmed: bool = False,
) -> AddedCustomer:
    """Add a customer, with an opening balance where she brings one from a paper book.

    Args:
        till: This till.
        operation_id: Made when the form opened; also decides her id, so that a double click makes one customer.
        profile: As typed.
        opening_balance: Positive is what she owes, negative an advance; None or zero for none.
        card_code: Of her loyalty card.
        credit_limit: Hers; None for the shop's default.
        confirmed: Whether a person confirmed an unusually large opening balance.

    Raises:
        DomainError: A field cannot stand so; nothing was recorded.
    """
    wanted = cleaned(profile)
    check_limit(credit_limit)

    def write(session: Session) -> AddedCustomer:
        alike = [one for one in _alike(session, wanted) if one.id != CustomerId(operation_id)]
        recorded = _add(till, session, operation_id, wanted, card_code=card_code, credit_limit=credit_limit)
        if opening_balance:
            if session.operations.get(_further_id(operation_id, 2)) is None:
                check_khata_till(session, None)
                ask_if_large(session, abs(opening_balance), LEDGER_KINDS, confirmed=confirmed)
            form = EntryForm(
                operation_id=_further_id(operation_id, 2),
                customer_id=recorded.customer.id,
                kind=OperationKind.OPENING,
                amount=opening_balance,
            )
            write_entry(till, session, form, When(till.clock.now(), backdated=False))
        after = session.khata.standing(recorded.customer.id)
        recorded = Recorded(recorded.operation, recorded.state, recorded.customer, recorded.before, after)
        return AddedCustomer(recorded, alike)

    return till.book.write(write)


def edit_customer(
    till: Till,
    *,
    operation_id: OperationId,
    customer_id: CustomerId,
    fields: Mapping[str, FieldValue],
    card_code: str | None = None,
    credit_limit: Money | None = None,
) -> Recorded:
    """Change some fields of a customer; what no server holds stays on this till.

    Args:
        till: This till.
        operation_id: Made when the form opened.
        customer_id: Who.
        fields: New values by field name; those not named stay.
        card_code: A new card; None leaves it.
        credit_limit: A new limit; None leaves it.

    Raises:
        NothingChanged: Every value is like that already.
        DomainError: A field cannot stand so.
    """
    check_limit(credit_limit)

    def write(session: Session) -> Recorded:
        customer = live_customer(session, customer_id)
        before = session.khata.standing(customer_id)
        known = session.operations.get(operation_id)
        if known is not None:
            return Recorded(known.operation, known.state, customer, before, before)
        wanted = cleaned(with_fields(customer.profile, fields))
        local = changed_local(session, customer, card_code, credit_limit)
        if wanted == customer.profile and not local:
            raise NothingChanged
        recorded = None
        if wanted != customer.profile:
            recorded = _edit_profile(till, session, operation_id, customer, wanted)
        if local:
            local_id = operation_id if recorded is None else _further_id(operation_id, 2)
            recorded_local = _edit_local(till, session, local_id, customer, local)
            recorded = recorded or recorded_local
        assert recorded is not None, "something changed"
        return recorded

    return till.book.write(write)


def delete_customer(till: Till, *, operation_id: OperationId, customer_id: CustomerId, confirmed: bool) -> Recorded:
    """Delete a customer once a person confirmed what that means on this server.

    Raises:
        ConfirmDelete: Not confirmed yet; the error says what deleting means.
        DeleteRefused: Balance, points or waiting work stand against it.
    """

    def write(session: Session) -> Recorded:
        known = session.operations.get(operation_id)
        if known is not None:
            customer = session.customers.get(known.operation.customer_id)
            assert customer is not None, "a recorded operation has its customer"
            before = session.khata.standing(customer.id)
            return Recorded(known.operation, known.state, customer, before, before)
        customer = live_customer(session, customer_id)
        before = session.khata.standing(customer_id)
        _check_delete(session, customer)
        connection = primary_connection(session)
        meaning = connection.capabilities.delete_meaning if connection else "local"
        if not confirmed:
            raise ConfirmDelete(name=customer.profile.name, meaning=Message(DELETE_MEANINGS[meaning]))
        operation, state = record(
            till,
            session,
            draft(till, operation_id, OperationKind.CUSTOMER_DELETE, customer_id, {}, occurred_at=till.clock.now()),
            state=OperationState.PENDING if connection else OperationState.KEPT,
            write=lambda _: session.customers.set_status(customer_id, CustomerStatus.DELETED),
        )
        if connection is None:
            session.customers.set_status(customer_id, CustomerStatus.ANONYMIZED)
            session.operations.erase_person(customer_id)
        return Recorded(operation, state, customer, before, before)

    return till.book.write(write)


def _add(
    till: Till,
    session: Session,
    operation_id: OperationId,
    profile: Profile,
    *,
    card_code: str | None,
    credit_limit: Money | None,
) -> Recorded:
    customer_id = CustomerId(operation_id)
    now = till.clock.now()
    customer = Customer(
        id=customer_id,
        profile=profile,
        status=CustomerStatus.LIVE,
        created_at=now,
        card_code=card_code,
        credit_limit=credit_limit,
    )
    if card_code and session.operations.get(operation_id) is None:
        check_card(session, customer_id, card_code)
    online = primary_connection(session) is not None
    limit, card = local_parts(card_code, credit_limit)
    operation, state = record(
        till,
        session,
        draft(
            till,
            operation_id,
            OperationKind.CUSTOMER_CREATE,
            customer_id,
            limit,
            occurred_at=now,
            person={"profile": asdict(profile), **card},
        ),
        state=OperationState.PENDING if online else OperationState.KEPT,
        write=lambda _: session.customers.add(customer),
    )
    standing = session.khata.standing(customer_id)
    return Recorded(operation, state, customer, standing, standing)


def _edit_profile(
    till: Till, session: Session, operation_id: OperationId, customer: Customer, wanted: Profile
) -> Recorded:
    changes = changes_between(customer.profile, wanted)
    before = session.khata.standing(customer.id)
    groups = _requests_for(changes, capabilities(session))
    ids = (operation_id, _further_id(operation_id, 3), _further_id(operation_id, 4))
    made = [_record_edit(till, session, one, customer, group) for one, group in zip(ids, groups, strict=False)]
    session.customers.set_profile(customer.id, wanted)
    shown = session.customers.get(customer.id) or customer
    operation, state = made[0]
    return Recorded(operation, state, shown, before, before)


def _requests_for(changes: Mapping[str, FieldChange], server: Capabilities) -> list[dict[str, FieldChange]]:
    """Return changes in the groups that the server takes together, one act each."""
    groups = [
        {name: one for name, one in changes.items() if (name in server.apart) is alone} for alone in (False, True)
    ]
    tags = groups[1].get("tags")
    if server.tag_steps and tags is not None and isinstance(tags.seen, tuple) and isinstance(tags.wanted, tuple):
        both = merged_tags(tags.seen, tags.wanted)
        if set(tags.seen) != set(both) != set(tags.wanted):
            groups[1]["tags"] = FieldChange(tags.seen, both)
            groups.append({"tags": FieldChange(both, tags.wanted)})
    return [group for group in groups if group]


def _record_edit(
    till: Till, session: Session, operation_id: OperationId, customer: Customer, changes: Mapping[str, FieldChange]
) -> tuple[Operation, OperationState]:
    intent = {"fields": sorted(changes)}
    person = {"changes": {name: asdict(change) for name, change in changes.items()}}
    kind, now = OperationKind.CUSTOMER_EDIT, till.clock.now()
    return record(
        till,
        session,
        draft(till, operation_id, kind, customer.id, intent, occurred_at=now, person=person),
        state=OperationState.PENDING if _goes_out(session, customer, changes) else OperationState.KEPT,
        write=lambda _: None,
    )


def _edit_local(
    till: Till, session: Session, operation_id: OperationId, customer: Customer, local: LocalChange
) -> Recorded:
    limit, card = local_parts(local.card_code, local.credit_limit)
    new_card = customer.card_code if local.card_code is None else local.card_code or None
    new_limit = customer.credit_limit if local.credit_limit is None else local.credit_limit
    before = session.khata.standing(customer.id)
    operation, state = record(
        till,
        session,
        draft(
            till,
            operation_id,
            OperationKind.CUSTOMER_EDIT,
            customer.id,
            {"fields": local.names, LOCAL: {}, **limit},
            occurred_at=till.clock.now(),
            person=card,
        ),
        state=OperationState.KEPT,
        write=lambda _: session.customers.set_local(customer.id, card_code=new_card, credit_limit=new_limit),
    )
    shown = session.customers.get(customer.id) or customer
    return Recorded(operation, state, shown, before, before)


def _check_delete(session: Session, customer: Customer) -> None:
    standing = session.khata.standing(customer.id)
    name = customer.profile.name
    waiting = session.operations.of_customer(customer.id, WAITING | {OperationState.NEEDS_HUMAN})
    if waiting:
        raise WorkWaits(name=name, count=len(waiting))
    if standing.balance is None or standing.points is None:
        raise NumbersUnknown(name=name)
    if standing.balance:
        raise OwesOrIsOwed(name=name)
    if standing.points > 0:
        raise HasPoints(name=name, points=standing.points)


def _goes_out(session: Session, customer: Customer, changed: Collection[str]) -> bool:
    """Return whether an edit is for the server: it knows the customer, or will, and keeps one of the fields."""
    connection = primary_connection(session)
    if connection is None or not set(changed) & set(connection.capabilities.fields):
        return False
    if session.mirror.remote_id(connection.id, customer.id) is not None:
        return True
    return bool(session.operations.of_customer(customer.id, WAITING | {OperationState.NEEDS_HUMAN}))


def _alike(session: Session, profile: Profile) -> Sequence[Customer]:
    """Return customers of the same phone, however it is written, or of the very same name."""
    return [
        found.customer
        for found in session.customers.alike(profile, _MOST_ALIKE)
        if found.matched == "phone" or found.customer.profile.name.casefold() == profile.name.casefold()
    ]


def _further_id(operation_id: OperationId, place: int) -> OperationId:
    """Return the id of a further operation of one form, by its place; always the same for the same form."""
    return OperationId(str(uuid5(NAMESPACE_OID, f"{operation_id}/{place}")))
