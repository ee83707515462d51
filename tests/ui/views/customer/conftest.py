"""A customer's card in a window of its own; whom it shows is each test's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from posapp.ui.bridge.desk import Desk
from posapp.ui.views.customer.card_view import CardView


@pytest.fixture
def view(desk: Desk, qtbot: QtBot) -> Iterator[CardView]:
    made = CardView(desk)
    made.resize(930, 640)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()
