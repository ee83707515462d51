"""Points come off only once the server agrees: the wait, and what a cashier can do when no answer comes (design, 7)."""

from __future__ import annotations

import math
import time
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError, SignInRequired
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.services.lookup import Card
from posapp.services.redemptions import (
    ANSWER_SECONDS,
    RedemptionInInbox,
    RedemptionNeedsServer,
    RedemptionRefused,
    RedemptionUnknown,
)
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.dialogs.money_dialog import MoneyDialog
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.widgets.buttons import KeyButton

P = TypeVar("P")
R = TypeVar("R")

_QUIET_MS = 300
"""A wait this short is not worth a word."""


class PointsDialog(MoneyDialog[P, R]):
    """An act that may take points off; it keeps its id until it is certain that nothing was taken off."""

    def __init__(
        self, desk: Desk, card: Card, *, act: Act, title: str, action: str, parent: QWidget | None = None
    ) -> None:
        """Build the frame; see `MoneyDialog`."""
        self.in_doubt = False
        self._focused: QWidget | None = None
        self._until = 0.0
        super().__init__(desk, card, act=act, title=title, action=action, parent=parent)
        self._countdown = QTimer(self)
        self._countdown.timeout.connect(self._on_countdown)

    def points_asked(self) -> int:
        """Return how many points the act takes off."""
        raise NotImplementedError

    def take_full_price(self) -> None:
        """Go on without points; nothing was taken off."""
        raise NotImplementedError

    def told_in_doubt(self) -> Told:
        """Return what the window says when nobody knows whether the points are gone."""
        raise NotImplementedError

    def rows_in_doubt(self) -> tuple[AfterRow, ...]:
        """Return what is done at the counter while nobody knows whether the points are gone."""
        raise NotImplementedError

    def goes_online(self) -> bool:
        """Return whether points are taken off, for which the server is asked."""
        return self.points_asked() > 0

    def confirm(self) -> None:
        """Record the act; one that is in doubt is over for the cashier."""
        if self.in_doubt and not self.busy:
            self.finish(self.told_in_doubt())
        else:
            super().confirm()

    def reject(self) -> None:
        """Close; an act in doubt is told all the same."""
        if self.in_doubt and not self.busy:
            self.finish(self.told_in_doubt())
        else:
            super().reject()

    def on_busy(self, *, busy: bool) -> None:
        """Count the seconds down while the server is asked, and let nothing be typed meanwhile."""
        if not self.goes_online():
            return
        if busy:
            self._focused = next((field.editor for field in self.typed_fields if field.editor.hasFocus()), None)
            self._until = time.monotonic() + ANSWER_SECONDS
            self._countdown.start(_QUIET_MS)
            self._let_type(yes=False)
            return
        self._countdown.stop()
        self.banner.hide()
        self._let_type(yes=not self.in_doubt)
        if self._focused is not None and self._focused.isEnabled():
            self._focused.setFocus()

    def on_failed(self, error: PosError) -> None:
        """Say what became of the points, and what can be done now."""
        if isinstance(error, RedemptionUnknown | RedemptionInInbox):
            self._say_in_doubt(error)
        elif isinstance(error, RedemptionNeedsServer | SignInRequired):
            self.operation_id = OperationId(new_uuid())
            self._say_not_sent(error)
        else:
            if isinstance(error, RedemptionRefused):
                self.operation_id = OperationId(new_uuid())
            super().on_failed(error)

    def _say_not_sent(self, error: PosError) -> None:
        full = self.offer("F2", self.say(N_("Take the full price now")), self.take_full_price, "banknote")
        again = self.offer("F3", self.say(N_("Try again")), self.confirm, "refresh-cw")
        if isinstance(error, SignInRequired):
            title = self.say.say(error.title_message)
            text = self.say(N_("The server does not know this till any more, so it was not asked. No points are gone."))
        else:
            title = self.say(N_("Points cannot be taken off now"))
            text = self.say(N_("The server could not be asked. Nothing was sent, so no points are gone."))
        self.banner.say(Tone.WARN, title, text, (full, again))

    def _say_in_doubt(self, error: PosError) -> None:
        self.in_doubt = True
        self.after.show_rows(self.rows_in_doubt())
        self._let_type(yes=False)
        points = f"{self.points_asked():,}"
        if isinstance(error, RedemptionUnknown):
            text = N_(
                "It was sent and no answer came. The {points} points are held, and this till asks again by itself."
                " Take the full price now and do not enter it again."
            )
            again: tuple[KeyButton, ...] = (
                self.offer("F3", self.say(N_("Ask again")), self._on_ask_again, "refresh-cw"),
            )
        else:
            text = N_(
                "The server's answer does not say. The {points} points are held, and a person decides in the inbox."
                " Take the full price now and do not enter it again."
            )
            again = ()
        title = self.say(N_("Nobody knows yet whether the points are gone"))
        self.banner.say(Tone.WARN, title, self.say(text, points=points), again)
        self.action_button.set_words(self.say(N_("Take the full price now")))
        self.cancel_button.hide()
        self.action_button.setFocus()

    def _on_ask_again(self) -> None:
        """Ask about the same act, under its own id."""
        super().confirm()

    def _on_countdown(self) -> None:
        left = math.ceil(self._until - time.monotonic())
        self._countdown.setInterval(1000)
        title = self.say(N_("Asking the server… {seconds} s"), seconds=max(left, 0))
        self.banner.say(Tone.INFO, title, self.say(N_("The points come off as soon as it agrees.")))

    def _let_type(self, *, yes: bool) -> None:
        for field in self.typed_fields:
            field.setEnabled(yes)
