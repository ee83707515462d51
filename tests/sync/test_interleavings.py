"""Any order of acts, faults, crashes and cycles: one effect an act, and no balance that counts anything twice."""

import random
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from posapp.domain.ledger import Direction, signed
from posapp.domain.money import Money
from posapp.domain.operation import OVERLAY, OperationState
from tests.sync.desk import Desk
from tests.sync.fake_server import EXTENDED, PLAIN
from tests.sync.memory_book import effect_of

S = OperationState
FAULTS = ["", "", "drop_before", "drop_after", "broken", "offline", "busy", "running", "sign_in"]
AMOUNTS = st.integers(1, 9)


class Khata(RuleBasedStateMachine):
    """One till, two customers, an office that posts as well. What the screen shows is compared with what was done."""

    capabilities = EXTENDED

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(self.capabilities, page_size=2)
        self.remotes = [self.desk.server.add(name) for name in ("Asha", "Usha")]
        self.desk.cycle()
        self.customers = [self.desk.ours(one) for one in self.remotes]
        self.meant = dict.fromkeys(self.customers, 0)
        self.office = dict.fromkeys(self.customers, 0)
        self.acts = []

    @rule(who=st.integers(0, 1), amount=AMOUNTS, pays=st.booleans())
    def act(self, who, amount, pays):
        customer = self.customers[who]
        self.acts.append(self.desk.pay(customer, amount) if pays else self.desk.charge(customer, amount))
        self.meant[customer] += amount if pays else -amount

    @rule(who=st.integers(0, 1), amount=AMOUNTS)
    def office_posts(self, who, amount):
        self.desk.server.post(self.remotes[who], Direction.DEBIT, amount)
        self.office[self.customers[who]] -= amount

    @rule(
        faults=st.lists(st.sampled_from(FAULTS), max_size=4), reads=st.lists(st.sampled_from(["", "down"]), max_size=3)
    )
    def cycle_with_faults(self, faults, reads):
        self.desk.server.faults, self.desk.server.reads_fail = list(faults), list(reads)
        self.desk.cycle()
        self.desk.server.faults, self.desk.server.reads_fail = [], []

    @rule(seconds=st.sampled_from([0.1, 3.0, 400.0]))
    def pass_time(self, seconds):
        self.desk.clock.pass_time(seconds)

    @rule(answered=st.booleans())
    @precondition(lambda self: self.desk.waiting())
    def crash_while_sending(self, answered):
        self.desk.server.faults = ["crash"] if answered else ["crash_before"]
        try:
            self.desk.cycle()
        except KeyboardInterrupt:
            self.desk.engine = self.desk.new_engine()
        self.desk.server.faults = []

    @rule(number=st.integers(0, 50))
    @precondition(lambda self: self.acts)
    def push_one_now(self, number):
        self.desk.engine.push_now(self.acts[number % len(self.acts)], deadline_seconds=1)

    @rule(who=st.integers(0, 1))
    def push_while_a_page_is_on_its_way(self, who):
        """The page was answered before the acts went out, and comes in after they were settled."""
        server = self.desk.server

        def overtaken(page):
            server.before_page = None
            rows = real(None, 1) if self.capabilities.updated_since else None
            for act in self.acts:
                self.desk.engine.push_now(act, deadline_seconds=1)
            return rows

        real = server.changed_since
        if self.capabilities.updated_since:
            server.changed_since = lambda since, page: self._stale(real, since, page)
        server.before_page = None if self.capabilities.updated_since else overtaken
        self.desk.cycle()
        server.before_page = None
        server.changed_since = real

    def _stale(self, real, since, page):
        rows = real(since, page)
        for act in self.acts:
            self.desk.engine.push_now(act, deadline_seconds=1)
        return rows

    @invariant()
    def one_effect_an_act(self):
        done = [operation for _, operation in self.desk.server.effects]
        assert len(done) == len(set(done))

    @invariant()
    def acts_of_a_customer_arrive_in_order(self):
        order = {act: number for number, act in enumerate(self.acts)}
        for remote_id in self.remotes:
            ours = [order[one.reference_id] for one in self.desk.server.khatas[remote_id] if one.reference_id in order]
            assert all(one < other for one, other in pairwise(ours))

    @invariant()
    def nothing_is_shown_twice_or_lost(self):
        for customer, remote_id in zip(self.customers, self.remotes, strict=True):
            mirrored = self.desk.numbers(remote_id)[1]
            if mirrored is None:
                continue
            views = self.desk.book.read(lambda session, one=customer: session.operations.of_customer(one, OVERLAY))
            shown = mirrored + sum(effect_of(view) for view in views)
            seen_of_office = shown - self.meant[customer]
            assert self.office[customer] <= seen_of_office <= 0

    def teardown(self):
        for _ in range(4):
            self.desk.clock.pass_time(4000)
            report = self.desk.engine.run_cycle(full=not self.capabilities.updated_since)
        assert report.problem is None
        assert report.waiting == 0
        assert {self.desk.state(act) for act in self.acts} <= {S.CONFIRMED}
        assert not {"khata_mismatch", "lost_effect"} & set(self.desk.inbox())  # an honest khata is never doubted
        for customer, remote_id in zip(self.customers, self.remotes, strict=True):
            entries = self.desk.server.khatas[remote_id]
            total = sum((signed(one.direction, one.amount) for one in entries), Money(0, "INR"))
            assert total.minor == self.meant[customer] + self.office[customer] == self.desk.numbers(remote_id)[1]


class UniqueKhata(Khata):
    """A server that lists no changes and honours no keys, but takes each reference once."""

    capabilities = PLAIN.__class__(points=True, ledger=True, ledger_write=True)


_FEW = settings(stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
TestKhata = Khata.TestCase
TestKhata.settings = _FEW
TestUniqueKhata = UniqueKhata.TestCase
TestUniqueKhata.settings = _FEW


def test_points_are_taken_once_whatever_happens():
    """A server without keys: two hundred lost answers, each settled by evidence or put before a person."""
    for seed in range(60):
        chance = random.Random(seed)
        desk = Desk(PLAIN)
        remote_id = desk.server.add("Asha", points=100)
        desk.cycle()
        acts = [desk.redeem(desk.ours(remote_id), 7) for _ in range(3)]
        for _ in range(14):
            desk.server.faults = [chance.choice(FAULTS) for _ in range(2)]
            if chance.random() < 0.2:
                desk.server.set_points(remote_id, desk.server.records[remote_id].points + 1)
            desk.clock.pass_time(chance.choice([0.5, 3.0, 400.0]))
            desk.engine.run_cycle()
        done = [operation for _, operation in desk.server.effects]
        assert len(done) == len(set(done))
        for act in acts:
            state = desk.state(act)
            if state is S.CONFIRMED:
                assert act in done
            elif state is S.PENDING:
                assert act not in done
            elif state is S.NEEDS_HUMAN:
                assert "unknown" in desk.inbox()
