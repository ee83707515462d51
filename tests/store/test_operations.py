"""The chain, the states, the lanes and the attempts."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.operation import GENESIS_HASH, TRANSITIONS, OperationKind, OperationState, operation_hash
from posapp.services.ports.writes import PreparedRequest
from posapp.store.book import LocalBook
from posapp.store.errors import IllegalTransition, OperationIdReused, RuleBroken
from tests.store.acts import draft, record
from tests.support.book import START, SettableClock, a_customer, with_customer

PENDING, IN_FLIGHT, UNKNOWN = OperationState.PENDING, OperationState.IN_FLIGHT, OperationState.UNKNOWN


@pytest.fixture
def customer(book: LocalBook):
    return book.write(lambda session: with_customer(session, a_customer()))


def test_operations_chain_without_gaps_even_over_a_rollback(book: LocalBook, customer) -> None:
    book.write(lambda session: record(session, customer))
    with pytest.raises(ZeroDivisionError):
        book.write(lambda session: (record(session, customer), 1 / 0))
    book.write(lambda session: record(session, customer))
    chain = book.read(lambda session: session.operations.chain(0, 10))
    assert [operation.till_seq for operation in chain] == [1, 2]
    assert [chain[0].prev_hash, chain[1].prev_hash] == [GENESIS_HASH, chain[0].hash]
    assert all(operation.hash == operation_hash(operation) for operation in chain)
    assert book.read(lambda session: session.operations.chain(1, 10)) == chain[1:]


def test_the_same_act_twice_is_one_and_other_content_is_a_bug(book: LocalBook, customer) -> None:
    wanted = draft(customer, person={"name": "Rahima"})
    first, again = (
        book.write(lambda session: session.operations.record(wanted, state=PENDING, recorded_at=START)) for _ in "ab"
    )
    assert first == again
    assert len(book.read(lambda session: session.operations.chain(0, 10))) == 1
    for other in (
        dataclasses.replace(wanted, intent={"amount": 501}),
        dataclasses.replace(wanted, kind=OperationKind.CHARGE),
        dataclasses.replace(wanted, person={"name": "Karima"}),
    ):
        with pytest.raises(OperationIdReused):
            book.write(lambda session, o=other: session.operations.record(o, state=PENDING, recorded_at=START))


def test_personal_data_lies_beside_the_chain_and_can_go(book: LocalBook, customer) -> None:
    operation = book.write(lambda session: record(session, customer, person={"name": "Rahima"}))
    assert "Rahima" not in str(operation.intent)
    assert operation.intent["person"]
    assert book.read(lambda session: session.operations.person(operation.id)) == {"name": "Rahima"}
    request = PreparedRequest("POST", "/x", b"Rahima", "application/json", "k")
    attempt = book.write(lambda session: session.operations.start_attempt(operation.id, request, START))
    book.write(lambda session: session.operations.erase_person(customer))
    assert book.read(lambda session: session.operations.person(operation.id)) == {}
    assert book.read(lambda session: session.operations.attempts(operation.id)) == [
        dataclasses.replace(attempt, body=b"")
    ]
    (after,) = book.read(lambda session: session.operations.chain(0, 10))
    assert after.hash == operation_hash(after) == operation.hash


def test_only_the_table_of_transitions_moves_an_operation(book: LocalBook, customer) -> None:
    def every_step(session) -> None:
        for before in OperationState:
            for after in OperationState:
                one = record(session, customer, state=before)
                if before is after or after in TRANSITIONS[before]:
                    session.operations.set_state(one.id, after, evidence={"why": "test"})
                    view = session.operations.get(one.id)
                    assert (view.state, view.evidence) == (after, {"why": "test"})
                else:
                    with pytest.raises(IllegalTransition):
                        session.operations.set_state(one.id, after)

    book.write(every_step)


def test_evidence_is_merged_and_noting_ends_no_quarantine(book: LocalBook, customer) -> None:
    later = START + timedelta(minutes=1)
    operation = book.write(lambda session: record(session, customer, state=IN_FLIGHT))
    book.write(lambda s: s.operations.set_state(operation.id, UNKNOWN, not_before=later, evidence={"a": 1}))
    book.write(lambda s: s.operations.set_state(operation.id, UNKNOWN, evidence={"b": 2}))
    view = book.read(lambda session: session.operations.get(operation.id))
    assert (view.evidence, view.not_before) == ({"a": 1, "b": 2}, later)
    book.write(lambda s: s.operations.set_state(operation.id, PENDING))
    assert book.read(lambda session: session.operations.get(operation.id)).not_before is None


def test_lanes(book: LocalBook, clock: SettableClock) -> None:
    def fill(session):
        ids = [with_customer(session, a_customer(phone=None)) for _ in range(6)]
        due, later, flying, stuck_create, stuck_money, free = ids
        first = record(session, later)
        session.operations.set_state(first.id, PENDING, not_before=START + timedelta(minutes=5))
        record(session, later)
        record(session, flying, state=IN_FLIGHT)
        record(session, stuck_create, OperationKind.CUSTOMER_CREATE, OperationState.NEEDS_HUMAN)
        record(session, stuck_create)
        record(session, stuck_money, state=OperationState.NEEDS_HUMAN)
        record(session, stuck_money)
        record(session, free, state=OperationState.ACKED)
        record(session, due)
        return ids

    due, later, flying, stuck_create, stuck_money, free = book.write(fill)
    assert book.read(lambda s: s.operations.lanes_due(START)) == [stuck_money, due]
    assert book.read(lambda s: s.operations.lanes_due(START + timedelta(minutes=5))) == [later, stuck_money, due]
    heads = book.read(lambda s: {name: s.operations.head(name) for name in (later, flying, stuck_create, free)})
    assert heads[later].operation.till_seq == 1
    assert heads[flying].state is IN_FLIGHT
    assert heads[stuck_create].operation.kind is OperationKind.CUSTOMER_CREATE
    assert heads[free] is None


def test_attempts_are_numbered_and_counted(book: LocalBook, customer) -> None:
    operation = book.write(lambda session: record(session, customer))
    request = PreparedRequest("POST", "/x", b"\x00\xff", "application/json", "k", {"If-Match": "1"})
    first = book.write(lambda s: s.operations.start_attempt(operation.id, request, START))
    book.write(
        lambda s: s.operations.finish_attempt(
            first.id, outcome="ambiguous", status=None, server_text="", error_kind="ReadTimeout", at=START
        )
    )
    second = book.write(lambda s: s.operations.start_attempt(operation.id, request, START))
    assert (first.number, second.number) == (1, 2)
    known = book.read(lambda s: s.operations.attempts(operation.id))
    assert [(a.outcome, a.finished_at, a.body) for a in known] == [
        ("ambiguous", START, b"\x00\xff"),
        (None, None, b"\x00\xff"),
    ]
    assert book.read(lambda s: s.operations.get(operation.id)).attempts == 2
    book.write(
        lambda s: s.operations.finish_attempt(
            second.id, outcome="not_sent", status=None, server_text="", error_kind="ConnectError", at=START
        )
    )
    assert book.read(lambda s: s.operations.get(operation.id)).attempts == 1


def test_counts_reversals_and_states(book: LocalBook, customer) -> None:
    def fill(session):
        first = record(session, customer)
        record(session, customer, state=OperationState.KEPT)
        refused = record(session, customer, OperationKind.REVERSAL, OperationState.REJECTED, reverses=first.id)
        undone = record(session, customer, OperationKind.REVERSAL, reverses=first.id)
        return first, refused, undone

    first, _, undone = book.write(fill)
    counts = book.read(lambda s: s.operations.counts())
    assert (counts.customers, counts.waiting, counts.kept, counts.needs_attention) == (1, 2, 1, 0)
    assert counts.oldest_waiting == START
    assert book.read(lambda s: s.operations.reversal_of(first.id)).operation == undone
    assert book.read(lambda s: s.operations.reversal_of(undone.id)) is None
    seqs = lambda views: [view.operation.till_seq for view in views]  # noqa: E731
    assert seqs(book.read(lambda s: s.operations.in_states([PENDING]))) == [1, 4]
    assert seqs(book.read(lambda s: s.operations.in_states([PENDING], limit=1))) == [1]
    assert seqs(book.read(lambda s: s.operations.of_customer(customer, OperationState))) == [1, 2, 3, 4]


def test_an_operation_of_nobody_is_refused(book: LocalBook) -> None:
    with pytest.raises(RuleBroken):
        book.write(lambda session: record(session, new_uuid()))
    assert book.read(lambda session: session.operations.get(OperationId("none"))) is None
