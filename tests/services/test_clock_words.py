"""How two clocks differ, in a sentence."""

import pytest

from posapp.locale.translator import Translator
from posapp.services.clock_words import wrong_clock


@pytest.mark.parametrize(
    ("skew", "said"),
    [
        (840.0, "This computer's clock is 14 minutes behind the server's."),
        (-840.0, "This computer's clock is 14 minutes ahead of the server's."),
        (3_600.0, "This computer's clock is 60 minutes behind the server's."),
        (-10_800.0, "This computer's clock is 3 hours ahead of the server's."),
        (30 * 86_400.0, "This computer's clock is 30 days behind the server's."),
    ],
)
def test_a_wrong_clock_is_said_with_its_direction(skew: float, said: str) -> None:
    wrong = wrong_clock(skew)
    assert wrong is not None
    assert Translator().say(wrong) == said


@pytest.mark.parametrize("skew", [None, 0.0, 120.0, -119.0])
def test_a_small_difference_is_not_said(skew: float | None) -> None:
    assert wrong_clock(skew) is None
