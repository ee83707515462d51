"""Connecting a till that works already, or signing it in anew when its token is not accepted any more."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.services.connections import Connected
from posapp.services.status import Status, status
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.connect_form import ConnectionForm
from posapp.ui.dialogs.connect_panel import ServerPanel
from posapp.ui.dialogs.form_dialog import FormDialog
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
        self.server = ServerPanel(say)
        self._connected = False
        self.body.addWidget(self.server)
        self.action_button.setEnabled(False)
        desk.runner.run(partial(status, desk.till), done=self._on_known, failed=self.failed, owner=self, reading=True)

    def go_on(self) -> None:
        """Connect; once that stands, close."""
        if self._connected:
            self.finish(self.server.words())
            return
        form = self.form.form() if self.form is not None else None
        if form is not None:
            self.run(partial(self.desk.app.connect, form), self._on_connected, online=True)

    def failed(self, error: PosError) -> None:
        """Say it at the field, and whole below."""
        if self.form is not None:
            self.form.show_error(error)
        super().failed(error)

    def _on_known(self, known: Status) -> None:
        """Build the form: where there is a server already, only its token is asked for."""
        connection = next(iter(known.connections), None)
        self.form = ConnectionForm(self.say, self.desk.app.apis(), connection)
        self.body.insertWidget(0, self.form)
        self.form.edited.connect(self.banner.hide)
        self.form.show()
        self.form.first().setFocus()
        self.action_button.setEnabled(True)

    def _on_connected(self, connected: Connected) -> None:
        assert self.form is not None, "what connects has a form"
        self._connected = True
        self.form.forget_token()
        self.form.hide()
        self.server.show_server(connected)
        fit_height(self)
        self.action_button.set_words(self.say(N_("Close")))
        self.cancel_button.hide()
        self.action_button.setFocus()
        self.desk.connected()
