"""A statement by keys: its figures first, then a PDF that is whole, opened, noted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from posapp.app import TillApplication
from posapp.domain.ids import CustomerId, OperationId, short_id
from posapp.domain.operation import OperationKind
from posapp.services.connections import ConnectForm
from posapp.services.lookup import find
from posapp.ui.dialogs.statement_dialog import StatementDialog
from posapp.ui.paper import PaperController, Written, usual_folder
from tests.documents.reading import needs_poppler
from tests.support.stub import StubServer
from tests.ui.dialogs.at_the_desk import ENTER, WAIT, Teller

F6, F9, F11 = Qt.Key.Key_F6, Qt.Key.Key_F9, Qt.Key.Key_F11


class Viewer(QObject):
    """The system's program for PDF files."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def show_file(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def viewer(qapp: QApplication) -> Iterator[Viewer]:
    made = Viewer()
    QDesktopServices.setUrlHandler("file", made, "show_file")
    yield made
    QDesktopServices.unsetUrlHandler("file")


def with_khata(teller: Teller) -> CustomerId:
    today = teller.desk.shop().day_of(teller.desk.till.clock.now())
    rahima = teller.customer("রহিমা খাতুন")
    teller.entry(rahima, OperationKind.CHARGE, 1200, on=today - timedelta(days=200))
    teller.entry(rahima, OperationKind.CHARGE, 300)
    teller.entry(rahima, OperationKind.PAYMENT, 500)
    return rahima


def opened(teller: Teller, customer_id: CustomerId) -> StatementDialog:
    dialog = StatementDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    return dialog


def figures(dialog: StatementDialog) -> dict[str, str]:
    return {row.name: row.after for row in dialog.after.rows()}


def words_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_the_figures_stand_there_before_anything_is_printed(teller: Teller) -> None:
    dialog = opened(teller, with_khata(teller))
    teller.until(dialog.after.rows)
    money = teller.money
    assert figures(dialog) == {
        "Brought forward": money(1200).text(),
        "Debits": money(300).text(),
        "Credits": money(500).text(),
        "You will get": money(1000).text(),
        "Lines": "2",
    }
    assert dialog.ageing.columns()[-1] == ("Over 90 days", money(700).text())
    teller.press(dialog, F6)
    teller.until(lambda: figures(dialog).get("Lines") == "3")
    assert figures(dialog)["Brought forward"] == money(0).text()


@needs_poppler
def test_enter_writes_opens_and_notes_it(teller: Teller, viewer: Viewer) -> None:
    rahima = with_khata(teller)
    dialog = opened(teller, rahima)
    teller.until(dialog.after.rows)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    (pdf,) = viewer.opened
    assert pdf.parent == usual_folder()
    assert teller.told[0].text == f"Statement saved as {pdf.name}"
    assert "1,000.00" in words_of(pdf)
    yesterday = teller.desk.shop().day_of(teller.desk.till.clock.now()) - timedelta(days=1)
    teller.entry(rahima, OperationKind.CHARGE, 40, on=yesterday)
    again = opened(teller, rahima)
    teller.until(lambda: figures(again).get("Late, marked on it") == "1")


@needs_poppler
def test_a_roll_saved_where_a_person_says(teller: Teller, viewer: Viewer, tmp_path: Path) -> None:
    dialog = opened(teller, with_khata(teller))
    teller.until(dialog.after.rows)
    teller.press(dialog, F11)
    teller.until(dialog.save_button.isEnabled)
    person = QTimer(interval=10)
    person.timeout.connect(lambda: _choose(tmp_path / "for Rahima"))
    person.start()
    teller.qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    person.stop()
    teller.until(lambda: teller.told)
    assert "1,000.00" in words_of(tmp_path / "for Rahima.pdf")
    assert viewer.opened == []


def _choose(path: Path) -> None:
    """Answer the question where the file should go."""
    asked = QApplication.activeModalWidget()
    line = asked.findChild(QLineEdit) if isinstance(asked, QFileDialog) and asked.isVisible() else None
    if isinstance(asked, QFileDialog) and line is not None:
        line.setText(str(path))
        asked.accept()


@pytest.mark.parametrize(("typed", "words"), [("31/2", "not a day"), ("1/1/2090", "no day")])
def test_days_that_cannot_be_are_said_at_their_field(teller: Teller, typed: str, words: str) -> None:
    dialog = opened(teller, with_khata(teller))
    teller.until(dialog.after.rows)
    teller.type(dialog.first, typed)
    teller.until(lambda: words in dialog.said_of_days())
    assert dialog.period.value() == "custom"
    assert not dialog.action_button.isEnabled()
    teller.press(dialog, ENTER)
    assert teller.told == []


def test_a_khata_that_was_not_fetched_is_fetched_by_a_key(teller: Teller, app: TillApplication) -> None:
    with StubServer(customers=12, plain=True) as stub:
        stub.faults([{"match": {"path": "/pos/api/v1/customers/*"}, "effect": {"status": 503}}])
        app.connect(ConnectForm("pos", stub.base_url, None, None, stub.token().encode()))
        app.sync(full=False, connection=None, progress=None)
        unfetched = find(teller.desk.till, "a").hits[0]
        assert unfetched.standing.balance is None
        dialog = opened(teller, unfetched.customer.id)
        teller.until(lambda: "not fetched" in dialog.banner.words())
        assert not dialog.action_button.isEnabled()
        teller.press(dialog, F9)
        teller.until(lambda: "did not answer" in dialog.banner.words())
        stub.clear_faults()
        teller.press(dialog, F9)
        teller.until(dialog.after.rows)
        assert dialog.action_button.isEnabled()
        assert dialog.banner.words() == ""


@needs_poppler
def test_a_slip_is_written_and_opened(teller: Teller, viewer: Viewer) -> None:
    rahima = teller.customer()
    payment = teller.entry(rahima, OperationKind.PAYMENT, 500)
    paper = PaperController(teller.desk, teller.window)
    with teller.qtbot.waitSignal(paper.written, timeout=WAIT) as written:
        paper.slip(payment)
    made: Written = written.args[0]
    assert viewer.opened == [made.path]
    assert made.path.name == f"slip-{short_id(payment)}.pdf"
    assert "500.00" in words_of(made.path)


def test_what_has_no_slip_says_so(teller: Teller) -> None:
    paper = PaperController(teller.desk, teller.window)
    with teller.qtbot.waitSignal(paper.failed, timeout=WAIT) as failed:
        paper.slip(OperationId("nothing"))
    assert failed.args[0].id == "no_slip"


def test_a_folder_that_takes_nothing_leaves_the_dialog_open(teller: Teller, viewer: Viewer) -> None:
    folder = usual_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    moved = folder.rename(folder.with_name("elsewhere")) if folder.is_dir() else None
    folder.write_text("a file where the folder should be")
    try:
        dialog = opened(teller, with_khata(teller))
        teller.until(dialog.after.rows)
        teller.press(dialog, ENTER)
        teller.until(dialog.banner.words)
        assert "could not be written" in dialog.banner.words()
        assert (teller.told, viewer.opened) == ([], [])
    finally:
        folder.unlink()
        if moved is not None:
            moved.rename(folder)
