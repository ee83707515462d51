"""A teller at a window, for the tests of the dialogs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.bridge.desk import Desk
from tests.ui.dialogs.at_the_desk import Teller


@pytest.fixture
def teller(desk: Desk, qtbot: QtBot) -> Iterator[Teller]:
    """A teller whose window owns every dialog that is opened there."""
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield Teller(desk, window, qtbot)
    for dialog in window.findChildren(QDialog):
        dialog.reject()
    assert desk.runner.wait_idle()
