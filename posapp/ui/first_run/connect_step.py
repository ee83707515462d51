"""The second step: the shop's customer server, or none."""

from __future__ import annotations

from functools import partial

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.services.connections import Connected
from posapp.ui.dialogs.connect_form import ConnectionForm
from posapp.ui.dialogs.connect_panel import ServerPanel
from posapp.ui.first_run.step import Beginning, Step
from posapp.ui.theme.tokens import S, Tone, Type
from posapp.ui.widgets.labels import Label


class ConnectStep(Step):
    """Tests the connection and keeps it."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(beginning)
        say = self.say
        self.title = say(N_("Customer server"))
        self.about = say(N_("Where the shop's customers, points and khata live when the shop has one."))
        self.next_words = say(N_("Test and connect"))
        self.skip_words = say(N_("Work without a server"))
        self.form = ConnectionForm(say, beginning.app.apis())
        self.server = ServerPanel(say)
        self._without = Label(
            say(N_("Without a server everything stays on this till. You can connect it at any later time.")),
            Type.BODY,
            Tone.MUTED,
            wraps=True,
        )
        self.column.addWidget(self.form)
        self.column.addSpacing(S)
        self.column.addWidget(self._without)
        self.column.addSpacing(S)
        self.column.addWidget(self.server)
        self.column.addWidget(self.banner)
        self.column.addStretch()
        self.form.edited.connect(self.banner.hide)

    def begin(self) -> None:
        """Start at the address."""
        if not self.beginning.connected:
            self.form.first().setFocus()

    def can_go_back(self) -> bool:
        """Return whether the shop may still be changed: not by hand once a server told it."""
        return not self.beginning.connected

    def go_on(self) -> None:
        """Connect; once that stands, go on."""
        if self.beginning.connected:
            self.passed.emit()
            return
        form = self.form.form()
        if form is not None:
            self.run(partial(self.beginning.app.connect, form), self._on_connected, online=True)

    def failed(self, error: PosError) -> None:
        """Say it at the field, and whole below."""
        self.form.show_error(error)
        super().failed(error)

    def _on_connected(self, connected: Connected) -> None:
        self.beginning.connected = True
        self.form.forget_token()
        self.form.hide()
        self._without.hide()
        self.server.show_server(connected)
        self.next_words, self.skip_words = self.say(N_("Next")), ""
        self.changed.emit()
