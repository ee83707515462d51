"""From a key or a button to a dialog, and from a recorded act to what the window says of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from posapp.domain.messages import N_
from posapp.services.dto import KhataLine
from posapp.services.lookup import Card
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.toast import Toast


class ActController(QObject):
    """Opens the dialogs of a window, one at a time; the window stays alive behind it.

    Signals:
        done: An act stands; a `Told`.
        closed: The dialog is gone.
    """

    done = Signal(object)
    closed = Signal()

    def __init__(self, desk: Desk, toast: Toast, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._toast = toast
        self._window = window
        self._dialog: QDialog | None = None

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._dialog

    def begin(self, act: Act, card: Card | None) -> None:
        """Open the dialog of an act with a customer; without one, say how to get one."""
        if self._dialog is not None or self._only_looking(act):
            return
        if card is None:
            self._toast.tell(
                self._desk.say(N_("Choose a customer first: type a name or a phone, then Enter")), tone=Tone.INFO
            )
            return
        from posapp.ui.dialogs.offering import make_dialog  # noqa: PLC0415 (not needed for the first screen)

        self.open(make_dialog(act, self._desk, card, self._window))

    def add_customer(self, typed: str) -> None:
        """Open the dialog of a new customer with what was typed in the search."""
        if self._dialog is not None or self._only_looking(None):
            return
        from posapp.ui.dialogs.customer_dialog import CustomerDialog  # noqa: PLC0415 (not needed for the first screen)

        self.open(CustomerDialog(self._desk, None, typed, self._window))

    def reverse(self, card: Card | None, line: KhataLine) -> None:
        """Open the dialog that takes a line back."""
        if self._dialog is not None or card is None or self._only_looking(None):
            return
        from posapp.ui.dialogs.reversal_dialog import ReversalDialog  # noqa: PLC0415 (not needed for the first screen)

        self.open(ReversalDialog(self._desk, card, line, self._window))

    def open(self, dialog: QDialog) -> None:
        """Show a dialog over the window, unless one is open already."""
        if self._dialog is not None:
            dialog.deleteLater()
            return
        self._dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if hasattr(dialog, "recorded"):
            dialog.recorded.connect(self._on_recorded)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _only_looking(self, act: Act | None) -> bool:
        """Say that nothing can be recorded, where that is so; a statement can be read all the same."""
        if not self._desk.opened.read_only or act is Act.STATEMENT:
            return False
        self._toast.tell(self._desk.say(N_("Another program has this till open: look only")), tone=Tone.WARN)
        return True

    @Slot(object)
    def _on_recorded(self, told: Told) -> None:
        slip = self._desk.say(N_("Slip")) if told.operation_id else ""
        self._toast.tell(told.text, button=slip, payload=told.operation_id)
        self.done.emit(told)

    @Slot()
    def _on_finished(self) -> None:
        self._dialog = None
        self.closed.emit()
