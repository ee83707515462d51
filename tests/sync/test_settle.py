"""The settle table: every outcome × every repeat × in doubt or not, and what is refined."""

from itertools import product

import pytest

from posapp.domain.operation import TRANSITIONS, OperationKind, OperationState
from posapp.services.ports.writes import Outcome, Repeat, WriteResult
from posapp.sync.settle import REPEATABLE, Halt, Wait, settle

S = OperationState
ALL = list(product(Outcome, Repeat, OperationKind, (False, True)))


@pytest.mark.parametrize("status", [None, 400, 403, 404, 409, 410, 412, 422, 429, 500])
def test_every_case_is_a_step_that_an_operation_may_take(status):
    for outcome, repeat, kind, in_doubt in ALL:
        verdict = settle(WriteResult(outcome, status), repeat, kind, in_doubt=in_doubt)
        assert verdict.state in TRANSITIONS[S.IN_FLIGHT]
        waits_for_nobody = verdict.state is S.NEEDS_HUMAN or verdict.state is S.REJECTED
        assert bool(verdict.inbox) == waits_for_nobody


@pytest.mark.parametrize("repeat", Repeat)
def test_ambiguous_is_never_pending(repeat):
    for kind, in_doubt in product(OperationKind, (False, True)):
        verdict = settle(WriteResult(Outcome.AMBIGUOUS, 500), repeat, kind, in_doubt=in_doubt)
        assert verdict.state is S.UNKNOWN
        assert verdict.wait is (Wait.BACKOFF if repeat in REPEATABLE else Wait.QUARANTINE)


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.SIGN_IN, Outcome.LATER])
def test_not_applied_now_does_not_end_an_earlier_doubt(outcome):
    result = WriteResult(outcome, 429)
    assert settle(result, Repeat.KEY, OperationKind.PAYMENT, in_doubt=False).state is S.PENDING
    assert settle(result, Repeat.KEY, OperationKind.PAYMENT, in_doubt=True).state is S.UNKNOWN


@pytest.mark.parametrize(
    ("outcome", "halt"),
    [(Outcome.NOT_SENT, Halt.OFFLINE), (Outcome.SIGN_IN, Halt.SIGN_IN), (Outcome.LATER, Halt.THROTTLED)],
)
def test_what_concerns_the_server_ends_the_push(outcome, halt):
    assert settle(WriteResult(outcome), Repeat.KEY, OperationKind.SALE, in_doubt=False).halt is halt


@pytest.mark.parametrize("in_doubt", [False, True])
def test_an_act_that_never_left_is_ready_when_the_server_is_back(in_doubt):
    verdict = settle(WriteResult(Outcome.NOT_SENT), Repeat.KEY, OperationKind.PAYMENT, in_doubt=in_doubt)
    assert verdict.wait is Wait.NOTHING


def test_a_refusal_in_foreign_words_gives_nothing_up():
    result = WriteResult(Outcome.REFUSED, 404, error_kind="not_json")
    verdict = settle(result, Repeat.KEY, OperationKind.PAYMENT, in_doubt=False)
    assert (verdict.state, verdict.wait, verdict.inbox) == (S.PENDING, Wait.BACKOFF, None)


def test_a_running_twin_leaves_the_doubt_in_its_lane():
    verdict = settle(WriteResult(Outcome.LATER, 409), Repeat.KEY, OperationKind.SALE, in_doubt=False)
    assert (verdict.state, verdict.wait, verdict.halt) == (S.UNKNOWN, Wait.ASKED, Halt.LANE)


@pytest.mark.parametrize(
    ("status", "code", "kind", "state", "inbox"),
    [
        (400, "", OperationKind.PAYMENT, S.REJECTED, "rejected"),
        (409, "insufficient_points", OperationKind.REDEEM, S.REJECTED, "rejected"),
        (404, "not_found", OperationKind.PAYMENT, S.REJECTED, "customer_gone"),
        (410, "", OperationKind.CUSTOMER_EDIT, S.REJECTED, "customer_gone"),
        (400, "", OperationKind.CUSTOMER_CREATE, S.NEEDS_HUMAN, "rejected"),
        (404, "", OperationKind.CUSTOMER_DELETE, S.ACKED, None),
        (412, "", OperationKind.CUSTOMER_EDIT, S.PENDING, None),
        (403, "forbidden", OperationKind.PAYMENT, S.NEEDS_HUMAN, "capability_gone"),
        (409, "key_reused", OperationKind.PAYMENT, S.NEEDS_HUMAN, "unknown"),
        (409, "sale_already_redeemed", OperationKind.REDEEM, S.NEEDS_HUMAN, "unknown"),
    ],
)
def test_refused(status, code, kind, state, inbox):
    verdict = settle(WriteResult(Outcome.REFUSED, status, code), Repeat.KEY, kind, in_doubt=False)
    assert (verdict.state, verdict.inbox) == (state, inbox)
    assert verdict.halt is Halt.NOTHING


@pytest.mark.parametrize("status", [404, 410])
def test_who_is_gone_now_may_have_been_there_for_the_first_attempt(status):
    gone = WriteResult(Outcome.REFUSED, status, "not_found")
    verdict = settle(gone, Repeat.KEY, OperationKind.PAYMENT, in_doubt=True)
    assert (verdict.state, verdict.inbox) == (S.NEEDS_HUMAN, "customer_gone")
    assert settle(gone, Repeat.KEY, OperationKind.CUSTOMER_DELETE, in_doubt=True).state is S.ACKED


def test_a_refusal_of_a_repeat_ends_the_doubt():
    """Under its key or its own id the server would have answered the first attempt again, had it applied it."""
    refused = WriteResult(Outcome.REFUSED, 409, "insufficient_points")
    assert settle(refused, Repeat.UNIQUE, OperationKind.REDEEM, in_doubt=True).state is S.REJECTED
