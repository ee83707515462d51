"""The fields of a customer, checked while one types; no act is known here."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.customer import FieldValue, NameMissing, Profile, TextTooLong, WrongEmail, WrongPhone
from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.phone import international
from posapp.domain.policy import LimitBelowZero
from posapp.domain.shop import Shop
from posapp.locale.translator import Translator
from posapp.services.dto import Customer
from posapp.services.local_values import CardTaken
from posapp.ui.theme.tokens import L, S, Tone
from posapp.ui.widgets.drop_down import DropDown
from posapp.ui.widgets.fields import AmountEdit, Field
from posapp.ui.widgets.line_edit import LineEdit
from posapp.ui.widgets.text_edits import NotesEdit, TagsEdit

_LEAST_DIGITS = 4


class CustomerForm(QWidget):
    """Name, phone and the rest in two columns.

    Signals:
        edited: Something was typed.
    """

    edited = Signal()

    def __init__(self, say: Translator, shop: Shop, customer: Customer | None, parent: QWidget | None = None) -> None:
        """Build the fields.

        Args:
            say: Says sentences.
            shop: Whose country and currency count.
            customer: Who is edited; None for a new one, who may bring an opening balance.
            parent: The dialog.
        """
        super().__init__(parent)
        self._say, self._shop, self._before = say, shop, customer
        self.name, self.phone, self.email, self.address, self.card = (LineEdit() for _ in range(5))
        self.tags = TagsEdit(say(N_("Take the tag {tag} away")))
        self.notes = NotesEdit()
        self.limit, self.opening = AmountEdit(shop.currency), AmountEdit(shop.currency)
        self.direction = DropDown()
        self.direction.addItems([say(N_("She owes this")), say(N_("She paid this ahead"))])
        self._fields = self._named_fields()
        self._lay_out()
        self._fill(customer)
        for line in (self.name, self.phone, self.email, self.address, self.card, self.limit, self.opening):
            line.textChanged.connect(self._on_edited)
        self.notes.textChanged.connect(self._on_edited)
        self.tags.edited.connect(self._on_edited)
        self.direction.currentIndexChanged.connect(self._on_edited)
        self._check()

    def put_typed(self, typed: str) -> None:
        """Take over what stood in the search: digits go to the phone, letters to the name."""
        letters = any(char.isalpha() for char in typed)
        (self.name if letters else self.phone).setText(" ".join(typed.split()))
        (self.phone if letters else self.name).setFocus()

    def profile(self) -> Profile:
        """Return what is typed of the person, as it is typed."""
        return Profile(
            name=self.name.text(),
            phone=self.phone.text() or None,
            email=self.email.text() or None,
            address=self.address.text() or None,
            notes=self.notes.toPlainText() or None,
            tags=self.tags.tags(),
        )

    def changes(self) -> dict[str, FieldValue]:
        """Return the fields of the person that are not as they were."""
        assert self._before is not None, "only an edit has changes"
        seen, typed = self._before.profile, self.profile()
        fields: dict[str, FieldValue] = {
            "name": typed.name,
            "phone": typed.phone,
            "email": typed.email,
            "address": typed.address,
            "notes": typed.notes,
            "tags": typed.tags,
        }
        return {name: value for name, value in fields.items() if (getattr(seen, name) or None) != (value or None)}

    def card_change(self) -> str | None:
        """Return the card where it is another one, empty to take it away; None where it stays."""
        typed = self.card.text().strip()
        before = (self._before.card_code if self._before else None) or ""
        return None if typed == before else typed

    def opening_balance(self) -> Money | None:
        """Return what a new customer brings along: positive is what she owes."""
        amount = self.opening.amount()
        return -amount if amount is not None and self.direction.currentIndex() == 1 else amount

    def ready(self) -> bool:
        """Return whether every amount can be read; the first that cannot gets the focus and says why."""
        self._check()
        for name, edit in (("credit_limit", self.limit), ("opening", self.opening)):
            error = edit.error()
            if error is not None:
                return self._refuse(name, self._say.say(error.detail))
        if self._limit_taken_away():
            return self._refuse("credit_limit", self._say(N_("It can be changed, not taken away.")))
        return True

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about; None for none of them."""
        if isinstance(error, TextTooLong):
            return self._fields.get(str(error.params["field"]))
        named: dict[type[PosError], str] = {NameMissing: "name", WrongPhone: "phone", WrongEmail: "email"}
        named |= {CardTaken: "card", LimitBelowZero: "credit_limit"}
        return next((self._fields[name] for family, name in named.items() if isinstance(error, family)), None)

    def below(self, name: str) -> str:
        """Return what stands below a field."""
        return self._fields[name].below()

    def _named_fields(self) -> dict[str, Field]:
        say, shop = self._say, self._shop
        default = shop.credit_limit
        usual = (
            say(N_("Empty: no limit. 0: no credit."))
            if default is None
            else say(N_("Empty: the shop's {limit}. 0: no credit."), limit=default)
        )
        return {
            "name": Field(say(N_("Name")), self.name),
            "phone": Field(say(N_("Phone")), self.phone),
            "email": Field(say(N_("E-mail")), self.email),
            "address": Field(say(N_("Address")), self.address),
            "card": Field(say(N_("Card code")), self.card, hint=say(N_("Scan or type it."))),
            "credit_limit": Field(say(N_("May owe at most")), self.limit, hint=usual),
            "tags": Field(say(N_("Tags")), self.tags, hint=say(N_("A comma ends a tag."))),
            "notes": Field(say(N_("Notes")), self.notes),
            "opening": Field(
                say(N_("From the old book")), self.opening, hint=say(N_("Empty: the khata starts at zero."))
            ),
            "direction": Field(say(N_("Which way")), self.direction),
        }

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(S // 2)
        rows = [("name", "phone"), ("email", "address"), ("card", "credit_limit"), ("tags", "notes")]
        if self._before is None:
            rows.insert(3, ("opening", "direction"))
        else:
            for name in ("opening", "direction"):
                self._fields[name].setParent(self)
                self._fields[name].hide()
        for line, pair in enumerate(rows):
            for column, name in enumerate(pair):
                grid.addWidget(self._fields[name], line, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows), 1)
        order = [self._fields[name].editor for pair in rows for name in pair]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _fill(self, customer: Customer | None) -> None:
        if customer is None:
            return
        profile = customer.profile
        self.name.setText(profile.name)
        self.phone.setText(profile.phone or "")
        self.email.setText(profile.email or "")
        self.address.setText(profile.address or "")
        self.notes.setPlainText(profile.notes or "")
        self.tags.set_tags(profile.tags)
        self.card.setText(customer.card_code or "")
        self.limit.set_amount(customer.credit_limit)
        for line in (self.name, self.phone, self.email, self.address):
            line.setCursorPosition(0)

    def _on_edited(self) -> None:
        self._check()
        self.edited.emit()

    def _check(self) -> None:
        """Say at each field how it is understood, or what is wrong with it so far."""
        for field in self._fields.values():
            field.set_hint("")
        phone = self.phone.text().strip()
        understood = international(phone, self._shop.country) if phone else None
        if understood is not None:
            self._fields["phone"].set_hint(self._say(N_("understood as {phone}"), phone=understood), Tone.GOOD)
        elif sum(char.isdecimal() for char in phone) >= _LEAST_DIGITS:
            words = self._say(N_("not a whole number yet; kept as typed"))
            self._fields["phone"].set_hint(words, Tone.WARN)
        for name, edit in (("credit_limit", self.limit), ("opening", self.opening)):
            error = edit.error()
            if error is not None:
                self._fields[name].set_wrong(self._say.say(error.detail))

    def _limit_taken_away(self) -> bool:
        return self._before is not None and self._before.credit_limit is not None and not self.limit.text().strip()

    def _refuse(self, name: str, words: str) -> bool:
        self._fields[name].set_wrong(words)
        self._fields[name].editor.setFocus()
        return False
