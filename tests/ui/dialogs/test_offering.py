"""Every act has its dialog, named as on its button, with fields that a screen reader can name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton

from posapp.ui.acts import Act
from posapp.ui.dialogs.offering import make_dialog
from tests.ui.dialogs.at_the_desk import Teller

MONEY = [Act.SALE, Act.REDEEM, Act.PAYMENT, Act.CHARGE, Act.OPENING, Act.RETURN, Act.PAYOUT, Act.SETTLEMENT]


@pytest.mark.parametrize("act", list(Act))
def test_every_act_has_a_dialog(teller: Teller, act: Act) -> None:
    dialog = make_dialog(act, teller.desk, teller.card(teller.customer()), teller.window)
    assert isinstance(dialog, QDialog)
    assert dialog.parent() is teller.window
    assert dialog.windowTitle()


@pytest.mark.parametrize("act", MONEY)
def test_all_can_be_named_and_escape_leaves(teller: Teller, act: Act) -> None:
    dialog = make_dialog(act, teller.desk, teller.card(teller.customer()), teller.window)
    with teller.qtbot.waitExposed(dialog):
        dialog.open()
    for part in (*dialog.findChildren(QLineEdit), *dialog.findChildren(QPushButton)):
        assert part.accessibleName()
    assert isinstance(dialog.focusWidget(), QLineEdit)
    assert dialog.height() <= 720
    teller.press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
