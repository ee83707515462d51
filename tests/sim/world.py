"""One run: what happens next is drawn from the seed, until the steps are over and the shop has come to rest."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from posapp.domain.ids import OperationId
from posapp.services.shop import change_shop
from server_stub.settings import COMMON_EXTENSIONS, EXTENSIONS, SERVED_APIS
from tests.sim.acts import Press, act, decide, new_customer, office_act, perform
from tests.sim.checker import standing_effects
from tests.sim.history import Act, History
from tests.sim.network import OUTAGES, Link, Network
from tests.sim.server import ShopServer
from tests.sim.till import Killed, SimTill
from tests.sim.time import TillClock, WorldClock

T = TypeVar("T")

MINUTE, HOUR = 60.0, 3600.0
REST_HOURS = 8
"""Virtual hours within which everything must have drained."""
CLOSE_ROUNDS = 60
"""So many rounds follow the tills' own pauses; later ones come every ten minutes, for time alone can help then."""
SKEWS = (0.0, 0.0, 1.5, -40.0, 400.0, -3600.0, 3600.0, -30 * 86_400.0, 30 * 86_400.0)
MOST_CYCLES = 5
"""Cycles of a till in one pause; the rest of a long pause it sleeps."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(slots=True)
class Story:
    """What happened, a line each, with ids named in the order in which they come up."""

    clock: WorldClock
    lines: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def tell(self, who: str, what: str) -> None:
        line = f"{self.clock.seconds:10.2f} {who:6} {what}"
        self.lines.append(_UUID.sub(lambda found: self.names.setdefault(found[0], f"#{len(self.names)}"), line))

    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


class World:
    """A shop with its tills, its server and its weather."""

    def __init__(self, seed: int, folder: Path, *, steps: int | None = None) -> None:
        self.draw = draw = random.Random(f"posapp/{seed}")
        self.clock = WorldClock()
        self.story = Story(self.clock)
        self.history = History()
        self.crashes = 0
        drawn = draw.randrange(10, 26)  # in any case: with other steps the same shop
        self.steps = drawn if steps is None else steps
        api = _api(draw)
        self.server = ShopServer(self.clock, api, _extensions(draw, api), self.history)
        self.network = Network(self.clock, self.server, draw, self.story.tell, self._meanwhile)
        self.rough = draw.choice((0.02, 0.1, 0.3))
        self.tills = [self._new_till(f"till{number}", folder) for number in range(1, draw.choice((1, 2, 2, 3)) + 1)]
        self.careless = draw.random() < 0.1
        self._kept: bytes | None = None
        self._depth = 0
        self._peaceful = True
        self._cycling: set[str] = set()
        offered = ", ".join(sorted(self.server.extensions)) or "plain"
        self.story.tell("world", f"seed {seed}, {len(self.tills)} tills, {api} server {offered}")

    def close(self) -> None:
        for till in self.tills:
            till.close()
        self.server.close()

    def run(self) -> History:
        """Open the shop, live through all steps, and finish."""
        self.begin()
        for _ in range(self.steps):
            self._step()
            self.pause(self.draw.choice((0, 0.25, 1, 5, 20, 60, 60, 300)))
            self.look()
        return self.finish()

    def finish(self) -> History:
        """Come to rest, and look at everything."""
        self._heal()
        self.history.server = self.server.end()
        self.history.tills = [till.end(self.history.moment) for till in self.tills]
        return self.history

    @property
    def till_days(self) -> float:
        """Simulated days, one for each till."""
        return len(self.tills) * self.clock.seconds / 86_400

    # The beginning and the end

    def _new_till(self, name: str, folder: Path) -> SimTill:
        clock = TillClock(self.clock, self.draw.choice(SKEWS))
        interval = self.draw.choice((30.0, 120.0, 300.0))
        return SimTill(name, self.server.api, folder, clock, interval=interval, draw=self.draw)

    def begin(self) -> None:
        """Open the shop: some customers, some history, every till connected and synced once."""
        for _ in range(self.draw.randrange(1, 9)):
            new_customer(self.server, self.draw)
        for _ in range(self.draw.randrange(0, 12)):
            office_act(self.server, self.draw)
        for till in self.tills:
            till.begin(Link(self.network, till.name, till.step, till.step), self.server.token)
            change_shop(till.till, {"tills": str(len(self.tills))})
            self._cycle(till)
            till.link.weather = self.rough
        self._peaceful = False

    def _heal(self) -> None:
        """The network is well again, every till is awake: all must drain, and all must agree."""
        self.story.tell("world", "heals")
        self._peaceful = True
        for till in self.tills:
            till.link.outage, till.link.weather, till.asleep = None, 0.0, False
            till.die_within(None)
            till.next_cycle = self.clock.seconds
        while self.clock.outstanding:
            self.clock.pass_time(MINUTE)
        end = self.clock.seconds + REST_HOURS * HOUR
        rounds = 0
        while self.clock.seconds < end and not self._rests():
            rounds += 1
            due = min(till.next_cycle for till in self.tills)
            pause = max(0.0, due - self.clock.seconds)
            self.clock.pass_time(pause if rounds < CLOSE_ROUNDS else max(pause, 10 * MINUTE))
            for till in self.tills:
                self._manager_decides(till)
                if till.next_cycle <= self.clock.seconds:
                    self._cycle(till)
            self.look()
        for _ in range(2):
            for till in self.tills:
                self.clock.pass_time(13 * HOUR)
                self._cycle(till)
        self.look()

    def _rests(self) -> bool:
        return not any(till.waiting() or till.inbox() for till in self.tills)

    # The middle

    def _step(self) -> None:
        kinds = {
            self.user_act: 50,
            self.office_act: 12,
            self.weather_changes: 9,
            self.somebody_will_die: 8,
            self._long_pause: 5,
            self._sync_now: 6,
            self.clock_is_set: 2,
            self._lid: 3,
            self.manager: 4,
            self._backup: 2,
        }
        self.draw.choices(list(kinds), list(kinds.values()))[0]()

    def user_act(self) -> None:
        till = self.draw.choice(self.tills)
        drawn = self._as(till, lambda: act(till, self.draw))
        if drawn is None:
            return
        kind, operation_id, press = drawn
        presses = 2 if self.draw.random() < 0.06 else 1
        for _ in range(presses):
            made = self._pressed(till, kind, operation_id, press)
            self.story.tell(till.name, f"{kind} {operation_id}: {made.result} {made.error}".rstrip())
            self.history.acts.append(made)
        till.wake(self.clock.seconds)

    def _pressed(self, till: SimTill, kind: str, operation_id: OperationId, press: Press) -> Act:
        died = Act(operation_id, till.name, kind, "killed")
        try:
            made = self._as(till, lambda: perform(till, kind, operation_id, press))
        except Killed:
            self.history.acts.append(died)
            raise
        return made or died

    def office_act(self) -> None:
        told = office_act(self.server, self.draw)
        if told is not None:
            self.story.tell("office", told)

    def weather_changes(self) -> None:
        till = self.draw.choice(self.tills)
        kind = self.draw.choice(("fair", "rough", "storm", "outage", "outage for all", "fair for all"))
        some = self.tills if kind.endswith("for all") else [till]
        for one in some:
            one.link.outage = None
            one.link.weather = {"fair": 0.0, "rough": self.rough, "storm": 0.5}.get(kind.split()[0], 0.0)
            if kind.startswith("outage"):
                one.link.outage = self.draw.choice(OUTAGES)
        self.story.tell("world", f"{kind}: {', '.join(f'{one.name} {one.link.outage}' for one in some)}")

    def somebody_will_die(self) -> None:
        till = self.draw.choice(self.tills)
        till.die_within(self.draw.choice((1, 2, 3, 5, 8, 13, 21, 34, 55)))

    def _long_pause(self) -> None:
        self.pause(self.draw.choice((10 * MINUTE, HOUR, 3 * HOUR, 26 * HOUR)))

    def _sync_now(self) -> None:
        till = self.draw.choice(self.tills)
        self._cycle(till, full=self.draw.random() < 0.5)

    def clock_is_set(self) -> None:
        till = self.draw.choice(self.tills)
        till.clock.skew = self.draw.choice(SKEWS)
        self.story.tell(till.name, f"its clock is {till.clock.skew} s off")

    def _lid(self) -> None:
        till = self.draw.choice(self.tills)
        till.asleep = not till.asleep
        self.story.tell(till.name, "sleeps" if till.asleep else "wakes")

    def manager(self) -> None:
        self._manager_decides(self.draw.choice(self.tills))

    def _manager_decides(self, till: SimTill) -> None:
        happened = {one.op for one in standing_effects(self.history)}
        told = self._as(till, lambda: decide(till, self.draw, happened.__contains__))
        if told is not None:
            self.story.tell(till.name, f"manager {told}")
            till.wake(self.clock.seconds)

    def _backup(self) -> None:
        """In some runs the server's operator makes a backup and later puts it back."""
        if not self.careless:
            return
        if self._kept is None:
            self._kept = self.server.snapshot()
            self.story.tell("world", "the server is backed up")
        elif not self.history.restored:
            self.server.restore(self._kept)
            self.story.tell("world", "THE SERVER IS PUT BACK to its backup")

    def _meanwhile(self) -> None:
        """While a request is on its way the world goes on: another till, the office, the same till's cashier."""
        if self._depth or self._peaceful or self.draw.random() > 0.07:
            return
        self._depth += 1
        try:
            self.draw.choice((self.user_act, self.user_act, self.office_act, self._sync_now))()
        finally:
            self._depth -= 1

    def pause(self, seconds: float) -> None:
        """Let time pass, with the cycles that are due on the way."""
        end, cycles = self.clock.seconds + seconds, 0
        while True:
            awake = [till for till in self.tills if not till.asleep and till.next_cycle <= end]
            if not awake:
                break
            till = min(awake, key=lambda one: one.next_cycle)
            self.clock.pass_time(max(0.0, till.next_cycle - self.clock.seconds))
            self._cycle(till)
            cycles += 1
            if cycles >= MOST_CYCLES:
                till.next_cycle = max(till.next_cycle, end + 0.25)
        self.clock.pass_time(max(0.0, end - self.clock.seconds))

    def _cycle(self, till: SimTill, *, full: bool = False) -> None:
        if till.name in self._cycling:
            return
        self._cycling.add(till.name)
        till.next_cycle = self.clock.seconds + 1  # for a till that dies over it
        try:
            report = self._as(till, lambda: till.cycle(lambda: self.clock.seconds, full=full))
        finally:
            self._cycling.discard(till.name)
        if report is not None:
            figures = f"pulled {report.pulled} pushed {report.pushed} waiting {report.waiting}"
            self.story.tell(till.name, f"cycle: {figures} problem {report.problem} {dict(report.details)}")

    def _as(self, till: SimTill, live: Callable[[], T]) -> T | None:
        """Let a till do something; None where it died over it and was started anew."""
        outer, till.busy = till.busy, True
        try:
            return live()
        except Killed:
            if outer:
                raise
            self.crashes += 1
            self.story.tell(till.name, "dies and starts anew")
            till.open_again()
            return None
        finally:
            till.busy = outer

    def look(self) -> None:
        """Look at each till: at a customer, and at what it says that points can cost."""
        for till in self.tills:
            people, moment = till.customers(), self.history.moment
            if people:
                self.history.looks.append(till.look(self.draw.choice(people).id, moment))
            self.history.risks.append(till.risk(moment))


def _api(draw: random.Random) -> str:
    """Draw what the tills speak: half of the runs `pos`, which alone takes money and points."""
    others = [name for name in SERVED_APIS if name != "pos"]
    return draw.choice(["pos"] * len(others) + others)


def _extensions(draw: random.Random, api: str) -> frozenset[str]:
    kind = draw.choice(("plain", "plain", "all", "all", "some"))
    offered = [name for name in EXTENSIONS if api == "pos" or name in COMMON_EXTENSIONS]
    if kind == "some":
        return frozenset(name for name in offered if draw.random() < 0.6)
    return frozenset(offered if kind == "all" else ())
