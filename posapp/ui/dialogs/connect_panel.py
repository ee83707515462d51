"""What a connected server is and can do, in the words of a shop: what it keeps, and what stays on this till."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.domain.customer import PROFILE_FIELDS
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.connections import Connected, Replaced
from posapp.services.customers import DELETE_MEANINGS
from posapp.services.ports.remote import Capabilities
from posapp.ui.theme.tokens import L, M, S, Tone, Type
from posapp.ui.widgets.labels import IconLabel, Label

_NAMES = {
    "name": N_("names"),
    "phone": N_("phones"),
    "email": N_("e-mails"),
    "address": N_("addresses"),
    "notes": N_("notes"),
    "tags": N_("tags"),
    "points": N_("points"),
    "sales": N_("sales"),
    "ledger": N_("the khata"),
}
"""What a server may keep: fields of a customer, and attributes of `Capabilities`."""
_NEEDS = {"phone": N_("a phone"), "email": N_("an e-mail")}
"""What a server may demand of a new customer."""


class ServerPanel(QWidget):
    """What a connected server is and can do, in words."""

    def __init__(self, say: Translator) -> None:
        super().__init__()
        self._say = say
        self.setProperty("soft", Tone.GOOD.value)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Label("", Type.SUBTITLE, Tone.GOOD)
        self._shop = Label("", Type.BODY, wraps=True)
        self._facts: list[tuple[str, str]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(M)
        self._grid.setVerticalSpacing(S)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, M, L, M)
        column.setSpacing(S)
        column.addWidget(self._title)
        column.addWidget(self._shop)
        column.addSpacing(S)
        column.addLayout(self._grid)
        self.hide()

    def show_server(self, connected: Connected) -> None:
        """Show what came of connecting."""
        say, connection, shop = self._say, connected.connection, connected.shop
        self._title.setText(say(N_("Connected to {name}"), name=connection.name))
        told = connection.capabilities.settings
        words = (
            N_("{shop} · {currency} · {zone}") if told else N_("{shop} · its amounts are read as {currency} · {zone}")
        )
        self._shop.setText(say(words, shop=shop.name, currency=shop.currency, zone=shop.time_zone))
        top = Qt.AlignmentFlag.AlignTop
        facts = [*_parting(say, connected.replaced), *_facts(say, connection.capabilities)]
        for row, (icon, tone, name, fact) in enumerate(facts):
            self._facts.append((name, fact))
            self._grid.addWidget(IconLabel(icon, tone, 18), row, 0, top)
            self._grid.addWidget(Label(name, Type.BODY, Tone.MUTED), row, 1, top)
            self._grid.addWidget(Label(fact, Type.BODY, wraps=True), row, 2, top)
        self.show()

    def facts(self) -> dict[str, str]:
        """Return what is said of the server, as shown."""
        return dict(self._facts)

    def words(self) -> str:
        """Return its title; empty while nothing is connected."""
        return self._title.text()


def _parting(say: Translator, replaced: Replaced | None) -> Iterator[tuple[str, Tone, str, str]]:
    """Yield what became of the server that was replaced."""
    if replaced is not None:
        words = N_("Not used any more. {left} of its customers left the search, {stayed} stay.")
        fact = say(words, left=replaced.parted.left, stayed=replaced.parted.stayed)
        yield "server-off", Tone.WARN, replaced.name, fact


def _facts(say: Translator, can: Capabilities) -> Iterator[tuple[str, Tone, str, str]]:
    """Yield icon, tone, name and words of what a shop must know of its server."""
    kept = [name for name in _NAMES if (name in can.fields if name in PROFILE_FIELDS else getattr(can, name))]
    here = [_NAMES[name] for name in _NAMES if name not in kept and (name != "sales" or can.points)]
    if can.ledger and not can.ledger_write:
        here.append(N_("new khata entries"))
    yield "cloud-check", Tone.GOOD, say(N_("On the server")), _listed(say(_NAMES[name]) for name in kept)
    if here:
        yield "monitor", Tone.WARN, say(N_("On this till alone")), _listed(map(say, here))
    if can.required:
        needs = _listed(say(_NEEDS.get(name, name)) for name in can.required)
        yield "user-plus", Tone.INFO, say(N_("A new customer needs")), needs
    told = N_("The server tells them.") if can.updated_since else N_("Found by reading its lists again and again.")
    yield "refresh-cw", Tone.MUTED, say(N_("Changes made there")), say(told)
    safe = N_("The act is sent again, and never booked twice.")
    unsafe = N_("The till looks what became of the act before it sends it again.")
    yield "clock-alert", Tone.MUTED, say(N_("When an answer is lost")), say(safe if can.idempotency_keys else unsafe)
    yield "trash-2", Tone.MUTED, say(N_("Deleting a customer")), say(DELETE_MEANINGS[can.delete_meaning])


def _listed(words: Iterable[str]) -> str:
    """Return words in one line that begins as a sentence does."""
    line = ", ".join(words)
    return line[:1].upper() + line[1:]
