"""The frame of every dialog that records an act.

The act's id is made when the dialog opens, so that a double click, or a press after an answer was lost, is the same act
(design, section 4). While one types, a preview is worked out off the GUI thread and shown as *after this*; only the
newest one counts. What a rule refuses is said in the dialog and nothing is lost; what a rule asks is asked there.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from posapp.domain.errors import CommitUnknown, PosError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.policy import LargeAmount
from posapp.ui.bridge.desk import Desk
from posapp.ui.bridge.task_runner import Task
from posapp.ui.theme.tokens import XL, M, S, Tone, Type
from posapp.ui.widgets.abstract import AbstractQt
from posapp.ui.widgets.after_panel import AfterPanel
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.dialog_frame import column, foot, head
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import ElidedLabel, IconLabel, Label, hairline

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Told:
    """What the window says once an act stands.

    Attributes:
        text: A short sentence (“Payment of ₹500.00 saved”).
        customer_id: Whose numbers changed.
        operation_id: The act, where a slip can be made of it.
    """

    text: str
    customer_id: CustomerId
    operation_id: OperationId | None = None


_WIDTH = 712
PREVIEW_PAUSE_MS = 30
"""A pause in typing after which the preview is worked out; shorter than anybody notices."""


class ActDialog(QDialog, Generic[P, R], metaclass=AbstractQt):
    """Header, form at the left, *after this* at the right, what went wrong below, Esc and Enter.

    A subclass adds fields to `form`, perhaps more than *after this* to `side`, calls `edited` when one changes, and
    says how the act is previewed and recorded. What a preview or a service refuses is said below the field it is about
    (`field_of`), else in the banner, which has its room below the form, so that nothing jumps.

    Signals:
        recorded: The act stands; a `Told`. Emitted before the dialog closes.
    """

    recorded = Signal(object)

    def __init__(
        self,
        desk: Desk,
        *,
        title: str,
        about: str,
        icon: str,
        action: str,
        kind: Kind = Kind.PRIMARY,
        parent: QWidget | None = None,
    ) -> None:
        """Build the frame.

        Args:
            desk: The till.
            title: What the dialog does.
            about: Whom or what it is about.
            icon: Of the act.
            action: On the button that records it.
            kind: How that button looks.
            parent: The window.
        """
        super().__init__(parent)
        self.desk = desk
        self.say = desk.say
        self.operation_id = OperationId(new_uuid())
        self.confirmed = False
        self._busy = False
        self._said: PosError | None = None
        self._wrong: Field | None = None
        self._previewing: Task[P] | None = None
        self.setModal(True)
        self.setWindowTitle(title)
        self.form = QVBoxLayout()
        self.form.setSpacing(S)
        self.after = AfterPanel(self.say(N_("After this")))
        self.side = QVBoxLayout()
        self.side.setSpacing(M)
        self.side.addWidget(self.after, 1)
        self.banner = Banner()
        self.cancel_button = KeyButton(self.say(N_("Cancel")), key="Esc", kind=Kind.QUIET)
        self.action_button = KeyButton(action, key="Enter", kind=kind)
        self.cancel_button.clicked.connect(self.reject)
        self.action_button.clicked.connect(self.confirm)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(QKeySequence(key), self)
            enter.setAutoRepeat(False)
            enter.activated.connect(self._on_enter)
        self._lay_out(title, about, icon)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_PAUSE_MS)
        self._pause.timeout.connect(self._preview)

    @abstractmethod
    def preview(self) -> Callable[[], P] | None:
        """Return what works the preview out on a worker's thread, from the fields as they are now; None for nothing."""

    @abstractmethod
    def show_preview(self, preview: P | None) -> None:
        """Show a preview, or that there is nothing to preview yet."""

    @abstractmethod
    def act(self) -> Callable[[], R] | None:
        """Return what records the act on a worker's thread; None where a field is missing, which is said there."""

    @abstractmethod
    def told(self, result: R) -> Told:
        """Return what the window says of a recorded act."""

    def goes_online(self) -> bool:
        """Return whether the act may wait for the server."""
        return False

    def refusal_in(self, preview: P) -> PosError | None:  # noqa: ARG002 (for a subclass)
        """Return the rule that a preview says would refuse the act; None for none."""
        return None

    def field_of(self, error: PosError) -> Field | None:  # noqa: ARG002 (for a subclass)
        """Return the field that an error is about; None where the banner says it."""
        return None

    def edited(self, *_: object) -> None:
        """Note that a field changed: what was confirmed before does not count any more."""
        self.confirmed = False
        self._pause.start()

    def confirm(self) -> None:
        """Record the act, once, however often it is pressed."""
        if self._busy:
            return
        act = self.act()
        if act is None:
            return
        if self.goes_online():
            self._stop_preview()
        elif self._pause.isActive():
            self._preview()
        self._set_busy(busy=True)
        self.desk.runner.run(
            act, done=self._on_act_done, failed=self._on_act_failed, owner=self, online=self.goes_online()
        )

    def on_failed(self, error: PosError) -> None:
        """Say why the act does not stand, or would not; an unusually large amount is asked about."""
        field = self.field_of(error)
        if field is not None:
            self.banner.hide()
            self.set_wrong(field, error)
        elif isinstance(error, LargeAmount):
            yes = self.offer("F2", self.say(N_("Yes, the amount is right")), self._on_large_confirmed, "check")
            text = self.say(N_("It is more than ten times the largest so far ({largest})."), **error.params)
            self.banner.say(Tone.WARN, self.say(N_("Really {amount}?"), **error.params), text, (yes,))
        elif isinstance(error, CommitUnknown):
            again = self.offer("F2", self.say(N_("Try again")), self.confirm, "check")
            text = self.say(N_("Try again: it is the same act, never counted twice."))
            self.banner.say(Tone.BAD, self.say.say(error.title_message), text, (again,))
        else:
            self.banner.say_error(error, self.say)

    def set_wrong(self, field: Field, error: PosError) -> None:
        """Say below a field what is wrong with it, until the next preview."""
        self._wrong = field
        field.set_wrong(self.say.say(error.detail))

    def offer(self, key: str, words: str, act: Callable[[], object], icon: str = "") -> KeyButton:
        """Return a button for the banner that does something at its key."""
        button = KeyButton(words, key=key, icon=icon, binds=True)
        button.clicked.connect(act)
        return button

    def reject(self) -> None:
        """Close without an act; not while one is on its way, for its outcome must be seen."""
        if not self._busy:
            super().reject()

    def done(self, result: int) -> None:
        """Close; nothing is worked out any more."""
        self._stop_preview()
        super().done(result)

    def reserve(self, width: int, height: int) -> None:
        """Take so much room for form and side from the beginning, so that nothing jumps when there is more to say."""
        self._column.addStrut(width)
        self._body.addStrut(height)

    @property
    def busy(self) -> bool:
        """Whether the act is on its way."""
        return self._busy

    def on_busy(self, *, busy: bool) -> None:
        """Look busy, or not any more."""

    def _preview(self) -> None:
        self._stop_preview()
        stale, self._wrong = self._wrong, None
        work = self.preview()
        if work is None:
            if stale is not None and stale is not self._wrong:
                stale.set_wrong("")
            self.banner.hide()
            self.show_preview(None)
            return
        self._wrong = self._wrong or stale
        self._previewing = self.desk.runner.run(
            work, done=self._show, failed=self._on_preview_failed, owner=self, reading=True
        )

    def _stop_preview(self) -> None:
        self._pause.stop()
        if self._previewing is not None:
            self._previewing.drop()
            self._previewing = None

    def _show(self, preview: P) -> None:
        """Show what an act would do, then what would refuse it; the same refusal is not said anew."""
        if self._busy:  # how the act itself ends is said in a moment
            self.show_preview(preview)
            return
        refusal = self.refusal_in(preview)
        if self._wrong is not None:
            self._wrong.set_wrong("")
            self._wrong = None
        self.show_preview(preview)
        if refusal is None:
            self.banner.hide()
        elif self.field_of(refusal) is not None or not (_alike(refusal, self._said) and self.banner.words()):
            self.on_failed(refusal)
        self._said = refusal

    def _on_preview_failed(self, error: PosError) -> None:
        if self._busy:
            return
        self.show_preview(None)
        self._said = error
        self.on_failed(error)

    def _on_act_done(self, result: Any) -> None:
        self._set_busy(busy=False)
        self.finish(self.told(result))

    def finish(self, told: Told) -> None:
        """Close, telling what stands."""
        self.desk.acted(told.customer_id)
        self.recorded.emit(told)
        self.accept()

    def _on_act_failed(self, error: PosError) -> None:
        self._set_busy(busy=False)
        self._said = error
        self.on_failed(error)
        if self._wrong is not None:
            self._wrong.editor.setFocus()

    def _on_enter(self) -> None:
        """Press the button that has the focus, or else record the act; one of several choices is no act."""
        focus = self.focusWidget()
        if isinstance(focus, QPushButton) and not focus.isCheckable() and focus is not self.action_button:
            focus.click()
        else:
            self.confirm()

    def _on_large_confirmed(self) -> None:
        self.confirmed = True
        self.banner.hide()
        self.confirm()

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.on_busy(busy=busy)
        self.action_button.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)

    def _lay_out(self, title: str, about: str, icon: str) -> None:
        self._body = body = QHBoxLayout()
        body.setSpacing(XL)
        left = QVBoxLayout()
        left.setSpacing(S)
        left.addLayout(self.form)
        left.addStretch(1)
        left.addWidget(self.banner)
        body.addLayout(left, 1)
        body.addLayout(self.side)
        self.foot = foot(self.cancel_button, self.action_button)
        self._column = whole = column(self)
        whole.addStrut(_WIDTH)
        subject = ElidedLabel(about, Type.BODY, Tone.MUTED)
        whole.addLayout(head(IconLabel(icon, Tone.ACCENT, 28), Label(title, Type.TITLE), subject))
        whole.addWidget(hairline())
        whole.addLayout(body, 1)
        whole.addLayout(self.foot)


def _alike(one: PosError, other: PosError | None) -> bool:
    return type(one) is type(other) and other is not None and one.params == other.params
