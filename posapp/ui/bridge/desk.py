"""What every view and dialog gets: the till, and the ways to it that do not stop the window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.domain.shop import Shop
from posapp.locale.translator import Translator
from posapp.services import lookup
from posapp.services.application import Application
from posapp.services.dto import Counts
from posapp.services.ports.search import Found
from posapp.services.till import Till
from posapp.ui.bridge.lookup import LookupController
from posapp.ui.bridge.sync_controller import SyncController, SyncState
from posapp.ui.bridge.task_runner import TaskRunner

HITS = 30
"""Rows that a list of hits shows; nobody reads on, they type on."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A till whose book is open.

    Attributes:
        till: The use cases' context.
        shop: Settings.
        read_only: Whether this till can only be looked at.
        recovery_told: Whether somebody has the recovery code; else the window offers one.
    """

    till: Till
    shop: Shop
    read_only: bool
    recovery_told: bool


class Changes(QObject):
    """What changed, after an act here and after a cycle; views read only that anew.

    Signals:
        customer_changed: A customer's id.
        many_changed: More customers than anybody names: read everything shown anew.
        counts_changed: The figures of the status line, which `SyncController.state` holds.
        shop_changed: The shop's settings, which `Desk.shop` returns.
    """

    customer_changed = Signal(str)
    many_changed = Signal()
    counts_changed = Signal()
    shop_changed = Signal()

    def __init__(self, sync: SyncController, shop: Shop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shop = shop
        self._counts: Counts | None = None
        sync.customers_changed.connect(self._on_customers_changed)
        sync.state_changed.connect(self._on_state_changed)

    def set_shop(self, shop: Shop) -> None:
        """Take over the shop's settings."""
        if shop != self.shop:
            self.shop = shop
            self.shop_changed.emit()

    @Slot(object)
    def _on_customers_changed(self, customer_ids: frozenset[CustomerId] | None) -> None:
        if customer_ids is None:
            self.many_changed.emit()
            return
        for customer_id in sorted(customer_ids):
            self.customer_changed.emit(customer_id)

    @Slot(object)
    def _on_state_changed(self, state: SyncState) -> None:
        if state.counts != self._counts:
            self._counts = state.counts
            self.counts_changed.emit()


@dataclass(frozen=True, slots=True)
class Desk:
    """The till as a window drives it; made by `make_desk`, taken down by `close`.

    Attributes:
        app: What both faces drive; its methods belong into a task.
        till: The use cases' context.
        runner: Runs use cases off the GUI thread.
        lookup: Finds customers while somebody types.
        sync: The loop with the server, and how it stands.
        changes: What views read anew.
        say: Says sentences.
        opened: How the till was found at the start: whether it can only be looked at, who has the recovery code.
    """

    app: Application
    till: Till
    runner: TaskRunner
    lookup: LookupController
    sync: SyncController
    changes: Changes
    say: Translator
    opened: Opened

    def shop(self) -> Shop:
        """Return the shop's settings, as last read."""
        return self.changes.shop

    def acted(self, customer_id: CustomerId) -> None:
        """Note that an act was recorded: it goes out, and every view that shows her reads her anew."""
        self.sync.wake()
        self.sync.refresh()
        self.changes.customer_changed.emit(customer_id)

    def shop_was_changed(self) -> None:
        """Note that settings of the shop were changed here."""
        self.runner.run(
            lambda: _shop(self.till), done=self.changes.set_shop, failed=_unheard, owner=self.changes, reading=True
        )

    def connected(self) -> None:
        """Note that the till was connected, or signed in anew: sync begins with it."""
        self.shop_was_changed()
        self.sync.restart()

    def close(self) -> None:
        """End all threads; acts under way are carried out."""
        self.lookup.close()
        self.runner.close()
        self.sync.stop()


def open_book(app: Application) -> Opened:
    """Open the book and read what a desk begins with; belongs on a worker's thread."""
    return Opened(app.till, _shop(app.till), app.read_only, app.home.recovery_told())


def make_desk(app: Application, opened: Opened, *, say: Translator, parent: QObject | None = None) -> Desk:
    """Return a desk over an open till; `desk.sync.start()` begins to sync.

    Args:
        app: The till.
        opened: What `open_book` returned for it.
        say: Says sentences.
        parent: Owns the desk's objects.
    """
    runner = TaskRunner(parent)
    sync = SyncController(app, opened.till, runner, parent)
    find = LookupController(partial(_find, opened.till), partial(_recent, opened.till), parent)
    changes = Changes(sync, opened.shop, parent)
    return Desk(app, opened.till, runner, find, sync, changes, say, opened)


def _find(till: Till, text: str) -> Found:
    return lookup.find(till, text, limit=HITS)


def _recent(till: Till) -> Found:
    return Found(tuple(lookup.recent(till, limit=HITS)), searched=0, more=False)


def _shop(till: Till) -> Shop:
    return till.book.read(lambda session: session.settings.shop())


def _unheard(_: PosError) -> None:
    """The settings shown stay as they were; whatever is wrong with the book is told where somebody acts."""
