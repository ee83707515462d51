"""Measures the till's search over a book of many customers: time of the service call and recall, by kind of query.

Beside each kind stands the bare index: the full-text question alone, unranked, without reading a customer; above them
the floor: fifty customers read by their keys.
"""

from __future__ import annotations

import contextlib
import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, RemoteId, new_uuid
from posapp.domain.money import Money
from posapp.services.lookup import find, seen
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.till import Till
from posapp.store import driver
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.search import candidates
from posapp.store.search.query import terms_of
from tests.support import truth
from tests.support.book import KEY, SHOP, START, SettableClock, a_connection
from tests.support.people import people
from tests.support.search_queries import LIMIT, Query, queries

PAGE = 1000
A_KIND = 20
SEEN = 300
_FLOOR = "SELECT * FROM customer WHERE row IN (SELECT value FROM json_each(?))"
_BARE = f"SELECT rowid FROM search_words WHERE search_words MATCH ? LIMIT {candidates.MOST}"


def bench_lookup(folder: Path, customers: int) -> None:
    """Print times and recall for every kind of query.

    Args:
        folder: Where the book is made, or found from an earlier run.
        customers: How many it holds.
    """
    clock = SettableClock()
    path = folder / f"lookup-{customers}" / "book.db"
    everyone = list(people(customers))
    with open_book(path, KEY, clock=clock) if path.exists() else _filled(path, everyone, clock) as book:
        till = Till(book, clock, "bench")
        searched = find(till, "a", limit=1).searched
        size = path.stat().st_size / 1e6
        print(
            f"find in {searched:,} customers, {size:,.0f} MB encrypted (ms, service call, {LIMIT} hits with numbers):"
        )
        asked = queries(everyone[:100_000], SHOP.country, a_kind=A_KIND)
        recalls = _recalls(till, everyone, asked)
        gc.collect()
        gc.freeze()  # a till does not hold the bench's own list of everybody
        with _bare(path) as raw:
            _print_floor(raw, customers)
            _print_kinds(till, raw, asked, recalls)


def _bare(path: Path):
    """Open the book past the store, with a reader's profile."""
    connection = driver.connect(path, KEY, mode="ro")
    driver.set_profile(connection, writer=False)
    return contextlib.closing(connection)


def _filled(path: Path, everyone: Sequence[Profile], clock: SettableClock) -> LocalBook:
    """Make a book and fill it as a first sync does, page by page, without the network."""
    book = create_book(path, KEY, clock=clock, shop=SHOP)
    connection = a_connection()
    book.write(lambda session: session.settings.save_connection(connection))
    rng = random.Random(7)
    started = time.perf_counter()
    ids: list[CustomerId] = []
    for page in _pages(everyone):
        rows = [
            (
                RemoteCustomer(RemoteId(new_uuid()), one, points=rng.randrange(20_000), balance=_balance(rng)),
                CustomerId(new_uuid()),
                b"",
            )
            for one in page
        ]
        ids += [customer_id for _, customer_id, _ in rows]

        def take(session: Session, rows=rows) -> None:
            session.mirror.insert(connection.id, rows, generation=1, seen_at=START)

        book.write(take, urgent=False)
    seconds = time.perf_counter() - started
    print(f"filled with {len(everyone):,} in {seconds:.0f} s, {len(everyone) / seconds:,.0f} rows/s, {PAGE} a page")
    till = Till(book, clock, "bench")
    for customer_id in rng.sample(ids, min(SEEN, len(ids))):
        clock.advance(seconds=1)
        seen(till, customer_id)
    return book


def _balance(rng: random.Random) -> Money:
    return Money(rng.randrange(-(10**6), 10**6), SHOP.currency)


def _pages(everyone: Sequence[Profile]) -> Iterator[list[Profile]]:
    rest = iter(everyone)
    while page := list(islice(rest, PAGE)):
        yield page


def _recalls(till: Till, everyone: Sequence[Profile], asked: dict[str, list[Query]]) -> dict[str, list[float]]:
    """Hold the answers against a reading of every customer; customers are told apart by their profiles."""
    tested = {kind: [one for one in some if one.test] for kind, some in asked.items()}
    read = [truth.read(one, SHOP.country) for one in everyone]
    numbers = {one: number for number, one in enumerate(everyone)}
    recalls: dict[str, list[float]] = {}
    for kind, some in tested.items():
        for query in some[: max(5, 10_000_000 // len(everyone))]:
            assert query.test is not None
            must = {number for number, one in enumerate(read) if query.test(one)}
            hits = [numbers[hit.customer.profile] for hit in find(till, query.text, limit=LIMIT).hits]
            recalls.setdefault(kind, []).append(truth.recall(hits, must, LIMIT))
    return recalls


def _print_floor(raw, customers: int) -> None:
    rng = random.Random(3)
    times = [
        _milliseconds(lambda: raw.execute(_FLOOR, (str(rng.sample(range(1, customers + 1), LIMIT)),)).fetchall())
        for _ in range(200)
    ]
    print(f"  {'floor: 50 rows by key':16} p50 {statistics.median(times):6.2f}  p95 {_at(times, 0.95):6.2f}")


def _print_kinds(till: Till, raw, asked: dict[str, list[Query]], recalls: dict[str, list[float]]) -> None:
    everything: list[tuple[float, float]] = []
    for kind, some in asked.items():
        bare = [
            _milliseconds(lambda query=query: raw.execute(_BARE, (_expression(query),)).fetchall()) for query in some
        ]
        both = [
            _both_clocks(lambda query=query: find(till, query.text, limit=LIMIT)) for _ in range(3) for query in some
        ]
        times, busy = [wall for wall, _ in both], [cpu for _, cpu in both]
        everything += both
        share = statistics.mean(recalls[kind]) if kind in recalls else None
        told = f"recall {share:7.1%} of {len(recalls[kind])}" if share is not None else ""
        print(
            f"  {kind:16} p50 {statistics.median(times):6.2f}  p95 {_at(times, 0.95):6.2f}  max {max(times):7.2f}   "
            f"cpu p50 {statistics.median(busy):6.2f}  p95 {_at(busy, 0.95):6.2f}   "
            f"bare index p50 {statistics.median(bare):6.2f}  p95 {_at(bare, 0.95):6.2f}   {told}"
        )
    times, busy = [wall for wall, _ in everything], [cpu for _, cpu in everything]
    print(
        f"  {'all':16} p50 {statistics.median(times):6.2f}  p95 {_at(times, 0.95):6.2f}                 "
        f"cpu p50 {statistics.median(busy):6.2f}  p95 {_at(busy, 0.95):6.2f}"
    )


def _expression(query: Query) -> str:
    return candidates.beginning_expression(terms_of(query.text, SHOP.country))


def _both_clocks(act: Callable[[], object]) -> tuple[float, float]:
    """Return the time on the wall, and the processor's time: what a machine that does nothing else would take."""
    wall, cpu = time.perf_counter(), time.thread_time()
    act()
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000


def _milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
