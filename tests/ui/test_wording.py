"""Numbers in words: never a bare minus, never an unknown that looks like zero."""

from __future__ import annotations

import pytest

from posapp.domain.money import Money
from posapp.locale.translator import Translator
from posapp.ui.wording import balance_said, points_said


@pytest.mark.parametrize(
    ("points", "words"), [(None, "not fetched yet"), (0, "0"), (1240, "1,240"), (-1240, "1,240 overdrawn")]
)
def test_points_have_no_bare_minus(points: int | None, words: str) -> None:
    assert points_said(Translator("en"), points) == words


@pytest.mark.parametrize(
    ("minor", "caption", "value"),
    [(-500, "You will get", "₹5.00"), (500, "You will give", "₹5.00"), (0, "Settled", "₹0.00")],
)
def test_a_balance_has_its_direction(minor: int, caption: str, value: str) -> None:
    said = balance_said(Translator("en"), Money(minor, "INR"))
    assert (said.caption, said.value) == (caption, value)
