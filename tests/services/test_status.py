"""The till's figures: what waits, what a person must look at, what is kept."""

from __future__ import annotations

from posapp.services.status import status
from tests.services.counter import EXTENDED, Counter, S, taka


def test_a_till_without_a_server(counter: Counter) -> None:
    counter.enter(counter.customer(), "payment", 100)
    shown = status(counter.till)
    assert (shown.counts.customers, shown.counts.waiting, shown.counts.kept) == (1, 0, 2)
    assert (shown.connections, shown.proof, shown.exposure.total) == ([], None, taka(0))


def test_what_waits_and_what_does_not(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server()
    made = [counter.enter(asha, "payment", 100).operation.id for _ in range(6)]
    for operation, states in zip(
        made,
        [
            (),
            (S.IN_FLIGHT,),
            (S.IN_FLIGHT, S.UNKNOWN),
            (S.IN_FLIGHT, S.ACKED),
            (S.IN_FLIGHT, S.REJECTED),
            (S.CANCELLED,),
        ],
        strict=True,
    ):
        counter.move(operation, *states)
    shown = status(counter.till)
    assert (shown.counts.waiting, shown.counts.oldest_waiting) == (4, counter.clock.now())
    assert (shown.proof and shown.proof.of) == 1
