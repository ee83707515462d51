"""What a server says of time and in words, taken with care."""

from datetime import UTC, datetime

import httpx
import pytest

from posapp.remote.http import Answer
from posapp.remote.server_text import MAX_TEXT, plain_text, said
from posapp.remote.server_time import clock_skew, retry_after

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def answered(body: bytes = b"{}", **headers: str) -> Answer:
    named = {"content-type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return Answer(429, httpx.Headers(named), body, NOW)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("1.5", 1.5),
        ("3601", 3600.0),
        ("9" * 400, 3600.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("NaN", None),
        ("inf", None),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:59:00 GMT", 0.0),
        ("Sat, 01 Mar 2036 12:00:00 GMT", 3600.0),
        ("Sun, 31 Feb 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after(answered(retry_after=text)) == seconds


def test_retry_after_is_absent() -> None:
    assert retry_after(answered()) is None


def test_a_date_to_wait_for_goes_by_the_servers_own_clock() -> None:
    answer = answered(date="Sun, 01 Mar 2026 13:00:00 GMT", retry_after="Sun, 01 Mar 2026 13:00:10 GMT")
    assert retry_after(answer) == 10.0


@pytest.mark.parametrize(
    ("date", "skew"),
    [("Sun, 01 Mar 2026 12:05:00 GMT", 300.5), ("Sun, 01 Mar 2026 11:59:59 GMT", -0.5), ("yesterday", None)],
)
def test_clock_skew(date: str, skew: float | None) -> None:
    assert clock_skew(answered(date=date)) == skew


def test_words_of_a_refusal() -> None:
    words = said(answered(b'{"error": "phone_taken", "message": "  Taken\\n\\tby \\u0000another "}'))
    assert (words.code, words.text, words.readable) == ("phone_taken", "Taken by another", True)


def test_a_code_of_its_own_wins() -> None:
    assert said(answered(b'{"error": "Conflict happened", "code": "in_progress"}')).code == "in_progress"


@pytest.mark.parametrize("body", [b"<html>x", b"[]", b'"x"', b"", b"\xff"])
def test_of_anything_else_nothing_is_quoted(body: bytes) -> None:
    words = said(answered(body))
    assert (words.code, words.text, words.readable) == ("", "", False)


@pytest.mark.parametrize("body", [b'{"message": {"a": 1}, "error": 5}', b'{"error": "not a code!"}', b"{}"])
def test_what_is_no_text_is_left_out(body: bytes) -> None:
    words = said(answered(body))
    assert (words.code, words.text, words.readable) == ("", "", True)


def test_plain_text_is_short_and_turns_nothing() -> None:
    assert plain_text("a\u202eb\u2066c\x1b[31md\x7f") == "abc[31md"
    assert plain_text("क्‍ष") == "क्‍ष"
    assert len(plain_text("x " * 5000)) == MAX_TEXT
    assert plain_text("<b>bold</b>") == "<b>bold</b>"
