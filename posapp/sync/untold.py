"""What a server does not tell of a customer is not empty: it stands as it was last known.

Some servers keep no notes, some show a phone only when one customer is read alone, some keep its digits alone. Before a
record is compared, merged or shown, what it does not carry is filled in: a field that the server keeps as it last told
it, a field that it does not keep as this till has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posapp.domain.customer import PROFILE_FIELDS, FieldValue, Profile, with_fields
from posapp.domain.ids import CustomerId
from posapp.domain.phone import national_digits
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import MirrorRow
from posapp.services.ports.remote import Capabilities, RemoteCustomer
from posapp.sync.context import SyncContext
from posapp.sync.merge import differing


def completed(
    context: SyncContext,
    session: Session,
    record: RemoteCustomer,
    *,
    row: MirrorRow | None,
    customer_id: CustomerId | None,
) -> RemoteCustomer:
    """Return a record with what it does not tell as it was last known; it still names what it did not tell.

    Args:
        context: For what the server keeps.
        session: A transaction.
        record: As the server showed it.
        row: What the book knows of the server's record; None for nothing.
        customer_id: Our customer; None for nobody yet.
    """
    if row is not None:
        record = replace(record, traits=record.traits.over(row.traits))
    local = frozenset(PROFILE_FIELDS).difference(context.api.capabilities.fields)
    if not (local or record.untold):
        return record
    customer = None if customer_id is None else session.customers.get(customer_id)
    ours = None if customer is None else customer.profile
    values: dict[str, FieldValue] = {}
    for name in local | record.untold:
        known = ours if name in local or row is None else row.profile
        if known is not None:
            values[name] = getattr(known, name)
    known_phones = [one.phone for one in (ours, None if row is None else row.profile) if one is not None]
    return as_typed(
        replace(record, profile=with_fields(record.profile, values)), context.api.capabilities, *known_phones
    )


def as_typed(record: RemoteCustomer, capabilities: Capabilities, *phones: FieldValue) -> RemoteCustomer:
    """Return a record with its phone as a person typed it, where the server keeps digits alone and they are the same.

    Args:
        record: As the server showed it.
        capabilities: Of the server.
        phones: As typed; the first that has the server's digits is taken.
    """
    theirs = record.profile.phone
    if not capabilities.phone_digits or not theirs:
        return record
    same = (one for one in phones if isinstance(one, str) and national_digits(one) == national_digits(theirs))
    return replace(record, profile=replace(record.profile, phone=next(same, theirs)))


def told(record: RemoteCustomer, capabilities: Capabilities) -> frozenset[str]:
    """Return the fields of a profile that a record carries."""
    return frozenset(capabilities.fields) - record.untold


def told_differing(wanted: Profile, record: RemoteCustomer, capabilities: Capabilities) -> Mapping[str, FieldValue]:
    """Return the fields, by name, in which what is wanted differs from what a record tells."""
    names, record = told(record, capabilities), as_typed(record, capabilities, wanted.phone)
    return {name: value for name, value in differing(wanted, record.profile).items() if name in names}
