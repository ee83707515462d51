"""An act that fails again and again is put before a person, and is tried on."""

import pytest

from posapp.domain.operation import OperationState
from posapp.sync.stalled import FAILURES
from tests.sync.desk import extended, with_customer

pytestmark = pytest.mark.usefixtures("any_book")
S = OperationState


def test_after_ten_failures_a_person_is_told_until_it_goes_through():
    desk = extended()
    _, asha = with_customer(desk)
    payment = desk.pay(asha, 40)
    desk.server.faults = ["broken"] * (FAILURES + 1)
    desk.cycles(FAILURES - 1, seconds=400)
    assert desk.inbox() == []
    desk.cycles(2, seconds=400)
    assert desk.inbox() == ["stalled"]
    assert desk.state(payment) is S.UNKNOWN
    desk.cycles(1)
    assert (desk.state(payment), desk.inbox()) == (S.CONFIRMED, [])


def test_four_hours_are_too_long_however_few_the_failures():
    desk = extended()
    _, asha = with_customer(desk)
    desk.pay(asha, 40)
    desk.server.faults = ["broken"] * 2
    desk.cycle()
    assert desk.inbox() == []
    desk.cycles(1, seconds=4 * 3600)
    assert desk.inbox() == ["stalled"]
