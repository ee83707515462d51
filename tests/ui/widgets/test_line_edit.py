"""Letters of every script have room where one types."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from posapp.ui.widgets.line_edit import LineEdit

BORDER = 3


@pytest.mark.parametrize("size", ["", "large"])
@pytest.mark.parametrize("text", ["محمد اسلم", "قریشی", "Åsa Gyöngy", "রহিমা", "फ़ातिमा"])
def test_letters_are_not_cut_off_at_the_top(qtbot: QtBot, text: str, size: str) -> None:
    edit = LineEdit()
    edit.setProperty("size", size)
    qtbot.addWidget(edit)
    edit.resize(300, edit.sizeHint().height())
    edit.show()
    edit.setText(text)
    edit.clearFocus()
    edit.setReadOnly(True)  # no cursor in the picture
    picture = edit.grab().toImage()
    inked = [
        y
        for y in range(BORDER, picture.height() - BORDER)
        if any(QColor(picture.pixel(x, y)).lightness() < 100 for x in range(12, picture.width() - 12))
    ]
    assert inked
    assert inked[0] > BORDER
    assert inked[-1] < picture.height() - BORDER


def test_room_is_given_back(qtbot: QtBot) -> None:
    edit = LineEdit("محمد")
    qtbot.addWidget(edit)
    assert edit.textMargins().bottom() < 0
    edit.setText("Asha")
    assert edit.textMargins().bottom() == 0
