"""Whoever comes back under the same phone after being blacklisted is told in time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from posapp.domain.money import Money
from posapp.locale.translator import Translator
from posapp.services.dto import Standing
from posapp.services.ports.search import FoundCustomer, MatchKind
from posapp.ui.dialogs.alike_panel import AlikePanel
from tests.support.book import a_customer

NOTHING = Money(0, "BDT")
STANDING = Standing(NOTHING, None, NOTHING, NOTHING, 0, None, 0, 0, 0)
ASHA = FoundCustomer(a_customer(), None, "phone", MatchKind.EXACT, (), STANDING)


@pytest.mark.parametrize("blacklisted", [True, False, None])
def test_a_blacklisted_one_is_called_so(qtbot: QtBot, blacklisted: bool | None) -> None:
    panel = AlikePanel(Translator("en"))
    qtbot.addWidget(panel)
    panel.show_alike([replace(ASHA, blacklisted=blacklisted)])
    said = [label.text() for label in panel.findChildren(QLabel)]
    assert ("blacklisted" in said) is bool(blacklisted)
    assert "Rahima Khatun" in said
