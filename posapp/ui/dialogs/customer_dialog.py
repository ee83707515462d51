"""Adding and editing a customer, with a warning while one types when she seems to be there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.services import lookup
from posapp.services.customers import AddedCustomer, NothingChanged, add_customer, edit_customer
from posapp.services.lookup import Card
from posapp.services.ports.search import FoundCustomer
from posapp.services.till import Recorded
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import ActDialog, Told
from posapp.ui.dialogs.alike_panel import AlikePanel
from posapp.ui.dialogs.customer_form import CustomerForm
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.widgets.fields import Field
from posapp.ui.wording import balance_said

Alike = Sequence[FoundCustomer]
_LONGEST = 24
_WIDTH = 932


class CustomerDialog(ActDialog[Alike, "AddedCustomer | Recorded"]):
    """A new customer, or another value of some of her fields.

    Signals:
        open_instead: The id of a customer who is there already and whose card is wanted instead; the dialog is closed.
    """

    open_instead = Signal(str)

    def __init__(self, desk: Desk, card: Card | None, typed: str = "", parent: QWidget | None = None) -> None:
        """Open the form.

        Args:
            desk: The till.
            card: Who is edited; None for a new customer.
            typed: What stood in the search.
            parent: The window.
        """
        say = desk.say
        self._card = card
        super().__init__(
            desk,
            title=say(N_("New customer")) if card is None else say(N_("Edit customer")),
            about=say(N_("Only the name is needed; everything else can follow later."))
            if card is None
            else card.customer.profile.name,
            icon="user-plus" if card is None else "pencil",
            action=say(N_("Add customer")) if card is None else say(N_("Save changes")),
            parent=parent,
        )
        self.reserve(_WIDTH, 0)
        self.fields = CustomerForm(say, desk.shop(), None if card is None else card.customer)
        self.form.addWidget(self.fields)
        self.alike = AlikePanel(say)
        self.side.insertWidget(0, self.alike)
        self.alike.chosen.connect(self._on_alike_chosen)
        self.fields.edited.connect(self.edited)
        self.fields.name.setFocus()
        if typed.strip():
            self.fields.put_typed(typed)
        self.show_preview(None)
        QTimer.singleShot(0, self, self.edited)

    def preview(self) -> Callable[[], Alike] | None:
        """Look for who is alike."""
        typed = self.fields.profile()
        if not typed.name.strip() and not typed.phone and not typed.email:
            return None
        besides = None if self._card is None else self._card.customer.id
        return partial(
            lookup.alike, self.desk.till, name=typed.name, phone=typed.phone, email=typed.email, besides=besides
        )

    def show_preview(self, preview: Alike | None) -> None:
        """Show who is alike and what will have changed."""
        self.alike.show_alike(preview or ())
        self.after.show_rows(self._new_rows() if self._card is None else self._edit_rows(self._card))

    def act(self) -> Callable[[], AddedCustomer | Recorded] | None:
        """Record the new customer, or what changed."""
        fields = self.fields
        if not fields.ready():
            return None
        if self._card is None:
            return partial(
                add_customer,
                self.desk.till,
                operation_id=self.operation_id,
                profile=fields.profile(),
                opening_balance=fields.opening_balance(),
                card_code=fields.card.text().strip() or None,
                credit_limit=fields.limit.amount(),
                confirmed=self.confirmed,
            )
        return partial(
            edit_customer,
            self.desk.till,
            operation_id=self.operation_id,
            customer_id=self._card.customer.id,
            fields=fields.changes(),
            card_code=fields.card_change(),
            credit_limit=fields.limit.amount(),
        )

    def told(self, result: AddedCustomer | Recorded) -> Told:
        """Say who was added or changed."""
        if isinstance(result, AddedCustomer):
            customer = result.recorded.customer
            return Told(self.say(N_("{name} is a customer now"), name=customer.profile.name), customer.id)
        return Told(self.say(N_("Changes to {name} saved"), name=result.customer.profile.name), result.customer.id)

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        return self.fields.field_of(error)

    def on_failed(self, error: PosError) -> None:
        """Say what is wrong; an edit that changes nothing simply ends."""
        if isinstance(error, NothingChanged):
            self.accept()
        else:
            super().on_failed(error)

    @Slot(str)
    def _on_alike_chosen(self, customer_id: str) -> None:
        if not self.busy:
            self.reject()
            self.open_instead.emit(customer_id)

    def _new_rows(self) -> tuple[AfterRow, ...]:
        opening = self.fields.opening_balance() or Money(0, self.desk.shop().currency)
        said = balance_said(self.say, -opening)
        limit = self.fields.limit.amount()
        return (AfterRow(said.caption, said.value, "", said.tone, strong=True), *self._limit_rows(limit, opening))

    def _limit_rows(self, limit: Money | None, owed: Money) -> tuple[AfterRow, ...]:
        most = self.desk.shop().credit_limit if limit is None else limit
        if most is None:
            return (AfterRow(self.say(N_("May owe at most")), self.say(N_("no limit"))),)
        left = max(most - owed, Money(0, most.currency))
        return (
            AfterRow(self.say(N_("May owe at most")), most.text()),
            AfterRow(
                self.say(N_("Can still take on account")), left.text(), "", Tone.NORMAL if left.minor else Tone.WARN
            ),
        )

    def _edit_rows(self, card: Card) -> tuple[AfterRow, ...]:
        names = {
            "name": N_("Name"),
            "phone": N_("Phone"),
            "email": N_("E-mail"),
            "address": N_("Address"),
            "notes": N_("Notes"),
            "tags": N_("Tags"),
        }
        rows = [
            self._row(names[name], value, getattr(card.customer.profile, name))
            for name, value in self.fields.changes().items()
        ]
        card_code = self.fields.card_change()
        if card_code is not None:
            rows.append(self._row(N_("Card code"), card_code, card.customer.card_code))
        limit = self.fields.limit.amount()
        if limit is not None and limit != card.customer.credit_limit:
            before = card.customer.credit_limit
            rows.append(self._row(N_("May owe at most"), limit.text(), None if before is None else before.text()))
        return tuple(rows) or (AfterRow(self.say(N_("Nothing changed yet")), ""),)

    def _row(self, name: str, value: object, before: object) -> AfterRow:
        return AfterRow(
            self.say(name), self._short(value), self.say(N_("before: {value}"), value=self._short(before)), Tone.ACCENT
        )

    def _short(self, value: object) -> str:
        text = ", ".join(value) if isinstance(value, tuple) else " ".join(str(value or "").split())
        if not text:
            return self.say(N_("none"))
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
