"""What needs a person, an item a row; and what was settled, a decision a row."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.domain.messages import N_
from posapp.services.inbox import Age, FoundItem, age_of
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.views.inbox.wording import decision_words, headline, look_of
from posapp.ui.wording import moment_said

_AGES = {
    Age.NEW: ("", Tone.MUTED, ""),
    Age.OLD: ("clock", Tone.MUTED, N_("Waits longer than a quarter of an hour")),
    Age.LATE: ("clock-alert", Tone.WARN, N_("Waits longer than four hours")),
}
"""How long an item waits: icon, tone and words of its mark."""


class _ItemsModel(RecordsModel[FoundItem]):
    """Items: what it is about and whom; a subclass adds the rest of a row."""

    def __init__(self, desk: Desk, width: int, rest: tuple[Column, ...], parent: QObject | None = None) -> None:
        """Make the table; the column of customers is so wide."""
        say = desk.say
        super().__init__((Column(say(N_("What"))), Column(say(N_("Customer")), width), *rest), parent)
        self._desk = desk

    def key(self, record: FoundItem) -> str:
        """Return the item."""
        return record.item.id

    def about(self, record: FoundItem) -> tuple[Cell, Cell]:
        """Return the act, or where there is none, what came up, and whom it is about; loud where the till waits."""
        desk, look = self._desk, look_of(record.item.kind)
        title = desk.say(look.title)
        act = headline(desk.say, record, desk.shop().currency)
        name = record.customer.profile.name if record.customer else ""
        tone = Tone.BAD if look.urgent and record.item.resolved_at is None else Tone.NORMAL
        first = Cell(act or title, title if act else "", icon=look.icon, tone=tone, tip=title)
        return first, Cell(name, tone=Tone.MUTED, tip=name)


class InboxTableModel(_ItemsModel):
    """Open items, the oldest first; one that waits long is marked."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk, 184, (Column(desk.say(N_("Since")), 112),), parent)

    def cells(self, record: FoundItem) -> tuple[Cell, ...]:
        """Return what a row shows."""
        desk, now = self._desk, self._desk.till.clock.now()
        icon, tone, tip = _AGES[age_of(record.item, now)]
        since = moment_said(desk.say, record.item.opened_at, now, desk.shop())
        return *self.about(record), Cell(since, tone=tone, icon=icon, tip=desk.say(tip) if tip else "")


class SettledTableModel(_ItemsModel):
    """Settled items, the last decision first, with what was chosen; who chose it stands beside the list."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        say = desk.say
        rest = (Column(say(N_("Decision")), 136), Column(say(N_("When")), 108))
        super().__init__(desk, 144, rest, parent)

    def cells(self, record: FoundItem) -> tuple[Cell, ...]:
        """Return what a row shows."""
        desk, item = self._desk, record.item
        at = moment_said(desk.say, item.resolved_at or item.opened_at, desk.till.clock.now(), desk.shop())
        chosen = decision_words(desk.say, item.resolution)
        return (
            *self.about(record),
            Cell(chosen, tip=chosen),
            Cell(at, tone=Tone.MUTED),
        )
