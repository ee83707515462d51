"""From the document's JSON to the house's types: totals in whole units, addresses of any form, what is not told."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import RemoteProtocolError
from posapp.domain.money import Money
from posapp.remote.selorax.addresses import line_of, object_of
from posapp.services.ports.remote import Traits
from tests.remote.selorax.samples import ID, RAHIM, ROW, SECOND, SINGLE, api_saying, one, page

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_one_customer_and_a_page() -> None:
    assert api_saying(one(SINGLE)).customer(ID) == RAHIM
    api = api_saying(page(ROW, SECOND, total=2))
    rahim, fatima = api.oldest_first(1)
    assert (rahim, api.changes_announced) == (RAHIM, 2)
    assert (fatima.profile.email, fatima.profile.address, fatima.untold) == (None, None, frozenset())
    assert fatima.total_spent == Money(420_000, "BDT")


@pytest.mark.parametrize(
    ("spent", "minor"), [(0, 0), (18500.0, 1_850_000), ("18500", 1_850_000), (0.07, 7), ("1234567.89", 123_456_789)]
)
def test_a_total_is_exact(spent: object, minor: int) -> None:
    record = api_saying(one({**SINGLE, "total_spent": spent})).customer(ID)
    assert record is not None
    assert record.total_spent == Money(minor, "BDT")


@pytest.mark.parametrize("guest", [0, 1])
def test_a_guest_is_told_apart(guest: int) -> None:
    record = api_saying(one({**SINGLE, "is_guest": guest})).customer(ID)
    assert record is not None
    assert record.traits == Traits(guest=guest == 1)


@pytest.mark.parametrize("text", ["", None])
def test_an_empty_text_is_no_value(text: str | None) -> None:
    record = api_saying(one({**SINGLE, "phone": text, "email": text, "address_json": {}})).customer(ID)
    assert record is not None
    assert (record.profile.phone, record.profile.email, record.profile.address) == (None, None, None)


@pytest.mark.parametrize("name", [name for name in ROW if name != "store_id"])
def test_a_read_that_lacks_a_member_is_no_customer(name: str) -> None:
    short = {member: value for member, value in SINGLE.items() if member != name}
    with pytest.raises(RemoteProtocolError):
        api_saying(one(short)).customer(ID)
    with pytest.raises(RemoteProtocolError):
        api_saying(page(short)).oldest_first(1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user_id", "301"),
        ("user_id", 0),
        ("user_id", 302),
        ("name", None),
        ("phone", 1712345678),
        ("address_json", "123 Main St"),
        ("is_guest", 2),
        ("is_guest", "0"),
        ("total_orders", -1),
        ("total_orders", "12"),
        ("total_spent", None),
        ("total_spent", "a lot"),
        ("total_spent", 0.001),
        ("total_spent", 1e300),
        ("created_at", "2025-01-20T06:30:00"),
        ("updated_at", "yesterday"),
        ("updated_at", "0001-01-01T00:00:00+23:59"),
    ],
)
def test_a_wrong_member_is_refused(name: str, value: Any) -> None:
    with pytest.raises(RemoteProtocolError):
        api_saying(one({**SINGLE, name: value})).customer(ID)


def test_a_page_that_cannot_be_is_refused() -> None:
    rows = [{**ROW, "user_id": number} for number in range(1, 252)]
    for wrong in (
        page(ROW, ROW),
        page(*rows),
        {**page(ROW), "status": 404},
        {"data": [ROW], "status": 200},
        {"data": None, "pagination": {"total": 0}, "status": 200},
        [ROW],
    ):
        with pytest.raises(RemoteProtocolError):
            api_saying(wrong).oldest_first(1)
    assert len(api_saying(page(*rows[:250])).oldest_first(1)) == 250


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (None, None),
        ({}, None),
        ({"address": "", "city": "  ", "default": True, "note": None}, None),
        ({"city": "Dhaka", "address": "123 Main St"}, "123 Main St, Dhaka"),
        ({"city": "Dhaka", "area": "Gulshan", "address": "456 New Street"}, "456 New Street, Gulshan, Dhaka"),
        ({"zip": 1212, "landmark": "mosque", "address": {"line2": "3rd floor", "line1": "5 Road"}, "country": "BD"},
         "5 Road, 3rd floor, 1212, BD, mosque"),
        ({"address": ["House 5", None, "Road 3"]}, "House 5, Road 3"),
    ],
)  # fmt: skip
def test_an_address_on_one_line(address: dict[str, object] | None, line: str | None) -> None:
    assert line_of(address) == line


def test_the_order_of_members_changes_nothing() -> None:
    members = {"b": "2", "a": "1", "city": "Dhaka", "address": "5 Road"}
    lines = {line_of(dict(order)) for order in itertools.permutations(members.items())}
    assert lines == {"5 Road, Dhaka, 1, 2"}


@given(line=st.text(min_size=1).filter(str.strip))
def test_a_line_that_a_till_wrote_comes_back_as_it_was(line: str) -> None:
    assert line_of(object_of(line)) == line


@given(address=st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_any_object_is_a_line_or_nothing(address: dict[str, object]) -> None:
    line = line_of(address)
    assert line is None or line.strip()


def test_a_deep_address_is_a_line_too() -> None:
    deep: dict[str, object] = {"address": "5 Road"}
    for _ in range(5000):
        deep = {"address": deep}
    assert line_of(deep) == "5 Road"
