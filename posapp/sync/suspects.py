"""Customers that a complete scan did not show: asked for one by one, never deleted for a short list (promise 7)."""

from __future__ import annotations

from posapp.domain.ids import RemoteId
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.rows import apply_page, take_gone
from posapp.sync.work import ask


def settle_suspects(context: SyncContext, tally: Tally, cancel: CancelToken | None, generation: int) -> None:
    """Find out what became of the customers that a complete scan did not show.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two customers.
        generation: Of the scan.

    Raises:
        RemoteError: The server was not reached or lied; those asked for so far are settled.
        Cancelled: The work was ended.
    """

    def missing(session: Session) -> tuple[list[RemoteId], int]:
        suspects = list(session.mirror.not_seen_since(context.connection_id, generation))
        return suspects, session.mirror.live_count(context.connection_id)

    suspects, live = context.book.read(missing)
    if too_many(context, len(suspects), live):
        tally.add("suspects", len(suspects))
        evidence = {"suspects": len(suspects), "known": live}
        context.book.write(lambda session: ask(session, context.clock, "suspects", evidence=evidence), urgent=False)
        return
    for remote_id in suspects:
        check_cancelled(cancel)
        epoch = context.book.read(lambda session: session.mirror.epoch())
        record = context.api.customer(remote_id)
        tally.add("removed", _settle(context, remote_id, record, epoch))


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


def _settle(context: SyncContext, remote_id: RemoteId, record: RemoteCustomer | None, epoch: int) -> int:
    def settle(session: Session) -> int:
        row = session.mirror.rows(context.connection_id, [remote_id]).get(remote_id)
        if row is None or row.status is not CustomerStatus.LIVE:
            return 0
        if record is None:
            take_gone(context, session, row, CustomerStatus.DELETED)
            return 1
        apply_page(context, session, [record], epoch=epoch, scanning=True)
        return int(record.anonymized)

    return context.book.write(settle, urgent=False)
