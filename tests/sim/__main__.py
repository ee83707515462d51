"""Runs seeds and prints what they came to; a seed that fails prints its number and the end of its story."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from server_stub.settings import SERVED_APIS
from tests.sim.run import Result, run_seed

TAIL = 25


def results(options: argparse.Namespace) -> Iterator[Result]:
    """Yield what came of each seed."""
    seeds = [options.seed] if options.seed is not None else range(options.start, options.start + options.seeds)
    if options.jobs == 1 or options.seed is not None:
        for seed in seeds:
            yield run_seed(seed, steps=options.steps)
        return
    with ProcessPoolExecutor(options.jobs) as pool:
        yield from pool.map(run_seed_with, [(seed, options.steps) for seed in seeds], chunksize=2)


def run_seed_with(seed_and_steps: tuple[int, int | None]) -> Result:
    """Run one seed in another process."""
    seed, steps = seed_and_steps
    return run_seed(seed, steps=steps)


def main() -> int:
    """Run what was asked for; 0 if everything held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--start", type=int, default=1, help="the first one")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--steps", type=int, help="so many steps a seed; drawn where not said")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side")
    parser.add_argument("-v", "--verbose", action="store_true", help="the whole story")
    parser.add_argument("--machine", action="store_true", help="the Hypothesis machine and the other tests as well")
    options = parser.parse_args()
    began, failed, faults = time.monotonic(), 0, Counter[str]()
    every: list[Result] = []
    for result in results(options):
        every.append(result)
        faults += result.faults
        if options.verbose:
            print(*result.story, sep="\n")
        if result.problems:
            failed += 1
            print(f"seed {result.seed} FAILED; replay it: python -m tests.sim --seed {result.seed} -v", flush=True)
            if not options.verbose:
                print(*(f"    … {line}" for line in result.story[-TAIL:]), sep="\n")
            print(*(f"  {problem}" for problem in result.problems[:12]), sep="\n", flush=True)
    print(
        f"seeds {len(every)}, tills {sum(one.tills for one in every)}, "
        f"acts {sum(one.acts for one in every)} ({sum(one.saved for one in every)} saved), "
        f"requests {sum(one.requests for one in every)}, crashes {sum(one.crashes for one in every)}, "
        f"left to a person {sum(one.held for one in every)}"
    )
    apis = Counter(one.api for one in every)
    print("apis: " + ", ".join(f"{name} {apis[name]}" for name in SERVED_APIS))
    print("faults: " + ", ".join(f"{name} {number}" for name, number in sorted(faults.items())))
    print(f"simulated till-days {sum(one.till_days for one in every):.1f}, {time.monotonic() - began:.0f} s")
    print(f"sim: {len(every) - failed} passed, {failed} failed")
    if options.seed is not None:
        print(f"digest of the story: {every[0].digest}")
    tests = pytest.main(["--no-cov", "-q", str(Path(__file__).parent)]) if options.machine else 0
    return 1 if failed or tests else 0


if __name__ == "__main__":
    sys.exit(main())
