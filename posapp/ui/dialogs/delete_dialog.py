"""Deleting a customer: what it means here is said, and a second, deliberate act is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.messages import N_, Message
from posapp.services.customers import ConfirmDelete, DeleteRefused, delete_customer
from posapp.services.lookup import Card
from posapp.services.till import Recorded, Till
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import ActDialog, Told
from posapp.ui.theme.tokens import M, Tone, Type
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.widgets.buttons import Kind
from posapp.ui.widgets.labels import Label
from posapp.ui.wording import balance_said, points_said

_WIDTH, _HEIGHT = 760, 150


@dataclass(frozen=True, slots=True)
class Prospect:
    """What deleting would come to: its meaning on this server, or the rule that stands against it."""

    meaning: Message | None = None
    refusal: PosError | None = None


class DeleteDialog(ActDialog[Prospect, Recorded]):
    """Asks twice; Enter on the dialog as it opens cancels."""

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        say, name = desk.say, card.customer.profile.name
        super().__init__(
            desk,
            title=say(N_("Delete customer")),
            about=name,
            icon="trash-2",
            action=say(N_("Delete for ever")),
            kind=Kind.DANGER,
            parent=parent,
        )
        self._card = card
        self._meaning = Label("", Type.SUBTITLE, wraps=True)
        self.understood = QCheckBox(say(N_("I understand that this cannot be taken back")))
        self.understood.toggled.connect(self._on_understood)
        self.form.addWidget(self._meaning)
        self.form.addSpacing(M)
        self.form.addWidget(self.understood)
        self._show_numbers()
        self.show_preview(None)
        self.reserve(_WIDTH, _HEIGHT)
        self.cancel_button.setFocus()
        self.edited()

    def preview(self) -> Callable[[], Prospect]:
        """Ask the service what deleting means, without doing it."""
        return partial(_prospect, self.desk.till, self.operation_id, self._card.customer.id)

    def show_preview(self, preview: Prospect | None) -> None:
        """Say what deleting means; the box can be ticked where nothing stands against it."""
        possible = preview is not None and preview.meaning is not None
        if preview is not None and preview.meaning is not None:
            self._meaning.setText(self.say.say(preview.meaning))
        self._meaning.setVisible(possible)
        self.understood.setVisible(possible)
        self._on_understood()

    def refusal_in(self, preview: Prospect) -> PosError | None:
        """Return the rule that stands against it."""
        return preview.refusal

    def act(self) -> Callable[[], Recorded] | None:
        """Delete, once the box is ticked."""
        if not self.understood.isChecked():
            return None
        return partial(
            delete_customer,
            self.desk.till,
            operation_id=self.operation_id,
            customer_id=self._card.customer.id,
            confirmed=True,
        )

    def told(self, result: Recorded) -> Told:
        """Say who is gone."""
        name = self._card.customer.profile.name
        return Told(self.say(N_("{name} was deleted"), name=name), result.customer.id)

    def meaning(self) -> str:
        """Return what deleting means, as shown."""
        return self._meaning.text()

    def _on_understood(self) -> None:
        self.action_button.setEnabled(self.understood.isChecked() and not self.busy)

    def _show_numbers(self) -> None:
        standing = self._card.standing
        said = balance_said(self.say, standing.balance)
        self.after.set_title(self.say(N_("As it stands now")))
        self.after.show_rows(
            (
                AfterRow(said.caption, said.value, "", said.tone, strong=True),
                AfterRow(self.say(N_("Points")), points_said(self.say, standing.points), "", Tone.NORMAL),
            )
        )


def _prospect(till: Till, operation_id: OperationId, customer_id: CustomerId) -> Prospect:
    try:
        delete_customer(till, operation_id=operation_id, customer_id=customer_id, confirmed=False)
    except ConfirmDelete as question:
        meaning = question.params["meaning"]
        assert isinstance(meaning, Message)
        return Prospect(meaning=meaning)
    except DeleteRefused as refusal:
        return Prospect(refusal=refusal)
    return Prospect()
