"""Names in names of files."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.file_words import file_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Joseph D'Souza", "Joseph-D-Souza"),
        ("मीना शर्मा", "मीना-शर्मा"),
        ("করিম মিয়া", "করিম-মিয়া"),
        ("عائشہ صدیقہ", "عائشہ-صدیقہ"),
        ("../..\\CON:*", "CON"),
        ("…", ""),
        ("a" * 200, "a" * 40),
    ],
)
def test_names_of_every_script_stay_whole(name: str, words: str) -> None:
    assert file_words(name) == words


@given(st.text(max_size=60))
def test_nothing_in_it_means_anything_to_a_disk(text: str) -> None:
    words = file_words(text)
    assert all(sign == "-" or unicodedata.category(sign)[0] in "LMN" for sign in words)
    assert not words.startswith("-")
    assert len(words) <= 40
