"""Measures the first sync beside a bare floor, a payment saved while it runs, and the till's search."""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from posapp.app import TillApplication, open_till
from posapp.domain.customer import Profile
from posapp.domain.folding import words
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.connections import ConnectForm
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.services.lookup import find
from tests.bench.lookup import bench_lookup
from tests.support.stub import StubProcess

PAGE = 250
QUERIES_A_KIND = 40


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def floor(base_url: str, token: str, file: Path) -> tuple[int, float]:
    """Read every customer page by page into a plain table: the least that any till must do."""
    book = sqlite3.connect(file)
    book.execute("PRAGMA journal_mode=WAL")
    book.execute("CREATE TABLE customer (id TEXT PRIMARY KEY, name, phone, email, address, notes, tags, points, spent)")
    rows = 0
    started = time.perf_counter()
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60) as client:
        page = 1
        while True:
            answer = client.get(
                f"{base_url}/api/v1/customers",
                params={"limit": PAGE, "page": page, "sort": "created_at", "order": "ASC"},
            )
            found = answer.json()
            with book:
                book.executemany(
                    "INSERT INTO customer VALUES (?,?,?,?,?,?,?,?,?)",
                    [
                        (
                            one["id"], one["name"], one["phone"], one["email"], one["address"], one["notes"],
                            str(one["tags"]), one["loyalty_points"], one["total_spent"],
                        )
                        for one in found
                    ],
                )  # fmt: skip
            rows += len(found)
            page += 1
            if len(found) < PAGE:
                break
    seconds = time.perf_counter() - started
    book.close()
    return rows, seconds


def pay_meanwhile(
    app: TillApplication, people: Sequence[CustomerId], stop: threading.Event, times: list[float]
) -> None:
    """Save a payment every tenth of a second and note how long each took."""
    rng = random.Random(1)
    while not stop.is_set():
        form = EntryForm(
            OperationId(new_uuid()), rng.choice(people), OperationKind.PAYMENT, Money(rng.randrange(100, 900), "BDT")
        )
        started = time.perf_counter()
        record_entry(app.till, form)
        times.append((time.perf_counter() - started) * 1000)
        stop.wait(0.1)


def bench_sync(app: TillApplication, stub: StubProcess, folder: Path, customers: int) -> None:
    """Print the first sync's rows a second beside the floor's, and the payments saved while it ran."""
    people = [
        add_customer(app.till, operation_id=OperationId(new_uuid()), profile=Profile(f"Bench {n}")).recorded.customer.id
        for n in range(10)
    ]
    app.connect(
        ConnectForm("pos", stub.base_url, None, "stub", stub.token().encode(), currency="BDT", time_zone="Asia/Dhaka")
    )
    stop, times = threading.Event(), []
    payer = threading.Thread(target=pay_meanwhile, args=(app, people, stop, times))
    payer.start()
    started = time.perf_counter()
    report = app.sync(full=False, connection=None, progress=None)
    seconds = time.perf_counter() - started
    stop.set()
    payer.join()
    rows, floor_seconds = floor(stub.base_url, stub.token(), folder / "floor.sqlite3")
    print(
        f"first sync of {customers:,}: {report.pulled:,} rows, {report.requests:,} requests, problem {report.problem}"
    )
    print(f"  till   {seconds:7.1f} s  {report.pulled / seconds:9,.0f} rows/s")
    print(f"  floor  {floor_seconds:7.1f} s  {rows / floor_seconds:9,.0f} rows/s   (httpx + executemany, plain SQLite)")
    print(f"  ratio  {seconds / floor_seconds:7.2f} x the floor's time")
    print(
        f"payments saved while it ran: {len(times)}, p50 {statistics.median(times):.1f} ms, "
        f"p99 {percentile(times, 0.99):.1f} ms, max {max(times):.1f} ms"
    )


def queries(app: TillApplication) -> dict[str, list[str]]:
    """Draw queries of each kind from the customers themselves."""
    rng = random.Random(7)
    people = [
        hit.customer.profile
        for letters in ("ra", "ah", "kh", "su", "017", "98", "ম", "ra")
        for hit in app.till.book.read(lambda session, one=letters: session.customers.find(one, 200)).hits
    ]
    named = [profile for profile in people if len(words(profile.name)) > 1]
    phoned = [profile for profile in people if profile.phone]
    kinds: dict[str, list[str]] = {
        kind: [] for kind in ("prefix 2", "prefix 4", "two words", "last 4", "phone", "none")
    }
    for _ in range(QUERIES_A_KIND):
        one, other = rng.choice(named), rng.choice(phoned)
        first, *_, last = words(one.name)
        digits = "".join(char for char in other.phone or "" if char.isdecimal())
        kinds["prefix 2"].append(first[:2])
        kinds["prefix 4"].append(last[:4])
        kinds["two words"].append(f"{last[:3]} {first[:3]}")
        kinds["last 4"].append(digits[-4:])
        kinds["phone"].append(other.phone or "")
        kinds["none"].append("xqz" + first[:2])
    return kinds


def bench_find(app: TillApplication) -> None:
    """Print how long a look-up takes, by kind of query."""
    everything: list[float] = []
    count = app.till.book.read(lambda session: session.operations.counts()).customers
    print(f"find in {count:,} customers (ms, service call with numbers of each hit):")
    for kind, asked in queries(app).items():
        times = []
        for text in asked:
            started = time.perf_counter()
            find(app.till, text)
            times.append((time.perf_counter() - started) * 1000)
        everything += times
        middle, most, longest = statistics.median(times), percentile(times, 0.95), max(times)
        print(f"  {kind:10} p50 {middle:6.2f}  p95 {most:6.2f}  max {longest:6.2f}")
    print(f"  {'all':10} p50 {statistics.median(everything):6.2f}  p95 {percentile(everything, 0.95):6.2f}")


def main() -> int:
    """Run the benches named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="+", choices=("sync", "find", "lookup", "window"))
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder whose book for `lookup` is made once and used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="posapp-bench-") as temporary:
        folder = Path(temporary)
        if "lookup" in options.benches:
            bench_lookup(options.keep or folder, options.customers)
        if "window" in options.benches:
            from tests.bench.window import bench_window  # noqa: PLC0415 (Qt is loaded for a window alone)

            bench_window(folder, options.customers)
        if not {"sync", "find"} & set(options.benches):
            return 0
        with (
            StubProcess(customers=options.customers, database_url=f"sqlite:///{folder / 'stub.sqlite3'}") as stub,
            open_till(folder / "home", actor="bench", passphrase=lambda: "only for benches", keyring=False) as app,
        ):
            if "sync" in options.benches:
                bench_sync(app, stub, folder, options.customers)
            else:
                app.connect(ConnectForm("pos", stub.base_url, None, "stub", stub.token().encode()))
                app.sync(full=False, connection=None, progress=None)
            if "find" in options.benches:
                bench_find(app)
    return 0


if __name__ == "__main__":
    sys.exit(main())
