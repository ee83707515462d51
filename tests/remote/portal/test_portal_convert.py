"""What the answers of a `portal` server tell of customers, read by read."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import RemoteId
from posapp.services.ports.remote import RemoteCustomer, Tombstone, Traits
from tests.remote.portal.samples import CUSTOMER, GROUPS, ID, MESSAGE, ROW, TOMBSTONE, Portal, saying, under_data

LISTED = RemoteCustomer(
    remote_id=ID,
    profile=Profile("Jane van Doe", None, "jane@example.com"),
    created_at=datetime(2025, 1, 15, 10, tzinfo=UTC),
    updated_at=datetime(2025, 2, 15, 10, 0, 0, 500_000, tzinfo=UTC),
    untold=frozenset({"phone"}),
    traits=Traits(group="Regulars", group_color="#00aa00"),
)


def listed(**changed: Any) -> RemoteCustomer:
    portal = Portal()
    portal.reads["/api/customer"] = under_data([{**ROW, **changed}])
    return portal.api().newest_first(1)[0]


def alone(**changed: Any) -> RemoteCustomer:
    found = saying(under_data({**CUSTOMER, **changed})).customer(ID)
    assert found is not None
    return found


def test_a_row_of_a_list() -> None:
    assert listed() == LISTED


def test_one_customer_in_full() -> None:
    found = alone()
    assert found.profile == Profile("Jane van Doe", "9812300001", "jane@example.com")
    assert found.untold == frozenset(), "it is read for good: what the server never keeps is not missing"
    assert found.traits == Traits(marketing=True, group="Regulars")
    assert saying(CUSTOMER).customer(ID) == found, "a bare object says the same"


def test_what_nobody_should_keep_is_not_in_the_record() -> None:
    told = repr(asdict(alone()))
    assert not [word for word in ("canary", "203.0.113.9", "Mumbai", "password") if word in told]


@pytest.mark.parametrize(
    ("told", "phone", "untold"),
    [("9812300001", "9812300001", False), (9812300001, "9812300001", False), ("", None, False), (None, None, False)],
)
def test_a_phone_in_a_row_is_told_even_where_there_is_none(told: Any, phone: str | None, untold: bool) -> None:
    found = listed(mobileNumber=told)
    assert (found.profile.phone, "phone" in found.untold) == (phone, untold)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"lastName": ""}, "Jane"),
        ({"lastName": None}, "Jane"),
        ({"firstName": "", "lastName": "Doe"}, "Doe"),
        ({"firstName": "", "lastName": ""}, "jane"),
        ({"firstName": None, "lastName": None, "username": None}, ""),
    ],
)
def test_two_names_are_one(changed: dict[str, Any], name: str) -> None:
    assert listed(**changed).profile.name == name


@pytest.mark.parametrize(("told", "kept"), [(1, True), ("1", True), (0, False), ("0", False), (None, None)])
def test_the_newsletter_is_consent(told: Any, kept: bool | None) -> None:
    assert alone(newsletter=told).traits.marketing is kept


def test_no_email_is_none() -> None:
    assert listed(email="").profile.email is listed(email=None).profile.email is None


@pytest.mark.parametrize(
    ("group", "traits"),
    [
        ("", Traits(group="", group_color="")),
        ("Odd", Traits(group="Odd", group_color="")),
        ("Regulars", Traits(group="Regulars", group_color="#00aa00")),
        ("Unheard of", Traits(group="Unheard of")),
        (None, Traits()),
    ],
)
def test_groups(group: str | None, traits: Traits) -> None:
    assert listed(customerGroupName=group).traits == traits


def test_groups_are_read_once_for_many_lists() -> None:
    portal = Portal()
    api = portal.api()
    api.newest_first(2)
    api.search("jane")
    assert [asked for asked in portal.asked if "group" in asked] == ["GET /api/customer-group?limit=250"]
    found = api.customer(ID)
    assert found is not None
    assert found.traits.group_color == "#00aa00", "by now it is known"
    assert len(portal.asked) == 4


@pytest.mark.parametrize("groups", [None, MESSAGE, under_data([{"name": 1}]), under_data(GROUPS[0])])
def test_no_list_fails_over_a_colour(groups: Any) -> None:
    portal = Portal()
    portal.reads["/api/customer-group"] = groups
    api = portal.api()
    for page in (2, 3):
        assert api.newest_first(page)[0].traits == Traits(group="Regulars")
    assert len(portal.asked) == 3, "nor is it asked for again at once"


def test_tombstones() -> None:
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    stones = [TOMBSTONE, {**TOMBSTONE, "id": 42, "reason": "deleted", "merged_into": None}]
    assert saying(under_data(stones)).deleted_since(None, 1) == (
        Tombstone(ID, at, "merged", RemoteId("42")),
        Tombstone(RemoteId("42"), at, "deleted"),
    )


@pytest.mark.parametrize(
    "told",
    [
        MESSAGE,
        under_data([ROW, ROW]),
        under_data([{**ROW, "id": number} for number in range(1, 252)]),
        under_data([{**ROW, "id": "41"}]),
        under_data([{**ROW, "id": -1}]),
        under_data([{key: ROW[key] for key in ROW if key != "lastName"}]),
        under_data([{**ROW, "createdDate": "2025-01-15"}]),
        under_data(270),
        {**under_data([]), "status": 0},
        {**under_data([]), "status": "0"},
        {**under_data([]), "status": [1]},
        {"message": "fine", "data": []},
        {},
        None,
    ],
)
def test_a_list_that_cannot_be_is_refused_and_is_not_an_empty_one(told: Any) -> None:
    with pytest.raises(RemoteProtocolError):
        saying(told).search("jane")


@pytest.mark.parametrize(
    "changed",
    [
        {"id": 42},
        {"isActive": None},
        {"isActive": "yes"},
        {"mailStatus": True},
        {"mobileNumber": ["1"]},
        {"createdDate": "0001-01-01T00:00:00+23:59"},
    ],
)
def test_a_customer_that_cannot_be_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(RemoteProtocolError):
        saying(under_data({**CUSTOMER, **changed})).customer(ID)


def test_only_the_api_says_that_somebody_is_gone() -> None:
    refusal = {"status": 0, "message": "Invalid customerId"}
    assert saying(refusal, 404).customer(ID) is None
    assert saying(refusal, 410).customer(ID) is None
    with pytest.raises(RemoteRejected):
        saying({**refusal, "status": 1}, 400).customer(ID)
    with pytest.raises(RemoteProtocolError):
        saying(MESSAGE).customer(ID)


def test_an_id_of_another_api_goes_into_no_path() -> None:
    for wrong in ("0198c5f0-0000-7000-8000-000000000001", "../41", "0", "041", "4 1", ""):
        with pytest.raises(ValueError, match="no id"):
            saying(CUSTOMER).customer(RemoteId(wrong))
