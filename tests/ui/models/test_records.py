"""Tables tell views no more than what changed, and say a row only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.ui.models.records import Cell, Column, RecordsModel


@dataclass(frozen=True)
class Record:
    id: str
    amount: int


class Records(RecordsModel[Record]):
    def __init__(self) -> None:
        super().__init__((Column("Id"), Column("Amount", 80, right=True)))
        self.said: list[str] = []

    def key(self, record: Record) -> str:
        return record.id

    def cells(self, record: Record) -> tuple[Cell, ...]:
        self.said.append(record.id)
        return Cell(record.id, aside="beside"), Cell(str(record.amount), tip="more")


def rows(model: Records) -> list[tuple[str, str]]:
    return [(model.cell(row, 0).text, model.cell(row, 1).text) for row in range(model.rowCount())]


def test_it_keeps_the_rules_of_a_model(qtmodeltester: ModelTester) -> None:
    model = Records()
    model.show_records([Record("b", 2), Record("a", 1)])
    qtmodeltester.check(model, force_py=True)
    model.show_records([Record("c", 3), Record("b", 2), Record("a", 1)])
    qtmodeltester.check(model, force_py=True)


def test_a_row_is_said_once_and_only_when_it_is_asked_for() -> None:
    model = Records()
    model.show_records([Record(str(number), number) for number in range(5_000)])
    assert model.said == []
    for _ in range(3):
        model.data(model.index(7, 0))
        model.data(model.index(7, 1))
    assert model.said == ["7"]


def test_what_a_view_and_a_screen_reader_ask_for() -> None:
    model = Records()
    model.show_records([Record("a", 1)])
    right = model.index(0, 1)
    assert model.data(right, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.data(right, Qt.ItemDataRole.ToolTipRole) == "more"
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "a · beside"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Amount"
    assert model.line(0) == "a · beside\t1"


def test_rows_added_at_the_top_keep_the_chosen_row_and_a_changed_state_keeps_everything(qtbot: QtBot) -> None:
    model, view = Records(), QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    old = [Record(str(number), number) for number in range(50)]
    model.show_records(old)
    view.selectRow(3)
    with qtbot.waitSignal(model.rowsInserted):
        model.show_records([Record("new", 9), *old])
    assert model.record(view.currentIndex().row()) == old[3]
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show_records([Record("new", 9), *(Record(record.id, 0) for record in old)])
    assert model.record(view.currentIndex().row()) == Record("3", 0)


IDS = st.lists(st.sampled_from("abcdef"), unique=True)


@pytest.mark.usefixtures("qapp")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(IDS, max_size=6))
def test_after_any_changes_it_shows_the_last_records(changes: list[list[str]]) -> None:
    model = Records()
    for number, ids in enumerate(changes):
        model.show_records([Record(name, number) for name in ids])
        assert rows(model) == [(name, str(number)) for name in ids]
        assert [model.row_of(name) for name in ids] == list(range(len(ids)))
    assert model.row_of("nobody") == -1
