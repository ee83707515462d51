"""Before there is a window: Qt's names, and the vault's passphrase asked for by a person's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from posapp.app import open_till
from posapp.domain.errors import Cancelled
from posapp.home import DEFAULT_SHOP
from posapp.locale.translator import Translator
from posapp.ui.application import make_application, run_window, unlock
from posapp.ui.bridge.task_runner import TaskRunner
from posapp.ui.main_window import MainWindow

PASSPHRASE = "only for tests"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a vault and a book."""
    with open_till(tmp_path / "home", keyring=False, tell=None) as app:
        app.home.unlock(PASSPHRASE)
        assert app.home.try_recovery(app.home.begin(DEFAULT_SHOP))
    return tmp_path / "home"


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


class Person:
    """Answers one dialog after the other, as each comes up."""

    def __init__(self, *answers: Callable[[QDialog], None]) -> None:
        self.answers = list(answers)
        self.timer = QTimer(interval=5)
        self.timer.timeout.connect(self._look)
        self.timer.start()

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.isVisible():
            assert self.answers, "one dialog more than expected"
            self.answers.pop(0)(dialog)


def test_the_passphrase_is_asked_for_until_it_is_right(home: Path, runner: TaskRunner, qtbot: QtBot) -> None:
    def types(text: str) -> Callable[[QDialog], None]:
        def answer(dialog: QDialog) -> None:
            assert isinstance(dialog, QInputDialog)
            dialog.setTextValue(text)
            qtbot.keyClick(dialog, Qt.Key.Key_Return)

        return answer

    def reads(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        assert "passphrase" in dialog.text() + dialog.informativeText()
        qtbot.keyClick(dialog, Qt.Key.Key_Return)

    with open_till(home, keyring=False, tell=None) as app:
        person = Person(types("something else"), reads, types(PASSPHRASE))
        unlock(app, runner, Translator("en"))
        assert person.answers == []
        assert not app.home.needs_passphrase()
        unlock(app, runner, Translator("en"))


def test_giving_the_passphrase_up_ends_the_start(home: Path, runner: TaskRunner, qtbot: QtBot) -> None:
    with open_till(home, keyring=False, tell=None) as app:
        person = Person(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
        with pytest.raises(Cancelled):
            unlock(app, runner, Translator("en"))
        assert person.answers == []


def test_there_is_one_application_and_it_has_names(qapp: QApplication) -> None:
    assert make_application() is qapp
    assert make_application().applicationName() == "posapp"
    assert QGuiApplication.desktopFileName() == "posapp"


def test_the_window_runs_until_it_is_closed(home: Path, qapp: QApplication, qtbot: QtBot) -> None:
    seen: list[MainWindow] = []

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                seen.append(window)
                window.close()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    with open_till(home, passphrase=lambda: PASSPHRASE, keyring=False, tell=None) as app:
        app.home.unlock(PASSPHRASE)
        assert run_window(app, say=Translator("en")) == 0
    timer.stop()
    assert len(seen) == 1


def test_the_shops_window_can_be_closed_while_the_practice_till_is_open(
    home: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    seen: list[MainWindow] = []

    def look() -> None:
        shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        if len(shown) == 1 and not seen:
            seen.append(shown[0])
            QTimer.singleShot(0, shown[0].menu, shown[0].menu.practice_wanted.emit)
        elif len(shown) == 2:
            seen[0].close()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    with open_till(home, passphrase=lambda: PASSPHRASE, keyring=False, tell=None) as app:
        app.home.unlock(PASSPHRASE)
        assert run_window(app, say=Translator("en")) == 0
    timer.stop()
    assert [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()] == []
