"""A name is found although it was mistyped: one error of any sort, and most pairs of two in a longer name."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.folding import fold
from posapp.services.ports.search import MatchKind
from posapp.store.book import LocalBook
from posapp.store.search.vocabulary import edits
from tests.support.book import a_customer

WORDS = tuple(map(fold, ("chowdhury", "rahim", "মোহাম্মদ", "siddiqui", "karim", "লক্ষ্মী", "عبدالله", "majumder")))
words = st.text("abk", max_size=7)


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a word and the word with one error."""
    word = draw(st.sampled_from(WORDS))
    place = draw(st.integers(1, len(word) - 2))
    letters = st.sampled_from([char for char in word if char.isalpha()])
    kind = draw(st.sampled_from(["added", "left out", "replaced", "swapped"]))
    if kind == "added":
        return word, word[:place] + draw(letters) + word[place:]
    if kind == "left out":
        return word, word[:place] + word[place + 1 :]
    if kind == "replaced":
        return word, word[:place] + draw(letters) + word[place + 1 :]
    return word, word[:place] + word[place + 1] + word[place] + word[place + 2 :]


@pytest.fixture
def named(book: LocalBook) -> LocalBook:
    book.write(lambda s: [s.customers.add(a_customer(word, None)) for word in WORDS])
    return book


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mistyped())
def test_one_error_of_any_sort_still_finds_the_name(named: LocalBook, drawn: tuple[str, str]) -> None:
    word, typed = drawn
    hits = named.read(lambda s: s.customers.find(typed, 20)).hits
    assert word in {hit.customer.profile.name for hit in hits}, (typed, hits)


@pytest.mark.parametrize("typed", ["chodwhury", "chwdhuri", "chowdurii", "siddqiuo", "mjumderr", "mohammdaa"])
def test_two_errors_in_a_longer_name(named: LocalBook, typed: str) -> None:
    named.write(lambda s: s.customers.add(a_customer("mohammad", None)))
    kinds = {hit.kind for hit in named.read(lambda s: s.customers.find(typed, 20)).hits}
    assert kinds
    assert kinds <= {MatchKind.SOUND, MatchKind.TYPO}


def test_short_words_and_numbers_are_never_taken_for_others(named: LocalBook) -> None:
    named.write(lambda s: [s.customers.add(a_customer(name, "01711234567")) for name in ("Das", "Sen")])
    for typed in ("dax", "ben", "01711234576"):
        assert named.read(lambda s, typed=typed: s.customers.find(typed, 20)).hits == ()


@given(words, words)
def test_edits_are_a_distance(one: str, other: str) -> None:
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))


@given(words, words)
def test_edits_are_the_least_that_lead_from_one_to_the_other(one: str, other: str) -> None:
    def least(a: str, b: str) -> int:
        """The definition, letter by letter from the end."""
        if not a or not b:
            return len(a) + len(b)
        found = min(least(a[:-1], b) + 1, least(a, b[:-1]) + 1, least(a[:-1], b[:-1]) + (a[-1] != b[-1]))
        if a[-2:] == b[-2:][::-1] and len(a) > 1 and len(b) > 1:
            found = min(found, least(a[:-2], b[:-2]) + 1)
        return found

    assert edits(one[:5], other[:5]) == least(one[:5], other[:5])
