"""A customer's statement: which days, on which paper, what will stand on it; then the PDF is opened or saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.policy import BalanceUnknown
from posapp.domain.statement import Statement, WrongPeriod
from posapp.locale.translator import languages
from posapp.services.lookup import Card
from posapp.services.ports.documents import Paper
from posapp.services.statements import statement
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import ActDialog, Told
from posapp.ui.paper import StatementWish, Written, open_paper, statement_name, usual_folder, write_statement
from posapp.ui.theme.tokens import L, M, Tone, Type
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.widgets.ageing_strip import AgeingStrip
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.choices import Choice, Choices
from posapp.ui.widgets.day_edit import DayEdit
from posapp.ui.widgets.drop_down import DropDown
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import Label
from posapp.ui.wording import balance_said

_LANGUAGE_WORDS = {"en": "English", "hi": "हिन्दी", "bn": "বাংলা", "ur": "اردو"}
_WIDTH, _HEIGHT = 980, 380
_MONTHS = {"this": 0, "last": 1, "three": 2}
_CUSTOM, _ALL = "custom", "all"


class StatementDialog(ActDialog[Statement, Written]):
    """Shows the figures before anything is printed."""

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        say = desk.say
        super().__init__(
            desk,
            title=say(N_("Statement")),
            about=card.customer.profile.name,
            icon="file-text",
            action=say(N_("Open PDF")),
            parent=parent,
        )
        self._card = card
        self._made: Statement | None = None
        self._path: Path | None = None
        self.today = desk.shop().day_of(desk.till.clock.now())
        self.first = DayEdit(self.today, empty=say(N_("the first entry")))
        self.last = DayEdit(self.today, empty=say(N_("today")))
        self.period = Choices(
            (
                Choice("this", say(N_("This month")), "F2"),
                Choice("last", say(N_("Last month")), "F3"),
                Choice("three", say(N_("3 months")), "F4"),
                Choice(_ALL, say(N_("All")), "F6"),
                Choice(_CUSTOM, say(N_("From – to")), "F7"),
            ),
            "three",
            columns=5,
        )
        self.paper = Choices(
            (
                Choice(Paper.A4.value, say(N_("A4 page")), "F10", "file-text"),
                Choice(Paper.ROLL_80.value, say(N_("80 mm roll")), "F11", "receipt"),
            ),
            Paper.A4.value,
        )
        self.language = DropDown()
        for name in languages():
            self.language.addItem(_LANGUAGE_WORDS.get(name, name), name)
        self.language.setCurrentIndex(max(0, self.language.findData(say.language)))
        self.ageing = AgeingStrip(say)
        self.save_button = KeyButton(say(N_("Save PDF…")), key="Ctrl+S", icon="file-down", binds=True)
        self.save_button.clicked.connect(self._on_save)
        self.action_button.setToolTip(say(N_("Saved in {folder}, then opened"), folder=usual_folder()))
        self._lay_out_form()
        self.after.set_title(say(N_("On the statement")))
        self._put_days()
        self.period.changed.connect(self._on_period_changed)
        for edit in (self.first, self.last):
            edit.textEdited.connect(self._on_day_edited)
        for choice in (self.paper.changed, self.language.currentIndexChanged):
            choice.connect(self.edited)
        self.action_button.setFocus()
        self.edited()

    def preview(self) -> Callable[[], Statement] | None:
        """Read the statement; None while a day cannot be read, which is said there."""
        for edit, field in ((self.first, self._from), (self.last, self._to)):
            try:
                edit.checked()
            except PosError as error:
                self.set_wrong(field, error)
                return None
        days = self.first.day(), self.last.day()
        return partial(statement, self.desk.till, self._card.customer.id, first=days[0], last=days[1])

    def show_preview(self, preview: Statement | None) -> None:
        """Show the figures, and the ageing of what is owed."""
        self._made = preview
        self.ageing.show_ageing(None if preview is None else preview.ageing)
        self.after.show_rows(() if preview is None else self._rows(preview))
        for button in (self.action_button, self.save_button):
            button.setEnabled(preview is not None and not self.busy)

    def act(self) -> Callable[[], Written] | None:
        """Write the file."""
        if self._made is None:
            return None
        wish = StatementWish(
            customer_id=self._card.customer.id,
            first=self.first.day(),
            last=self.last.day(),
            paper=Paper(self.paper.value() or Paper.A4.value),
            language=self.language.currentData(),
            path=self._path,
        )
        return lambda: write_statement(self.desk.till, self.desk.app.documents(), wish, self.say)

    def told(self, result: Written) -> Told:
        """Open what was not saved in a place of its own, and say where it lies."""
        if self._path is None and not open_paper(result.path):
            words = N_("The statement lies in {folder}; nothing on this computer opens a PDF")
            return Told(self.say(words, folder=result.path.parent), self._card.customer.id)
        return Told(result.text, self._card.customer.id)

    def field_of(self, error: PosError) -> Field | None:
        """Return the field of the last day for a period that ends before it begins."""
        return self._to if isinstance(error, WrongPeriod) else None

    def on_failed(self, error: PosError) -> None:
        """Offer to fetch a khata that was not fetched yet."""
        self._path = None
        if isinstance(error, BalanceUnknown):
            fetch = self.offer("F9", self.say(N_("Fetch it now")), self._fetch, "refresh-cw")
            self.banner.say(Tone.WARN, self.say(N_("Her khata was not fetched yet")), "", (fetch,))
        else:
            super().on_failed(error)

    def on_busy(self, *, busy: bool) -> None:
        """Let nothing be pressed while the file is written."""
        self.save_button.setEnabled(not busy and self._made is not None)

    def said_of_days(self) -> str:
        """Return what stands below the two days."""
        return f"{self._from.below()} {self._to.below()}".strip()

    def _on_preview_failed(self, error: PosError) -> None:
        self.show_preview(None)
        self.on_failed(error)

    def _fetch(self) -> None:
        """Ask the server for her khata, then look again."""
        self.banner.say(Tone.INFO, self.say(N_("Asking the server…")))
        self.desk.runner.run(
            partial(self.desk.app.refresh, self._card.customer.id),
            done=self._on_fetched,
            failed=self._on_fetch_failed,
            owner=self,
            online=True,
        )

    def _on_fetched(self, came: bool) -> None:  # noqa: FBT001 (the answer of a task)
        if came:
            self.banner.hide()
            self.desk.changes.customer_changed.emit(self._card.customer.id)
            self.edited()
            return
        again = self.offer("F9", self.say(N_("Try again")), self._fetch, "refresh-cw")
        title, text = N_("The server did not answer"), N_("A statement can be printed once the khata is here.")
        self.banner.say(Tone.WARN, self.say(title), self.say(text), (again,))

    def _on_fetch_failed(self, error: PosError) -> None:
        self.banner.say_error(error, self.say)

    def _on_save(self) -> None:
        if self._made is None or self.busy:
            return
        usual = usual_folder() / statement_name(self._made)
        folder = usual.parent if usual.parent.is_dir() else usual.parent.parent
        asked = QFileDialog(self, self.say(N_("Save the statement")), str(folder), "*.pdf")
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix("pdf")  # before it asks whether a file may be replaced, so that it asks of the right one
        asked.selectFile(usual.name)
        if asked.exec():
            self._path = Path(asked.selectedFiles()[0])
            self.confirm()

    def _on_period_changed(self) -> None:
        self._put_days()
        if self.period.value() == _CUSTOM:
            self.first.setFocus()
        self.edited()

    def _on_day_edited(self) -> None:
        if self.period.value() != _CUSTOM:
            self.period.choose(_CUSTOM)
        self.edited()

    def _put_days(self) -> None:
        """Put the days of the chosen period in; days typed by hand stay."""
        chosen = self.period.value()
        if chosen == _CUSTOM:
            return
        self.first.clear()
        self.last.clear()
        if chosen in _MONTHS:
            self.first.set_day(_month_begins(self.today, _MONTHS[chosen]))
        if chosen == "last":
            self.last.set_day(self.today.replace(day=1) - timedelta(days=1))

    def _rows(self, made: Statement) -> tuple[AfterRow, ...]:
        say = self.say
        opening, closing = balance_said(say, made.opening), balance_said(say, made.closing)
        count = len(made.lines) + len(made.unsent)
        rows = [
            AfterRow(say(N_("Brought forward")), opening.value, opening.caption),
            AfterRow(say(N_("Debits")), made.debits.text()),
            AfterRow(say(N_("Credits")), made.credits.text()),
            AfterRow(closing.caption, closing.value, "", closing.tone, strong=True),
            AfterRow(say(N_("Lines")), str(count)),
        ]
        if made.unsent:
            words = say.plural(N_("{count} line"), N_("{count} lines"), len(made.unsent))
            rows.append(AfterRow(say(N_("Not sent yet, in a block of their own")), words, "", Tone.WARN))
        if made.late:
            rows.append(AfterRow(say(N_("Late, marked on it")), str(len(made.late)), "", Tone.INFO))
        return tuple(rows)

    def _lay_out_form(self) -> None:
        say = self.say
        self._from, self._to = Field(say(N_("From")), self.first), Field(say(N_("To")), self.last)
        self.form.addWidget(Label(say(N_("Period")), Type.CAPTION, Tone.MUTED))
        self.form.addWidget(self.period)
        days = QHBoxLayout()
        days.setSpacing(L)
        days.addWidget(self._from)
        days.addWidget(self._to)
        self.form.addLayout(days)
        self.form.addWidget(Label(say(N_("Paper")), Type.CAPTION, Tone.MUTED))
        papers = QHBoxLayout()
        papers.setSpacing(L)
        papers.addWidget(self.paper, 1)
        if self.language.count() > 1:
            papers.addWidget(self.language)
        self.form.addLayout(papers)
        self.form.addSpacing(M)
        self.form.addWidget(Label(say(N_("How long it is due")), Type.CAPTION, Tone.MUTED))
        self.form.addWidget(self.ageing)
        self.foot.insertWidget(2, self.save_button)
        self.reserve(_WIDTH, _HEIGHT)


def _month_begins(today: date, months_before: int) -> date:
    """Return the first day of the month so many months before today's."""
    months = today.year * 12 + today.month - 1 - months_before
    return date(months // 12, months % 12 + 1, 1)
