"""The watch over the chain: it reads the whole book behind the till's back and anchors what it has."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from posapp.domain.errors import SecretsUnavailable
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.anchors import ALTERED_ITEM, chain_state
from posapp.services.chain_watch import ChainWatch
from posapp.services.khata import EntryForm, record_entry
from posapp.services.ports.anchors import Anchor
from posapp.services.resolving.registry import SETTLEMENTS
from posapp.services.till import Till
from posapp.store import driver
from posapp.store.book import LocalBook, open_book
from tests.support.book import KEY, SettableClock, a_customer, fresh_book, with_customer

SOON = 0.01


@dataclass
class Kept:
    """A keeper in memory, which may be locked."""

    anchor: Anchor | None = None
    locked: bool = False
    saved: list[int] = field(default_factory=list)

    def load(self) -> Anchor | None:
        if self.locked:
            raise SecretsUnavailable
        return self.anchor

    def save(self, anchor: Anchor) -> None:
        if self.locked:
            raise SecretsUnavailable
        self.anchor = anchor
        self.saved.append(anchor.seq)


def till_of(book: LocalBook) -> Till:
    return Till(book, SettableClock(), "Mina")


def fill(book: LocalBook, acts: int) -> None:
    customer = book.write(lambda session: with_customer(session, a_customer()))
    for _ in range(acts):
        form = EntryForm(OperationId(new_uuid()), customer, OperationKind.PAYMENT, Money(500, "BDT"))
        record_entry(till_of(book), form)


def watched(book: LocalBook, keeper: Kept, until: Callable[[], bool]) -> ChainWatch:
    """Watch until something happened, and close."""
    watch = ChainWatch(till_of(book), keeper, every=SOON, check_after=SOON)
    deadline = time.monotonic() + 10
    while not until() and time.monotonic() < deadline:
        time.sleep(SOON)
    watch.close()
    assert until()
    return watch


def altered(path: Path, seq: int) -> None:
    with contextlib.closing(driver.connect(path, KEY, mode="rw")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE operation SET actor = 'Somebody' WHERE till_seq = ?", (seq,))


def test_the_newest_act_is_anchored_and_the_book_read_whole(book: LocalBook) -> None:
    fill(book, 3)
    keeper = Kept()
    watched(book, keeper, lambda: book.read(chain_state).verified_to == 3)
    assert keeper.saved == [3]
    assert book.read(chain_state).verified_at is not None


def test_an_old_act_that_was_altered_is_asked_about_once(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        fill(book, 4)
        path, anchor = book.path, Kept()
        watched(book, anchor, lambda: bool(anchor.saved))
    altered(path, 2)
    with open_book(path, KEY, clock=SettableClock()) as book:
        items = lambda: book.read(lambda session: session.inbox.items())  # noqa: E731
        watched(book, anchor, lambda: bool(items()))
        (item,) = items()
        assert (item.kind, item.evidence["first"]) == (ALTERED_ITEM, 2)
        assert SETTLEMENTS[item.kind].offers is not None


def test_a_recent_act_that_was_altered_is_seen_before_the_first_act(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        fill(book, 2)
        path, anchor = book.path, Kept()
        watched(book, anchor, lambda: bool(anchor.saved))
        fill(book, 2)
    altered(path, 4)
    with open_book(path, KEY, clock=SettableClock()) as book:
        ChainWatch(till_of(book), anchor).close()
        (item,) = book.read(lambda session: session.inbox.items())
        assert item.evidence["first"] == 4


def test_a_locked_keychain_holds_nothing_up_and_is_told(book: LocalBook) -> None:
    fill(book, 1)
    watch = ChainWatch(till_of(book), Kept(locked=True), every=SOON)
    fill(book, 1)
    watch.close()
    assert watch.problem == SecretsUnavailable.id
