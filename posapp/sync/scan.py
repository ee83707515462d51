"""Reading every customer of a server that cannot say what changed, without missing one and without deleting one.

Offset pages drift while rows come and go. Read from the last page to the first, deletions only move rows towards pages
that are still to be read, and new rows only append at the tail, which is read again at the end (design, section 6;
research/sync, section 4.1: 0 rows missed in 20 runs, forward scans missed up to 55 of 20,000).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from posapp.domain.errors import RemoteProtocolError
from posapp.services.ports.book import Session
from posapp.services.ports.loop import SyncPhase
from posapp.services.ports.mirror import NEWEST, SCANNED_AT, ScanRun
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import CancelToken, SyncContext, Tally
from posapp.sync.pages import Pages, last_page
from posapp.sync.recognising import check_any_known
from posapp.sync.rows import Applied, apply_page, chunks
from posapp.sync.suspects import settle_suspects
from posapp.sync.trust import note_untold_change, untold_change

_MOST_PASSES = 4
_STALE_AFTER = timedelta(hours=24)

log = logging.getLogger(__name__)


def scan_due(context: SyncContext) -> bool:
    """Return whether a full scan is under way, was never completed or is too long ago.

    A server that tells changes and deletions is read whole just as well, rarely, to see whether it told them all: the
    first time so long after it was connected, since the first reading of changes was of everybody.
    """
    capabilities, settings = context.api.capabilities, context.settings
    tells = capabilities.updated_since and capabilities.tombstones
    hours = settings.audit_hours if tells else settings.full_scan_hours

    def read(session: Session) -> bool:
        if session.mirror.scan_run(context.connection_id) is not None:
            return True
        saved = session.mirror.checkpoint(context.connection_id, SCANNED_AT)
        done = None if saved is None else datetime.fromisoformat(saved)
        if done is None and tells:
            done = next(one.created_at for one in session.settings.connections() if one.id == context.connection_id)
        return done is None or not timedelta(0) <= context.clock.now() - done < timedelta(hours=hours)

    return context.book.read(read)


def full_scan(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Read every customer, resuming a scan that a crash or an outage cut short.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: The server was not reached or lied; the position is kept.
        Cancelled: The work was ended; the position is kept.
    """
    capabilities = context.api.capabilities
    generation = _read_snapshot(context, tally) if capabilities.snapshot else None
    if generation is None:
        read = _read_backwards if capabilities.ascending else _read_passes
        generation = read(context, tally, cancel)
    settle_suspects(context, tally, cancel, generation)
    context.book.write(lambda session: _finish(context, session), urgent=False)
    tally.add("scans")


def _read_backwards(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> int:
    """Read an ascending list from its last page to its first, and its tail again; return the scan's number."""
    reader = Pages(context, cancel, context.api.oldest_first)
    run = _left(context)
    if run is None or not run.last_page:  # one of another way of reading has no place to go on from
        first, _ = reader.page(1)
        check_any_known(context, first)
        run = _started(context, first, last=last_page(reader) if first else 0)
    tally.meter.begin(SyncPhase.READING, run.last_page * run.page_size, run.rows_seen)
    while run.next_page > 0:
        records, epoch = reader.page(run.next_page)
        run, applied = _take_page(context, records, replace(run, next_page=run.next_page - 1), epoch)
        tally.meter.step(len(records))
        count(tally, applied)
    _read_tail(context, reader, run, tally)
    return run.generation


def _read_passes(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> int:
    """Read a list that is ordered the newest first, or in no order, until a pass meets nobody new (at least twice).

    New rows push others to later pages, deletions pull them to earlier ones, which are read already: what one pass
    misses, the next one meets. A pass that was cut short is begun again under the same number.
    """
    run = _left(context)
    for number in range(_MOST_PASSES):
        reader = Pages(context, cancel, context.api.newest_first)
        records, epoch = reader.page(1)
        if run is None:
            check_any_known(context, records)
            run = _started(context, records, last=0)
        tally.meter.begin(SyncPhase.READING, context.api.changes_announced or 0, 0)
        page, all_known = 1, True
        while records:
            applied = take_rows(context, records, epoch, scanning=True)
            count(tally, applied)
            tally.meter.step(len(records))
            all_known = all_known and applied.all_known
            page += 1
            records, epoch = reader.page(page)
        if number and all_known:
            break
    assert run is not None, "there is at least one pass"
    return run.generation


def _read_snapshot(context: SyncContext, tally: Tally) -> int | None:
    """Take over a list of everybody that came in one answer; return the scan's number.

    None where the answer was cut short or too large: then the pages are read.
    """
    tally.meter.begin(SyncPhase.READING, 0, 0)
    epoch = context.book.read(lambda session: session.mirror.epoch())
    try:
        records = context.api.snapshot()
    except RemoteProtocolError as error:
        log.info("the list of everybody could not be read in one: %s", error.id)
        return None
    check_any_known(context, records)
    run = _started(context, records, last=0)
    count(tally, take_rows(context, records, epoch, scanning=True))
    return run.generation


def _left(context: SyncContext) -> ScanRun | None:
    """Return the scan that a crash or an outage cut short, unless that was too long ago."""
    run = context.book.read(lambda session: session.mirror.scan_run(context.connection_id))
    return None if run is None or context.clock.now() - run.started_at > _STALE_AFTER else run


def _started(context: SyncContext, first: Sequence[RemoteCustomer], *, last: int) -> ScanRun:
    def begin(session: Session) -> ScanRun:
        run = ScanRun(
            generation=session.mirror.last_generation(context.connection_id) + 1,
            next_page=last,
            last_page=last,
            page_size=len(first),
            started_at=context.clock.now(),
            rows_seen=0,
        )
        session.mirror.save_scan_run(context.connection_id, run)
        return run

    return context.book.write(begin, urgent=False)


def _read_tail(context: SyncContext, reader: Pages, run: ScanRun, tally: Tally) -> None:
    """Read the tail again for what was appended meanwhile.

    Upwards to find the end. Where that met anybody new, or deletions emptied the page, downwards from the end as well,
    past the old last page to one that is wholly known: reading upwards alone misses rows that deletions move left.
    """

    def take(number: int) -> tuple[int, bool]:
        records, epoch = reader.page(number)
        applied = _take_page(context, records, run, epoch)[1]
        count(tally, applied)
        return len(records), bool(records) and applied.all_known

    old_last = number = max(run.last_page, 1)
    rows, known = take(number)
    settled = known
    while rows and rows >= run.page_size:
        number += 1
        rows, known = take(number)
        settled = settled and (known or not rows)
    while not settled and number > 1:
        number -= 1
        _, known = take(number)
        settled = known and number < old_last


def _take_page(
    context: SyncContext, records: Sequence[RemoteCustomer], run: ScanRun, epoch: int
) -> tuple[ScanRun, Applied]:
    """Take a page piece by piece; the scan's position moves with the last piece, so a crash reads the page again."""
    moved = replace(run, rows_seen=run.rows_seen + len(records))
    *_, last = chunks(records)
    applied = take_rows(context, records[: len(records) - len(last)], epoch, scanning=True)

    def finish(session: Session) -> Applied:
        taken = _apply(context, session, last, epoch=epoch)
        session.mirror.save_scan_run(context.connection_id, moved)
        return taken

    return moved, applied.plus(context.book.write(finish, urgent=False))


def _apply(context: SyncContext, session: Session, piece: Sequence[RemoteCustomer], *, epoch: int) -> Applied:
    """Take a piece of a scan; a server that lists changes may not have one that it did not tell."""
    untold = untold_change(context, session, piece)
    applied = apply_page(context, session, piece, epoch=epoch, scanning=True)
    if untold is not None:
        note_untold_change(context, session, untold)
    return applied


def take_rows(
    context: SyncContext, records: Sequence[RemoteCustomer], epoch: int, *, scanning: bool = False
) -> Applied:
    """Take a page piece by piece.

    Args:
        context: The engine's surroundings.
        records: As the server listed them.
        epoch: Highest lane epoch before the request left.
        scanning: Whether unchanged rows are to be noted as seen.
    """
    applied = Applied(0, all_known=True)
    for piece in chunks(records):

        def take(session: Session, piece: Sequence[RemoteCustomer] = piece) -> Applied:
            return (_apply if scanning else apply_page)(context, session, piece, epoch=epoch)

        applied = applied.plus(context.book.write(take, urgent=False))
    return applied


def _finish(context: SyncContext, session: Session) -> None:
    session.mirror.save_scan_run(context.connection_id, None)
    session.mirror.set_checkpoint(context.connection_id, SCANNED_AT, context.clock.now().isoformat())
    if not context.api.capabilities.updated_since:
        for newest in session.mirror.newest(context.connection_id, 1):
            session.mirror.set_checkpoint(context.connection_id, NEWEST, newest.remote_id)


def count(tally: Tally, applied: Applied) -> None:
    """Count what a page brought."""
    tally.add("pulled", applied.written)
    tally.add("merged", applied.merged)
