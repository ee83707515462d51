"""Words can be read on their ground, in both schemes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from posapp.ui.theme.tokens import COLOURS, Colours, Scheme, Tone


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    values = QColor(colour).getRgbF()[:3]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("tone", Tone)
def test_words_in_every_tone_stand_out_on_every_ground(scheme: Scheme, tone: Tone) -> None:
    now = COLOURS[scheme]
    for ground in (now.ground, now.surface, now.raised, now.chosen, now.hover, now.soft(tone)):
        assert contrast(now.of(tone), ground) >= 4.5, (tone, ground)


@pytest.mark.parametrize("scheme", Scheme)
def test_pairs_that_belong_together_stand_out(scheme: Scheme) -> None:
    now: Colours = COLOURS[scheme]
    assert contrast(now.on_accent, now.accent) >= 4.5
    assert contrast(now.on_accent, now.accent_hover) >= 4.5
    assert contrast(now.on_mark, now.mark) >= 4.5
    assert contrast(now.text, now.field) >= 4.5
    for ground in (now.surface, now.raised):
        assert contrast(now.edge, ground) >= 3.0, "the border of a control"
