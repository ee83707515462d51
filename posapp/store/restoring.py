"""Making a book whole: an old backup brought up to date, a lost book built anew, a dead till's acts taken over."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import sqlalchemy as sa

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind, OperationState
from posapp.store.book import LocalBook
from posapp.store.copied_acts import CopiedActs
from posapp.store.operations import PERSON_SALT, newest_act
from posapp.store.replayed_people import People
from posapp.store.replaying import PutBack, asked_about, doubt_unsent, put_back, settle_doubts, take_over
from posapp.store.scope import ERASURES, Scope
from posapp.store.tables import CHECKPOINT, CONNECTION, OPERATION, REMOTE_RECORD, SCAN_RUN

_PORTION = 100
"""Acts a transaction: a sale on a living till does not wait longer for them than for a page of a pull."""


def bring_up(book: LocalBook, source: CopiedActs | None, *, at: datetime) -> tuple[PutBack, int]:
    """Bring an old or an empty book of this till up to what its second copy has, with every doubt that this leaves.

    Args:
        book: A copy of the book as it was, or an empty one with the till's id.
        source: The second copy; None where there is none.
        at: When this is done.

    Returns:
        What came of the acts, and of how many nobody knows whether the server has them.

    Raises:
        OtherActs: The second copy does not go on where the book ends.
        StoreUnavailable: The book cannot be written.
    """
    done = PutBack()
    book.write_rows(lambda scope: _begin(scope, source, at))
    if source is not None:
        newest = book.write_rows(newest_act)[0]
        done.known = max(0, min(newest, source.count) - 1)
        acts = source.acts(after=done.known)
        while portion := list(islice(acts, _PORTION)):
            done.add(book.write_rows(lambda scope, some=portion: put_back(scope, source, some, at=at)))  # type: ignore[misc]
        book.write_rows(lambda scope: _settle_creates(scope, source))
    return done, book.write_rows(lambda scope: asked_about(scope, at=at))


def bring_back_end(book: LocalBook, source: CopiedActs, *, at: datetime) -> tuple[PutBack, int]:
    """Bring acts back that this till's own book, in use, has lost from its end; a book that has all stays as it is.

    Args:
        book: This till's book.
        source: Its second copy.
        at: When this is done.

    Returns:
        As `bring_up`.

    Raises:
        OtherActs: The second copy does not go on where the book ends.
        StoreUnavailable: The book cannot be written.
    """
    if book.write_rows(newest_act)[0] < source.count:
        return bring_up(book, source, at=at)
    last = list(source.acts(after=source.count - 1))
    done = book.write_rows(lambda scope: put_back(scope, source, last, at=at))
    done.known = source.count
    return done, 0


def take_over_all(book: LocalBook, source: CopiedActs, *, at: datetime) -> tuple[PutBack, int]:
    """Record what a dead till did as this till's own acts; a second time changes nothing.

    Args:
        book: This till's book, in use.
        source: The dead till's second copy.
        at: When this is done.

    Returns:
        What came of the acts, and of how many nobody knows whether the server has them.

    Raises:
        StoreUnavailable: The book cannot be written; what was taken over stays.
    """
    done, acts = PutBack(), source.acts()
    while portion := list(islice(acts, _PORTION)):
        done.add(book.write_rows(lambda scope, some=portion: take_over(scope, source, some, at=at)))  # type: ignore[misc]
    return done, book.write_rows(lambda scope: asked_about(scope, at=at))


def _begin(scope: Scope, source: CopiedActs | None, at: datetime) -> None:
    doubt_unsent(scope, at=at)
    _forget_positions(scope)
    if source is None:
        return
    if _add_servers(scope, source):
        settle_doubts(scope)
    if source.till.get("salt") and scope.setting(PERSON_SALT) is None:
        scope.set_setting(PERSON_SALT, source.till["salt"])
    scope.set_setting(ERASURES, str(max(int(scope.setting(ERASURES) or 0), source.header.erasures)))


def _forget_positions(scope: Scope) -> None:
    """Let the next pull take everything anew: nothing that changed since the book was copied may be skipped."""
    scope.sql.execute(sa.delete(CHECKPOINT))
    scope.sql.execute(sa.update(SCAN_RUN).values(running=False))
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    scope.sql.execute(sa.update(REMOTE_RECORD).values(digest=b"", fetched_at=long_ago))


def _add_servers(scope: Scope, source: CopiedActs) -> bool:
    """Add servers that the file knows; return whether it tells that another one took the place of the book's.

    A file that does not go beyond the book may tell of servers as they were before.
    """
    known = set(scope.sql.execute(sa.select(CONNECTION.c.id)).scalars())
    for server in source.till.get("servers", ()):
        if server["id"] not in known:
            first = scope.primary is None
            created_at = datetime.fromisoformat(server["created_at"])
            values = {**server, "created_at": created_at, "primary": server["primary"] and first}
            scope.sql.execute(sa.insert(CONNECTION).values(**values))
            scope.forget()
    now = next((server["id"] for server in source.till.get("servers", ()) if server["primary"]), None)
    primary = sa.select(CONNECTION.c.id).where(CONNECTION.c.primary)
    if now in {None, scope.sql.execute(primary).scalar()} or source.count <= newest_act(scope)[0]:
        return False
    for mine in (False, True):  # never two at once
        one = CONNECTION.c.id == now if mine else CONNECTION.c.primary
        scope.sql.execute(sa.update(CONNECTION).where(one).values(primary=mine))
    scope.forget()
    return True


def _settle_creates(scope: Scope, source: CopiedActs) -> None:
    """Customers whose record the file knows from later acts were created, whatever the old book says."""
    in_doubt = sa.select(OPERATION.c.customer_id).where(
        OPERATION.c.kind == OperationKind.CUSTOMER_CREATE.value, OPERATION.c.state == OperationState.UNKNOWN.value
    )
    people = People(scope, source, own=True)
    for customer_id in scope.sql.execute(in_doubt).scalars().all():
        people.link(CustomerId(customer_id))
