"""The movements of a customer's points with their running total."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from posapp.domain.messages import N_
from posapp.domain.words import KIND_WORDS
from posapp.services.dto import PointsLine
from posapp.services.lookup import PointsExplanation
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import STATES, moment_said, points_said


@dataclass(frozen=True, slots=True)
class PointsRow:
    """A movement and the points after it; without a movement it is what the server's figure holds before them."""

    line: PointsLine | None
    total: int | None


def points_rows(explained: PointsExplanation, *, counted_only: bool = False) -> tuple[PointsRow, ...]:
    """Return the movements, oldest first, each with the points after it.

    Args:
        explained: The movements.
        counted_only: Leave out those that do not move the points.
    """
    total = explained.brought
    rows = [PointsRow(None, total)] if total is None or total else []
    for line in explained.lines:
        if line.counted and total is not None:
            total += line.points
        if line.counted or not counted_only:
            rows.append(PointsRow(line, total))
    return tuple(rows)


class PointsTableModel(RecordsModel[PointsRow]):
    """Day, what, earned, used, points after it and how far it has come."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        say = desk.say
        columns = (
            Column(say(N_("When")), 128),
            Column(say(N_("What"))),
            Column(say(N_("Earned")), 112, right=True),
            Column(say(N_("Used")), 112, right=True),
            Column(say(N_("Points")), 136, right=True),
            Column(say(N_("State")), 116),
        )
        super().__init__(columns, parent)
        self._desk = desk

    def key(self, record: PointsRow) -> str:
        """Return the act's id; a bill and its reversal are two acts."""
        return "" if record.line is None else record.line.operation_id or ""

    def cells(self, record: PointsRow) -> tuple[Cell, ...]:
        """Return what a row shows."""
        say, line = self._desk.say, record.line
        total = Cell(points_said(say, record.total), strong=record.total is not None)
        if line is None:
            tip = say(N_("What the server's figure holds beyond the movements that this till knows."))
            return Cell(), Cell(say(N_("Brought forward")), tone=Tone.MUTED, tip=tip), Cell(), Cell(), total, Cell()
        tone = Tone.NORMAL if line.counted else Tone.MUTED
        when = moment_said(say, line.occurred_at, self._desk.till.clock.now(), self._desk.shop())
        words = say(KIND_WORDS.get(line.description, line.description))
        moved = Cell(f"{abs(line.points):,}", tone=tone)
        sides = (moved, Cell()) if line.points > 0 else (Cell(), moved)
        look = STATES[line.state]
        state = Cell(say(look.word), icon=look.icon, tone=look.tone, tip=say(look.words))
        what = Cell(words[:1].upper() + words[1:], tone=tone)
        return Cell(when, tone=Tone.MUTED), what, *sides, total if line.counted else Cell(), state
