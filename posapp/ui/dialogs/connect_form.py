"""The fields of a connection, and in words what the server can do; used by the first start and by the dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.connections import Connected, ConnectForm
from posapp.services.dto import Connection
from posapp.ui.theme import icons
from posapp.ui.theme.tokens import XS, L, M, S, Tone, Type
from posapp.ui.widgets.drop_down import DropDown
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import IconLabel, Label

API_WORDS = {"pos": N_("POS customer server")}
"""What an API is called; one that is not here is called by its name."""

ABILITIES = (
    ("points", N_("keeps points")),
    ("ledger", N_("keeps the khata")),
    ("ledger_write", N_("takes khata entries")),
    ("sales", N_("takes sales")),
    ("reversals", N_("takes reversals")),
    ("settings", N_("tells the shop's rates")),
    ("updated_since", N_("tells what changed")),
    ("idempotency_keys", N_("never books twice")),
)
"""Attributes of `Capabilities` that a shopkeeper cares about."""

_PLACES = {"wrong_address": "url", "insecure_address": "url", "server_refuses_till": "url", "server_unreachable": "url"}
_PLACES |= {"wrong_credential": "token", "sign_in_required": "token"}


class ConnectionForm(QWidget):
    """Kind of server, address and token.

    Signals:
        edited: Something was typed.
    """

    edited = Signal()

    def __init__(self, say: Translator, apis: Sequence[str], known: Connection | None = None) -> None:
        """Build the fields.

        Args:
            say: Says sentences.
            apis: Names of the APIs that the till speaks.
            known: The connection that is signed in anew: its server stays, only the token is asked for.
        """
        super().__init__()
        self._say, self._known = say, known
        self.api, self.url, self.token = DropDown(), QLineEdit(), QLineEdit()
        for name in apis:
            self.api.addItem(say(API_WORDS.get(name, name)), name)
        self.url.setPlaceholderText("https://")
        self.url.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(icons.icon("eye", Tone.MUTED), say(N_("Show the token")), self.token)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye_toggled)
        self.token.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self.fields = {
            "api": Field(say(N_("Kind of server")), self.api),
            "url": Field(say(N_("Address")), self.url, hint=say(N_("From the server's settings, with https://"))),
            "token": Field(say(N_("Token of this till")), self.token, hint=say(N_("Kept in the keychain alone."))),
        }
        if known is not None:
            self.api.setCurrentIndex(max(0, self.api.findData(known.api)))
            self.url.setText(known.base_url)
            self.api.setEnabled(False)
            self.url.setReadOnly(True)
        self._lay_out()
        for line in (self.url, self.token):
            line.textChanged.connect(self._on_edited)

    def first(self) -> QWidget:
        """Return where typing begins."""
        return self.url if self._known is None else self.token

    def form(self) -> ConnectForm | None:
        """Return what was typed; None where something is missing, which is said there."""
        address, token = self.url.text().strip().rstrip("/"), self.token.text().strip()
        if address and "://" not in address:
            address = f"https://{address}"
        if not address:
            self._refuse("url", self._say(N_("The server's address is missing.")))
            return None
        if not token:
            self._refuse("token", self._say(N_("The token is missing.")))
            return None
        known = self._known
        return ConnectForm(
            api=self.api.currentData(),
            base_url=address if known is None else known.base_url,
            store=None if known is None else known.store,
            name=None if known is None else known.name,
            credential=token.encode("utf-8"),
        )

    def show_error(self, error: PosError) -> bool:
        """Say at its field what is wrong and return whether there is such a field."""
        place = _PLACES.get(error.id)
        if place is None:
            return False
        self._refuse(place, self._say.say(error.title_message))
        return True

    def forget_token(self) -> None:
        """Let the token stand nowhere but in the keychain."""
        self.token.clear()

    def _refuse(self, place: str, words: str) -> None:
        field = self.fields[place]
        field.set_wrong(words)
        field.editor.setFocus()

    def _on_edited(self) -> None:
        for field in self.fields.values():
            field.set_hint("")
        self.edited.emit()

    def _on_eye_toggled(self, shown: bool) -> None:  # noqa: FBT001 (Qt's own)
        self.token.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        grid.addWidget(self.fields["api"], 0, 0)
        grid.addWidget(self.fields["url"], 0, 1)
        grid.addWidget(self.fields["token"], 1, 0, 1, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)


class ServerPanel(QWidget):
    """What a connected server is and can do, in words."""

    def __init__(self, say: Translator) -> None:
        super().__init__()
        self._say = say
        self.setProperty("soft", Tone.GOOD.value)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Label("", Type.SUBTITLE, Tone.GOOD)
        self._shop = Label("", Type.BODY, wraps=True)
        self._able: list[str] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(L)
        self._grid.setVerticalSpacing(XS)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, M, L, M)
        column.setSpacing(S)
        column.addWidget(self._title)
        column.addWidget(self._shop)
        column.addLayout(self._grid)
        self.hide()

    def show_server(self, connected: Connected) -> None:
        """Show what came of connecting."""
        say, connection, shop = self._say, connected.connection, connected.shop
        self._title.setText(say(N_("Connected to {name}"), name=connection.name))
        words = N_("{shop} · {currency} · {zone}")
        self._shop.setText(say(words, shop=shop.name, currency=shop.currency, zone=shop.time_zone))
        self._able = [say(words) for name, words in ABILITIES if getattr(connection.capabilities, name)]
        for place, (name, ability) in enumerate(ABILITIES):
            able = bool(getattr(connection.capabilities, name))
            mark = IconLabel("check" if able else "minus", Tone.GOOD if able else Tone.MUTED, 16)
            line, column = place // 2, place % 2 * 2
            self._grid.addWidget(mark, line, column)
            text = say(ability) if able else say(N_("not: {ability}"), ability=say(ability))
            self._grid.addWidget(Label(text, Type.BODY, Tone.NORMAL if able else Tone.MUTED), line, column + 1)
            self._grid.setColumnStretch(column + 1, 1)
        self.show()

    def able(self) -> list[str]:
        """Return what the server can do, as shown."""
        return self._able

    def words(self) -> str:
        """Return its title; empty while nothing is connected."""
        return self._title.text()
