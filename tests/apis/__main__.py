"""A till's first day with each customer API, extended and plain, through the command line; then the books are compared.

    python -m tests.apis [--customers N] [--api NAME …] [--jobs N]

Each till connects, reads everybody, edits, sees an edit and a deletion made there, creates while the answer is lost,
takes a khata payment and redeems what can be redeemed. Prints a line each; exit 1 when anything differs, is doubled or
is gone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from server_stub.settings import SERVED_APIS
from tests.apis.comparison import Found, compared
from tests.apis.day import Day, NotDone
from tests.support.stub import StubServer

# Those whose customers are read one by one first: two of them side by side end sooner than two at the end.
SLOWEST_FIRST = (("portal", True), ("pos", True), *((api, plain) for api in SERVED_APIS for plain in (False, True)))


def tried(day: tuple[str, bool], *, customers: int) -> tuple[str, bool]:
    """Work a day with one API; return what came of it in words, and whether all is well."""
    api, plain = day
    with tempfile.TemporaryDirectory(prefix="apis-") as folder:
        url = f"sqlite:///{Path(folder) / 'stub.sqlite3'}"
        with StubServer(database_url=url, customers=customers, plain=plain) as stub:
            worked = Day(stub, api, Path(folder) / "home")
            try:
                worked.work()
                found = compared(stub, api, worked)
            except NotDone as error:
                found = Found((str(error),))
    return "\n".join(_lines(api, worked, found, plain=plain)), found.well


def _lines(api: str, day: Day, found: Found, *, plain: bool) -> Iterator[str]:
    yield (
        f"{api:8} {'plain' if plain else 'extended':8} {day.requests:6} requests {day.seconds:7.1f} s "
        f"{len(found.differences):3} differences {len(found.falsely_deleted):3} falsely deleted "
        f"{len(found.doubled):3} doubled"
    )
    for line in (*found.differences, *found.falsely_deleted, *found.doubled):
        yield f"    {line}"


def main() -> int:
    """Try what was asked for; 0 if all is well."""
    parser = argparse.ArgumentParser(prog="python -m tests.apis", description=__doc__)
    parser.add_argument("--customers", type=int, default=2000, help="in the server's book")
    parser.add_argument("--api", action="append", choices=SERVED_APIS, help="this one alone")
    parser.add_argument("--jobs", type=int, default=1, help="days at once")
    options = parser.parse_args()
    days = [day for day in dict.fromkeys(SLOWEST_FIRST) if day[0] in (options.api or SERVED_APIS)]
    well = True
    with ProcessPoolExecutor(options.jobs) as pool:
        for words, was_well in pool.map(partial(tried, customers=options.customers), days):
            print(words, flush=True)
            well &= was_well
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
