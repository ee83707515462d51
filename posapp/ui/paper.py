"""Paper of the window: statements and slips as PDF files, written whole or not at all, and opened to be printed.

They lie in *Documents/posapp*, where people look for their papers, and not in the till's home, which nobody opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from posapp.domain.errors import DocumentError, StoreUnavailable
from posapp.domain.file_words import file_words
from posapp.domain.ids import CustomerId, OperationId, short_id
from posapp.domain.messages import N_
from posapp.domain.statement import Statement
from posapp.locale.translator import Translator
from posapp.services.ports.documents import Documents, Paper
from posapp.services.slips import slip_of
from posapp.services.statements import note_printed, statement
from posapp.services.till import Till
from posapp.ui.bridge.desk import Desk

_FOLDER = "posapp"


class PaperNotWritten(DocumentError):
    """The disk or the folder does not take the file."""

    id = "paper_not_written"
    title = N_("The paper could not be written")
    message = N_("{path} could not be written.")
    hint = N_("Close the file where it is open, or save it in another folder.")


@dataclass(frozen=True, slots=True)
class Written:
    """A paper that lies on the disk.

    Attributes:
        path: Where.
        text: What the window says of it.
    """

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class StatementWish:
    """Which statement a person wants.

    Attributes:
        customer_id: Whose.
        first: First day; None for all there is.
        last: Last day; None for today.
        paper: What it is printed on.
        language: Of the paper.
        path: Where to; None for the usual folder.
    """

    customer_id: CustomerId
    first: date | None = None
    last: date | None = None
    paper: Paper = Paper.A4
    language: str = "en"
    path: Path | None = None


class PaperController(QObject):
    """Makes slips off the GUI thread and opens them.

    Signals:
        written: A `Written`; it is being opened.
        failed: A `PosError`; nothing was written.
    """

    written = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def slip(self, operation_id: OperationId) -> None:
        """Make the slip of an act and open it."""
        desk = self._desk
        desk.runner.run(
            lambda: write_slip(desk.till, desk.app.documents(), operation_id, desk.say),
            done=self._on_written,
            failed=self.failed.emit,
            owner=self,
        )

    def _on_written(self, written: Written) -> None:
        open_paper(written.path)
        self.written.emit(written)


def usual_folder() -> Path:
    """Return the folder that papers go to."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / _FOLDER


def open_paper(path: Path) -> bool:
    """Open a paper in the system's program for it; False where there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def write_statement(till: Till, documents: Documents, wish: StatementWish, say: Translator) -> Written:
    """Write a statement as PDF, then note that it was printed; belongs on a worker's thread.

    Raises:
        BalanceUnknown, WrongPeriod, DocumentError: As the service and the documents say; nothing was written.
    """
    made = statement(till, wish.customer_id, first=wish.first, last=wish.last)
    pdf = documents.statements([made], say=Translator(wish.language), paper=wish.paper)
    path = wish.path or usual_folder() / statement_name(made)
    _write(path, pdf)
    try:
        note_printed(till, made)
    except StoreUnavailable:  # the paper is good; a till that can only be looked at prints as well
        sentence = N_("Statement saved as {file}. The book could not note it: the next one will mark nothing as late.")
        return Written(path, say(sentence, file=path.name))
    return Written(path, say(N_("Statement saved as {file}"), file=path.name))


def write_slip(till: Till, documents: Documents, operation_id: OperationId, say: Translator) -> Written:
    """Write the slip of an act as PDF; belongs on a worker's thread.

    Raises:
        NoSlip, DocumentError: As the service and the documents say; nothing was written.
    """
    slip = slip_of(till, operation_id)
    parts = dict.fromkeys(("slip", file_words(slip.number), short_id(operation_id)))  # two bills may bear one number
    path = usual_folder() / f"{'-'.join(part for part in parts if part)}.pdf"
    _write(path, documents.slip(slip, say=say))
    return Written(path, say(N_("Slip saved as {file}"), file=path.name))


def statement_name(made: Statement) -> str:
    """Return a file name that says whose statement it is and of which days."""
    name = file_words(made.customer_name) or "customer"
    return f"{name}-{short_id(made.customer_id)}-{made.first:%Y%m%d}-{made.last:%Y%m%d}.pdf"


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PaperNotWritten(path=path) from error
    file = QSaveFile(str(path))
    if not (file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(content) == len(content) and file.commit()):
        raise PaperNotWritten(path=path)
