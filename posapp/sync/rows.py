"""Taking a server's records into the book: one page, one transaction, and no number counted twice.

A pulled balance counts only if the customer's lane was idle from the request's start to its apply (design, section 5):
otherwise it may or may not hold what is being sent, so the row is taken without numbers and fetched again later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from posapp.domain.customer import Profile
from posapp.domain.digits import only_digits
from posapp.domain.ids import CustomerId, RemoteId, new_uuid
from posapp.domain.operation import DOUBTFUL, OVERLAY, OperationKind, OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import MirrorRow
from posapp.services.ports.remote import Capabilities, RemoteCustomer
from posapp.sync.context import SyncContext
from posapp.sync.digest import digest_of
from posapp.sync.given_anew import IdGivenAnew, is_somebody_else
from posapp.sync.leaving import UNSETTLED, give_way, take_gone
from posapp.sync.merge import overlaid
from posapp.sync.recognising import held
from posapp.sync.stays import shown_over, staying
from posapp.sync.untold import as_typed, completed
from posapp.sync.writes import changes_of, profile_of


@dataclass(frozen=True, slots=True)
class Applied:
    """What a page brought.

    Attributes:
        written: Rows that were new or changed.
        all_known: Whether every row was known before.
        merged: Customers whose unsent edits were laid over a changed record.
    """

    written: int
    all_known: bool
    merged: int = 0

    def plus(self, other: Applied) -> Applied:
        """Return what both pieces of a page came to."""
        return Applied(self.written + other.written, self.all_known and other.all_known, self.merged + other.merged)


CHUNK = 100
"""Rows a transaction at most: some 15 ms, so that a till's act between two does not wait (design, section 5)."""


def chunks(records: Sequence[RemoteCustomer]) -> Iterator[Sequence[RemoteCustomer]]:
    """Yield a page in pieces of at most `CHUNK` rows, an empty page as one empty piece."""
    yield records[:CHUNK]
    for start in range(CHUNK, len(records), CHUNK):
        yield records[start : start + CHUNK]


def apply_page(
    context: SyncContext,
    session: Session,
    records: Iterable[RemoteCustomer],
    *,
    epoch: int,
    scanning: bool = False,
    by_change: bool = False,
) -> Applied:
    """Take a page of records into the book.

    An answer to a write sets numbers without a record, so a row may differ from the book although it is as it was when
    it was last listed. A list by change therefore counts whole; elsewhere such customers are fetched (`answers`).

    Args:
        context: The engine's surroundings.
        session: The transaction that also saves the position.
        records: As the server listed them.
        epoch: Highest lane epoch before the request left.
        scanning: Whether unchanged rows are to be noted as seen.
        by_change: Whether the server listed them because they changed.
    """
    listed = {record.remote_id: record for record in records}
    rows = session.mirror.rows(context.connection_id, listed)
    known = _still_the_same(context, session, rows, listed)
    fresh = [record for remote_id, record in listed.items() if remote_id not in known]
    _insert(context, session, fresh)
    capabilities = context.api.capabilities
    changed = [
        row
        for remote_id, row in known.items()
        if row.status is not CustomerStatus.LIVE or row.digest != digest_of(listed[remote_id], capabilities)
    ]
    context.changed.add(row.customer_id for row in changed)
    taken = [(listed[row.remote_id], row) for row in (known.values() if by_change else changed)]
    merged = _update(context, session, taken, epoch=epoch)
    if scanning:
        generation = session.mirror.last_generation(context.connection_id)
        session.mirror.mark_seen(context.connection_id, known, generation)
    return Applied(len(fresh) + len(changed), not fresh, merged)


def _still_the_same(
    context: SyncContext,
    session: Session,
    rows: Mapping[RemoteId, MirrorRow],
    listed: Mapping[RemoteId, RemoteCustomer],
) -> dict[RemoteId, MirrorRow]:
    """Return the rows of whom the server shows under their ids; the others are parted from theirs, if that is known."""
    same = {remote_id: row for remote_id, row in rows.items() if not is_somebody_else(row, listed[remote_id])}
    if len(same) < len(rows) and held(context, session) is None:
        raise IdGivenAnew
    for remote_id in rows.keys() - same.keys():
        customer_id = rows[remote_id].customer_id
        session.mirror.forget(context.connection_id, remote_id)
        if customer_id is not None:
            give_way(context, session, customer_id)
    return same


def counts(row: MirrorRow, epoch: int) -> bool:
    """Return whether numbers read in a request may be taken: the epoch rule (research/sync, section 3.8).

    Args:
        row: What the book knows of the customer now.
        epoch: Highest lane epoch before the request left.
    """
    return not row.busy and not row.unproven and row.lane_epoch <= epoch


def take(
    context: SyncContext, session: Session, record: RemoteCustomer, customer_id: CustomerId, *, with_numbers: bool
) -> None:
    """Take one customer's record, known before or not, as ours.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        record: As the server showed it.
        customer_id: Our customer.
        with_numbers: Whether its points and balance count.
    """
    mirror, connection_id = session.mirror, context.connection_id
    context.changed.add([customer_id])
    digest = digest_of(record, context.api.capabilities)
    now, generation = context.clock.now(), mirror.last_generation(connection_id)
    row = mirror.rows(connection_id, [record.remote_id]).get(record.remote_id)
    record = completed(context, session, record, row=row, customer_id=customer_id)
    if row is None:
        seen = record if with_numbers else replace(record, points=None, balance=None)
        mirror.insert(connection_id, [(seen, customer_id, digest)], generation=generation, seen_at=now)
    else:
        mirror.update(
            connection_id,
            [(record, digest)],
            generation=generation,
            seen_at=now,
            with_numbers=lambda _: with_numbers,
        )
    if row is None or row.customer_id != customer_id:
        mirror.link(connection_id, record.remote_id, customer_id)
        if row is not None and row.customer_id is not None:
            give_way(context, session, row.customer_id)
    if not with_numbers:
        mirror.mark_for_refresh(connection_id, [record.remote_id])
    show(session, customer_id, record.profile)


def has_acts(session: Session, customer_id: CustomerId) -> bool:
    """Return whether this till ever did anything for a customer."""
    return bool(session.operations.of_customer(customer_id, OperationState))


def show(session: Session, customer_id: CustomerId, theirs: Profile) -> bool:
    """Show the server's record with this till's unsent edits on top; return whether there were any."""
    edits = [
        changes_of(session.operations.person(view.operation.id))
        for view in session.operations.of_customer(customer_id, UNSETTLED)
        if view.operation.kind is OperationKind.CUSTOMER_EDIT
    ]
    session.customers.set_profile(customer_id, overlaid(shown_over(theirs, staying(session, customer_id)), edits))
    return bool(edits)


def alike(one: RemoteCustomer, other: Profile, capabilities: Capabilities) -> bool:
    """Return whether a record may be this person by name, phone and e-mail, as far as it tells them."""
    one = as_typed(one, capabilities, other.phone)
    pairs = zip(_signature(one.profile).items(), _signature(other).values(), strict=True)
    return all(mine == theirs for (name, mine), theirs in pairs if name not in one.untold)


def same_person(one: Profile, other: Profile) -> bool:
    """Return whether two profiles may be one person by name, phone and e-mail."""
    return _signature(one) == _signature(other)


def doubtful_creates(session: Session) -> Sequence[Profile]:
    """Return the profiles of creates that the server may hold without our knowing its id; a person may link them."""
    views = session.operations.in_states(DOUBTFUL | {OperationState.PENDING, OperationState.NEEDS_HUMAN})
    creates = [view for view in views if view.operation.kind is OperationKind.CUSTOMER_CREATE]
    left = [view for view in creates if view.state in DOUBTFUL or view.attempts]
    people = [session.operations.person(view.operation.id) for view in left]
    return [profile_of(person) for person in people if "profile" in person]


def _signature(profile: Profile) -> dict[str, str]:
    return {
        "name": " ".join(profile.name.split()).casefold(),
        "phone": only_digits(profile.phone or ""),
        "email": (profile.email or "").strip().casefold(),
    }


def _insert(context: SyncContext, session: Session, records: Sequence[RemoteCustomer]) -> None:
    if not records:
        return
    doubtful = doubtful_creates(session)
    capabilities = context.api.capabilities
    live = [
        (
            record,
            None if any(alike(record, profile, capabilities) for profile in doubtful) else CustomerId(new_uuid()),
            digest_of(record, capabilities),
        )
        for record in records
        if not record.anonymized
    ]
    context.changed.add(customer_id for _, customer_id, _ in live)
    session.mirror.insert(
        context.connection_id,
        live,
        generation=session.mirror.last_generation(context.connection_id),
        seen_at=context.clock.now(),
    )


def _update(
    context: SyncContext, session: Session, changed: Sequence[tuple[RemoteCustomer, MirrorRow]], *, epoch: int
) -> int:
    rows = {row.remote_id: row for _, row in changed}
    stale = {remote_id for remote_id, row in rows.items() if row.lane_epoch > epoch}
    countable = {remote_id for remote_id, row in rows.items() if counts(row, epoch)}
    connection_id, merged = context.connection_id, 0
    for record, row in changed:
        if record.anonymized:
            take_gone(context, session, row, CustomerStatus.ANONYMIZED)
        elif row.status is not CustomerStatus.LIVE:
            _take_back(context, session, row)
    capabilities = context.api.capabilities
    fresh = [
        (completed(context, session, record, row=row, customer_id=row.customer_id), digest_of(record, capabilities))
        for record, row in changed
        if record.remote_id not in stale and not record.anonymized
    ]
    session.mirror.update(
        connection_id,
        fresh,
        generation=session.mirror.last_generation(connection_id),
        seen_at=context.clock.now(),
        with_numbers=countable.__contains__,
    )
    for record, _ in fresh:
        row = rows[record.remote_id]
        if row.customer_id is not None and record.profile != row.profile:
            merged += show(session, row.customer_id, record.profile)
    _mark(context, session, set(rows) - countable)
    return merged


def _mark(context: SyncContext, session: Session, remote_ids: set[RemoteId]) -> None:
    if remote_ids:
        session.mirror.mark_for_refresh(context.connection_id, sorted(remote_ids))


def _take_back(context: SyncContext, session: Session, row: MirrorRow) -> None:
    """A customer who was gone is on the server again."""
    session.mirror.set_status(context.connection_id, row.remote_id, CustomerStatus.LIVE)
    if row.customer_id is None:
        return
    deletes = session.operations.of_customer(row.customer_id, OVERLAY)
    if not any(view.operation.kind is OperationKind.CUSTOMER_DELETE for view in deletes):
        session.customers.set_status(row.customer_id, CustomerStatus.LIVE)
