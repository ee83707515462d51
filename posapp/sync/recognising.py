"""Whether this is still the server that the till knows, standing where it stood (research/sync, section 4.6).

A server that was put back to an older backup forgets acts that it took; a token of another store shows other people.
Both look like an ordinary answer. What gives them away is the record that changed last: it must stand in the list of
what changed since, or be deleted by somebody. Where it does not, a few known records are read one by one.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from posapp.domain.errors import OtherStore, RemoteProtocolError, RemoteRejected, ServerWentBack
from posapp.domain.ids import RemoteId
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import HELD, Held, Landmark
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import SyncContext
from posapp.sync.positions import CHANGED, DELETED, NEWEST, moment_at

log = logging.getLogger(__name__)

WENT_BACK_TO = "went_back_to"
"""Checkpoint: the newest moment, by the server's clock, at which it still agrees with this till."""

_NEWEST, _OLDEST = 3, 2
_FARTHEST = 200
"""The most records that are read to find out how far a server went back."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A known customer, whether the server told anything of her now, and what; None for gone."""

    known: Landmark
    record: RemoteCustomer | None
    told: bool

    @property
    def older(self) -> bool:
        """Whether the server shows an older state of her than before."""
        if self.record is None or self.record.updated_at is None or self.known.changed_at is None:
            return False
        return self.record.updated_at < self.known.changed_at

    @property
    def agrees(self) -> bool:
        """Whether she is there, as new as she was."""
        return self.record is not None and not self.older


def held(context: SyncContext, session: Session) -> Held | None:
    """Return why nothing is sent to the server; None while all is well."""
    value = session.mirror.checkpoint(context.connection_id, HELD)
    return None if value is None else Held(value)


def glance(context: SyncContext) -> None:
    """Before anything is sent: one request that shows whether the server stands where it stood.

    Args:
        context: The engine's surroundings.

    Raises:
        OtherStore, ServerWentBack: As it is; from then on nothing is sent.
        RemoteError: The server was not reached or lied.
    """
    if context.book.read(lambda session: session.mirror.checkpoint(context.connection_id, NEWEST)) is None:
        return
    if context.api.capabilities.updated_since:
        records = context.api.changed_since(moment_at(context, CHANGED), 1)
    else:
        records = context.api.newest_first(1)
    check_newest(context, records)


def check_newest(context: SyncContext, records: Sequence[RemoteCustomer]) -> None:
    """Look for the record that changed last on a first page, of the changes since then or of the newest customers.

    It may also stand behind the page's end, or have been deleted: then a few readings show that all is well.

    Args:
        context: The engine's surroundings.
        records: The page, before anything of it is taken over.

    Raises:
        OtherStore, ServerWentBack: As `glance`.
        RemoteError: The server was not reached or lied.
    """

    def read(session: Session) -> tuple[str | None, Held | None]:
        return session.mirror.checkpoint(context.connection_id, NEWEST), held(context, session)

    newest, stopped = context.book.read(read)
    if newest is not None and stopped is None and newest not in {record.remote_id for record in records}:
        recognise(context)


def recognise(context: SyncContext) -> None:
    """Read the newest and the oldest customers that the book knows one by one, and stop where they are not there.

    Args:
        context: The engine's surroundings.

    Raises:
        OtherStore: None of them is there, or the server counts in another currency.
        ServerWentBack: The newest are gone though nobody deleted them, or stand as they stood before.
        RemoteError: The server was not reached or lied.
    """
    connection_id = context.connection_id

    def landmarks(session: Session) -> list[Landmark]:
        some = [*session.mirror.newest(connection_id, _NEWEST), *session.mirror.oldest(connection_id, _OLDEST)]
        return list({one.remote_id: one for one in some}.values())

    readings = [_read(context, one) for one in context.book.read(landmarks)]
    missing = [one.known for one in readings if one.told and one.record is None]
    deleted = _deleted(context) if missing else set()
    lost = [one for one in missing if one.remote_id not in deleted]
    if len(lost) == len(readings) > 1 or _other_currency(context):
        _hold(context, Held.OTHER_STORE)
        raise OtherStore
    if any(one.older for one in readings) or len(lost) > 1 or any(_made_here(context, one) for one in lost):
        went_back(context)
    context.book.write(lambda session: _all_well(context, session), urgent=False)


def went_back(context: SyncContext) -> None:
    """Note that the server stands at an older state: nothing is sent, everybody is read again.

    Args:
        context: The engine's surroundings.

    Raises:
        ServerWentBack: Always.
        RemoteError: The server was not reached or lied.
    """
    newest = context.book.read(lambda session: session.mirror.newest(context.connection_id, _FARTHEST))
    agreed = next((one for one in newest if _read(context, one).agrees), None)

    def note(session: Session) -> None:
        moment = None if agreed is None or agreed.changed_at is None else agreed.changed_at.isoformat()
        session.mirror.set_checkpoint(context.connection_id, WENT_BACK_TO, moment)
        for position in (CHANGED, DELETED, NEWEST):
            session.mirror.set_checkpoint(context.connection_id, position, None)
        session.mirror.save_scan_run(context.connection_id, None)

    context.book.write(note, urgent=False)
    _hold(context, Held.WENT_BACK)
    raise ServerWentBack


def check_any_known(context: SyncContext, records: Collection[RemoteCustomer]) -> None:
    """Before a scan takes its first page: a page of strangers, or an empty one, may be another store's.

    Args:
        context: The engine's surroundings.
        records: The page.

    Raises:
        OtherStore, ServerWentBack: As `glance`.
        RemoteError: The server was not reached or lied.
    """
    ids = [record.remote_id for record in records]

    def strangers(session: Session) -> bool:
        known = session.mirror.rows(context.connection_id, ids)
        there = session.mirror.oldest(context.connection_id, 1)
        return bool(there) and not known and held(context, session) is None

    if context.book.read(strangers):
        recognise(context)


def _read(context: SyncContext, one: Landmark) -> _Read:
    """Read a known customer; an answer that makes no sense says nothing of when it is from."""
    try:
        return _Read(one, context.api.customer(one.remote_id), told=True)
    except (RemoteProtocolError, RemoteRejected) as error:
        log.info("a known customer could not be read: %s", error.id)
        return _Read(one, None, told=False)


def _hold(context: SyncContext, why: Held) -> None:
    log.warning("nothing is sent any more: %s", why)
    context.book.write(
        lambda session: session.mirror.set_checkpoint(context.connection_id, HELD, why.value), urgent=False
    )


def _all_well(context: SyncContext, session: Session) -> None:
    """Somebody deleted the newest one: until there is another, nobody is looked for."""
    session.mirror.set_checkpoint(context.connection_id, HELD, None)
    session.mirror.set_checkpoint(context.connection_id, NEWEST, None)


def _deleted(context: SyncContext) -> set[RemoteId]:
    """Return whom the server says it deleted since the last pull."""
    if not context.api.capabilities.tombstones:
        return set()
    return {stone.remote_id for stone in context.api.deleted_since(moment_at(context, DELETED), 1)}


def _made_here(context: SyncContext, one: Landmark) -> bool:
    """Whether this till itself sent a customer: that nobody keeps her is then more likely a loss than a deletion."""
    if one.customer_id is None or context.api.capabilities.tombstones:
        return False
    customer_id = one.customer_id

    def read(session: Session) -> bool:
        taken = session.operations.of_customer(customer_id, {OperationState.ACKED, OperationState.CONFIRMED})
        kinds = {view.operation.kind for view in taken}
        return OperationKind.CUSTOMER_CREATE in kinds and OperationKind.CUSTOMER_DELETE not in kinds

    return context.book.read(read)


def _other_currency(context: SyncContext) -> bool:
    if not context.api.capabilities.settings:
        return False
    server = context.api.describe().settings
    return server is not None and server.currency != context.book.read(lambda session: session.settings.shop().currency)
