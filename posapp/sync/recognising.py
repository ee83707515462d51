"""Whether this is still the server that the till knows, standing where it stood (research/sync, section 4.6).

A server that was put back to an older backup forgets acts that it took; a token of another store shows other people.
Both look like an ordinary answer. What gives them away is the record that changed last: it must stand in the list of
what changed since, or be deleted by somebody. Where it does not, a few known records are read one by one.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from enum import StrEnum

from posapp.domain.errors import OtherStore, RemoteProtocolError, RemoteRejected, ServerWentBack
from posapp.domain.ids import RemoteId
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import CHANGED, DELETED, HELD, NEWEST, WENT_BACK_TO, Held, Landmark
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import SyncContext, moment_at
from posapp.sync.given_anew import is_somebody_else
from posapp.sync.work import ask

log = logging.getLogger(__name__)

_NEWEST, _OLDEST = 3, 2
_FARTHEST = 200
"""The most records that are read to find out how far a server went back."""


class _Now(StrEnum):
    """How a known customer stands on the server: `THERE` as new as before, `OLDER`, `GONE`, or `UNTOLD`."""

    THERE = "there"
    OLDER = "older"
    GONE = "gone"
    UNTOLD = "untold"


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
    if not context.book.read(lambda session: session.mirror.oldest(context.connection_id, 1)):
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

    def read(session: Session) -> tuple[str | None, Held | None, bool]:
        newest = session.mirror.checkpoint(context.connection_id, NEWEST)
        return newest, held(context, session), _any_given_anew(context, session, records)

    newest, stopped, given_anew = context.book.read(read)
    if given_anew and stopped is None:
        went_back(context)
    if newest is None and records:
        check_any_known(context, records)
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

    readings = {one: _now(context, one) for one in context.book.read(landmarks)}
    missing = [one for one, now in readings.items() if now is _Now.GONE]
    deleted = _deleted(context) if missing else set()
    lost = [one for one in missing if one.remote_id not in deleted]
    if len(lost) == len(readings) > 1 or _other_currency(context):
        context.book.write(lambda session: _ask(context, session), urgent=False)
        _hold(context, Held.OTHER_STORE)
        raise OtherStore
    if _Now.OLDER in readings.values() or _unexplained(context, lost):
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
    agreed = next((one for one in newest if _now(context, one) is _Now.THERE), None)

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


def _now(context: SyncContext, one: Landmark) -> _Now:
    """Return how a known customer stands now; an answer that makes no sense tells nothing of when it is from."""
    listed = _listed(context, one)
    try:
        record = context.api.customer(one.remote_id)
    except (RemoteProtocolError, RemoteRejected) as error:
        log.info("a known customer could not be read: %s", error.id)
        return _Now.UNTOLD
    if record is None:
        return _Now.GONE
    if context.book.read(lambda session: _any_given_anew(context, session, [record])):
        return _Now.GONE
    return _Now.THERE if listed or record.anonymized else _Now.OLDER


def _any_given_anew(context: SyncContext, session: Session, records: Sequence[RemoteCustomer]) -> bool:
    rows = session.mirror.rows(context.connection_id, [record.remote_id for record in records])
    return any(record.remote_id in rows and is_somebody_else(rows[record.remote_id], record) for record in records)


def _listed(context: SyncContext, one: Landmark) -> bool:
    """Return whether a record is among the changes since its own last one: a record that is not is an older one."""
    if not context.api.capabilities.updated_since or one.changed_at is None:
        return True
    for page in range(1, context.settings.newest_pages + 1):
        records = context.api.changed_since(one.changed_at, page)
        if not records or any(record.remote_id == one.remote_id for record in records):
            return bool(records)
    return True


def _hold(context: SyncContext, why: Held) -> None:
    log.info("nothing is sent any more: %s", why)
    context.book.write(
        lambda session: session.mirror.set_checkpoint(context.connection_id, HELD, why.value), urgent=False
    )


def _all_well(context: SyncContext, session: Session) -> None:
    """Somebody deleted the newest one, or the right server is back: until there is another, nobody is looked for."""
    session.mirror.set_checkpoint(context.connection_id, HELD, None)
    for item in session.inbox.items():
        if item.kind == Held.OTHER_STORE.value:
            session.inbox.resolve(item.id, "the server is back", context.clock.now())
    session.mirror.set_checkpoint(context.connection_id, NEWEST, None)


def _ask(context: SyncContext, session: Session) -> None:
    evidence = {"connection": context.connection_id, "known": session.mirror.live_count(context.connection_id)}
    ask(session, context.clock, Held.OTHER_STORE.value, evidence=evidence)


def _deleted(context: SyncContext) -> set[RemoteId]:
    """Return whom the server says it deleted since the last pull."""
    if not context.api.capabilities.tombstones:
        return set()
    return {stone.remote_id for stone in context.api.deleted_since(moment_at(context, DELETED), 1)}


def _unexplained(context: SyncContext, lost: Sequence[Landmark]) -> bool:
    """Whether customers are gone whom nobody deleted; a server that tells no deletions may have deleted one of them.

    Where it is one whom this till itself sent, a person is asked all the same: rather once too often.
    """
    certain = context.api.capabilities.tombstones or len(lost) > 1
    return bool(lost) and (certain or any(_made_here(context, one) for one in lost))


def _made_here(context: SyncContext, one: Landmark) -> bool:
    if one.customer_id is None:
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
