"""A till of its own process whose disk is about to fail: payments, each told as it ended, one line each."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.khata import EntryForm, record_entry
from posapp.services.till import Till
from posapp.services.verification import verify_book
from posapp.store.book import LocalBook, open_book
from tests.support.book import KEY, SettableClock, a_customer, fresh_book, with_customer

PAYMENTS = 6
AMOUNT = Money(500, "BDT")


@dataclass(frozen=True)
class Told:
    """What the till said of one payment; `saved`, or an error's id."""

    operation: OperationId
    ended: str


def till_of(book: LocalBook) -> Till:
    """Return the use cases' context over a book."""
    return Till(book, SettableClock(), "Mina")


def pay(till: Till, customer: CustomerId, operation: OperationId) -> str:
    """Record a payment and return what a person is told."""
    form = EntryForm(operation, customer, OperationKind.PAYMENT, AMOUNT, confirmed=True)
    try:
        record_entry(till, form)
    except PosError as error:
        return error.id
    return "saved"


def a_home(folder: Path) -> tuple[Path, CustomerId]:
    """Make a book with a customer and return both."""
    with fresh_book(folder) as book:
        return book.path, book.write(lambda session: with_customer(session, a_customer()))


def work(book: Path, customer: CustomerId, *under: str, acts: int = PAYMENTS, pages: int = 0) -> list[Told]:
    """Let a till of its own process record payments under a command that lets its disk fail.

    Args:
        book: Its file.
        customer: Who pays.
        under: The command.
        acts: How many payments.
        pages: By how many pages the book may grow; 0 for any number.
    """
    program = (sys.executable, "-m", "tests.faults.disk_till", str(book), customer, str(acts), str(pages))
    command = [*under, *program]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in ran.stderr, ran.stderr
    return [Told(OperationId(one["operation"]), one["ended"]) for one in map(json.loads, ran.stdout.splitlines())]


def recorded(book: LocalBook) -> list[OperationId]:
    """Return the acts in a book, which must be whole."""
    assert verify_book(till_of(book)).faults == ()
    views = book.read(lambda session: session.operations.in_states(frozenset(OperationState)))
    return [view.operation.id for view in views]


def reopened(book: Path) -> LocalBook:
    """Open a book on a disk that works again."""
    return open_book(book, KEY, clock=SettableClock())


def limit_pages(connection: Any, _record: object, *, more: int) -> None:
    """Give the disk room for a few pages more."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + more}").fetchall()


def main() -> None:
    """Record payments, and look up whether reading still works."""
    path, customer = Path(sys.argv[1]), CustomerId(sys.argv[2])
    acts, pages = int(sys.argv[3]), int(sys.argv[4])
    if pages:
        sa.event.listen(sa.Engine, "connect", partial(limit_pages, more=pages))
    try:
        book = open_book(path, KEY, clock=SettableClock())
    except PosError as refused:  # the disk failed before the first act: nothing was told, nothing is there
        sys.exit(refused.id)
    with book:
        for _ in range(acts):
            operation = OperationId(new_uuid())
            ended = pay(till_of(book), customer, operation)
            assert book.read(lambda session: session.customers.get(customer)) is not None, "looking up goes on"
            print(json.dumps({"operation": operation, "ended": ended}), flush=True)


if __name__ == "__main__":
    main()
