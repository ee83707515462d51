"""What was done is said for a while; what went wrong until somebody closes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.policy import AmountNotPositive
from posapp.locale.translator import Translator
from posapp.ui.widgets.toast import STAYS_MS, Toast


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    QLineEdit(made).setFocus()
    made.show()
    return made


@pytest.fixture
def toast(window: QWidget) -> Toast:
    return Toast(Translator("en"), window)


def test_it_says_what_was_done_and_goes(toast: Toast, qtbot: QtBot) -> None:
    assert toast.words() == ""
    toast.tell("Payment of ₹500.00 saved")
    assert toast.words() == "Payment of ₹500.00 saved"
    assert toast.timer.interval() == STAYS_MS
    assert toast.timer.isActive()
    toast.timer.timeout.emit()
    assert toast.isHidden()


def test_it_never_goes_from_under_the_pointer(toast: Toast) -> None:
    toast.tell("Saved")
    at = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(at, at, at))
    assert not toast.timer.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast.timer.isActive()


def test_its_button_gives_back_what_it_was_told_for(toast: Toast, qtbot: QtBot) -> None:
    toast.tell("Saved", button="Slip", payload="the act")
    with qtbot.waitSignal(toast.pressed) as pressed:
        qtbot.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert pressed.args == ["the act"]
    assert toast.isHidden()


def test_it_stays_while_its_button_has_the_focus(toast: Toast, qtbot: QtBot) -> None:
    toast.tell("Saved", button="Slip")
    toast.button.setFocus()
    qtbot.waitUntil(toast.button.hasFocus)
    toast.timer.timeout.emit()
    assert not toast.isHidden()


def test_an_error_stays_until_it_is_closed(toast: Toast, qtbot: QtBot) -> None:
    toast.tell("Saved")
    toast.tell_error(AmountNotPositive())
    assert not toast.timer.isActive()
    assert AmountNotPositive.title in toast.words()
    qtbot.mouseClick(toast.close_button, Qt.MouseButton.LeftButton)
    assert toast.isHidden()
    assert not toast.dismiss()
    toast.tell_error(AmountNotPositive())
    assert toast.dismiss()
    assert toast.isHidden()


def test_it_lies_at_the_foot_in_the_middle_of_its_window(toast: Toast, window: QWidget, qtbot: QtBot) -> None:
    toast.tell("Saved " * 60)
    for size in ((1366, 768), (1180, 680)):
        window.resize(*size)
        qtbot.waitUntil(lambda: abs(toast.geometry().center().x() * 2 - window.width()) <= 2)
        assert window.rect().contains(toast.geometry())
        assert toast.geometry().center().y() > window.height() / 2
