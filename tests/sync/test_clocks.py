"""Two clocks: the moving figure of their difference."""

import pytest

from posapp.sync.clocks import moving


@pytest.mark.parametrize(
    ("known", "measured", "then"),
    [(None, None, None), (None, 3.0, 3.0), (3.0, None, 3.0), (1.0, 2.0, 1.2), (1.0, 840.0, 840.0), (840.0, 0.0, 0.0)],
)
def test_small_differences_are_smoothed_and_a_clock_that_was_set_is_seen_at_once(
    known: float | None, measured: float | None, then: float | None
) -> None:
    assert moving(known, measured) == (then if then is None else pytest.approx(then))
