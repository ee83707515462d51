"""Customers that a complete scan did not show: asked for one by one, never deleted for a short list (promise 7)."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import RemoteId
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import HELD, NEWEST, SUSPECTS_ALLOWED
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.leaving import take_absent
from posapp.sync.recognising import held, recognise
from posapp.sync.rows import apply_page
from posapp.sync.trust import check_deletions
from posapp.sync.work import ask

log = logging.getLogger(__name__)


def settle_suspects(context: SyncContext, tally: Tally, cancel: CancelToken | None, generation: int) -> None:
    """Find out what became of the customers that a complete scan did not show.

    Too many of them are put before a person instead. While it is asked what a server lost that was put back to an older
    state, nobody is taken off the till.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two customers.
        generation: Of the scan.

    Raises:
        RemoteError: The server was not reached or lied, or went back; those asked for so far are settled.
        Cancelled: The work was ended.
    """
    connection_id = context.connection_id

    def missing(session: Session) -> tuple[list[RemoteId], int, bool, str | None]:
        suspects = list(session.mirror.not_seen_since(connection_id, generation))
        newest = session.mirror.checkpoint(connection_id, NEWEST)
        return suspects, session.mirror.live_count(connection_id), held(context, session) is None, newest

    suspects, live, all_well, newest = context.book.read(missing)
    if not all_well:
        return
    if too_many(context, len(suspects), live) or fell(context, live):
        tally.add("suspects", len(suspects))
        evidence = {
            "suspects": len(suspects),
            "known": live,
            "announced": context.api.changes_announced,
            "connection": connection_id,
        }
        context.book.write(lambda session: ask(session, context.clock, "suspects", evidence=evidence), urgent=False)
        return
    if newest in suspects:
        recognise(context)
    _ask_for_each(context, tally, cancel, suspects)


def settle_allowed(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Ask for the missing customers of whom a person said that they may be gone; each by itself even then.

    The leave is for as many as the person was shown, and for a day: if more are missing it is another question.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two customers.

    Raises:
        RemoteError: The server was not reached or lied; the leave holds on.
        Cancelled: The work was ended.
    """
    connection_id = context.connection_id
    given = context.book.read(lambda session: session.mirror.checkpoint(connection_id, SUSPECTS_ALLOWED))
    if given is None:
        return
    leave = json.loads(given)

    def asked_for(session: Session) -> list[RemoteId]:
        generation = session.mirror.last_generation(connection_id)
        missing = session.mirror.not_seen_since(connection_id, generation)
        left = datetime.fromisoformat(leave["until"]) - context.clock.now()
        whole = session.mirror.scan_run(connection_id) is None
        holds = whole and len(missing) <= int(leave["most"]) and timedelta(0) < left <= timedelta(days=1)
        return list(missing) if holds else []

    _ask_for_each(context, tally, cancel, context.book.read(asked_for))
    context.book.write(
        lambda session: session.mirror.set_checkpoint(connection_id, SUSPECTS_ALLOWED, None), urgent=False
    )


def let_go(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Let go of those whom a server that went back does not show any more, as a manager decided; then all goes on.

    No tombstone tells of them, and they are no landmarks: by them the server would seem to have gone back again.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two customers.

    Raises:
        RemoteError: The server was not reached; nothing is sent yet.
        Cancelled: The work was ended.
    """
    connection_id = context.connection_id

    def missing(session: Session) -> Sequence[RemoteId]:
        return session.mirror.not_seen_since(connection_id, session.mirror.last_generation(connection_id))

    for remote_id in context.book.read(missing):
        try:
            _gone(context, tally, cancel, [remote_id])
        except (RemoteRejected, RemoteProtocolError) as error:
            log.info("a missing customer could not be read: %s", error.id)  # the next scan asks again
    context.book.write(lambda session: session.mirror.set_checkpoint(connection_id, HELD, None), urgent=False)


def too_many(context: SyncContext, suspects: int, live: int) -> bool:
    """Return whether so many are missing that the list is doubted and not the customers.

    More than max(20, 0.5 %) (design, section 6), or everybody: a list that shows none of several known customers is
    another shop's or no list.

    Args:
        context: For the limits.
        suspects: How many known customers the scan did not show.
        live: How many live ones are known.
    """
    limit = max(context.settings.suspects_floor, int(live * context.settings.suspects_share))
    return suspects > limit or (suspects == live and live > 1)


def fell(context: SyncContext, live: int) -> bool:
    """Return whether the server announces so many fewer customers than are known that its list is doubted.

    A fall of more than 1 % (design, section 6), read as max(20, 1 %): alone, the percentage would stop a shop of fifty
    customers at one deletion. Our own count of a complete scan needs no such rule, for it falls by the suspects alone.

    Args:
        context: For the limits.
        live: How many live customers are known, the missing ones with them.
    """
    announced = context.api.changes_announced
    if announced is None:
        return False
    return live - announced > max(context.settings.suspects_floor, int(live * context.settings.fall_share))


def _ask_for_each(context: SyncContext, tally: Tally, cancel: CancelToken | None, suspects: Sequence[RemoteId]) -> None:
    check_deletions(context, cancel, _gone(context, tally, cancel, suspects))


def _gone(
    context: SyncContext, tally: Tally, cancel: CancelToken | None, suspects: Sequence[RemoteId]
) -> list[RemoteId]:
    """Take over what became of each; return who is gone."""
    gone = []
    for remote_id in _not_found_together(context, cancel, suspects):
        check_cancelled(cancel)
        epoch = context.book.read(lambda session: session.mirror.epoch())
        record = context.api.customer(remote_id)
        merged_into = context.api.successor(remote_id) if record is None else None
        if _settle(context, remote_id, record, epoch, merged_into):
            gone.append(remote_id)
    tally.add("removed", len(gone))
    return gone


def _not_found_together(
    context: SyncContext, cancel: CancelToken | None, suspects: Sequence[RemoteId]
) -> Sequence[RemoteId]:
    """Ask for many at once where the server can; return whom it did not show, which alone says nobody is gone."""
    size, left = context.api.capabilities.bulk_read, []
    if not size:
        return suspects
    for start in range(0, len(suspects), size):
        check_cancelled(cancel)
        asked = suspects[start : start + size]
        epoch = context.book.read(lambda session: session.mirror.epoch())
        found = {record.remote_id: record for record in context.api.customers(asked)}
        for remote_id, record in found.items():
            _settle(context, remote_id, record, epoch)
        left += [remote_id for remote_id in asked if remote_id not in found]
    return left


def _settle(
    context: SyncContext,
    remote_id: RemoteId,
    record: RemoteCustomer | None,
    epoch: int,
    merged_into: RemoteId | None = None,
) -> int:
    def settle(session: Session) -> int:
        row = session.mirror.rows(context.connection_id, [remote_id]).get(remote_id)
        if row is None or row.status is not CustomerStatus.LIVE:
            return 0
        if record is None:
            take_absent(context, session, row, CustomerStatus.DELETED, merged_into)
            return 1
        apply_page(context, session, [record], epoch=epoch, scanning=True)
        return int(record.anonymized)

    return context.book.write(settle, urgent=False)
