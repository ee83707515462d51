"""From a key or a button to a dialog, and from a recorded act to what the window says of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from posapp.domain.messages import N_
from posapp.services.dto import KhataLine, PointsLine, SaleRecord
from posapp.services.inbox import FoundItem
from posapp.services.lookup import Card
from posapp.services.resolving.decision import Offer
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.about_dialog import AboutDialog
from posapp.ui.dialogs.act_dialog import ActDialog, Told
from posapp.ui.dialogs.form_dialog import FormDialog
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.toast import Toast


class ActController(QObject):
    """Opens the dialogs of a window, one at a time; the window stays alive behind it.

    Signals:
        done: An act stands; a `Told`.
        customer_wanted: A dialog was left for the card of this customer.
        closed: The dialog is gone.
    """

    done = Signal(object)
    customer_wanted = Signal(str)
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

        dialog = CustomerDialog(self._desk, None, typed, self._window)
        dialog.open_instead.connect(self.customer_wanted)
        self.open(dialog)

    def reverse(self, card: Card | None, line: KhataLine | PointsLine | SaleRecord) -> None:
        """Open the dialog that undoes a line, a bill or a movement of points."""
        if self._dialog is not None or card is None or self._only_looking(None):
            return
        from posapp.ui.dialogs.reversal_dialog import ReversalDialog  # noqa: PLC0415 (not needed for the first screen)

        self.open(ReversalDialog(self._desk, card, line, self._window))

    def connect_server(self) -> None:
        """Open the dialog that connects this till to a server, or signs in anew."""
        if self._dialog is None and not self._only_looking(None):
            from posapp.ui.dialogs.connect_dialog import ConnectDialog  # noqa: PLC0415 (not needed for the first screen)

            self.open(ConnectDialog(self._desk, self._window))

    def settle(self, found: FoundItem, offer: Offer) -> None:
        """Open the dialog that settles an item of the inbox by one of its choices."""
        if self._dialog is None and not self._only_looking(None):
            from posapp.ui.dialogs.resolve_dialog import ResolveDialog  # noqa: PLC0415 (not needed for the first screen)

            self.open(ResolveDialog(self._desk, found, offer, self._window))

    def change_pin(self) -> None:
        """Open the dialog of the manager's PIN."""
        if self._dialog is None and not self._only_looking(None):
            from posapp.ui.dialogs.pin_dialog import PinDialog  # noqa: PLC0415 (not needed for the first screen)

            self.open(PinDialog(self._desk, self._window))

    def tell_about(self) -> None:
        """Open versions and licences."""
        if self._dialog is None:
            self.open(AboutDialog(self._desk.say, self._window))

    def open(self, dialog: QDialog) -> None:
        """Show a dialog over the window; the caller knows that none is open."""
        self._dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(dialog, ActDialog):
            dialog.recorded.connect(self._on_recorded)
        elif isinstance(dialog, FormDialog):
            dialog.saved.connect(self._toast.tell)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _only_looking(self, act: Act | None) -> bool:
        """Say that nothing can be recorded, where that is so; a statement can be read all the same."""
        if not self._desk.opened.read_only or act is Act.STATEMENT:
            return False
        self._toast.tell(
            self._desk.say(N_("Look only: another program has this till open, or its disk takes no writes")),
            tone=Tone.WARN,
        )
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
