"""Choosing the manager's PIN, or changing it with the old one."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.form_dialog import FormDialog
from posapp.ui.dialogs.pin_form import PinForm

_WRONG = frozenset({"pin_wrong", "pin_locked", "pin_blocked"})


class PinDialog(FormDialog):
    """Asks for a new PIN twice, and for the old one where there is one."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        say = desk.say
        super().__init__(
            desk,
            title=say(N_("Manager's PIN")),
            about=say(N_("It approves what goes over a limit: credit, points without the server, corrections.")),
            icon="key-round",
            action=say(N_("Keep the PIN")),
            parent=parent,
        )
        self.form: PinForm | None = None
        self.action_button.setEnabled(False)
        desk.runner.run(desk.app.pin_chosen, done=self._on_known, failed=self.failed, owner=self, reading=True)

    def go_on(self) -> None:
        """Keep the PIN."""
        pins = self.form.pins() if self.form is not None else None
        if pins is not None:
            self.run(partial(self.desk.app.set_pin, *pins), self._on_set)

    def failed(self, error: PosError) -> None:
        """Say it at the old PIN where that is wrong."""
        if self.form is not None and error.id in _WRONG:
            self.form.old.clear()
            self.form.refuse("old", self.say.say(error.detail))
        else:
            super().failed(error)

    def _on_known(self, chosen: bool) -> None:  # noqa: FBT001 (the answer of a task)
        self.form = PinForm(self.say, self.desk.app, change=chosen)
        self.body.insertWidget(0, self.form)
        self.form.edited.connect(self.banner.hide)
        self.form.show()
        self.form.first().setFocus()
        self.action_button.setEnabled(True)

    def _on_set(self, _: None) -> None:
        assert self.form is not None, "what sets a PIN has a form"
        self.form.empty()
        self.finish(self.say(N_("The manager's PIN is set")))
