"""One of a few by its key, and a whole number of points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posapp.domain.loyalty import WrongPoints
from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import Scheme
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.choices import Choice, Choices
from posapp.ui.widgets.points_edit import PointsEdit

CHOICES = (Choice("cash", "Cash", "F5", "banknote"), Choice("card", "Card", "F6"), Choice("bank", "Bank", "F7"))


def shown(qtbot: QtBot, chosen: str | None) -> Choices:
    choices = Choices(CHOICES, chosen)
    qtbot.addWidget(choices)
    with qtbot.waitExposed(choices):
        choices.show()
    choices.activateWindow()
    qtbot.waitUntil(choices.isActiveWindow)
    return choices


def test_a_key_chooses_and_only_one_is_chosen(qtbot: QtBot) -> None:
    choices = shown(qtbot, "cash")
    assert (choices.value(), choices.words()) == ("cash", "Cash")
    with qtbot.waitSignal(choices.changed):
        QTest.keyClick(choices, Qt.Key.Key_F7)
    assert (choices.value(), choices.words()) == ("bank", "Bank")
    assert [button.isChecked() for button in choices.findChildren(KeyButton)] == [False, False, True]


def test_none_may_be_chosen_at_first(qtbot: QtBot) -> None:
    choices = shown(qtbot, None)
    assert (choices.value(), choices.words()) == (None, "")


def test_nothing_moves_when_another_is_chosen(qtbot: QtBot) -> None:
    choices = shown(qtbot, "cash")
    before = [button.geometry() for button in choices.findChildren(KeyButton)]
    QTest.keyClick(choices, Qt.Key.Key_F6)
    assert [button.geometry() for button in choices.findChildren(KeyButton)] == before


def test_what_is_chosen_looks_so_in_both_schemes(qtbot: QtBot) -> None:
    choices = shown(qtbot, "cash")
    cash, card, _ = choices.findChildren(KeyButton)
    try:
        for scheme in Scheme:
            current().choose(scheme)
            pictures = [button.grab().toImage() for button in (cash, card)]
            assert pictures[0].pixelColor(10, 20) != pictures[1].pixelColor(10, 20)
    finally:
        current().choose(Scheme.LIGHT)


@pytest.mark.parametrize(("text", "points"), [("", 0), ("1,240", 1240), ("১২৪০", 1240), (" 12 ", 12)])
def test_points_are_read_as_people_type_them(qtbot: QtBot, text: str, points: int) -> None:
    edit = PointsEdit()
    qtbot.addWidget(edit)
    edit.setText(text)
    assert edit.checked() == edit.points() == points


@pytest.mark.parametrize("text", ["x", "1.5", "-1", "1e3", "²"])
def test_what_is_no_number_of_points_is_refused(qtbot: QtBot, text: str) -> None:
    edit = PointsEdit()
    qtbot.addWidget(edit)
    edit.setText(text)
    with pytest.raises(WrongPoints):
        edit.checked()
    assert edit.points() == 0


@given(st.integers(0, 10**9))
def test_points_put_in_are_read_back(points: int) -> None:
    edit = PointsEdit()
    edit.set_points(points)
    assert edit.checked() == points
