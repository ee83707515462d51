"""The search by keys, over a real book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.services import lookup
from posapp.services.customers import add_customer
from posapp.services.ports.remote import Capabilities
from posapp.ui.bridge.desk import Desk
from posapp.ui.views.search.search_view import SearchView
from tests.services.counter import Counter
from tests.ui.bridge.at_the_till import WAIT, pay

Key = Qt.Key


def add(desk: Desk, *names: str) -> list[CustomerId]:
    return [
        add_customer(desk.till, operation_id=OperationId(new_uuid()), profile=Profile(name)).recorded.customer.id
        for name in names
    ]


@pytest.fixture
def view(desk: Desk, qtbot: QtBot) -> Iterator[SearchView]:
    """A shown search, after its first answer."""
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT):
        made = SearchView(desk)
        qtbot.addWidget(made)
        made.resize(400, 600)
        made.show()
    made.field.setFocus()
    return made


def type_and_wait(view: SearchView, desk: Desk, qtbot: QtBot, text: str) -> None:
    with qtbot.waitSignal(
        desk.lookup.found, timeout=WAIT, check_params_cb=lambda looked: looked.text == view.field.text()
    ):
        qtbot.keyClicks(view.field, text)


def shown(view: SearchView) -> list[str]:
    return [view.model.index(row).data() for row in range(view.model.rowCount())]


def chosen(view: SearchView) -> str | None:
    index = view.list.currentIndex()
    return index.data() if index.isValid() else None


def test_what_is_typed_is_found_painted_and_counted(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Rahim Uddin", "Asha Devi")
    with qtbot.waitSignal(view.painted, timeout=WAIT, check_params_cb=lambda text: text == "rahi"):
        qtbot.keyClicks(view.field, "rahi")
    assert shown(view) == ["Rahim Uddin"]
    assert view.status.text() == "Searched all 2 · 1 hit"


def test_enter_takes_the_first_hit_even_before_it_is_shown(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    (rahim,) = add(desk, "Rahim Uddin")
    with qtbot.waitSignal(view.chosen, timeout=WAIT) as taken:
        qtbot.keyClicks(view.field, "rahi")
        qtbot.keyClick(view.field, Key.Key_Return)
    assert taken.args == [rahim]
    assert view.field.selectedText() == "rahi"


def test_what_is_typed_after_enter_takes_the_enter_back(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Rahim Uddin")
    with (
        qtbot.assertNotEmitted(view.chosen),
        qtbot.waitSignal(desk.lookup.found, timeout=WAIT, check_params_cb=lambda looked: looked.text == "rahi"),
    ):
        qtbot.keyClicks(view.field, "rah")
        qtbot.keyClick(view.field, Key.Key_Return)
        qtbot.keyClicks(view.field, "i")


def test_enter_with_nobody_found_takes_nobody(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.chosen):
        type_and_wait(view, desk, qtbot, "zzz")
        qtbot.keyClick(view.field, Key.Key_Return)


def test_the_arrows_walk_through_the_hits_while_the_focus_stays(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    add(desk, *(f"Rahim {number:02}" for number in range(12)))
    type_and_wait(view, desk, qtbot, "rahim")
    names = shown(view)
    assert chosen(view) == names[0]
    for key, row in (
        (Key.Key_Down, 1), (Key.Key_Down, 2), (Key.Key_Up, 1), (Key.Key_PageDown, 7), (Key.Key_PageDown, 11),
        (Key.Key_Down, 11), (Key.Key_PageUp, 5),
    ):  # fmt: skip
        qtbot.keyClick(view.field, key)
        assert chosen(view) == names[row]
        assert view.list.viewport().rect().contains(view.list.visualRect(view.list.currentIndex()))
        assert view.field.hasFocus()
    with qtbot.waitSignal(view.chosen, timeout=WAIT) as taken:
        qtbot.keyClick(view.field, Key.Key_Enter)
    assert taken.args == [view.model.hit(5).customer.id]


def test_a_click_takes_a_hit(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Rahim Uddin", "Rahima Khatun")
    type_and_wait(view, desk, qtbot, "rahi")
    with qtbot.waitSignal(view.chosen, timeout=WAIT) as taken:
        qtbot.mouseClick(
            view.list.viewport(),
            Qt.MouseButton.LeftButton,
            pos=view.list.visualRect(view.model.index(1)).center() + QPoint(0, 1),
        )
    assert taken.args == [view.model.hit(1).customer.id]


def test_nobody_found_offers_a_new_customer(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    type_and_wait(view, desk, qtbot, "Zoe Zimmermann of Zurich Street 17")
    assert view.add_button.isVisible()
    assert view.add_button.words() == "Add “Zoe Zimmermann of Zurich…” as new"
    with qtbot.waitSignal(view.new_wanted) as wanted:
        qtbot.mouseClick(view.add_button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["Zoe Zimmermann of Zurich Street 17"]


def test_nothing_typed_shows_who_was_seen_lately(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    assert view.status.text() == ""
    rahim, asha = add(desk, "Rahim Uddin", "Asha Devi")
    for customer_id in (asha, rahim):
        lookup.seen(desk.till, customer_id)
    type_and_wait(view, desk, qtbot, "a")
    with qtbot.waitSignal(view.painted, timeout=WAIT, check_params_cb=lambda text: text == ""):
        assert view.clear()
    assert shown(view) == ["Rahim Uddin", "Asha Devi"]
    assert view.status.text() == "Lately"
    assert chosen(view) is None
    assert not view.clear()


def test_what_changed_is_shown_and_the_choice_is_kept(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Rahim Uddin", "Rahima Khatun")
    type_and_wait(view, desk, qtbot, "rahi")
    qtbot.keyClick(view.field, Key.Key_Down)
    kept = chosen(view)
    paid = view.model.hit(1).customer.id
    pay(desk.till, paid, 50_000)
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT):
        desk.changes.customer_changed.emit(paid)
    assert chosen(view) == kept
    assert "₹500.00" in view.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT):
        desk.changes.many_changed.emit()
    assert chosen(view) == kept


def test_a_change_of_somebody_who_is_not_shown_looks_nothing_up(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Rahim Uddin")
    (asha,) = add(desk, "Asha Devi")
    type_and_wait(view, desk, qtbot, "rahi")
    with qtbot.assertNotEmitted(desk.lookup.found, wait=50):
        desk.changes.customer_changed.emit(asha)


def test_the_cross_clears(view: SearchView, desk: Desk, qtbot: QtBot) -> None:
    cross = view.field.actions()[-1]
    assert not cross.isVisible()
    type_and_wait(view, desk, qtbot, "rahi")
    assert cross.isVisible()
    cross.trigger()
    assert view.text() == ""


def test_phones_that_are_not_read_yet_are_told_until_they_are(
    counter: Counter, view: SearchView, desk: Desk, qtbot: QtBot
) -> None:
    assert view.missing.isHidden()
    counter.connect(Capabilities(fields=("name", "phone"), listed=("name",)))
    for number in range(2):
        counter.on_server(remote_id=f"r-{number}", untold=frozenset({"phone"}))
    desk.sync.refresh()
    qtbot.waitUntil(lambda: view.missing.words() == "Phones of 2 customers are still being fetched.", timeout=WAIT)
    counter.server_says(remote_id="r-0", points=0)
    desk.sync.refresh()
    qtbot.waitUntil(lambda: view.missing.words() == "The phone of 1 customer is still being fetched.", timeout=WAIT)
    counter.server_says(remote_id="r-1", points=0)
    desk.sync.refresh()
    qtbot.waitUntil(view.missing.isHidden, timeout=WAIT)
