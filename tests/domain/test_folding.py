"""Folding: accents and letter variants go, the syllables of Indic scripts stay."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posapp.domain.folding import fold, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "jose"),
        ("SØREN", "soren"),
        ("Łukasz", "lukasz"),
        ("O'Brien", "obrien"),
        ("أحمد", "احمد"),
        ("کریم", "كريم"),
        ("ফাতেমা", "ফাতেমা"),
    ],
)
def test_two_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_vowel_signs_of_indic_scripts_tell_names_apart() -> None:
    assert fold("राम") != fold("रम")
    assert fold("করিম") != fold("করম")


@example("𝐀")
@given(st.text(max_size=50))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=50))
def test_words_hold_no_blank_and_no_quote(text: str) -> None:
    assert all(word and not set(word) & set(" \t\n\"'*()") for word in words(text))


def test_words_of_a_name() -> None:
    assert words("Abdul-Karim  O'Brien (Jr.)") == ("abdul", "karim", "obrien", "jr")
    assert words("রহিম উদ্দিন ৫") == ("রহিম", fold("উদ্দিন"), "5")
