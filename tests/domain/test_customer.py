"""Profiles: cleaned of what no keyboard types, checked with a sentence for each field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.customer import (
    PROFILE_FIELDS,
    NameMissing,
    Profile,
    TextTooLong,
    WrongEmail,
    WrongPhone,
    changes_between,
    cleaned,
    merged_tags,
    with_fields,
)
from posapp.domain.errors import DomainError

TEXTS = st.none() | st.text(max_size=30)
PROFILES = st.builds(
    Profile,
    name=st.text(max_size=30),
    phone=TEXTS,
    email=TEXTS,
    address=TEXTS,
    notes=TEXTS,
    tags=st.lists(st.text(max_size=10), max_size=5).map(tuple),
)


@given(PROFILES)
def test_a_cleaned_profile_is_clean(profile: Profile) -> None:
    try:
        once = cleaned(profile)
    except DomainError:
        return
    assert cleaned(once) == once
    assert once.name.strip() == once.name != ""
    assert len(set(once.tags)) == len(once.tags)


def test_blanks_and_doubles_go() -> None:
    assert cleaned(Profile("  Rahima   Begum ", phone=" ", email="", tags=("vip", " vip", ""))) == Profile(
        "Rahima Begum", tags=("vip",)
    )


@pytest.mark.parametrize(
    ("profile", "error"),
    [
        (Profile("  "), NameMissing),
        (Profile("\x00"), NameMissing),
        (Profile("A", email="nobody"), WrongEmail),
        (Profile("A", email="a b@c"), WrongEmail),
        (Profile("A", email="@"), WrongEmail),
        (Profile("A", phone="12"), WrongPhone),
        (Profile("A", phone="no phone"), WrongPhone),
        (Profile("A" * 256), TextTooLong),
        (Profile("A", tags=("x" * 51,)), TextTooLong),
    ],
)
def test_what_cannot_stand(profile: Profile, error: type[DomainError]) -> None:
    with pytest.raises(error):
        cleaned(profile)


@given(PROFILES, PROFILES)
def test_changes_lead_from_one_profile_to_the_other(seen: Profile, wanted: Profile) -> None:
    changes = changes_between(seen, wanted)
    assert set(changes) <= set(PROFILE_FIELDS)
    assert with_fields(seen, {name: change.wanted for name, change in changes.items()}) == wanted


def test_tags_keep_their_order() -> None:
    assert merged_tags(("b", "a"), ("a", "c")) == ("b", "a", "c")
