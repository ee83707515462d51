"""Points come off only once the server agrees: the wait, and what a cashier can do when no answer comes (design, 7)."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.errors import PosError, SignInRequired
from posapp.domain.exposure import RiskOff
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.services.exposure import RiskOffer, offer_risk
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
from posapp.ui.widgets.fields import Field

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
        self.risk_offer: RiskOffer | None = None
        self._giving = False
        self._action = action
        self._focused: QWidget | None = None
        self._until = 0.0
        super().__init__(desk, card, act=act, title=title, action=action, parent=parent)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(12)
        self.pin_field = Field(self.say(N_("Manager's PIN, for points at the shop's risk")), self.pin)
        self.pin_field.setParent(self)
        self.pin_field.hide()
        self._countdown = QTimer(self)
        self._countdown.timeout.connect(self._on_countdown)

    @abstractmethod
    def points_asked(self) -> int:
        """Return how many points the act takes off."""

    @abstractmethod
    def take_full_price(self) -> None:
        """Go on without points; nothing was taken off."""

    @abstractmethod
    def told_in_doubt(self) -> Told:
        """Return what the window says when nobody knows whether the points are gone."""

    @abstractmethod
    def rows_in_doubt(self) -> tuple[AfterRow, ...]:
        """Return what is done at the counter while nobody knows whether the points are gone."""

    @abstractmethod
    def give_at_risk(self) -> Callable[[], OperationId] | None:
        """Return what records that the discount is given although the server did not agree, and the act's id."""

    @abstractmethod
    def told_at_risk(self, operation_id: OperationId) -> Told:
        """Return what the window says of a discount given at the shop's risk."""

    def goes_online(self) -> bool:
        """Return whether points are taken off, for which the server is asked."""
        return self.points_asked() > 0 and not self._giving

    def edited(self, *_: object) -> None:
        """Note that a field changed: what could be given at the shop's risk was something else."""
        self._hide_risk()
        super().edited()

    def confirm(self) -> None:
        """Record the act; one that is in doubt is over for the cashier, unless the discount is given at risk."""
        if not self.pin_field.isHidden() and not self.busy:
            self._check_pin()
        elif self.in_doubt and not self.busy:
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
        if self._giving or not self.goes_online():
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
        self._ask_risk(partial(self._show_not_sent, error))
        self._show_not_sent(error)

    def _show_not_sent(self, error: PosError) -> None:
        full = self.offer("F2", self.say(N_("Take the full price now")), self.take_full_price, "banknote")
        again = self.offer("F3", self.say(N_("Try again")), self.confirm, "refresh-cw")
        if isinstance(error, SignInRequired):
            title = self.say.say(error.title_message)
            text = self.say(N_("The server does not know this till any more, so it was not asked. No points are gone."))
        else:
            title = self.say(N_("Points cannot be taken off now"))
            text = self.say(N_("The server could not be asked. Nothing was sent, so no points are gone."))
        self.banner.say(Tone.WARN, title, text + self._risk_words(), (full, again, *self._risk_buttons()))

    def _say_in_doubt(self, error: PosError) -> None:
        self.in_doubt = True
        self.after.show_rows(self.rows_in_doubt())
        self._let_type(yes=False)
        self.action_button.set_words(self.say(N_("Take the full price now")))
        self.cancel_button.hide()
        if isinstance(error, RedemptionUnknown):
            self._ask_risk(self._show_unknown)
            self._show_unknown()
        else:
            text = N_(
                "The server's answer does not say. The {points} points are held, and a person decides in the inbox."
                " Take the full price now and do not enter it again."
            )
            self._show_in_doubt(text, ())
        self.action_button.setFocus()

    def _show_unknown(self) -> None:
        text = N_(
            "It was sent and no answer came. The {points} points are held, and this till asks again by itself."
            " Take the full price now and do not enter it again."
        )
        again = self.offer("F3", self.say(N_("Ask again")), self._on_ask_again, "refresh-cw")
        self._show_in_doubt(text, (again, *self._risk_buttons()))

    def _show_in_doubt(self, text: str, buttons: tuple[KeyButton, ...]) -> None:
        title = self.say(N_("Nobody knows yet whether the points are gone"))
        words = self.say(text, points=f"{self.points_asked():,}")
        self.banner.say(Tone.WARN, title, words + self._risk_words(), buttons)

    def _ask_risk(self, show: Callable[[], None]) -> None:
        """Find out whether the discount may be given at the shop's risk, and say it where it can be said."""
        self._hide_risk()
        known = self.operation_id if self.in_doubt else None
        look = partial(offer_risk, self.desk.till, self.customer_id, self.points_asked(), known=known)

        def told(offer: RiskOffer) -> None:
            if not self.busy and self.banner.words():
                self.risk_offer = offer
                show()

        self.desk.runner.run(look, done=told, failed=lambda _: None, owner=self, reading=True)

    def _risk_words(self) -> str:
        """Return what a cashier should know before she gives points at the shop's risk; empty where nobody may."""
        offer = self.risk_offer
        if offer is None or isinstance(offer.refusal, RiskOff):
            return ""
        if offer.refusal is not None:
            return "\n" + self.say.say(offer.refusal.detail)
        assert offer.room is not None, "what is not refused has room"
        words = N_("Without the server this till may give {most} points now; the shop can lose {exposure} at most.")
        return "\n" + self.say(words, most=f"{offer.room.most:,}", exposure=offer.exposure.total)

    def _risk_buttons(self) -> tuple[KeyButton, ...]:
        offer = self.risk_offer
        if offer is None or offer.refusal is not None:
            return ()
        icon = "key-round" if offer.needs_manager else "triangle-alert"
        return (self.offer("F6", self.say(N_("Give at the shop's risk")), self._on_risk, icon),)

    def _hide_risk(self) -> None:
        self.risk_offer = None
        if not self.pin_field.isHidden():
            self.pin.clear()
            self.pin_field.hide()
            self.action_button.set_words(self._action)

    def _on_risk(self) -> None:
        """Give the discount; past the soft limits once a manager typed the PIN, here and not in another window."""
        offer = self.risk_offer
        if self.busy or offer is None:
            return
        if offer.needs_manager and self.approved_by is None:
            if self.pin_field.isHidden():
                self._ask_pin()
            else:
                self._check_pin()
            return
        self._give()

    def _ask_pin(self) -> None:
        title = self.say(N_("The manager must agree to {points} points"), points=f"{self.points_asked():,}")
        self.banner.hide()  # its old size would make the dialog grow for good
        self.form.addWidget(self.pin_field)
        self.pin_field.show()
        self.banner.say(Tone.WARN, title, self._risk_words().strip())
        self.action_button.set_words(self.say(N_("Give at the shop's risk")))
        self.pin.setFocus()

    def _check_pin(self) -> None:
        if not self.pin.text():
            self.pin.setFocus()
            return
        self._set_giving(busy=True)
        check = partial(self.desk.app.approve, self.pin.text())
        self.desk.runner.run(check, done=self._on_pin_right, failed=self._on_pin_wrong, owner=self)

    def _on_pin_right(self, manager: str) -> None:
        self._set_giving(busy=False)
        self.approved_by = manager
        self._give()

    def _on_pin_wrong(self, error: PosError) -> None:
        self._set_giving(busy=False)
        self.pin.clear()
        self.pin_field.set_wrong(self.say.say(error.detail))
        self.pin.setFocus()

    def _give(self) -> None:
        act = self.give_at_risk()
        if act is not None:
            self._set_giving(busy=True)
            self.desk.runner.run(act, done=self._on_given, failed=self._on_not_given, owner=self)

    def _on_given(self, operation_id: OperationId) -> None:
        self._set_giving(busy=False)
        self.finish(self.told_at_risk(operation_id))

    def _on_not_given(self, error: PosError) -> None:
        self._set_giving(busy=False)
        self.banner.say_error(error, self.say)

    def _set_giving(self, *, busy: bool) -> None:
        """Look busy without asking the server."""
        self._giving = True
        self._set_busy(busy=busy)
        self._giving = busy

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
