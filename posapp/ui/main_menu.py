"""The menu behind ⋯: what is not done every day."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme import icons
from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import Scheme, Tone


class MainMenu(QMenu):
    """Entries with their icons.

    Signals:
        add_wanted: A new customer.
        connect_wanted: Connect to a server, or sign in anew.
        pin_wanted: Choose or change the manager's PIN.
        practice_wanted: The practice till.
        about_wanted: Versions and licences.
        scheme_chosen: A `Scheme`; None to follow the system's.
    """

    add_wanted = Signal()
    connect_wanted = Signal()
    pin_wanted = Signal()
    practice_wanted = Signal()
    about_wanted = Signal()
    scheme_chosen = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        say, practising, read_only = desk.say, desk.app.practising, desk.opened.read_only
        self._icons: list[tuple[QAction, str]] = []
        add = self._entry("user-plus", say(N_("New customer")) + "\tF8", self.add_wanted)
        self.addSeparator()
        server = self._entry("server", say(N_("Connect or sign in…")), self.connect_wanted)
        pin = self._entry("key-round", say(N_("Manager's PIN…")), self.pin_wanted)
        self.addSeparator()
        self._add_schemes(desk)
        self.addSeparator()
        practice = self._entry("graduation-cap", say(N_("Practice till…")), self.practice_wanted)
        self._entry("info", say(N_("About posapp")), self.about_wanted)
        for action in (add, pin):
            action.setEnabled(not read_only)
        server.setEnabled(not read_only and not practising)
        practice.setEnabled(not read_only and not practising)
        current().changed.connect(self._draw)
        self._draw()

    def _entry(self, icon: str, words: str, wanted: object) -> QAction:
        action = self.addAction(words)
        action.triggered.connect(wanted)
        self._icons.append((action, icon))
        return action

    def _add_schemes(self, desk: Desk) -> None:
        self._schemes = QActionGroup(self)
        say = desk.say
        for scheme, icon, words in (
            (None, "monitor", say(N_("Light or dark as the system"))),
            (Scheme.LIGHT, "sun", say(N_("Light"))),
            (Scheme.DARK, "moon", say(N_("Dark"))),
        ):
            action = self.addAction(words)
            action.setCheckable(True)
            action.setChecked(scheme is current().chosen)
            action.setData(scheme)
            self._schemes.addAction(action)
            self._icons.append((action, icon))
        self._schemes.triggered.connect(self._on_scheme_triggered)

    @Slot(QAction)
    def _on_scheme_triggered(self, action: QAction) -> None:
        self.scheme_chosen.emit(action.data())
        self._draw()

    def _draw(self) -> None:
        for action, icon in self._icons:
            action.setIcon(icons.icon("check", Tone.ACCENT) if action.isChecked() else icons.icon(icon))
