"""The wizard of the first start: the list of steps at the left, the step at the right, keys below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.services.status import status
from posapp.ui.bridge.task_runner import TaskRunner
from posapp.ui.first_run.code_step import CodeStep
from posapp.ui.first_run.connect_step import ConnectStep
from posapp.ui.first_run.done_step import DoneStep
from posapp.ui.first_run.pin_step import PinStep
from posapp.ui.first_run.shop_step import ShopStep
from posapp.ui.first_run.step import Beginning, Step
from posapp.ui.practice import show_practice
from posapp.ui.theme.tokens import XL, XXL, L, M, S, Tone, Type
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.labels import IconLabel, Label, hairline

_WIDTH, _HEIGHT = 960, 632
_RAIL = 232


@dataclass(frozen=True, slots=True)
class _Found:
    """How far a till has been begun."""

    made: bool
    connected: bool = False
    pin_chosen: bool = False
    passphrase_needed: bool = False


class FirstRun(QDialog):
    """Five steps; one that was begun before goes on where it stopped."""

    def __init__(self, app: Application, runner: TaskRunner, say: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._runner, self._say = app, runner, say
        self.beginning = Beginning(app, runner, say)
        shop = ShopStep(self.beginning)
        shop.practice_wanted.connect(self._on_practice_wanted)
        self.steps: tuple[Step, ...] = (
            shop,
            ConnectStep(self.beginning),
            PinStep(self.beginning),
            CodeStep(self.beginning),
            DoneStep(self.beginning),
        )
        self.setWindowTitle(say(N_("A new till")))
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.stack = QStackedWidget()
        for step in self.steps:
            step.passed.connect(self._on_step_passed)
            step.changed.connect(self._show_buttons)
            self.stack.addWidget(step)
        self._title, self._about = Label("", Type.TITLE), Label("", Type.BODY, Tone.MUTED, wraps=True)
        self._marks = [(IconLabel("circle", Tone.MUTED, 18), Label(step.title, Type.BODY)) for step in self.steps]
        self.banner = Banner()
        self.back_button = KeyButton(say(N_("Back")), key="Alt+←", kind=Kind.QUIET)
        self.skip_button = KeyButton("", key="F12", kind=Kind.PLAIN, binds=True)
        self.next_button = KeyButton(say(N_("Next")), key="Enter", kind=Kind.PRIMARY)
        self.back_button.clicked.connect(self._back)
        self.skip_button.clicked.connect(self._skip)
        self.next_button.clicked.connect(self._next)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self).activated.connect(self._on_enter)
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self._back)
        self._lay_out()
        self._runner.run(self._look, done=self._on_looked, failed=self._on_look_failed, owner=self)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.steps[self.stack.currentIndex()]

    def reject(self) -> None:
        """Close; what was done until then is kept, and the next start goes on there."""
        if not self.step.busy:
            super().reject()

    def _look(self) -> _Found:
        """Return how far the till is; on a worker's thread."""
        home = self._app.home
        if not home.exists():
            return _Found(made=False, passphrase_needed=home.needs_passphrase())
        connected = bool(status(self._app.till).connections)
        return _Found(made=True, connected=connected, pin_chosen=self._app.pin_chosen())

    def _on_looked(self, found: _Found) -> None:
        begun = self.beginning
        begun.made, begun.connected = found.made, found.connected
        begun.passphrase_needed = found.passphrase_needed
        if not found.made:
            self._show_step(0)
        elif not found.connected:
            self._show_step(1)
        else:
            self._show_step(3 if found.pin_chosen else 2)

    def _on_look_failed(self, error: PosError) -> None:
        self.banner.say_error(error, self._say)

    def _show_step(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        step = self.step
        self._title.setText(step.title)
        self._about.setText(step.about)
        for place, (icon, label) in enumerate(self._marks):
            name = "circle-check" if place < number else "circle"
            tone = Tone.ACCENT if place == number else Tone.GOOD if place < number else Tone.MUTED
            icon.set_icon("arrow-right" if place == number else name, tone)
            label.set_tone(Tone.NORMAL if place == number else Tone.MUTED)
        step.begin()
        self._show_buttons()

    def _show_buttons(self) -> None:
        step, ready = self.step, not self.step.busy
        self.back_button.setVisible(step.can_go_back())
        self.skip_button.setVisible(bool(step.skip_words))
        self.skip_button.set_words(step.skip_words)
        self.next_button.set_words(step.next_words if ready else self._say(N_("One moment…")))
        for button in (self.back_button, self.skip_button, self.next_button):
            button.setEnabled(ready)

    def _on_enter(self) -> None:
        """Press the button that has the focus, or go on."""
        focus = self.focusWidget()
        if isinstance(focus, QPushButton):
            focus.click()
        else:
            self._next()

    def _next(self) -> None:
        if not self.step.busy:
            self.step.go_on()

    def _skip(self) -> None:
        if not self.step.busy and self.step.skip_words:
            self.step.skip()

    def _back(self) -> None:
        if not self.step.busy and self.step.can_go_back():
            self._show_step(self.stack.currentIndex() - 1)

    def _on_step_passed(self) -> None:
        number = self.stack.currentIndex()
        if number + 1 == len(self.steps):
            self.accept()
        else:
            self._show_step(number + 1)

    def _on_practice_wanted(self) -> None:
        self.hide()
        try:
            show_practice(self._app, self._runner, self._say)
        except PosError as error:
            self.banner.say_error(error, self._say)
        finally:
            self.show()
            self.activateWindow()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title)
        head.addWidget(self._about)
        foot = QHBoxLayout()
        foot.setSpacing(S)
        foot.addWidget(self.back_button)
        foot.addStretch(1)
        foot.addWidget(self.skip_button)
        foot.addWidget(self.next_button)
        page = QVBoxLayout()
        page.setContentsMargins(XXL, XXL, XXL, XL)
        page.setSpacing(L)
        page.addLayout(head)
        page.addWidget(hairline())
        page.addWidget(self.banner)
        page.addWidget(self.stack, 1)
        page.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail())
        row.addLayout(page, 1)

    def _rail(self) -> QWidget:
        rail = QWidget()
        rail.setProperty("ground", "ground")
        rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rail.setFixedWidth(_RAIL)
        column = QVBoxLayout(rail)
        column.setContentsMargins(XL, XXL, L, XL)
        column.setSpacing(L)
        brand = QHBoxLayout()
        brand.setSpacing(M)
        brand.addWidget(IconLabel("store", Tone.ACCENT, 28))
        brand.addWidget(Label("posapp", Type.TITLE))
        brand.addStretch()
        column.addLayout(brand)
        column.addSpacing(L)
        for icon, label in self._marks:
            line = QHBoxLayout()
            line.setSpacing(M)
            line.addWidget(icon)
            line.addWidget(label, 1)
            column.addLayout(line)
        column.addStretch()
        column.addWidget(
            Label(self._say(N_("Esc closes; what is done is kept.")), Type.CAPTION, Tone.MUTED, wraps=True)
        )
        return rail
