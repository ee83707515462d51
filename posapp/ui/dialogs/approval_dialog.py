"""A manager allows one act: a PIN, and nothing else that could distract."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import Tone, Type
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.dialog_frame import column, fit_height, foot, head
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import IconLabel, Label

_WIDTH, _HEIGHT = 460, 372


class ApprovalDialog(QDialog):
    """Asks for the manager's PIN.

    Signals:
        approved: How the approval is written into the act.
    """

    approved = Signal(str)

    def __init__(self, desk: Desk, what: str, parent: QWidget | None = None) -> None:
        """Ask.

        Args:
            desk: The till.
            what: What is to be allowed, in a sentence.
            parent: The dialog of the act.
        """
        super().__init__(parent)
        self.desk, self.say = desk, desk.say
        self._busy = False
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.say(N_("Manager's PIN")))
        self.setMinimumSize(_WIDTH, _HEIGHT)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setProperty("room", "amount")
        self.pin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pin.setMaxLength(12)
        self.field = Field(self.say(N_("Manager's PIN")), self.pin)
        self.banner = Banner()
        self.cancel_button = KeyButton(self.say(N_("Cancel")), key="Esc", kind=Kind.QUIET)
        self.action_button = KeyButton(self.say(N_("Allow and record")), key="Enter", kind=Kind.PRIMARY)
        self.cancel_button.clicked.connect(self.reject)
        self.action_button.clicked.connect(self.confirm)
        self.pin.textChanged.connect(self._on_pin_changed)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(QKeySequence(key), self)
            enter.setAutoRepeat(False)
            enter.activated.connect(self._on_enter)
        self._lay_out(what)
        self.pin.setFocus()

    def confirm(self) -> None:
        """Check the PIN, once."""
        if self._busy or not self.pin.text():
            self.pin.setFocus()
            return
        self._set_busy(busy=True)
        check = partial(self.desk.app.approve, self.pin.text())
        self.desk.runner.run(check, done=self._on_approved, failed=self._on_refused, owner=self)

    def reject(self) -> None:
        """Close without a word; not while a PIN is being checked."""
        if not self._busy:
            super().reject()

    def _on_enter(self) -> None:
        if self.focusWidget() is self.cancel_button:
            self.reject()
        else:
            self.confirm()

    def _on_pin_changed(self) -> None:
        self.field.set_wrong("")

    def _on_approved(self, manager: str) -> None:
        self._set_busy(busy=False)
        self.pin.clear()
        self.approved.emit(manager)
        self.accept()

    def _on_refused(self, error: PosError) -> None:
        self._set_busy(busy=False)
        self.pin.clear()
        self.banner.say_error(error, self.say)
        fit_height(self)
        self.pin.setFocus()

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.action_button.setEnabled(not busy)

    def _lay_out(self, what: str) -> None:
        whole = column(self)
        about = Label(what, Type.BODY, Tone.MUTED, wraps=True)
        title = Label(self.say(N_("Ask the manager")), Type.TITLE)
        whole.addLayout(head(IconLabel("key-round", Tone.ACCENT, 28), title, about))
        whole.addWidget(self.field)
        whole.addWidget(self.banner)
        whole.addStretch(1)
        whole.addLayout(foot(self.cancel_button, self.action_button))
