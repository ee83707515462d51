"""A till's first day with each customer API, extended and plain, through the command line; then the books are compared.

    python -m tests.apis [--customers N] [--api NAME …]

Each till connects, reads everybody, edits, sees an edit and a deletion made there, creates while the answer is lost,
takes a khata payment and redeems what can be redeemed. Prints a line each; exit 1 when anything differs, is doubled or
is gone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from server_stub.settings import SERVED_APIS
from tests.apis.comparison import compared
from tests.apis.day import Day
from tests.support.stub import StubServer


def tried(api: str, *, plain: bool, customers: int, folder: Path) -> bool:
    """Work a day with one API and print what came of it; return whether all is well."""
    url = f"sqlite:///{folder / 'stub.sqlite3'}"
    with StubServer(database_url=url, customers=customers, plain=plain) as stub:
        day = Day(stub, api, folder / "home")
        day.work()
        found = compared(stub, api, day)
    figures = (
        f"{day.requests:6} requests {day.seconds:7.1f} s {len(found.differences):3} differences "
        f"{len(found.falsely_deleted):3} falsely deleted {len(found.doubled):3} doubled"
    )
    print(f"{api:8} {'plain' if plain else 'extended':8} {figures}", flush=True)
    for line in (*found.differences, *found.falsely_deleted, *found.doubled):
        print(f"    {line}")
    return found.well


def main() -> int:
    """Try what was asked for; 0 if all is well."""
    parser = argparse.ArgumentParser(prog="python -m tests.apis", description=__doc__)
    parser.add_argument("--customers", type=int, default=2000, help="in the server's book")
    parser.add_argument("--api", action="append", choices=SERVED_APIS, help="this one alone")
    options = parser.parse_args()
    well = True
    for api in options.api or SERVED_APIS:
        for plain in (False, True):
            with tempfile.TemporaryDirectory(prefix="apis-") as folder:
                well &= tried(api, plain=plain, customers=options.customers, folder=Path(folder))
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
