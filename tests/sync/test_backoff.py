"""Delays between attempts."""

import random

from hypothesis import given
from hypothesis import strategies as st

from posapp.sync.backoff import Backoff


@given(st.integers(0, 10**6), st.integers(0, 2**32))
def test_a_delay_is_capped_and_no_number_of_failures_is_the_last(failures, seed):
    assert 0.0 <= Backoff(random=random.Random(seed)).delay(failures) <= 300.0


def test_the_range_doubles():
    backoff = Backoff(base=1.0, cap=64.0, random=random.Random(1))
    most = [max(backoff.delay(failures) for _ in range(400)) for failures in (1, 2, 3, 4)]
    assert [round(value) for value in most] == [1, 2, 4, 8]


@given(st.floats(allow_nan=False) | st.none())
def test_a_servers_wish_is_obeyed_within_reason(wish):
    delay = Backoff(random=random.Random(3)).asked(wish, 1)
    assert 0.0 <= delay <= 3600.0
    if wish is not None and 0.0 <= wish <= 3600.0:
        assert delay == wish
