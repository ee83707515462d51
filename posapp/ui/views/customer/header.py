"""The head of a card: who she is, how to reach her, what the shop noted about her."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.dto import CustomerStatus
from posapp.services.lookup import Card
from posapp.services.trait_marks import GROUP, trait_marks
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme import icons
from posapp.ui.theme.tokens import XS, L, M, S, Tone, Type
from posapp.ui.views.customer.age_line import AgeLine
from posapp.ui.views.customer.tag_row import ChipWords, TagRow
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.labels import Chip, ElidedLabel, IconLabel, Label, plain_tip

BEHIND_MORE = tuple(act for act, look in ACTS.items() if not look.key)
_NAME_HEIGHT = 44
"""Of the tallest script, so that no letter is cut and nothing jumps from one customer to the next."""
_CONTACT_WIDTH = 240
_TONES = {True: Tone.GOOD, False: Tone.WARN, None: Tone.MUTED}
"""Of a mark that speaks for the customer, asks for care, or does neither."""


class CardHeader(QWidget):
    """Name, contacts, what the server says in a word, tags and notes, with *Edit* and the acts that have no key.

    Signals:
        act_wanted: An `Act`.
        notes_wanted: Somebody wants to read all notes.
    """

    act_wanted = Signal(object)
    notes_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        say = desk.say
        self.name = ElidedLabel("", Type.TITLE)
        self.name.setFixedHeight(_NAME_HEIGHT)
        self.state = Chip("", Tone.BAD)
        edit = ACTS[Act.EDIT]
        self.edit_button = KeyButton(say(edit.words), key=edit.key, icon=edit.icon)
        self.edit_button.clicked.connect(self._on_edit_clicked)
        self.more_button = KeyButton(say(N_("More")), icon="ellipsis", kind=Kind.QUIET)
        self.more_button.clicked.connect(self._on_more_clicked)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.triggered.connect(self._on_menu_triggered)
        self._reasons: Mapping[Act, str] = {}
        self.phone, self.email, self.code = (_Contact(icon) for icon in ("phone", "mail", "id-card"))
        self.age = AgeLine(desk)
        self.tags = TagRow()
        self.notes = _Notes(desk)
        self.notes.all_button.clicked.connect(self.notes_wanted)
        self._lay_out()

    def show_card(self, card: Card) -> None:
        """Show who she is."""
        say, profile = self._desk.say, card.customer.profile
        self.name.setText(profile.name)
        self.name.setAccessibleName(profile.name)
        states = {CustomerStatus.DELETED: N_("deleted"), CustomerStatus.ANONYMIZED: N_("anonymised")}
        status = states.get(card.customer.status)
        self.state.setText(say(status) if status else "")
        self.state.setVisible(status is not None)
        self.phone.show_text(profile.phone or say(N_("no phone")), known=bool(profile.phone))
        self.email.show_text(profile.email or "", known=bool(profile.email))
        self.code.show_text(card.customer.card_code or "", known=bool(card.customer.card_code))
        self.tags.show_chips(self._chips(card))
        self.notes.show_text(profile.notes or "")
        self.age.show_card(card)

    def _chips(self, card: Card) -> tuple[ChipWords, ...]:
        """Return what is known of the customer in a word each, then the tags."""
        say = self._desk.say
        marks = [
            ChipWords(
                say.say(mark.text),
                say.say(mark.why),
                _TONES[mark.good],
                (card.traits.group_color or "") if mark.name == GROUP else "",
            )
            for mark in trait_marks(card.traits, card.segment)
        ]
        return (*marks, *(ChipWords(tag, tag, Tone.ACCENT) for tag in card.customer.profile.tags))

    def set_allowed(self, reasons: Mapping[Act, str]) -> None:
        """Let acts be begun or not; an empty reason allows."""
        self._reasons = reasons
        self.edit_button.setEnabled(not reasons[Act.EDIT])
        self.edit_button.setToolTip(reasons[Act.EDIT])

    def _on_edit_clicked(self) -> None:
        self.act_wanted.emit(Act.EDIT)

    def _on_menu_triggered(self, action: QAction) -> None:
        self.act_wanted.emit(Act(action.data()))

    def _on_more_clicked(self) -> None:
        self.menu.clear()
        for act in BEHIND_MORE:
            look, reason = ACTS[act], self._reasons.get(act, "")
            if act is Act.DELETE:
                self.menu.addSeparator()
            action = self.menu.addAction(icons.icon(look.icon), self._desk.say(look.words))
            action.setData(act.value)
            action.setEnabled(not reason)
            action.setToolTip(reason)
        below = QPoint(self.more_button.width() - self.menu.sizeHint().width(), self.more_button.height() + XS)
        self.menu.popup(self.more_button.mapToGlobal(below))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(S)
        top.addWidget(self.name, 1)
        for part in (self.state, self.edit_button, self.more_button):
            top.addWidget(part)
        contacts = QHBoxLayout()
        contacts.setSpacing(L)
        for contact in (self.phone, self.code, self.email):
            contacts.addWidget(contact)
        contacts.addStretch()
        contacts.addWidget(self.age)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(XS)
        column.addLayout(top)
        column.addLayout(contacts)
        column.addWidget(self.tags)
        column.addSpacing(XS)
        column.addWidget(self.notes)


class _Contact(QWidget):
    """An icon and a text that can be marked and copied; hidden while there is nothing."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.label = Label("", Type.BODY)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(XS)
        row.addWidget(IconLabel(icon, Tone.MUTED, 16))
        row.addWidget(self.label)

    def show_text(self, text: str, *, known: bool) -> None:
        metrics = self.label.fontMetrics()
        self.label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, _CONTACT_WIDTH))
        self.label.setToolTip(plain_tip(text))
        self.label.set_tone(Tone.NORMAL if known else Tone.MUTED)
        self.setVisible(bool(text))


class _Notes(QFrame):
    """The first two lines of the notes on a note's colour, and the way to all of them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("soft", Tone.WARN.value)
        self.lines = ElidedLabel("", Type.BODY), ElidedLabel("", Type.BODY)
        self.all_button = KeyButton(desk.say(N_("Read all")), kind=Kind.QUIET)
        words = QVBoxLayout()
        words.setSpacing(0)
        for line in self.lines:
            words.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(M, XS, XS, XS)
        row.setSpacing(S)
        row.addWidget(IconLabel("sticky-note", Tone.WARN, 16))
        row.addLayout(words, 1)
        row.addWidget(self.all_button)

    def show_text(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip()]
        for place, label in enumerate(self.lines):
            label.setText(lines[place] if place < len(lines) else "")
            label.setVisible(place < len(lines))
        self.setVisible(bool(lines))
