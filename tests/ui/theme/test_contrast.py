"""Words on a colour that somebody else chose can be read, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.ui.theme.contrast import contrast, readable_on, stands_out
from posapp.ui.theme.tokens import DARK, LIGHT
from tests.ui.theme import test_tokens

COLOUR = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(COLOUR)
def test_one_of_the_inks_is_always_readable(ground: str) -> None:
    assert test_tokens.contrast(readable_on(ground), ground) >= 4.5


@given(COLOUR, COLOUR)
def test_it_is_the_formula_of_the_guidelines(one: str, other: str) -> None:
    assert contrast(one, other) == pytest.approx(test_tokens.contrast(one, other))


def test_a_ground_like_its_surroundings_is_not_seen() -> None:
    assert not stands_out(LIGHT.surface, LIGHT.surface)
    assert stands_out(LIGHT.surface, DARK.surface)
    assert stands_out("#ff8800", LIGHT.surface)
