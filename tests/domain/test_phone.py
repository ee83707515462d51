"""Phones: however one is written, it is the same phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.phone import query_forms, search_forms, to_e164


@pytest.mark.parametrize(
    ("raw", "country", "e164"),
    [
        ("01711-234567", "BD", "+8801711234567"),
        ("+880 1711 234567", "IN", "+8801711234567"),
        ("০১৭১১২৩৪৫৬৭", "BD", "+8801711234567"),
        ("98765 43210", "IN", "+919876543210"),
        ("09876543210", "IN", "+919876543210"),
        ("٠٣٠٠١٢٣٤٥٦٧", "PK", "+923001234567"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("12", "IN", None),
        ("hello", "IN", None),
    ],
)
def test_one_phone_written_in_many_ways(raw: str, country: str, e164: str | None) -> None:
    assert to_e164(raw, country) == e164


@given(st.integers(6 * 10**9, 10**10 - 1), st.sampled_from(["+91", "91", "0", "", "+91 "]), st.integers(3, 10))
def test_any_beginning_finds_any_way_of_writing(number: int, prefix: str, length: int) -> None:
    stored = search_forms(f"+91 {str(number)[:5]} {str(number)[5:]}", "IN")
    typed = "".join(char for char in prefix + str(number) if char.isdigit())
    for query in query_forms(typed[: len(typed) - 10 + length], "IN"):
        if any(form.startswith(query) for form in stored):
            return
    raise AssertionError((stored, typed))


@given(st.text(max_size=40))
def test_no_text_breaks_it(raw: str) -> None:
    to_e164(raw, "BD")
    search_forms(raw, "BD")
