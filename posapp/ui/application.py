"""Starting the window: Qt's application, the till opened beside it, and Qt's loop until the window is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMessageBox

from posapp.domain.errors import Cancelled, PosError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.ui.bridge.collector import Collector
from posapp.ui.bridge.desk import Opened, make_desk, open_book
from posapp.ui.bridge.task_runner import TaskRunner, waited
from posapp.ui.main_window import MainWindow
from posapp.ui.practice import PracticeController
from posapp.ui.theme.theme import apply

NAME = "posapp"


def run_window(app: Application, *, say: Translator) -> int:
    """Show the till's window until it is closed, or the first run given up, and return the process's exit code.

    Args:
        app: The till; opened here, on a worker's thread.
        say: Says sentences.

    Raises:
        PosError: The till cannot be opened; a person was told.
    """
    qt = make_application()
    collector = Collector()
    try:
        desk = make_desk(app, _opened(app, say), say=say)
        try:
            window = MainWindow(desk)
            PracticeController(window, desk)
            window.show()
            collector.spare()
            desk.sync.start()
            return qt.exec()
        finally:
            desk.close()
    except Cancelled:
        return 0
    finally:
        collector.stop()


def _opened(app: Application, say: Translator) -> Opened:
    """Open the till as a person lets it, and tell her where it does not open."""
    opening = TaskRunner()
    try:
        unlock(app, opening, say)
        return waited(opening, lambda: open_book(app))
    except Cancelled:
        raise
    except PosError as error:
        tell(error, say)
        raise
    finally:
        opening.close()


def make_application() -> QApplication:
    """Return Qt's application, named and themed; the one that is there already, where there is one."""
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        qt = QApplication([NAME])
    qt.setApplicationName(NAME)
    qt.setApplicationDisplayName(NAME)
    QGuiApplication.setDesktopFileName(NAME)
    apply(qt)
    return qt


def tell(error: PosError, say: Translator) -> None:
    """Show an error before there is a window to show it in."""
    box = QMessageBox(QMessageBox.Icon.Critical, NAME, say.say(error.title_message))
    box.setInformativeText(f"{say.say(error.detail)}\n{say.say(error.next_step)}")
    box.exec()


def unlock(app: Application, runner: TaskRunner, say: Translator) -> None:
    """Ask for the vault's passphrase until it is right, and bring a first run about that did not come to its end.

    Raises:
        Cancelled: A person gave it up.
        PosError: The home cannot be looked into.
    """
    if app.home.exists():
        _ask_passphrase(app, runner, say)
        if waited(runner, lambda: app.read_only or app.home.recovery_told()):
            return
    from posapp.ui.first_run import run_first_run  # noqa: PLC0415 (no other start needs it)

    if not run_first_run(app, runner, say):
        raise Cancelled


def _ask_passphrase(app: Application, runner: TaskRunner, say: Translator) -> None:
    while waited(runner, app.home.needs_passphrase):
        passphrase, given = QInputDialog.getText(
            None, NAME, say(N_("Passphrase of this till's vault")), QLineEdit.EchoMode.Password
        )
        if not given:
            raise Cancelled
        try:
            waited(runner, lambda text=passphrase: app.home.unlock(text))  # type: ignore[misc]
        except PosError as error:
            tell(error, say)
