"""Looking up while somebody types: only the newest text is answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from posapp.domain.errors import PosError, StoreUnavailable
from posapp.services.lookup import seen
from posapp.services.ports.search import Found
from posapp.ui.bridge.desk import Desk
from posapp.ui.bridge.lookup import Looked, LookupController
from tests.ui.bridge.at_the_till import WAIT, a_customer

RECENT = Found((), searched=0, more=True)


class Finder:
    """Finds a text itself, once it may."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun = threading.Event()
        self.may = threading.Event()

    def find(self, text: str) -> Found:
        self.asked.append(text)
        self.begun.set()
        self.may.wait(20)
        if text == "broken":
            raise StoreUnavailable
        return answer_to(text)


def answer_to(text: str) -> Found:
    """Return an answer that tells itself from others."""
    return Found((), searched=len(text), more=False)


@pytest.fixture
def finder() -> Finder:
    return Finder()


@pytest.fixture
def lookup(finder: Finder, qtbot: QtBot) -> Iterator[LookupController]:
    made = LookupController(finder.find, lambda: RECENT)
    yield made
    finder.may.set()
    made.close()


def test_the_newest_text_wins_and_those_between_are_never_looked_up(
    lookup: LookupController, finder: Finder, qtbot: QtBot
) -> None:
    told: list[Looked] = []
    lookup.found.connect(told.append)
    lookup.search("r")
    assert finder.begun.wait(20)
    for text in ("ra", "rah", "rahi"):
        lookup.search(text)
    with qtbot.waitSignal(lookup.found, timeout=WAIT):
        finder.may.set()
    assert told == [("rahi", answer_to("rahi"))]
    assert finder.asked == ["r", "rahi"]
    with qtbot.waitSignal(lookup.found, timeout=WAIT):
        lookup.again()
    assert told[1:] == [("rahi", answer_to("rahi"))]


def test_an_error_is_told_and_the_next_text_is_found(lookup: LookupController, finder: Finder, qtbot: QtBot) -> None:
    finder.may.set()
    with qtbot.waitSignal(lookup.failed, timeout=WAIT) as failed:
        lookup.search("broken")
    assert isinstance(failed.args[0], PosError)
    with qtbot.waitSignal(lookup.found, timeout=WAIT) as found:
        lookup.search("asha")
    assert found.args == [("asha", answer_to("asha"))]


def test_nothing_typed_shows_the_recent_ones(lookup: LookupController, qtbot: QtBot) -> None:
    with qtbot.waitSignal(lookup.found, timeout=WAIT) as found:
        lookup.search("  ")
    assert found.args == [("  ", RECENT)]


def test_after_closing_nothing_is_told(lookup: LookupController, finder: Finder, qtbot: QtBot) -> None:
    told: list[Looked] = []
    lookup.found.connect(told.append)
    lookup.search("r")
    assert finder.begun.wait(20)
    finder.may.set()
    lookup.close()
    qtbot.wait(20)
    assert told == []


def test_a_desk_finds_in_the_book(desk: Desk, qtbot: QtBot) -> None:
    rahima = a_customer(desk.till, "Rahima Khatun")
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT) as found:
        desk.lookup.search("rahi")
    assert [hit.customer.id for hit in found.args[0].found.hits] == [rahima]
    seen(desk.till, rahima)
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT) as recent:
        desk.lookup.search("")
    assert [hit.customer.id for hit in recent.args[0].found.hits] == [rahima]
