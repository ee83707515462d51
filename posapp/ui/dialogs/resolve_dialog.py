"""Settling an item of the inbox: what was meant, what the server said, what will be so, and why it is chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.customer import WrongEmail, WrongPhone
from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.services import lookup
from posapp.services.inbox import FoundItem
from posapp.services.ports.search import Found
from posapp.services.resolving.decision import Decision, Offer
from posapp.services.resolving.resolve import (
    LONGEST_REASON,
    DecisionReasonMissing,
    Resolved,
    TargetMissing,
    ValueMissing,
    resolve,
)
from posapp.services.resolving.targets import WrongTarget
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.approval_dialog import ApprovalDialog
from posapp.ui.dialogs.form_dialog import FormDialog
from posapp.ui.theme.tokens import XL, L, M, S, Tone, Type
from posapp.ui.views.inbox.evidence import known
from posapp.ui.views.inbox.wording import FIELDS, decision_words, headline, look_of, meant, target_words
from posapp.ui.widgets.choices import Choice, Choices
from posapp.ui.widgets.drop_down import SearchLine
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import Label
from posapp.ui.widgets.line_edit import LineEdit
from posapp.ui.widgets.pairs import PairsSection, Quote

_WIDTH, _HEIGHT, _ASIDE, _NAMES = 880, 360, 400, 120
_BESIDE_WORDS = 88
"""What a button holds beside its words: margins and the cap of its key."""
_PAUSE_MS, _MOST_FOUND = 200, 8
_KEYS = tuple(f"F{number}" for number in range(2, 13))


class ResolveDialog(FormDialog):
    """One choice about one item; a manager's PIN is asked for where the choice needs it."""

    def __init__(self, desk: Desk, found: FoundItem, offer: Offer, parent: QWidget | None = None) -> None:
        """Open with nothing chosen and nothing typed.

        Args:
            desk: The till.
            found: The item.
            offer: What is to be done about it.
            parent: The window.
        """
        say = desk.say
        look = look_of(found.item.kind)
        super().__init__(
            desk,
            title=say(offer.label),
            about=found.customer.profile.name if found.customer else say(look.title),
            icon=look.icon,
            action=say(offer.label),
            parent=parent,
        )
        self.found, self.offer = found, offer
        self.approved_by: str | None = None
        self.targets: Choices | None = None
        self.other: SearchLine | None = None
        self.target_field: Field | None = None
        self.value = LineEdit()
        self.value_field = Field(say(FIELDS.get(offer.field, "")), self.value) if offer.field else None
        self.reason = LineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        asked = "" if offer.needs_reason else say(N_("May stay empty"))
        self.reason_field = Field(say(N_("Why")), self.reason, hint=asked)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._find)
        self._fill()
        (self.targets or self.other or (self.value if self.value_field else self.reason)).setFocus()

    def go_on(self) -> None:
        """Check what only this dialog knows, ask the manager where it must be, and settle the item."""
        if self.offer.wants_target and not self.target():
            self.failed(TargetMissing())
        elif self.value_field is not None and not self.value.text().strip():
            self.failed(ValueMissing())
        elif self.offer.needs_reason and not self.reason.text().strip():
            self.failed(DecisionReasonMissing())
        elif self.offer.needs_approval and self.approved_by is None:
            ask = ApprovalDialog(self.desk, self.say(self.offer.effect), self)
            ask.approved.connect(self._on_approved)
            ask.open()
        else:
            told = (self.reason.text(), self.target(), self.approved_by, self.value.text())
            decision = Decision(self.offer.choice, *told)
            self.run(partial(resolve, self.desk.till, self.found.item.id, decision), self._on_resolved)

    def failed(self, error: PosError) -> None:
        """Say below a field what is wrong with it, else in the banner."""
        field = self._field_of(error)
        if field is None:
            super().failed(error)
            return
        field.set_wrong(self.say.say(error.detail))
        field.editor.setFocus()

    def target(self) -> str:
        """Return what a link points to; empty for nothing yet."""
        typed = self.other.chosen() if self.other is not None else None
        return typed or (self.targets.value() if self.targets is not None else None) or ""

    def _field_of(self, error: PosError) -> Field | None:
        if isinstance(error, DecisionReasonMissing):
            return self.reason_field
        if isinstance(error, ValueMissing | WrongPhone | WrongEmail):
            return self.value_field
        return self.target_field if isinstance(error, TargetMissing | WrongTarget) else None

    def _on_approved(self, manager: str) -> None:
        self.approved_by = manager
        self.go_on()

    def _on_resolved(self, resolved: Resolved) -> None:
        customer_id = resolved.item.customer_id
        if customer_id is not None:
            self.desk.acted(customer_id)
        else:
            self.desk.sync.wake()
            self.desk.sync.refresh()
        self.finish(self.say(N_("Settled: {what}"), what=decision_words(self.say, resolved.item.resolution)))

    @Slot()
    def _find(self) -> None:
        if self.other is None or self.other.chosen() is not None:
            return
        look = partial(lookup.find, self.desk.till, self.other.text(), limit=_MOST_FOUND)
        self.desk.runner.run(look, done=self._on_found, failed=self.failed, owner=self, reading=True)

    def _on_found(self, found: Found) -> None:
        if self.other is None:
            return
        named = {}
        for hit in found.hits:
            profile = hit.customer.profile
            if hit.customer.id != self.found.item.customer_id:
                named[f"{profile.name} · {profile.phone}" if profile.phone else profile.name] = str(hit.customer.id)
        self.other.offer(named)
        if self.other.hasFocus() and self.other.completer():
            self.other.completer().complete()

    @Slot()
    def _on_target_changed(self) -> None:
        if self.target_field is not None:
            self.target_field.set_wrong("")

    @Slot()
    def _on_reason_changed(self) -> None:
        self.reason_field.set_wrong("")

    @Slot()
    def _on_value_changed(self) -> None:
        if self.value_field is not None:
            self.value_field.set_wrong("")

    def _fill(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(XL)
        both.addWidget(self._told(), 1)
        right = QVBoxLayout()
        right.setSpacing(M)
        right.addStrut(_ASIDE)
        right.addWidget(self._effect())
        self._add_targets(right)
        if self.value_field is not None:
            right.addWidget(self.value_field)
        right.addWidget(self.reason_field)
        right.addStretch(1)
        both.addLayout(right)
        self.body.addLayout(both)
        self.setMinimumSize(_WIDTH, _HEIGHT)
        self.reason.textChanged.connect(self._on_reason_changed)
        self.value.textChanged.connect(self._on_value_changed)

    def _told(self) -> QWidget:
        """What was meant, what the server said, what is known; it scrolls where it is long."""
        say, found, currency = self.say, self.found, self.desk.shop().currency
        page = QWidget()
        page.setProperty("scrolled", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, S, 0)
        column.setSpacing(M)
        act = headline(say, found, currency) or say(look_of(found.item.kind).title)
        column.addWidget(PairsSection(act, meant(say, found, currency), names_width=_NAMES))
        if found.item.server_said:
            column.addWidget(Quote(say(N_("The server's own words")), found.item.server_said))
        if evidence := known(say, found, self.desk.shop()):
            column.addWidget(PairsSection(say(N_("What is known")), evidence, names_width=_NAMES))
        column.addStretch()
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setWidget(page)
        return room

    def _effect(self) -> QWidget:
        panel = QFrame()
        panel.setProperty("soft", (Tone.WARN if self.offer.danger else Tone.INFO).value)
        column = QVBoxLayout(panel)
        column.setContentsMargins(L, M, L, M)
        column.addWidget(Label(self.say(self.offer.effect), Type.BODY, wraps=True))
        if self.offer.needs_approval:
            column.addWidget(Label(self.say(N_("The manager allows it with the PIN.")), Type.CAPTION, Tone.MUTED))
        return panel

    def _fitting(self, words: str) -> str:
        """Return words as far as they fit on a button; all of them stand beside it, in what is known."""
        return self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _ASIDE - _BESIDE_WORDS)

    def _add_targets(self, column: QVBoxLayout) -> None:
        targets = self.found.targets.get(self.offer.choice, ())
        if targets:
            shop = self.desk.shop()
            named = [
                Choice(target.id, self._fitting(target_words(self.say, target, shop)), key)
                for target, key in zip(targets, _KEYS, strict=False)
            ]
            self.targets = Choices(named, named[0].value if len(named) == 1 else None, columns=1)
            self.targets.setMinimumHeight(self.targets.sizeHint().height())
            self.targets.changed.connect(self._on_target_changed)
            self.target_field = Field(self.say(N_("Which one")), self.targets)
            column.addWidget(self.target_field)
        if self.offer.any_customer:
            self.other = SearchLine()
            self.other.setPlaceholderText(self.say(N_("Name or phone")))
            self.other.textEdited.connect(self._pause.start)
            self.other.textChanged.connect(self._on_target_changed)
            name = self.say(N_("Or another customer")) if targets else self.say(N_("Which customer"))
            field = Field(name, self.other)
            self.target_field = self.target_field or field
            column.addWidget(field)
