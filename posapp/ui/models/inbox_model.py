"""What needs a person, an item a row."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.domain.messages import N_
from posapp.services.inbox import FoundItem
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.views.inbox.wording import headline, look_of
from posapp.ui.wording import moment_said


class InboxTableModel(RecordsModel[FoundItem]):
    """Open items, the oldest first."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        say = desk.say
        columns = (Column(say(N_("What"))), Column(say(N_("Customer")), 168), Column(say(N_("Since")), 128))
        super().__init__(columns, parent)
        self._desk = desk

    def key(self, record: FoundItem) -> str:
        """Return the item."""
        return record.item.id

    def cells(self, record: FoundItem) -> tuple[Cell, ...]:
        """Return what a row shows: the act, or where there is none, what came up."""
        desk, look = self._desk, look_of(record.item.kind)
        title = desk.say(look.title)
        act = headline(desk.say, record, desk.shop().currency)
        name = record.customer.profile.name if record.customer else ""
        since = moment_said(desk.say, record.item.opened_at, desk.till.clock.now(), desk.shop())
        return (
            Cell(act or title, title if act else "", icon=look.icon, tone=Tone.NORMAL if act else Tone.BAD, tip=title),
            Cell(name, tone=Tone.MUTED, tip=name),
            Cell(since, tone=Tone.MUTED),
        )
