"""Switches one safety rule off at a time, in a copy, and asks the tests.

    python -m tests.mutants [--jobs N] [NAME …]

Exit 1 when a rule's absence went unnoticed, or when the tests are red as they are.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.rules import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
PARTS = ("posapp", "server_stub", "resources", "tests", "pyproject.toml", "README.md")
MINUTES = 10
FAILED = 1  # pytest's exit code for tests that ran and failed; a collection that breaks has another one


@dataclass(frozen=True, slots=True)
class Ended:
    """How the tests took a mutant: the first that failed, empty for none."""

    mutant: Mutant
    killer: str
    trouble: str
    seconds: float


class DoesNotApply(LookupError):
    """The text of a rule is not in its file, or more than once: the rule moved and the mutant must follow."""


def mutated(source: str, mutant: Mutant) -> str:
    """Return a file's text without the rule.

    Raises:
        DoesNotApply: The text is not there exactly once.
    """
    if source.count(mutant.text) != 1:
        raise DoesNotApply(f"{mutant.name}: {source.count(mutant.text)} places in {mutant.file}")
    return source.replace(mutant.text, mutant.instead)


def kill(mutant: Mutant) -> Ended:
    """Run a mutant's tests on a copy of the tree without the rule."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder)
        _copy_tree(copy)
        target = copy / mutant.file
        target.write_text(mutated(target.read_text(encoding="utf-8"), mutant), encoding="utf-8")
        code, output = _tests(copy, mutant.tests)
    failed = next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), "")
    killer = failed.partition(" ")[2].partition(" - ")[0] if code == FAILED else ""
    trouble = "" if code in {0, FAILED} else f"the tests did not run (exit {code}): {output[-600:]}"
    return Ended(mutant, killer, trouble, time.monotonic() - began)


def _copy_tree(target: Path) -> None:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target / part)


def _tests(folder: Path, tests: Sequence[str], jobs: int = 0) -> tuple[int, str]:
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-cov",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.mutants.first_failure",
        "-n",
        str(jobs),
        *tests,
    ]
    env = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / ".h"),
    }
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=MINUTES * 60, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, f"not over after {MINUTES} minutes"
    return done.returncode, done.stdout + done.stderr


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every mutant and print who noticed it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of a rule's name")
    options = parser.parse_args(arguments)
    chosen = [one for one in MUTANTS if not options.names or any(name in one.name for name in options.names)]
    for mutant in chosen:
        mutated((ROOT / mutant.file).read_text(encoding="utf-8"), mutant)
    tests = sorted({test for mutant in chosen for test in mutant.tests})
    code, output = _tests(ROOT, tests, options.jobs)
    if code:
        print(f"The tests are red as they are:\n{output[-2000:]}")
        return 1
    print(f"{len(chosen)} rules; their tests are green as they are.", flush=True)
    alive = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for ended in pool.map(kill, chosen):
            alive += not ended.killer
            verdict = f"killed by {ended.killer}" if ended.killer else f"ALIVE {ended.trouble}"
            print(f"{ended.seconds:5.0f} s  {ended.mutant.name}\n         {verdict}", flush=True)
    print(f"{len(chosen) - alive} of {len(chosen)} killed.")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())
