"""The last step: what to press first."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from posapp.domain.messages import N_
from posapp.ui.acts import ACTS, Act
from posapp.ui.first_run.step import Beginning, Step
from posapp.ui.theme.tokens import L, M, Tone, Type
from posapp.ui.widgets.buttons import KeyCap
from posapp.ui.widgets.labels import IconLabel, Label

_FIRST_ACTS = (Act.SALE, Act.REDEEM, Act.PAYMENT, Act.CHARGE, Act.STATEMENT, Act.EDIT)


class DoneStep(Step):
    """Shows the keys of a day."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(beginning)
        say = self.say
        self.title = say(N_("Ready"))
        self.about = say(N_("Type any part of a name or phone; Enter opens the card. Then:"))
        self.next_words = say(N_("Open the till"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(M)
        for place, act in enumerate(_FIRST_ACTS):
            look = ACTS[act]
            line, column = place // 2, place % 2 * 3
            grid.addWidget(KeyCap(look.key), line, column)
            grid.addWidget(IconLabel(look.icon, Tone.ACCENT), line, column + 1)
            grid.addWidget(Label(say(look.words), Type.SUBTITLE), line, column + 2)
            grid.setColumnStretch(column + 2, 1)
        self.column.addLayout(grid)
        self.column.addSpacing(L)
        text = say(N_("The keys stand on the buttons; nobody has to learn them. Esc always goes back."))
        self.column.addWidget(Label(text, Type.BODY, Tone.MUTED, wraps=True))
        self.column.addStretch()
