"""Operations: their hash covers every field, and their life has no step that is not named."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.ids import CustomerId, OperationId, TillId
from posapp.domain.operation import (
    GENESIS_HASH,
    OVERLAY,
    TRANSITIONS,
    WAITING,
    Operation,
    OperationKind,
    OperationState,
    canonical_json,
    operation_hash,
    person_digest,
)

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
ONE = Operation(
    id=OperationId("o1"),
    till_id=TillId("t1"),
    till_seq=1,
    kind=OperationKind.PAYMENT,
    customer_id=CustomerId("c1"),
    intent={"amount": 500, "direction": "credit"},
    actor="asha",
    occurred_at=AT,
    recorded_at=AT,
    prev_hash=GENESIS_HASH,
    hash="",
)
OTHER = {
    "id": "o2",
    "till_id": "t2",
    "till_seq": 2,
    "kind": OperationKind.CHARGE,
    "customer_id": "c2",
    "intent": {"amount": 501, "direction": "credit"},
    "actor": "ravi",
    "occurred_at": AT.replace(microsecond=0),
    "recorded_at": AT.replace(hour=4),
    "prev_hash": "1" * 64,
    "approved_by": "boss",
    "reverses": "o0",
}


@pytest.mark.parametrize("name", [field.name for field in fields(Operation) if field.name != "hash"])
def test_the_hash_covers_every_field(name: str) -> None:
    assert operation_hash(replace(ONE, **{name: OTHER[name]})) != operation_hash(ONE)


def test_every_state_says_where_it_may_go() -> None:
    assert set(TRANSITIONS) == set(OperationState)
    assert not TRANSITIONS[OperationState.REJECTED]
    assert not TRANSITIONS[OperationState.CANCELLED]
    assert OperationState.REJECTED not in OVERLAY
    assert WAITING < OVERLAY


def test_nothing_that_may_have_left_is_ever_cancelled() -> None:
    sources = {state for state, targets in TRANSITIONS.items() if OperationState.CANCELLED in targets}
    assert sources == {OperationState.PENDING}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_equal_content_has_equal_bytes(content: dict[str, object]) -> None:
    assert canonical_json(content) == canonical_json(dict(reversed(content.items())))


def test_a_digest_of_a_person_needs_the_salt() -> None:
    person = {"name": "Rahima"}
    assert person_digest(b"one", person) == person_digest(b"one", person)
    assert person_digest(b"one", person) != person_digest(b"two", person)
    assert "Rahima" not in person_digest(b"one", person)
