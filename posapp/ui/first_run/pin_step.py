"""The third step: the manager's PIN."""

from __future__ import annotations

from functools import partial

from posapp.domain.messages import N_
from posapp.ui.dialogs.pin_form import PinForm
from posapp.ui.first_run.step import Beginning, Step
from posapp.ui.theme.tokens import M, Tone, Type
from posapp.ui.widgets.labels import Label


class PinStep(Step):
    """Chooses the PIN; it can be left for later, and what that means is said."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(beginning)
        say = self.say
        self.title = say(N_("Manager's PIN"))
        self.about = say(N_("It approves what goes over a limit: credit, points without the server, corrections."))
        self.next_words = say(N_("Next"))
        self.skip_words = say(N_("Later"))
        self.form = PinForm(say, beginning.app, change=False)
        without = say(N_("Without a PIN nothing over a limit can be approved on this till until one is chosen."))
        self.column.addWidget(self.form)
        self.column.addSpacing(M)
        self.column.addWidget(Label(without, Type.BODY, Tone.MUTED, wraps=True))
        self.column.addWidget(self.banner)
        self.column.addStretch()

    def begin(self) -> None:
        """Start at the PIN."""
        self.form.first().setFocus()

    def can_go_back(self) -> bool:
        """Return whether the connection may still be made."""
        return not self.beginning.connected

    def go_on(self) -> None:
        """Keep the PIN."""
        pins = self.form.pins()
        if pins is not None:
            self.run(partial(self.beginning.app.set_pin, None, pins[1]), self._on_set)

    def _on_set(self, _: None) -> None:
        self.form.empty()
        self.passed.emit()
