"""Row 12, by a property: whenever the backup was taken, wherever the second copy ends, whatever had arrived."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.operation import OperationState
from tests.support.disaster import DONE, Disaster
from tests.sync.desk import Desk
from tests.sync.fake_server import EXTENDED, PLAIN

S = OperationState
ACTS = ("add", "edit", "pay", "charge", "keep")
FATES = (None, "offline", "drop_before", "drop_after", "broken")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 2)),
        st.tuples(st.just("sync"), st.sampled_from(FATES)),
        st.tuples(st.just("backup"), st.just(0)),
    ),
    min_size=2,
    max_size=14,
)


class Shop:
    """A till with three customers of the server's, and what it did."""

    def __init__(self, folder: Path, capabilities) -> None:
        desk = Desk(capabilities)
        self.till, self.desk = Disaster(desk, folder), desk
        for name in ("Usha", "Ravi", "Sita"):
            desk.server.add(name)
        self.till.settle(1)
        self.people = [desk.ours(remote_id) for remote_id in desk.server.records]
        self.keyless = not capabilities.idempotency_keys
        self.backup = self.till.backup()
        self.at_backup = 0
        self.acts: list = []

    def do(self, what: str, how) -> None:
        desk = self.desk
        who = self.people[how] if isinstance(how, int) else None
        number = len(self.acts) + 1
        if what == "sync":
            desk.server.faults = [] if how is None else [how]
            self.till.settle(1)
            desk.server.faults = []
        elif what == "backup":
            self.backup, self.at_backup = (
                self.till.backup(f"backup-{number}-{len(list(self.till.stick.iterdir()))}.db"),
                len(self.acts),
            )
        elif what == "add":
            self.acts.append(desk.add(f"New {number}", f"98200 {number:05}")[1])
        elif what == "edit":
            self.acts.append(desk.edit(who, address=f"Lane {number}"))
        elif what == "keep" or self.keyless:
            self.acts.append(desk.keep_charge(who, number))
        else:
            self.acts.append(getattr(desk, what)(who, number))


@pytest.mark.timeout(900)
@given(
    steps=STEPS,
    ability=st.sampled_from([EXTENDED, PLAIN]),
    way=st.sampled_from(["copy", "alone", "rebuild"]),
    cut=st.integers(0, 14),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_row_12_any_disaster_loses_and_doubles_nothing(steps, ability, way, cut):
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder), ability)
        for what, how in steps:
            shop.do(what, how)
        before = list(shop.desk.server.effects)
        shop.till.lose()
        there = _bring_back(shop, way, cut)
        shop.till.settle(7)
        effects = shop.desk.server.effects
        assert effects[: len(before)] == before
        for operation_id in shop.acts[:there]:
            state = shop.till.state(operation_id)
            done = [one for one in effects if one[1] == operation_id]
            assert len(done) <= 1, (operation_id, done)
            assert state in DONE or _behind_a_person(shop, operation_id), state
            if state is S.CONFIRMED and shop.desk.view(operation_id).operation.kind.value != "customer_edit":
                assert len(done) == 1
        assert shop.desk.waiting() == 0 or "unknown" in shop.desk.inbox()
        assert not shop.till.faults()
        shop.till.close()


def _bring_back(shop: Shop, way: str, cut: int) -> int:
    """Bring the book back, from a second copy of which only some lines are left; return how many acts it has."""
    till, lines = shop.till, shop.till.copy.read_bytes().splitlines(keepends=True)
    kept = min(cut, len(shop.acts))
    till.copy.write_bytes(b"".join(lines[: kept + 1]))
    if way == "alone":
        till.restore(shop.backup, with_copy=False)
        return shop.at_backup
    if way == "copy" or kept == 0:
        till.restore(shop.backup)
        return max(kept, shop.at_backup)
    till.rebuild()
    return kept


def _behind_a_person(shop: Shop, operation_id) -> bool:
    """Whether an act waits for somebody of whom a person must say first who she is."""
    customer = shop.desk.view(operation_id).operation.customer_id
    head = shop.desk.book.read(lambda session: session.operations.head(customer))
    return head is not None and head.state is S.NEEDS_HUMAN
