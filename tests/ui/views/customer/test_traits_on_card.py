"""The card shows what the server says of a customer: the group in its colour, a red banner for the blacklist."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.domain.ids import CustomerId
from posapp.services.ports.remote import Capabilities, Traits
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.theme import apply
from posapp.ui.theme.tokens import DARK, Scheme
from posapp.ui.views.customer.card_view import CardView
from posapp.ui.widgets.labels import Chip, ColourChip
from tests.services.counter import Counter
from tests.support.book import a_connection

pytestmark = pytest.mark.usefixtures("told")
BLACK = Traits(blacklisted=True, blacklist_reason="Refused\n<b>three</b> deliveries", cod_enabled=False)


@pytest.fixture
def told(counter: Counter) -> Counter:
    """A till that knows a server which is never there."""
    counter.connection = replace(a_connection(Capabilities()), base_url="http://127.0.0.1:9")
    counter.connect(Capabilities())
    return counter


def show(view: CardView, desk: Desk, customer_id: CustomerId, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.settled):
        view.show_customer(customer_id)
    QApplication.processEvents()


def test_what_is_told_stands_on_the_card_and_nothing_else(
    view: CardView, told: Counter, desk: Desk, qtbot: QtBot
) -> None:
    traits = Traits(group="Wholesale", group_color="#ffd54a", guest=True, marketing=True, cod_enabled=True)
    shop = told.on_server(traits=traits, total_orders=12)
    show(view, desk, shop, qtbot)
    assert view.header.tags.words() == ("Wholesale", "VIP", "COD", "Guest", "Marketing: yes")
    assert view.blacklisted.isHidden()
    silent = told.on_server(remote_id="r-2", name="Kamala")
    show(view, desk, silent, qtbot)
    assert (view.header.tags.words(), view.header.tags.isHidden()) == ((), True)


def test_a_group_has_its_colour_in_both_schemes(
    view: CardView, told: Counter, desk: Desk, qtbot: QtBot, qapp: QApplication
) -> None:
    show(view, desk, told.on_server(traits=Traits(group="Alpha", group_color="#8e24aa")), qtbot)
    for scheme in Scheme:
        apply(qapp, scheme)
        chip = view.header.tags.findChild(ColourChip)
        assert isinstance(chip, ColourChip)
        assert chip.height() == 20
        assert chip.grab().toImage().pixelColor(chip.width() // 2, 2).name() == "#8e24aa"


def test_a_group_in_the_colour_of_the_card_has_an_edge(qtbot: QtBot, qapp: QApplication) -> None:
    apply(qapp, Scheme.DARK)
    chip, plain = ColourChip("Night", DARK.surface), Chip("Night")
    for one in (chip, plain):
        qtbot.addWidget(one)
        one.show()
    assert chip.sizeHint().height() == plain.sizeHint().height()
    assert chip.grab().toImage().pixelColor(chip.width() // 2, 0).name() == DARK.edge
    apply(qapp, Scheme.LIGHT)
    assert chip.grab().toImage().pixelColor(chip.width() // 2, 0).name() == DARK.surface


def test_a_group_without_a_colour_is_a_chip_like_others(
    view: CardView, told: Counter, desk: Desk, qtbot: QtBot
) -> None:
    show(view, desk, told.on_server(traits=Traits(group="Alpha", group_color="")), qtbot)
    assert view.header.tags.words() == ("Alpha",)
    assert view.header.tags.findChild(ColourChip) is None


def test_a_blacklist_is_a_banner_with_the_reason_as_plain_text(
    view: CardView, told: Counter, desk: Desk, qtbot: QtBot
) -> None:
    show(view, desk, told.on_server(traits=BLACK), qtbot)
    assert "Blacklisted: “Refused <b>three</b> deliveries”" in view.blacklisted.words()
    assert "payment is always taken" in view.blacklisted.words()
    assert not view.blacklisted.isHidden()
    show(view, desk, told.on_server(remote_id="r-2", traits=Traits(blacklisted=True, blacklist_reason="")), qtbot)
    assert view.blacklisted.words().startswith("This customer is blacklisted")
    show(view, desk, told.on_server(remote_id="r-3", traits=Traits(blacklisted=False)), qtbot)
    assert view.blacklisted.isHidden()
