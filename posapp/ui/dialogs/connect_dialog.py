"""Connecting a till that works already, signing it in anew, or putting another server in the place of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.services.connections import WHAT_REPLACING_MEANS, Connected
from posapp.services.dto import Connection
from posapp.services.status import Status, status
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.connect_form import ConnectionForm
from posapp.ui.dialogs.connect_panel import ServerPanel
from posapp.ui.dialogs.form_dialog import FormDialog
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.dialog_frame import fit_height


class ConnectDialog(FormDialog):
    """Tests the connection, keeps it, and shows what the server can do."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        say = desk.say
        super().__init__(
            desk,
            title=say(N_("Customer server")),
            about=say(N_("What was recorded without a server stays where it is; new acts go out by themselves.")),
            icon="server",
            action=say(N_("Test and connect")),
            parent=parent,
        )
        self.form: ConnectionForm | None = None
        self.other_button = KeyButton(say(N_("Another server instead")), key="F4", icon="server", binds=True)
        self.other_button.clicked.connect(self._on_other_wanted)
        self.other_button.hide()
        self._of_now: Connection | None = None
        self._replacing = False
        self.server = ServerPanel(say)
        self._connected = False
        self.body.addWidget(self.server)
        self.body.addWidget(self.other_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.action_button.setEnabled(False)
        desk.runner.run(partial(status, desk.till), done=self._on_known, failed=self.failed, owner=self, reading=True)

    def go_on(self) -> None:
        """Connect; once that stands, close."""
        if self._connected:
            self.finish(self.server.words())
            return
        typed = self.form.form() if self.form is not None else None
        if typed is not None:
            form = replace(typed, replacing=self._replacing)
            self.run(partial(self.desk.app.connect, form), self._on_connected, online=True)

    def failed(self, error: PosError) -> None:
        """Say it at the field, and whole below."""
        if self.form is not None:
            self.form.show_error(error)
        super().failed(error)

    def _on_known(self, known: Status) -> None:
        """Build the form: where there is a server already, only what signs in is asked for, or another server."""
        self._of_now = next(iter(known.connections), None)
        self._ask(self._of_now)
        self.other_button.setVisible(self._of_now is not None)

    def _ask(self, server: Connection | None) -> None:
        """Ask for a server, or for what signs in to the one that there is."""
        if self.form is not None:
            self.body.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.form = ConnectionForm(self.say, self.desk.app.apis(), server)
        self.body.insertWidget(0, self.form)
        self.form.edited.connect(self._say_what_it_means)
        self.form.show()
        self.form.first().setFocus()
        self.action_button.setEnabled(True)

    def _on_other_wanted(self) -> None:
        """Ask for the server that takes the place of the one of now."""
        self._replacing = True
        self.other_button.hide()
        self._ask(None)
        self._say_what_it_means()

    def _say_what_it_means(self) -> None:
        """Say what replacing does, as long as nothing else is to be said."""
        if self._of_now is None or not self._replacing:
            self.banner.hide()
            return
        name = self._of_now.name
        self.action_button.set_words(self.say(N_("Test and replace")))
        title = self.say(N_("In the place of {name}"), name=name)
        self.banner.say(Tone.WARN, title, self.say(WHAT_REPLACING_MEANS, name=name))
        fit_height(self)

    def _on_connected(self, connected: Connected) -> None:
        assert self.form is not None, "what connects has a form"
        self._connected = True
        self.form.forget_token()
        self.form.hide()
        self.other_button.hide()
        self.banner.hide()
        self.server.show_server(connected)
        fit_height(self)
        self.action_button.set_words(self.say(N_("Close")))
        self.cancel_button.hide()
        self.action_button.setFocus()
        self.desk.connected()
