"""The first step: which shop this is, and, without a keychain of the system, the passphrase of the till's own vault."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from posapp.domain.customer import MAX_NAME
from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.shop import Shop
from posapp.services.application import Application
from posapp.services.shop import change_shop
from posapp.ui.first_run.places import currencies, home_country, places, zones
from posapp.ui.first_run.step import Beginning, Step
from posapp.ui.theme.tokens import XL, L, M, S, Tone, Type
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.drop_down import SearchLine
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import IconLabel, Label

_SHORTEST = 12


class ShopStep(Step):
    """Name, country, currency and time zone; makes the book.

    Signals:
        practice_wanted: Somebody wants to try things on made-up customers first.
    """

    practice_wanted = Signal()

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(beginning)
        say = self.say
        self.title = say(N_("Your shop"))
        self.about = say(N_("Welcome. Five short steps, then the till is yours."))
        self.next_words = say(N_("Next"))
        self.name, self.country, self.currency, self.zone = QLineEdit(), SearchLine(), SearchLine(), SearchLine()
        self.name.setMaxLength(MAX_NAME)
        self.passphrase, self.repeated = QLineEdit(), QLineEdit()
        for secret in (self.passphrase, self.repeated):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        pick = say(N_("Type a part of the name."))
        self._fields = {
            "name": Field(say(N_("Name of the shop")), self.name, hint=say(N_("As it shall stand on statements."))),
            "country": Field(say(N_("Country")), self.country, hint=pick),
            "currency": Field(say(N_("Currency")), self.currency, hint=say(N_("Fixed once money is recorded."))),
            "zone": Field(say(N_("Time zone")), self.zone, hint=say(N_("The shop's days go by it."))),
            "passphrase": Field(
                say(N_("Passphrase of this till")),
                self.passphrase,
                hint=say(N_("Four or five words that you remember.")),
            ),
            "repeated": Field(say(N_("Once more")), self.repeated),
        }
        self.country.offer({place.name: place.code for place in places().values()})
        self.currency.offer(currencies())
        self.zone.offer(zones())
        self.country.choose(home_country())
        self._propose()
        self.country.textChanged.connect(self._propose)
        for line in (self.name, self.country, self.currency, self.zone, self.passphrase, self.repeated):
            line.textChanged.connect(self._on_edited)
        self._lay_out()

    def begin(self) -> None:
        """Start at the name."""
        vault = self.beginning.passphrase_needed and not self.beginning.made
        for name in ("passphrase", "repeated"):
            self._fields[name].setVisible(vault)
        self._vault_words.setVisible(vault)
        self._aside.setVisible(not self.beginning.made)
        self.name.setFocus()

    def shop(self) -> Shop | None:
        """Return the shop as it is described; None where something is missing, which is said there."""
        for line in (self.country, self.currency, self.zone):
            line.settle()
        wrong = {
            "name": "" if self.name.text().strip() else self.say(N_("A shop needs a name.")),
            "country": self._wrong_choice(self.country),
            "currency": self._wrong_choice(self.currency),
            "zone": self._wrong_choice(self.zone),
        }
        if self._fields["passphrase"].isVisibleTo(self):
            wrong |= self._wrong_passphrase()
        for name, text in wrong.items():
            if text:
                self._fields[name].set_wrong(text)
        first = next((name for name, text in wrong.items() if text), None)
        if first is not None:
            self._fields[first].editor.setFocus()
            return None
        country, currency, zone = self.country.chosen(), self.currency.chosen(), self.zone.chosen()
        assert country is not None
        assert currency is not None
        assert zone is not None
        return Shop(name=" ".join(self.name.text().split()), country=country, currency=currency, time_zone=zone)

    def go_on(self) -> None:
        """Make the book, or change the shop of the one that was just made."""
        shop = self.shop()
        if shop is None:
            return
        passphrase = self.passphrase.text() if self.beginning.passphrase_needed else None
        if self.beginning.made:
            self.run(partial(_change, self.beginning.app, shop), self._on_changed)
        else:
            self.run(partial(_begin, self.beginning.app, shop, passphrase), self._on_begun)

    def failed(self, error: PosError) -> None:
        """Say it at the passphrase where it is about that."""
        if error.id == "vault_passphrase_short":
            self._fields["passphrase"].set_wrong(self.say.say(error.detail))
            self.passphrase.setFocus()
        else:
            super().failed(error)

    def _on_begun(self, code: str) -> None:
        self.beginning.code = code
        self.beginning.made = True
        self.passphrase.clear()
        self.repeated.clear()
        self.passed.emit()

    def _on_changed(self, _: Shop) -> None:
        self.passed.emit()

    def _on_edited(self) -> None:
        for field in self._fields.values():
            field.set_hint("")

    def _propose(self) -> None:
        """Propose what is usual in the country."""
        place = places().get(self.country.chosen() or "")
        if place is not None:
            self.currency.choose(place.currency)
            self.zone.choose(place.zone)

    def _wrong_choice(self, line: SearchLine) -> str:
        return "" if line.chosen() else self.say(N_("Choose one of the list."))

    def _wrong_passphrase(self) -> dict[str, str]:
        short = len(self.passphrase.text()) < _SHORTEST
        differs = self.passphrase.text() != self.repeated.text()
        return {
            "passphrase": self.say(N_("At least {count} characters."), count=_SHORTEST) if short else "",
            "repeated": self.say(N_("The two are not the same.")) if differs and not short else "",
        }

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(S // 2)
        grid.addWidget(self._fields["name"], 0, 0)
        grid.addWidget(self._fields["country"], 0, 1)
        grid.addWidget(self._fields["currency"], 1, 0)
        grid.addWidget(self._fields["zone"], 1, 1)
        self._vault_words = Label(
            self.say(
                N_(
                    "No keychain of the system answers here, so this till keeps its keys in a vault of its own. "
                    "The passphrase opens it at each start."
                )
            ),
            Type.BODY,
            Tone.MUTED,
            wraps=True,
        )
        self._vault_words.setContentsMargins(0, M, 0, S)
        grid.addWidget(self._vault_words, 2, 0, 1, 2)
        grid.addWidget(self._fields["passphrase"], 3, 0)
        grid.addWidget(self._fields["repeated"], 3, 1)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        self._aside = self._practice_panel()
        self.column.addLayout(grid)
        self.column.addSpacing(M)
        self.column.addWidget(self._aside)
        self.column.addWidget(self.banner)
        self.column.addStretch()

    def _practice_panel(self) -> QWidget:
        panel = QWidget()
        panel.setProperty("soft", Tone.INFO.value)
        button = KeyButton(self.say(N_("Try the practice till")), key="F11", icon="graduation-cap", binds=True)
        button.clicked.connect(self.practice_wanted)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self.say(N_("Only looking around?")), Type.STRONG))
        text = self.say(N_("The practice till has made-up customers and reaches no server. Come back here any time."))
        words.addWidget(Label(text, Type.BODY, Tone.MUTED, wraps=True))
        row = QHBoxLayout(panel)
        row.setContentsMargins(L, M, L, M)
        row.setSpacing(XL)
        row.addWidget(IconLabel("sparkles", Tone.INFO, 24))
        row.addLayout(words, 1)
        row.addWidget(button)
        return panel


def _begin(app: Application, shop: Shop, passphrase: str | None) -> str:
    if passphrase is not None and app.home.needs_passphrase():
        app.home.unlock(passphrase)
    return app.home.begin(shop)


def _change(app: Application, shop: Shop) -> Shop:
    values = {"name": shop.name, "country": shop.country, "currency": shop.currency, "zone": shop.time_zone}
    return change_shop(app.till, values)
