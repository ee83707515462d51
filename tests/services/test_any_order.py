"""Any acts in any order, with and without a server: the numbers are those of a model that was written apart from them.

There is no engine here: the test moves acts along as the engine would, and keeps the server's books itself.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from posapp.domain.errors import DomainError, RemoteError
from posapp.domain.ids import CustomerId, OperationId, RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.lookup import card, explain_balance, explain_points, ledger
from posapp.services.owing import owing
from posapp.services.verification import verify_book
from tests.services.counter import EXTENDED, PLAIN, Counter, S, TickingClock, fresh, taka
from tests.services.test_statements import adds_up
from tests.support.book import START, fresh_book

ENTRIES = {"charge": -1, "payout": -1, "payment": 1, "return": 1, "settlement": 1, "write_off": 1, "opening": -1}
LEDGER_ONLY = replace(EXTENDED, sales=False, reversals=False)
SERVERS = [None, PLAIN, LEDGER_ONLY, EXTENDED]
GONE = {S.REJECTED, S.CANCELLED}
AMOUNTS = st.integers(1, 5000)
DAYS = st.none() | st.integers(0, 40).map(lambda back: START.date() - timedelta(days=back))


@dataclass
class Act:
    """What one act does to the numbers, as the model sees it."""

    customer: CustomerId
    money: int = 0
    points: int = 0
    kept: bool = False
    again: object = None


@dataclass
class Person:
    """A customer as the model sees her: the server's numbers, and those of them that this till has read."""

    remote: RemoteId | None = None
    balance: int | None = 0
    points: int | None = 0
    seen_balance: int | None = 0
    seen_points: int | None = 0
    acts: list[OperationId] = field(default_factory=list)


class AnyOrder(RuleBasedStateMachine):
    """A till that is pressed at random."""

    @initialize(server=st.sampled_from(SERVERS))
    def open(self, server) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="any-order-")
        self.clock = TickingClock()
        self.opened = fresh_book(Path(self.folder.name), self.clock)
        self.counter = Counter(self.opened.__enter__(), self.clock)
        self.people: dict[CustomerId, Person] = {}
        self.acts: dict[OperationId, Act] = {}
        self.server = server
        if server is not None:
            self.counter.connect(server)
            for number, (balance, points) in enumerate(((-700, 60), (None, None))):
                remote = RemoteId(f"r-{number}")
                customer = self.counter.on_server(
                    balance=balance, points=points, remote_id=remote, name=f"Remote {number}"
                )
                self.people[customer] = Person(remote, balance or 0, points or 0, balance, points)
        self.people[self.counter.customer("Local")] = Person()

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)
            self.folder.cleanup()

    def one(self, data) -> CustomerId:
        return data.draw(st.sampled_from(list(self.people)))

    def state(self, operation: OperationId) -> OperationState:
        return self.counter.state(operation)

    def keep(self, operation: OperationId, act: Act) -> None:
        self.acts[operation] = act
        self.people[act.customer].acts.append(operation)
        if self.state(operation) in {S.CONFIRMED, S.ACKED}:
            self.apply(operation)

    def apply(self, operation: OperationId) -> None:
        """The server took an act, and its answer told the numbers."""
        act = self.acts[operation]
        person = self.people[act.customer]
        person.balance, person.points = (person.balance or 0) + act.money, (person.points or 0) + act.points
        if person.remote is not None and self.state(operation) is S.CONFIRMED:
            self.tell(person)

    def tell(self, person: Person) -> None:
        assert person.remote is not None
        self.counter.server_says(balance=person.balance, points=person.points, remote_id=person.remote)
        person.seen_balance, person.seen_points = person.balance, person.points

    # What a person does

    @rule(data=st.data(), kind=st.sampled_from(sorted(ENTRIES)), amount=AMOUNTS, day=DAYS, boss=st.booleans())
    def enter(self, data, kind, amount, day: date | None, boss) -> None:
        customer, operation = self.one(data), fresh()
        form = {"on": day, "confirmed": True, "approved_by": "Boss" if boss else None, "operation_id": operation}
        with suppress(DomainError):
            made = self.counter.enter(customer, kind, amount, **form)
            again = lambda: self.counter.enter(customer, kind, amount, **form)  # noqa: E731
            self.keep(operation, Act(customer, ENTRIES[kind] * amount, 0, made.state is S.KEPT, again))

    @rule(
        data=st.data(),
        total=AMOUNTS,
        part=st.integers(0, 100),
        points=st.integers(0, 40),
        answer=st.sampled_from(["accept", "refuse", "lose", "unreachable", "ask"]),
    )
    def sell(self, data, total, part, points, answer) -> None:
        customer, operation = self.one(data), fresh()
        form = {"on_account": total * part // 100, "points": points, "confirmed": True, "operation_id": operation}

        def press():
            self.counter.deliveries.answers = [answer] if points else []
            return self.counter.sell(customer, total, **form)

        before = len(self.counter.operations())
        with suppress(DomainError, RemoteError):
            press()
        views = self.counter.operations()[before:]
        for view in views:
            intent, kind = view.operation.intent, view.operation.kind
            if kind is OperationKind.REDEEM:
                self.keep(view.operation.id, Act(customer, 0, -points))
            elif kind is OperationKind.SALE:
                own = 0 if intent["redeem_operation"] else points
                earned = (total - min(points * 10, total)) // 100
                kept = self.server is not EXTENDED
                self.keep(operation, Act(customer, -form["on_account"], earned - own, kept, press))

    @rule(data=st.data(), points=st.integers(1, 40), answer=st.sampled_from(["accept", "refuse", "lose", "ask"]))
    def redeem(self, data, points, answer) -> None:
        customer, operation = self.one(data), fresh()
        before = len(self.counter.operations())

        def press():
            self.counter.deliveries.answers = [answer]
            return self.counter.redeem(customer, points, operation_id=operation)

        with suppress(DomainError, RemoteError):
            press()
        if len(self.counter.operations()) > before:
            self.keep(operation, Act(customer, 0, -points, self.server is None, press))

    @precondition(lambda self: self.acts)
    @rule(data=st.data())
    def reverse(self, data) -> None:
        target, operation = data.draw(st.sampled_from(list(self.acts))), fresh()
        act = self.acts[target]
        with suppress(DomainError):
            made = self.counter.reverse(target, operation_id=operation)
            again = lambda: self.counter.reverse(target, operation_id=operation)  # noqa: E731
            kept = act.kept or made.state is S.KEPT
            self.keep(operation, Act(act.customer, -act.money, -act.points, kept, again))

    @precondition(lambda self: self.acts)
    @rule(data=st.data())
    def press_again(self, data) -> None:
        """A second click of a form that stands changes nothing; one that waits may only be settled by it.

        Who clicks on a form that was refused is told so in person: what waits about it is put aside, once.
        """
        operation = data.draw(st.sampled_from(list(self.acts)))
        act, before = self.acts[operation], self.counter.operations()
        if act.again is None or self.state(operation) in {S.PENDING, S.UNKNOWN}:
            return
        with suppress(DomainError, RemoteError):
            act.again()
        told = self.counter.operations()
        with suppress(DomainError, RemoteError):
            act.again()
        assert told[: len(before)] == before
        for decided in (view.operation.intent for view in told[len(before) :]):
            assert decided["choice"] == "withdrawn"
            assert self.state(decided["about"]) in GONE
        assert self.counter.operations() == told

    # What the engine does

    @precondition(lambda self: self.server is not None and self.acts)
    @rule(data=st.data(), end=st.sampled_from([S.CONFIRMED, S.ACKED, S.REJECTED, S.UNKNOWN, S.NEEDS_HUMAN]))
    def deliver(self, data, end) -> None:
        """Move the first open act of a customer along; a bill that stands on its points ends with them."""
        customer = self.one(data)
        person = self.people[customer]
        waiting = [one for one in person.acts if self.state(one) in {S.PENDING, S.UNKNOWN}]
        if person.remote is None or not waiting:
            return
        operation = waiting[0]
        if self.acts[operation].kept:
            self.settle_kept(operation)
            return
        if self.state(operation) is end:
            return
        self.counter.move(operation, S.IN_FLIGHT, end)
        if end in {S.CONFIRMED, S.ACKED}:
            self.apply(operation)

    def settle_kept(self, operation: OperationId) -> None:
        view = self.counter.book.read(lambda session: session.operations.get(operation))
        told = view.operation.intent.get("redeem_operation")
        refused = told is not None and self.state(told) in GONE
        if view.state is S.UNKNOWN:  # the fake counter sends whatever heads a lane, a bill that stays here too
            self.counter.move(operation, S.PENDING)
        self.counter.move(operation, S.CANCELLED if refused else S.KEPT)

    @precondition(lambda self: self.server is not None)
    @rule(data=st.data(), money=st.integers(-500, 500), points=st.integers(0, 50))
    def elsewhere(self, data, money, points) -> None:
        """Another till does something, and a pull brings the figures, unless an act of ours is in doubt or unproven."""
        customer = self.one(data)
        person = self.people[customer]
        if person.remote is None:
            return
        person.balance, person.points = (person.balance or 0) + money, (person.points or 0) + points
        states = [self.state(one) for one in person.acts if not self.acts[one].kept]
        if S.UNKNOWN in states:
            return
        for one in person.acts:
            if self.state(one) is S.ACKED:
                self.counter.move(one, S.CONFIRMED)
        self.tell(person)

    # What must hold after every step

    @invariant()
    def the_numbers_are_the_models(self) -> None:
        for customer, person in getattr(self, "people", {}).items():
            acts = [(self.acts[one], self.state(one)) for one in person.acts]
            on_top = [act for act, state in acts if state not in GONE and (act.kept or state is not S.CONFIRMED)]
            money, points = sum(act.money for act in on_top), sum(act.points for act in on_top)
            standing = self.counter.standing(customer)
            balance = None if standing.balance is None else standing.balance.minor
            assert balance == (None if person.seen_balance is None else person.seen_balance + money)
            assert standing.points == (None if person.seen_points is None else person.seen_points + points)

    @invariant()
    def every_number_opens_to_its_lines(self) -> None:
        till = self.counter.till if hasattr(self, "people") else None
        for customer in getattr(self, "people", {}):
            assert till is not None
            explained = explain_balance(till, customer)
            effects = [line.amount if line.direction is Direction.CREDIT else -line.amount
                       for line in explained.lines if line.counted]  # fmt: skip
            assert (explained.brought is None) == (explained.standing.balance is None)
            if explained.brought is not None:
                assert sum(effects, explained.brought) == explained.standing.balance
            points = explain_points(till, customer)
            if points.brought is not None:
                assert points.brought + sum(one.points for one in points.lines if one.counted) == points.standing.points

    @invariant()
    def who_owes_is_whose_balance_says_so(self) -> None:
        """The list over all khatas, each customer's card and her balance say the same, in sum and in age."""
        if not hasattr(self, "people"):
            return
        found = owing(self.counter.till)
        rows = {row.customer_id: row for row in found.rows}
        cards = {customer: card(self.counter.till, customer) for customer in self.people}
        for customer, shown in cards.items():
            if shown.ageing is not None:
                assert shown.ageing.advance - shown.ageing.owed == shown.standing.balance
            row = rows.get(customer)
            if row is not None and row.known:
                assert (row.owed, row.ageing, row.last_payment_at) == (shown.used, shown.ageing, shown.last_payment_at)
            assert (row is not None and row.known) == bool(shown.used)
        known = [shown.standing.balance for shown in cards.values() if shown.standing.balance is not None]
        unknown = [row.owed for row in found.rows if not row.known]
        assert found.ageing.advance - found.ageing.owed == sum(known, -sum(unknown, taka(0)))

    @rule(data=st.data(), first=DAYS, last=DAYS)
    def a_statement_of_any_days_adds_up(self, data, first, last) -> None:
        customer = self.one(data)
        if self.people[customer].seen_balance is not None and not (first and last and first > last):
            adds_up(self.counter, customer, first, last)

    @rule(data=st.data(), split=DAYS)
    def a_khata_may_be_cut_at_any_day(self, data, split) -> None:
        customer, till = self.one(data), self.counter.till
        day = split or START.date()
        before = ledger(till, customer, last=day - timedelta(days=1))
        after, whole = ledger(till, customer, first=day), ledger(till, customer)
        assert before.closing == after.opening
        assert (before.opening, after.closing) == (whole.opening, whole.closing)
        assert whole.closing == whole.standing.balance
        assert len(before.lines) + len(after.lines) == len(whole.lines)

    @rule()
    def the_book_is_whole(self) -> None:
        assert verify_book(self.counter.till).faults == ()

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours) -> None:
        self.clock.advance(hours=hours)


AnyOrder.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_any_order = AnyOrder.TestCase
