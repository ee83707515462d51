"""What is behind the sync light: server, last answer, clock, what waits, what went wrong and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from posapp.domain.errors import SignInRequired
from posapp.domain.messages import N_
from posapp.services.clock_words import wrong_clock
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import XL, S, Tone, Type
from posapp.ui.views.sync.watch import SyncWatch
from posapp.ui.views.sync.wording import light
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.dialog_frame import column, fit_height, foot, head
from posapp.ui.widgets.labels import ElidedLabel, IconLabel, Label, hairline
from posapp.ui.wording import ago_said, moment_said

_WIDTH = 680
_TOLERATED_SECONDS = 5
"""A difference of clocks that nobody needs to hear of."""


class SyncPanel(QDialog):
    """How the till stands with its server, kept up while it is open; syncs now or reads everything anew.

    Signals:
        connect_wanted: Somebody wants to connect the till, or to sign in again.
        inbox_wanted: Somebody wants to see what needs a decision.
    """

    connect_wanted = Signal()
    inbox_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._watch = SyncWatch(desk.sync, self)
        self.setModal(True)
        self.setWindowTitle(self._say(N_("Sync")))
        self.setFixedWidth(_WIDTH)
        self._icon = IconLabel("cloud", Tone.MUTED, 28)
        self._state = ElidedLabel("", Type.BODY, Tone.MUTED)
        self._banner = Banner()
        self._values = {name: Label("", wraps=True) for name in _ROWS}
        self._inbox = self._button(N_("Open the inbox"), icon="inbox")
        self._connect = self._button(N_("Connect…"), icon="server", kind=Kind.PRIMARY)
        self._full = self._button(N_("Read everything anew"), icon="users", kind=Kind.QUIET)
        self._now = self._button(N_("Sync now"), key="F9", icon="refresh-cw", kind=Kind.PRIMARY)
        self._close = self._button(N_("Close"), key="Esc", kind=Kind.QUIET)
        self._lay_out()
        self._now.clicked.connect(self._on_now_clicked)
        self._full.clicked.connect(self._on_full_clicked)
        self._close.clicked.connect(self.reject)
        self._connect.clicked.connect(self._on_connect_clicked)
        self._inbox.clicked.connect(self._on_inbox_clicked)
        self._watch.changed.connect(self._show)
        self._show()
        (self._connect if self._now.isHidden() else self._now).setFocus()

    def value(self, name: str) -> str:
        """Return what stands beside a name, such as `Waiting`."""
        return self._values[name].text()

    def problem(self) -> str:
        """Return what it says went wrong; empty for nothing."""
        return self._banner.words()

    def _button(self, words: str, *, key: str = "", icon: str = "", kind: Kind = Kind.PLAIN) -> KeyButton:
        return KeyButton(self._say(words), key=key, icon=icon, kind=kind, binds=key == "F9")

    @Slot()
    def _on_now_clicked(self) -> None:
        self._desk.sync.sync_now()

    @Slot()
    def _on_full_clicked(self) -> None:
        self._desk.sync.sync_now(full=True)
        self.accept()

    @Slot()
    def _on_connect_clicked(self) -> None:
        self.accept()
        self.connect_wanted.emit()

    @Slot()
    def _on_inbox_clicked(self) -> None:
        self.accept()
        self.inbox_wanted.emit()

    @Slot()
    def _show(self) -> None:
        state, now = self._desk.sync.state, self._desk.till.clock.now()
        shown = light(self._say, state, self._watch.progress, now)
        self._icon.set_icon(shown.icon, shown.tone)
        self._state.setText(shown.words)
        for name, text in self._rows().items():
            self._values[name].setText(text)
        connected = state.connection is not None
        asks = not connected or state.sign_in_needed
        for button in (self._now, self._full):
            button.setVisible(not asks)
            button.setEnabled(not state.running)
        self._connect.setVisible(asks)
        self._connect.set_words(self._say(N_("Sign in again…") if connected else N_("Connect…")))
        self._inbox.setVisible(bool(state.counts and state.counts.needs_attention))
        self._show_problem()
        fit_height(self)

    def _show_problem(self) -> None:
        problem = self._desk.sync.state.problem
        if problem is None:
            self._banner.hide()
        elif isinstance(problem, SignInRequired):
            title, text = self._say.say(problem.title_message), self._say.say(problem.detail)
            safe = self._say(N_("Everything recorded is safe on this till and goes out once somebody signed in."))
            self._banner.say(Tone.BAD, title, f"{text}\n{safe}")
        else:
            self._banner.say_error(problem, self._say)

    def _rows(self) -> dict[str, str]:
        """Return the words beside each name."""
        state, now, say = self._desk.sync.state, self._desk.till.clock.now(), self._say
        connection, counts, shop = state.connection, state.counts, self._desk.shop()
        server = say(N_("none: everything is kept on this till"))
        answered, clock = "—", "—"
        if connection is not None:
            server = f"{connection.name} · {connection.api} · {connection.base_url}"
            answered = say(N_("never"))
            clock = self._clock_said(connection.clock_skew_seconds)
            if (last := connection.last_success_at) is not None:
                answered = f"{moment_said(say, last, now, shop)} · {ago_said(say, last, now)}"
        waiting, inbox, kept, customers = ("…",) * 4
        if counts is not None:
            waiting = say(N_("nothing"))
            if counts.oldest_waiting is not None:
                since = moment_said(say, counts.oldest_waiting, now, shop)
                acts = (N_("{count} act since {since}"), N_("{count} acts, the oldest since {since}"))
                waiting = say.plural(*acts, counts.waiting, since=since)
            inbox = say.plural(N_("{count} item"), N_("{count} items"), counts.needs_attention)
            inbox = inbox if counts.needs_attention else say(N_("nothing needs you"))
            kept, customers = f"{counts.kept:,}", f"{counts.customers:,}"
        values = (server, answered, clock, customers, waiting, inbox, kept, self._exposure_said(), self._proof_said())
        return dict(zip(_ROWS, values, strict=True))

    def _proof_said(self) -> str:
        """Say how many khatas are proven equal to the server's, and when the last one was."""
        proof, say = self._desk.sync.state.proof, self._say
        if proof is None or not proof.of:
            return "—"
        values = {"proven": f"{proof.proven:,}", "of": f"{proof.of:,}", "count": f"{proof.held:,}"}
        if proof.held:
            return say(N_("{count} of {of} differ: they are in the inbox"), **values)
        if proof.at is None:
            return say(N_("not proven yet"))
        moment = moment_said(say, proof.at, self._desk.till.clock.now(), self._desk.shop())
        return say(N_("{proven} of {of} proven equal, last at {moment}"), **values, moment=moment)

    def _exposure_said(self) -> str:
        """Say what points given without the server can cost, and what of it is given already."""
        exposure = self._desk.sync.state.exposure
        if exposure is None:
            return "…"
        if not exposure.total:
            return self._say(N_("nothing"))
        if not exposure.given:
            return self._say(N_("{exposure} at most"), exposure=exposure.total)
        words = N_("{exposure} at most: {given} given, {allowed} more allowed")
        return self._say(words, exposure=exposure.total, given=exposure.given, allowed=exposure.allowed)

    def _clock_said(self, skew: float | None) -> str:
        if skew is None:
            return self._say(N_("not known"))
        seconds = round(abs(skew))
        if seconds <= _TOLERATED_SECONDS:
            return self._say(N_("agree"))
        wrong = wrong_clock(skew)
        if wrong is not None:
            return self._say.say(wrong)
        if skew > 0:
            return self._say(N_("this till's is {count} s behind the server's"), count=f"{seconds:,}")
        return self._say(N_("this till's is {count} s ahead of the server's"), count=f"{seconds:,}")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(XL)
        grid.setVerticalSpacing(S)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(self._values.items()):
            grid.addWidget(Label(self._say(name), Type.BODY, Tone.MUTED), row, 0, top)
            grid.addWidget(value, row, 1, top)
        whole = column(self)
        whole.addLayout(head(self._icon, Label(self._say(N_("Sync")), Type.TITLE), self._state))
        whole.addWidget(hairline())
        whole.addLayout(grid)
        whole.addWidget(self._banner)
        whole.addStretch(1)
        whole.addLayout(foot(self._close, self._inbox, self._connect, self._full, self._now))


_ROWS = (
    N_("Server"),
    N_("Last answer"),
    N_("Clocks"),
    N_("Customers"),
    N_("Waiting"),
    N_("Inbox"),
    N_("Kept on this till"),
    N_("Could be lost offline"),
    N_("Khatas"),
)
