"""The merge by field (design, section 6): properties first, then its table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.customer import FieldChange, Profile
from posapp.sync.merge import differing, merge, merge_field, overlaid, same

WORDS = st.text("abc", min_size=1, max_size=2)
TEXT = st.none() | WORDS
LINES = st.none() | st.lists(WORDS, min_size=1, max_size=4, unique=True).map("\n".join)
TAGS = st.lists(WORDS, max_size=4, unique=True).map(tuple)
VALUES = {"name": WORDS, "phone": TEXT, "email": TEXT, "address": TEXT, "notes": LINES, "tags": TAGS}
FIELDS = st.sampled_from(sorted(VALUES))


@st.composite
def three(draw):
    name = draw(FIELDS)
    return name, draw(VALUES[name]), draw(VALUES[name]), draw(VALUES[name])


@given(three())
def test_a_field_that_one_side_changed_is_that_sides(case):
    name, base, ours, _ = case
    value, loser = merge_field(name, base, ours, base)
    assert same(value, ours)
    assert loser is None
    value, loser = merge_field(name, base, base, ours)
    assert value == ours
    assert loser is None


@given(three())
def test_equal_edits_are_no_conflict(case):
    name, base, ours, _ = case
    assert merge_field(name, base, ours, ours) == (ours, None)


@given(three())
def test_a_second_merge_changes_nothing(case):
    name, base, ours, theirs = case
    value, loser = merge_field(name, base, ours, theirs)
    if loser is None or loser.side == "theirs":
        again, _ = merge_field(name, base, ours, value)
        assert same(again, value)


@given(LINES, LINES, LINES)
def test_no_line_that_anybody_typed_is_lost(base, ours, theirs):
    value, loser = merge_field("notes", base, ours, theirs)
    assert loser is None
    lines = set((value or "").splitlines())
    if not same(ours, base) and not same(theirs, base):
        assert set((theirs or "").splitlines()) <= lines
        assert set((ours or "").splitlines()) - set((base or "").splitlines()) <= lines


@given(TAGS, TAGS, TAGS)
def test_added_tags_are_kept_and_removed_ones_go(base, ours, theirs):
    value, _ = merge_field("tags", base, ours, theirs)
    added, removed = set(ours) - set(base), set(base) - set(ours)
    assert set(value) == (set(theirs) | added) - removed


@given(three())
def test_a_value_that_loses_is_told(case):
    name, base, ours, theirs = case
    value, loser = merge_field(name, base, ours, theirs)
    if name in {"name", "phone", "email", "address"}:
        typed = [one for one in (ours, theirs) if not same(one, base) and not same(one, value)]
        assert [loser.value] == typed if loser else not typed


@pytest.mark.parametrize(
    ("field", "value", "loser"),
    [
        ("name", "Asha", ("theirs", "Usha")),
        ("address", "Asha", ("theirs", "Usha")),
        ("phone", "Usha", ("ours", "Asha")),
        ("email", "Usha", ("ours", "Asha")),
    ],
)
def test_both_changed(field, value, loser):
    stands, lost = merge_field(field, "Base", "Asha", "Usha")
    assert stands == value
    assert lost is not None
    assert (lost.side, lost.value) == loser


def test_a_merge_of_several_fields():
    theirs = Profile("Usha", phone="2", notes="old\nserver", tags=("vip", "late"))
    changes = {
        "name": FieldChange("Base", "Asha"),
        "phone": FieldChange("1", "3"),
        "notes": FieldChange("old", "old\ntill"),
        "tags": FieldChange(("late",), ("new",)),
    }
    merged = merge(changes, theirs)
    assert merged.profile == Profile("Asha", phone="2", notes="old\nserver\ntill", tags=("vip", "new"))
    assert merged.ask == ("phone",)
    assert {(loser.field, loser.side) for loser in merged.losers} == {("name", "theirs"), ("phone", "ours")}


def test_edits_lie_over_the_record_in_order():
    edits = [{"name": FieldChange("A", "B")}, {"name": FieldChange("B", "C")}]
    assert overlaid(Profile("A", phone="1"), edits) == Profile("C", phone="1")


def test_no_text_and_empty_text_are_the_same():
    assert differing(Profile("A", phone=""), Profile("A", phone=None)) == {}
