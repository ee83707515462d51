"""The fields of a connection: which of them stand there is what signing in to that kind of server takes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.connections import ConnectForm
from posapp.services.dto import Connection
from posapp.services.ports.server_kinds import ServerKind
from posapp.ui.theme import icons
from posapp.ui.theme.tokens import XS, L, Tone
from posapp.ui.widgets.drop_down import DropDown
from posapp.ui.widgets.fields import Field

_PLACES = {"wrong_address": "url", "insecure_address": "url", "server_refuses_till": "url", "server_unreachable": "url"}
_PLACES |= {"wrong_credential": "token", "wrong_client": "token", "sign_in_required": "token", "store_missing": "store"}
_TOKEN, _CLIENT = "token", "client"
"""The two ways of signing in."""


class ConnectionForm(QWidget):
    """Kind of server, address, and what signs the till in there.

    Signals:
        edited: Something was typed.
    """

    edited = Signal()

    def __init__(self, say: Translator, kinds: Mapping[str, ServerKind], known: Connection | None = None) -> None:
        """Build the fields.

        Args:
            say: Says sentences.
            kinds: Of servers that the till speaks with, by the names of their APIs.
            known: The connection that is signed in anew: its server stays, only what signs in is asked for.
        """
        super().__init__()
        self._say, self._kinds, self._known = say, kinds, known
        self.api, self.way = DropDown(), DropDown()
        self.url, self.store, self.client, self.token = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        for name, kind in kinds.items():
            self.api.addItem(say(kind.title), name)
        for words, way in ((N_("A token"), _TOKEN), (N_("An app's id and secret"), _CLIENT)):
            self.way.addItem(say(words), way)
        self.url.setPlaceholderText("https://")
        self.url.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(icons.icon("eye", Tone.MUTED), say(N_("Show it")), self.token)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye_toggled)
        self.token.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        kept = say(N_("Kept in the keychain alone."))
        self.fields = {
            "api": Field(say(N_("Kind of server")), self.api),
            "url": Field(say(N_("Address")), self.url, hint=say(N_("From the server's settings, with https://"))),
            "way": Field(say(N_("Sign in with")), self.way),
            "store": Field(say(N_("Id of the store")), self.store, hint=say(N_("As the server shows it."))),
            "client": Field(say(N_("Id of the app")), self.client, hint=say(N_("From the server's settings."))),
            "token": Field(say(N_("Token of this till")), self.token, hint=kept),
        }
        for field in self.fields.values():
            field.setParent(self)  # what is shown without a parent is a window of its own
        if known is not None:
            self._show_known(known)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(L)
        self._grid.setVerticalSpacing(XS)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._lay_out()
        for choice in (self.api, self.way):
            choice.currentIndexChanged.connect(self._lay_out)
        for line in (self.url, self.store, self.client, self.token):
            line.textChanged.connect(self._on_edited)

    def first(self) -> QWidget:
        """Return where typing begins."""
        if self._known is None:
            return self.url
        return self.client if self._by_client() else self.token

    def form(self) -> ConnectForm | None:
        """Return what was typed; None where something is missing, which is said there."""
        lacking = {
            "url": N_("The server's address is missing."),
            "store": N_("The id of the store is missing."),
            "client": N_("The id of the app is missing."),
            "token": N_("The secret is missing.") if self._by_client() else N_("The token is missing."),
        }
        for place, words in lacking.items():
            if place in self._wanted() and not self._typed(place):
                self._refuse(place, self._say(words))
                return None
        known, address = self._known, self._typed("url").rstrip("/")
        if "://" not in address:
            address = f"https://{address}"
        store = self._typed("store") if "store" in self._wanted() else None
        return ConnectForm(
            api=self.api.currentData(),
            base_url=address if known is None else known.base_url,
            store=store if known is None else known.store,
            name=None if known is None else known.name,
            credential=self._typed("token").encode("utf-8"),
            client_id=self._typed("client") if self._by_client() else None,
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

    def _show_known(self, known: Connection) -> None:
        """Show the server that stays; who named its store signed in as an app, unless every way asks for one."""
        self.api.setCurrentIndex(max(0, self.api.findData(known.api)))
        self.url.setText(known.base_url)
        self.store.setText(known.store or "")
        if known.store and not self._kind().store:
            self.way.setCurrentIndex(self.way.findData(_CLIENT))
        self.api.setEnabled(False)
        self.url.setReadOnly(True)
        self.store.setReadOnly(True)

    def _kind(self) -> ServerKind:
        return self._kinds[self.api.currentData()]

    def _by_client(self) -> bool:
        return "way" in self._wanted() and self.way.currentData() == _CLIENT

    def _wanted(self) -> tuple[str, ...]:
        """Return the fields that this kind of server and this way of signing in take, in their order.

        An app speaks for one store; where a known connection names none, only its token signs it in.
        """
        kind, known = self._kind(), self._known
        choice = kind.client and (known is None or known.store is not None)
        app = choice and self.way.currentData() == _CLIENT
        asked = {"way": choice, "store": kind.store or app, "client": app}
        return ("api", "url", *(name for name, wanted in asked.items() if wanted), "token")

    def _typed(self, place: str) -> str:
        editor = self.fields[place].editor
        assert isinstance(editor, QLineEdit), "what is typed stands in a line"
        return editor.text().strip()

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
        """Put the fields that are wanted two by two; one that is left over takes a whole row."""
        wanted = self._wanted()
        self.fields["token"].set_name(
            self._say(N_("Secret of the app") if self._by_client() else N_("Token of this till"))
        )
        for name, field in self.fields.items():
            self._grid.removeWidget(field)
            field.setVisible(name in wanted)
        for place, name in enumerate(wanted):
            alone = place == len(wanted) - 1 and place % 2 == 0
            self._grid.addWidget(self.fields[name], place // 2, place % 2, 1, 2 if alone else 1)
        for before, after in pairwise(wanted):
            QWidget.setTabOrder(self.fields[before].editor, self.fields[after].editor)
        self._on_edited()
