"""Phones: however one is written, it is the same phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.phone import international, national_digits, query_forms, to_e164


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


@given(st.integers(6 * 10**9, 10**10 - 1), st.sampled_from(["+91", "91", "0", "", "+91 ", "0091"]), st.integers(1, 10))
def test_any_way_of_writing_begins_the_number(number: int, prefix: str, length: int) -> None:
    typed = "".join(char for char in prefix if char.isdigit()) + str(number)[:length]
    assert any(str(number).startswith(form) for form in query_forms(typed, "IN"))


def test_zeros_alone_begin_every_number() -> None:
    assert query_forms("0", "BD") == query_forms("00", "BD") == ("",)


@given(st.text(max_size=40))
def test_no_text_breaks_it(raw: str) -> None:
    to_e164(raw, "BD")


def test_a_number_is_shown_as_it_is_written_across_borders() -> None:
    assert international("०९८७६५ ४३२१०", "IN") == "+91 98765 43210"
    assert international("12", "IN") is None


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("+91 98123 00001", "9812300001"),
        ("098123-00001", "9812300001"),
        ("98123 00001", "9812300001"),
        ("০১৭১১-২৩৪৫৬৭", "1711234567"),
        ("+880 1711-234567", "1711234567"),
        ("+39 06 1234567", "61234567"),
        ("+", ""),
        ("", ""),
    ],
)
def test_national_digits(raw: str, digits: str) -> None:
    assert national_digits(raw) == digits


@given(st.text(max_size=30) | st.from_regex(r"\+?[0-9 ()-]{4,20}", fullmatch=True))
def test_national_digits_are_their_own(raw: str) -> None:
    digits = national_digits(raw)
    assert national_digits(digits) == digits
    assert digits == "" or (digits.isascii() and digits.isdecimal() and digits[0] != "0")
