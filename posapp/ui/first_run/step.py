"""What every step of the first start is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.ui.bridge.task_runner import TaskRunner
from posapp.ui.theme.tokens import S
from posapp.ui.widgets.banner import Banner

T = TypeVar("T")


@dataclass(slots=True)
class Beginning:
    """What the steps share while a till is being begun.

    Attributes:
        app: The till.
        runner: Runs what takes time.
        say: Says sentences.
        code: The recovery code that nobody has written down yet; empty until it is drawn.
        connected: Whether the till has a server.
        made: Whether there is a book.
        passphrase_needed: Whether the keychain is a vault that has no passphrase yet.
    """

    app: Application
    runner: TaskRunner
    say: Translator
    code: str = ""
    connected: bool = False
    made: bool = False
    passphrase_needed: bool = False


class Step(QWidget):
    """A page of the wizard: fields, and what *Next* does with them.

    Attributes:
        title: At its top, and in the list of steps.
        about: One sentence under it.
        next_words: On the button that goes on.
        skip_words: On the button that leaves it out; empty where that cannot be.

    Signals:
        passed: What the step is for is done; the next one may come.
        changed: The words of its buttons, or whether it is busy, changed.
    """

    title = ""
    about = ""
    next_words = ""
    skip_words = ""

    passed = Signal()
    changed = Signal()

    def __init__(self, beginning: Beginning) -> None:
        super().__init__()
        self.beginning = beginning
        self.say = beginning.say
        self.busy = False
        self.banner = Banner()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(S)

    def begin(self) -> None:
        """Get ready to be shown, and put the focus where typing begins."""

    def go_on(self) -> None:
        """Check what was typed and do it; ends with `passed`, or says what is wrong."""
        self.passed.emit()

    def skip(self) -> None:
        """Leave the step out."""
        self.passed.emit()

    def can_go_back(self) -> bool:
        """Return whether the step before can still be changed."""
        return False

    def run(self, act: Callable[[], T], done: Callable[[T], None], *, online: bool = False) -> None:
        """Do something that takes time; what goes wrong is said by `failed`."""

        def ended(result: Any) -> None:
            self._set_busy(busy=False)
            done(result)

        self.banner.hide()
        self._set_busy(busy=True)
        self.beginning.runner.run(act, done=ended, failed=self._on_failed, owner=self, online=online)

    def failed(self, error: PosError) -> None:
        """Say what went wrong."""
        self.banner.say_error(error, self.say)

    def _on_failed(self, error: PosError) -> None:
        self._set_busy(busy=False)
        self.failed(error)

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        self.changed.emit()
