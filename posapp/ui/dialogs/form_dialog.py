"""The frame of a dialog that sets something up: a form, what went wrong, Esc and Enter."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import S, Tone, Type
from posapp.ui.widgets.abstract import AbstractQt
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.dialog_frame import column, foot, head
from posapp.ui.widgets.labels import IconLabel, Label, hairline

T = TypeVar("T")
_WIDTH = 600


class FormDialog(QDialog, metaclass=AbstractQt):
    """A subclass adds its form to `body` and says in `go_on` what Enter does.

    Signals:
        saved: What was set up, as a sentence. Emitted before the dialog closes.
    """

    saved = Signal(str)

    def __init__(
        self, desk: Desk, *, title: str, about: str, icon: str, action: str, parent: QWidget | None = None
    ) -> None:
        """Build the frame; the arguments are those of `ActDialog`."""
        super().__init__(parent)
        self.desk, self.say = desk, desk.say
        self.busy = False
        self.setModal(True)
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(S)
        self.banner = Banner()
        self.cancel_button = KeyButton(self.say(N_("Cancel")), key="Esc", kind=Kind.QUIET)
        self.action_button = KeyButton(action, key="Enter", kind=Kind.PRIMARY)
        self.cancel_button.clicked.connect(self.reject)
        self.action_button.clicked.connect(self._on_action)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self).activated.connect(self._on_enter)
        self._lay_out(title, about, icon)

    @abstractmethod
    def go_on(self) -> None:
        """Check what was typed and do it."""

    def failed(self, error: PosError) -> None:
        """Say what went wrong."""
        self.banner.say_error(error, self.say)

    def run(self, act: Callable[[], T], done: Callable[[T], None], *, online: bool = False) -> None:
        """Do something that takes time, once however often it is asked for."""

        def ended(result: Any) -> None:
            self._set_busy(busy=False)
            done(result)

        self.banner.hide()
        self._set_busy(busy=True)
        self.desk.runner.run(act, done=ended, failed=self._on_failed, owner=self, online=online)

    def finish(self, text: str) -> None:
        """Close, telling what was set up."""
        self.saved.emit(text)
        self.accept()

    def reject(self) -> None:
        """Close; not while something is on its way."""
        if not self.busy:
            super().reject()

    def _on_action(self) -> None:
        if not self.busy:
            self.go_on()

    def _on_enter(self) -> None:
        """Press the button that has the focus, or else go on; one of several choices is no act."""
        focus = self.focusWidget()
        if isinstance(focus, QPushButton) and not focus.isCheckable() and focus is not self.action_button:
            focus.click()
        else:
            self._on_action()

    def _on_failed(self, error: PosError) -> None:
        self._set_busy(busy=False)
        self.failed(error)

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        self.action_button.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)

    def _lay_out(self, title: str, about: str, icon: str) -> None:
        said = Label(about, Type.BODY, Tone.MUTED, wraps=True)
        said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        whole = column(self)
        whole.addStrut(_WIDTH)
        whole.addLayout(head(IconLabel(icon, Tone.ACCENT, 28), Label(title, Type.TITLE), said))
        whole.addWidget(hairline())
        whole.addLayout(self.body, 1)
        whole.addWidget(self.banner)
        whole.addLayout(foot(self.cancel_button, self.action_button))
