"""The small parts: numbers that can be asked, strips that speak, words that are never read as HTML."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from posapp.domain.policy import AmountNotPositive
from posapp.locale.translator import Translator
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterPanel, AfterRow
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.figure import Figure
from posapp.ui.widgets.labels import Chip, ElidedLabel, Label, plain_tip


def a_figure(qtbot: QtBot) -> Figure:
    figure = Figure("Points")
    qtbot.addWidget(figure)
    figure.show_value("Points", "1,240", Tone.NORMAL, [("worth ₹124.00", Tone.MUTED)])
    return figure


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_number_explains_itself_by_a_key(qtbot: QtBot, key: Qt.Key) -> None:
    figure = a_figure(qtbot)
    with qtbot.waitSignal(figure.explained):
        qtbot.keyClick(figure, key)


def test_a_number_explains_itself_by_a_press_but_not_by_a_drag_away(qtbot: QtBot) -> None:
    figure = a_figure(qtbot)
    with qtbot.waitSignal(figure.explained):
        qtbot.mouseClick(figure, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(figure.explained):
        qtbot.mousePress(figure, Qt.MouseButton.LeftButton)
        qtbot.mouseRelease(figure, Qt.MouseButton.LeftButton, pos=QPoint(-50, -50))


def test_a_banner_says_what_went_wrong_and_what_next(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.words() == ""
    banner.say_error(AmountNotPositive(), Translator("en"))
    assert len(banner.words().splitlines()) >= 2


@pytest.mark.parametrize("kind", [Label, ElidedLabel, Chip])
def test_what_a_server_sent_is_never_read_as_html(qtbot: QtBot, kind: type[Label]) -> None:
    label = kind("<b>Rahim</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_button_and_a_tool_tip_show_tags_as_they_are(qtbot: QtBot) -> None:
    button = KeyButton("Add “<i>Rahim”")
    qtbot.addWidget(button)
    assert {label.textFormat() for label in button.findChildren(QLabel) if label.text()} == {Qt.TextFormat.PlainText}
    assert plain_tip("Rahim\nUddin") == "Rahim\nUddin"
    assert plain_tip("<img src=x>\nA&B") == "<qt>&lt;img src=x&gt;<br>A&amp;B</qt>"
    label = ElidedLabel("<h1>Rahim</h1> " * 20)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.grab()
    assert label.toolTip() == plain_tip(label.text())


def test_the_key_on_a_button_presses_it(qtbot: QtBot) -> None:
    button = KeyButton("Sale", key="F2", binds=True)
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_F2)


def test_a_button_has_room_for_its_words(qtbot: QtBot) -> None:
    button = KeyButton("Sale", key="F2", icon="receipt")
    qtbot.addWidget(button)
    short = button.sizeHint().width()
    button.set_words("Take the full price now")
    assert button.sizeHint().width() > short


def test_after_this_shows_the_rows_it_was_given(qtbot: QtBot) -> None:
    panel = AfterPanel("After this")
    qtbot.addWidget(panel)
    rows = (AfterRow("You will get", "₹5,000.00", "now ₹4,500.00", Tone.BAD, strong=True), AfterRow("Points", "12"))
    panel.show_rows(rows)
    panel.show_rows(rows[:1])
    assert panel.rows() == rows[:1]
    shown = [label.text() for label in panel.findChildren(Label) if not label.isHidden()]
    assert shown == ["After this", "You will get", "₹5,000.00", "now ₹4,500.00"]
