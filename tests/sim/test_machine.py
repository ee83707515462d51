"""The same shop under Hypothesis, which looks for an order of acts and deaths that breaks a promise, and shrinks it.

The rules are the world's own events; the weather between them is drawn from a seed that Hypothesis chooses.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.sim.checker import check
from tests.sim.run import disk
from tests.sim.world import World


class ShopMachine(RuleBasedStateMachine):
    """A world whose steps Hypothesis chooses; at the end it must come to rest and every check must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="posapp-sim-", dir=disk()))

    def teardown(self) -> None:
        world = self.world
        try:
            if world is not None:
                problems = check(world.finish())
                assert not problems, "\n".join([*world.story.lines[-60:], *problems])
        finally:
            if world is not None:
                world.close()
            shutil.rmtree(self._folder)

    @initialize(seed=st.integers(0, 10_000))
    def open_shop(self, seed: int) -> None:
        self.world = World(seed, self._folder)
        self.world.begin()

    @rule(times=st.integers(1, 3))
    def people_act(self, times: int) -> None:
        for _ in range(times):
            self._do(World.user_act)

    @rule()
    def the_office_acts(self) -> None:
        self._do(World.office_act)

    @rule()
    def the_weather_changes(self) -> None:
        self._do(World.weather_changes)

    @rule()
    def somebody_will_die(self) -> None:
        self._do(World.somebody_will_die)

    @rule()
    def a_clock_is_set(self) -> None:
        self._do(World.clock_is_set)

    @rule()
    def the_manager_decides(self) -> None:
        self._do(World.manager)

    @rule(seconds=st.sampled_from((1.0, 20.0, 60.0, 600.0)))
    def time_passes(self, seconds: float) -> None:
        self._do(lambda world: world.pause(seconds))

    def _do(self, event: Callable[[World], None]) -> None:
        assert self.world is not None, "the shop is open"
        event(self.world)
        self.world.look()


ShopMachine.TestCase.settings = settings(
    max_examples=5, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
TestShop = pytest.mark.timeout(900)(ShopMachine.TestCase)
