"""The frame of the dialogs: what is said in it is never cut."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.dialog_frame import column, fit_height


def test_a_dialog_grows_to_what_it_says_and_does_not_jump_back(qtbot: QtBot) -> None:
    dialog, banner = QDialog(), Banner()
    qtbot.addWidget(dialog)
    dialog.resize(320, 40)
    parts = column(dialog)
    parts.addWidget(banner)
    banner.say(Tone.BAD, "Something went wrong", "A sentence that is too long for one line of it. " * 6)
    fit_height(dialog)
    grown = dialog.height()
    assert grown >= parts.totalHeightForWidth(320) > 40
    banner.say(Tone.BAD, "Something went wrong")
    fit_height(dialog)
    assert dialog.height() == grown
