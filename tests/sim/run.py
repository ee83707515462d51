"""Runs one seed in a folder of its own and says what came of it."""

from __future__ import annotations

import gc
import logging
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.sim.checker import check
from tests.sim.world import World

_MEMORY = Path("/dev/shm")


def disk() -> Path | None:
    """Return a disk that costs no time, where there is one: what a disk may lose is the business of other tests."""
    return _MEMORY if _MEMORY.is_dir() else None


@dataclass(slots=True)
class Result:
    """What came of a seed."""

    seed: int
    problems: list[str]
    story: list[str]
    digest: str
    api: str
    tills: int = 0
    acts: int = 0
    saved: int = 0
    requests: int = 0
    crashes: int = 0
    till_days: float = 0.0
    seconds: float = 0.0
    held: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def run_seed(seed: int, *, steps: int | None = None) -> Result:
    """Run one seed and check its history."""
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="posapp-sim-", dir=disk()) as folder:
        world = World(seed, Path(folder), steps=steps)
        try:
            problems = _problems(world)
        finally:
            world.close()
    history = world.history
    gc.collect()
    named = [_named(world, problem) for problem in problems]
    return Result(
        seed,
        named,
        world.story.lines,
        world.story.digest(),
        world.server.api,
        tills=len(world.tills),
        acts=len(history.acts),
        saved=sum(one.result == "saved" for one in history.acts),
        requests=world.network.requests,
        crashes=world.crashes,
        till_days=world.till_days,
        seconds=time.monotonic() - began,
        held=sum(one.state == "needs_human" for till in history.tills for one in till.operations),
        faults=world.network.faults,
    )


def _problems(world: World) -> list[str]:
    try:
        return check(world.run())
    except Exception:  # noqa: BLE001 (whatever breaks off a run is a finding of it)
        return [traceback.format_exc()]


def _named(world: World, problem: str) -> str:
    for uuid, name in world.story.names.items():
        problem = problem.replace(uuid, name)
    return problem
