"""Bringing a till back: an old backup, a lost book, a till that is dead.

A book is made ready in a folder of its own, checked and brought up to date there, and put in place only then; what lay
in its place is kept under another name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.services.ports.clock import Clock
from posapp.services.ports.rescued import Rescued
from posapp.store.backup import replace_book, restore_book
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.copied_acts import CopiedActs
from posapp.store.replaying import PutBack
from posapp.store.restoring import bring_back_end, bring_up, take_over_all
from posapp.store.scope import shop_from_json

Check = Callable[[LocalBook], int | None]
"""Returns the first act of a book that is not as it was recorded; None where all are."""


class BackupAltered(DomainError):
    """The backup opens and is whole, but its acts are not as they were recorded."""

    id = "backup_altered"
    title = N_("This backup cannot be used")
    message = N_("The acts in {path} are not as they were recorded, from act {seq} on.")
    hint = N_("Choose another backup. The till's own book was not touched.")


class ShopUnknown(DomainError):
    """The copy is of a kind that does not say in which money its amounts are."""

    id = "shop_unknown"
    title = N_("The shop is not known")
    message = N_("The file {path} does not say in which currency the shop counts.")
    hint = N_("Set up the till first (posapp shop --currency …), then rescue into it.")


@dataclass(frozen=True, slots=True)
class BookPlace:
    """Where a till's book lies, the key it opens with, the clock, and how a whole book is told from an altered one."""

    path: Path
    key: bytes
    clock: Clock
    check: Check


def restore_backup(place: BookPlace, backup: Path, copy: CopiedActs | None) -> Rescued:
    """Put a backup in the book's place, with the acts that the second copy has beyond it.

    Args:
        place: Of the book.
        backup: The backup; it is not changed.
        copy: The till's second copy; None to go without.

    Raises:
        BookInUse: The till is open.
        NotABackup, BackupAltered: The backup cannot be used; the book is as it was.
        OtherActs: The second copy is not of this backup's line; the book is as it was.
        StoreUnavailable: The home cannot be written.
    """
    done: list[Rescued] = []

    def prepare(incoming: Path) -> None:
        with open_book(incoming, place.key, clock=place.clock) as book:
            altered = place.check(book)
            if altered is not None:
                raise BackupAltered(path=backup, seq=altered)
            done.append(_brought_up(book, place, copy))

    aside = restore_book(place.path, place.key, backup, now=place.clock.now(), prepare=prepare)
    return replace(done[0], aside=aside)


def rebuild_book(place: BookPlace, copy: CopiedActs) -> Rescued:
    """Build a lost book anew from the second copy alone: the same till, the same chain.

    Args:
        place: Of the book.
        copy: The second copy.

    Raises:
        ShopUnknown: The copy does not say whose it is.
        StoreUnavailable: The home cannot be written.
    """
    told = copy.till.get("shop")
    if told is None:
        raise ShopUnknown(path=copy.path)
    shop = shop_from_json(json.dumps(told))
    done: list[Rescued] = []

    def make(incoming: Path) -> None:
        with create_book(incoming, place.key, clock=place.clock, shop=shop, till_id=copy.till_id) as book:
            done.append(_brought_up(book, place, copy))

    aside = replace_book(place.path, place.key, make, now=place.clock.now())
    return replace(done[0], aside=aside)


def rescue_into(book: LocalBook, copy: CopiedActs, clock: Clock) -> Rescued:
    """Take the acts of a copy into a book in use: this till's own that the book lost, or those of a till that is dead.

    Args:
        book: This till's book.
        copy: The second copy.
        clock: The till's clock.

    Raises:
        OtherActs: The copy is this till's, of another line than the book.
        StoreUnavailable: The book cannot be written.
    """
    now = clock.now()
    own = book.read(lambda session: session.settings.till_id()) == copy.till_id
    figures, asked = (bring_back_end if own else take_over_all)(book, copy, at=now)
    done = _rescued(copy, figures, asked)
    if done.taken:
        book.write(lambda session: session.inbox.open(done.item(now)))
    return done


def _brought_up(book: LocalBook, place: BookPlace, copy: CopiedActs | None) -> Rescued:
    now = place.clock.now()
    done = _rescued(copy, *bring_up(book, copy, at=now))
    book.write(lambda session: session.inbox.open(done.item(now)))
    return done


def _rescued(copy: CopiedActs | None, figures: PutBack, asked: int) -> Rescued:
    return Rescued(
        till_id=copy.till_id if copy else None,
        copy=copy.path if copy else None,
        acts=copy.count if copy else 0,
        known=figures.known,
        taken=figures.taken,
        kept=figures.kept,
        people=figures.people,
        asked=asked,
        damage=copy.damage if copy else None,
    )
