"""How old what the card shows is, and whether it is being read anew."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.dto import Standing
from posapp.services.lookup import Card
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import XS, Tone, Type
from posapp.ui.widgets.labels import IconLabel, Label
from posapp.ui.wording import ago_said, moment_said

_TICK_MS = 1000


class AgeLine(QWidget):
    """`as of 09:42 · 12 s ago`, counted on while it is seen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._card: Card | None = None
        self._refreshing = False
        self._icon = IconLabel("clock", Tone.MUTED, 14)
        self._words = Label("", Type.CAPTION, Tone.MUTED)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(XS)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._draw)

    def show_card(self, card: Card) -> None:
        """Tell the age of a card's numbers."""
        self._card = card
        self._draw()

    def set_refreshing(self, *, refreshing: bool) -> None:
        """Tell whether the server is being asked just now."""
        self._refreshing = refreshing
        self._draw()

    def words(self) -> str:
        """Return what it says."""
        return self._words.text()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Count on."""
        super().showEvent(event)
        self._draw()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._tick.stop()

    def _draw(self) -> None:
        if self._card is None:
            return
        icon, text = self._said(self._card)
        self._icon.set_icon(icon, Tone.MUTED)
        if text != self._words.text():
            self._words.setText(text)

    def _said(self, card: Card) -> tuple[str, str]:
        say, as_of = self._desk.say, _as_of(card.standing)
        icon = "refresh-cw" if self._refreshing else "clock"
        if as_of is None and self._refreshing:
            return icon, say(N_("refreshing …"))
        if as_of is None:
            known = card.remote_id is not None
            return "hard-drive", say(N_("not fetched yet")) if known else say(N_("only on this till so far"))
        now = self._desk.till.clock.now()
        moment = moment_said(say, as_of, now, self._desk.shop())
        if self._refreshing:
            return icon, say(N_("as of {moment} · refreshing …"), moment=moment)
        return icon, say(N_("as of {moment} · {ago}"), moment=moment, ago=ago_said(say, as_of, now))


def _as_of(standing: Standing) -> datetime | None:
    """Return the age of the older of the two numbers, for that is what a person may rely on."""
    told = [moment for moment in (standing.balance_as_of, standing.points_as_of) if moment is not None]
    return min(told, default=None)
