"""A day in the fewest keys."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posapp.ui.widgets.day_edit import DayEdit, WrongDay, parse_day

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12", date(2026, 3, 12)),
        ("12/4", date(2026, 4, 12)),
        ("12.4.25", date(2025, 4, 12)),
        ("12-04-2025", date(2025, 4, 12)),
        ("12/4/1999", date(1999, 4, 12)),
        ("2025-04-12", date(2025, 4, 12)),
        (" ১২/৪ ", date(2026, 4, 12)),
        ("+7", date(2026, 3, 22)),
        ("-1", date(2026, 3, 14)),
    ],
)
def test_a_day_is_read_as_people_type_it(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "x", "31/2", "0", "12/13", "1/2/3/4", "-", "+", "/", "9999-99-99", "1/1/0999", "0001-01-01"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(WrongDay):
        parse_day(text, TODAY)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from("/.- "))
def test_every_day_can_be_typed(day: date, sign: str) -> None:
    assert parse_day(f"{day.day}{sign}{day.month}{sign}{day.year}", TODAY) == day
    assert parse_day(day.isoformat(), TODAY) == day


@given(st.text(max_size=10))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    with suppress(WrongDay):
        assert isinstance(parse_day(text, TODAY), date)


def test_the_arrows_move_the_day(qtbot: QtBot) -> None:
    edit = DayEdit(TODAY, empty="Today")
    qtbot.addWidget(edit)
    assert edit.day() is None
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert edit.day() == TODAY - timedelta(days=1)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert edit.day() == TODAY + timedelta(days=1)
