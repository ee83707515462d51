"""Runs the fault matrix and prints it: row, what must hold, tests, runs, held.

    python -m tests.faults [ROW …]

A test belongs to the row that its name says (`test_row_15_…`); some rows are held by files of the ordinary suite as
well. Exit 1 when a row did not hold, was skipped, or has
neither a test nor a reason.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.faults.rows import ROWS, Row

_NAMED = re.compile(r"test_row_(\d+)_")


@dataclass(slots=True)
class Runs:
    """How a row's tests ended."""

    tests: set[str] = field(default_factory=set)
    held: int = 0
    broken: int = 0
    skipped: int = 0

    @property
    def all_held(self) -> bool:
        """Whether there were runs and every one held."""
        return self.held > 0 and not self.broken and not self.skipped


class Tally:
    """Collects how each test ended, by its row."""

    def __init__(self) -> None:
        self.rows: dict[int, Runs] = defaultdict(Runs)
        self._elsewhere = {file: row.number for row in ROWS for file in row.elsewhere}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's end; a failure outside its body counts as well."""
        file, _, name = report.nodeid.partition("[")[0].partition("::")
        match = _NAMED.match(name)
        row = int(match[1]) if match else self._elsewhere.get(file)
        if row is None or (report.when != "call" and report.passed):
            return
        runs = self.rows[row]
        runs.tests.add(name)
        runs.held += report.passed
        runs.broken += report.failed
        runs.skipped += report.skipped


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows and print the table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="only these rows")
    parser.add_argument("--jobs", default="2", help="processes side by side; 0 for this one alone")
    options = parser.parse_args(arguments)
    wanted = set(options.rows) or {row.number for row in ROWS}
    folder = Path(__file__).parent
    files = [str(path) for path in sorted(folder.glob("test_row_*.py")) if int(path.name.split("_")[2]) in wanted]
    files += [file for row in ROWS if row.number in wanted for file in row.elsewhere]
    tally, began = Tally(), time.monotonic()
    command = ["--no-cov", "-q", "-ra", "-n", options.jobs, "--dist", "worksteal", "--timeout", "600", *files]
    code = pytest.main(command, plugins=[tally]) if files else 0
    rows = [row for row in ROWS if row.number in wanted]
    _print(rows, tally, time.monotonic() - began)
    return int(bool(code) or any(not row.waits_for and not tally.rows[row.number].all_held for row in rows))


def _print(rows: Sequence[Row], tally: Tally, seconds: float) -> None:
    table = Table(title="The fault matrix", title_justify="left", show_lines=False)
    for name, right in (("Row", True), ("Fault", False), ("Must hold", False), ("Tests", True), ("Runs", True)):
        table.add_column(name, justify="right" if right else "left")
    table.add_column("Held")
    for row in rows:
        runs = tally.rows[row.number]
        cells = (str(row.number), row.fault, row.holds, str(len(runs.tests)), str(runs.held + runs.broken))
        table.add_row(*cells, _word(row, runs))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    held = sum(tally.rows[row.number].all_held for row in rows)
    waiting = sum(bool(row.waits_for) for row in rows)
    total = sum(runs.held + runs.broken for runs in tally.rows.values())
    console.print(f"{held} of {len(rows)} rows held in {total} runs, {waiting} cannot be run yet; {seconds:.0f} s.")


def _word(row: Row, runs: Runs) -> str:
    if runs.broken:
        return f"NO: {runs.broken} of {runs.held + runs.broken} broke"
    if runs.skipped:
        return f"skipped {runs.skipped}"
    if runs.held:
        return "held"
    return f"waits for {row.waits_for}" if row.waits_for else "NO TEST"


if __name__ == "__main__":
    sys.exit(main())
