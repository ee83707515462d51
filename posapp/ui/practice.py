"""The practice till in a window of its own: made-up customers and no way to a server; its strip says so."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, Qt, Slot

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.ui.bridge.desk import Desk, make_desk, open_book
from posapp.ui.bridge.task_runner import TaskRunner, waited
from posapp.ui.main_window import MainWindow


class PracticeController(QObject):
    """Opens the practice till from a window's menu, one at a time."""

    def __init__(self, window: MainWindow, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        window.menu.practice_wanted.connect(self._on_practice_wanted)

    @Slot()
    def _on_practice_wanted(self) -> None:
        self._window.menu.setEnabled(False)
        try:
            show_practice(self._desk.app, self._desk.runner, self._desk.say)
        except PosError as error:
            self._window.toast.tell_error(error)
        finally:
            self._window.menu.setEnabled(True)


def show_practice(app: Application, runner: TaskRunner, say: Translator) -> None:
    """Show the practice till until its window is closed.

    Args:
        app: The shop's own till; it is not touched.
        runner: Makes the practice till and takes it down.
        say: Says sentences.

    Raises:
        PosError: The practice till cannot be made.
    """
    context = app.practice()
    practice = waited(runner, context.__enter__)
    try:
        desk = make_desk(practice, waited(runner, lambda: open_book(practice)), say=say)
        try:
            _show(desk)
        finally:
            desk.close()
    finally:
        waited(runner, lambda: context.__exit__(None, None, None))


def _show(desk: Desk) -> None:
    """Show the window over the practice till until it is closed."""
    window = MainWindow(desk)
    window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
    window.setWindowTitle(desk.say(N_("Practice till")))
    closed = QEventLoop()
    window.closed.connect(closed.quit)
    window.show()
    closed.exec()
    shiboken6.delete(window)  # here and now: the collector might take it apart on a worker's thread
