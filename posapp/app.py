"""The composition root: the only place that knows every concrete part, builds them, and takes them down again.

Everything is opened when it is first needed: `posapp doctor` looks at a home without making a book, and `restore` works
on a book that is not open.
"""

from __future__ import annotations

import getpass
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from posapp.check_up import look_at
from posapp.clock import SystemClock
from posapp.copies import back_up, rescue, restore
from posapp.domain.ids import CustomerId
from posapp.domain.shop import Shop
from posapp.engines import Engines
from posapp.exchanging import exchange_again, exchange_through
from posapp.home import DEFAULT_SHOP, TillHome
from posapp.keychain.absent import AbsentKeychain
from posapp.keychain.pin_rules import read_new_pin
from posapp.keychain.system import SystemKeychain
from posapp.pin_store import BookPinStore, approve_with, choose_pin
from posapp.practice import PRACTICE, PracticeStaysHere, empty_practice, fill
from posapp.remote.credential import ClientCredential
from posapp.remote.registry import open_api, server_kinds
from posapp.services.anchors import Finding
from posapp.services.application import BringBack, CheckUp, ExchangeAnswer, ExchangeForm, SecondCopyState
from posapp.services.connections import Connected, ConnectForm, connect
from posapp.services.dto import CycleReport
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.documents import Documents
from posapp.services.ports.loop import SyncProgress
from posapp.services.ports.proofs import ProofReport
from posapp.services.ports.rescued import Rescued
from posapp.services.ports.server_kinds import ServerKind, StoreMissing
from posapp.services.till import Till
from posapp.sync.engine import SyncEngine
from posapp.sync.exchanging import CyclesWithExchange
from posapp.sync.scheduler import Scheduler, run_watched
from posapp.sync.watching import ticking

log = logging.getLogger(__name__)


class TillApplication:
    """A till in its home folder, as the window, the command line and the demo drive it."""

    def __init__(self, home: TillHome, *, actor: str, practice: bool = False) -> None:
        """Take a home, opening nothing of it.

        Args:
            home: The till's folder.
            actor: Who acts.
            practice: Whether nothing of this till may ever reach a server.
        """
        self.home = home
        self._actor = actor
        self._practice = practice
        self._clock = SystemClock()
        self._till: Till | None = None
        self._engines = Engines(home, clock=self._clock, practice=practice)
        self._opening = threading.RLock()

    @property
    def till(self) -> Till:
        """The use cases' context; opens the book."""
        with self._opening:
            if self._till is None:
                self._till = Till(self.home.book(), self._clock, self._actor)
            return self._till

    @property
    def read_only(self) -> bool:
        """Whether this till can only be looked at: another process holds it, or the disk takes no writes."""
        return self.home.book().read_only

    @property
    def practising(self) -> bool:
        """Whether this is the practice till."""
        return self._practice

    def delivery(self) -> SyncEngine | None:
        """Return what sends an act at once; None where the till has no server."""
        return self._engines.primary()

    def documents(self) -> Documents:
        """Return what makes statements and slips; it is loaded now, for a till may print nothing all day."""
        from posapp.documents.pdf import PdfDocuments  # noqa: PLC0415 (fonts and shaping cost a start's time)

        return PdfDocuments()

    def apis(self) -> Mapping[str, ServerKind]:
        """Return the kinds of servers that this till speaks with, by the names of their APIs."""
        return server_kinds()

    def connect(self, form: ConnectForm) -> Connected:
        """Check a credential and remember the server.

        Raises:
            PracticeStaysHere: This is the practice till.
            StoreMissing, WrongCredential: What was typed signs no request.
        """
        if self._practice:
            raise PracticeStaysHere
        form = _with_whole_credential(form)

        def opened(currency: str) -> CustomerApi:
            return open_api(
                form.api,
                base_url=form.base_url,
                credential=form.credential,
                currency=currency,
                name=form.name or urlsplit(form.base_url).netloc or form.api,
                store=form.store,
            )

        connected = connect(self.till, self.home.keychain(), form, open_api=opened)
        self._engines.renew()
        return connected

    def sync(self, *, full: bool, connection: str | None, progress: Callable[[int], None] | None) -> CycleReport:
        """Run one cycle.

        Raises:
            NoConnection: There is no server of that name.
        """
        engine = self._engines.of(connection)
        with nullcontext() if progress is None else ticking(lambda: progress(self._customers())):
            report = engine.run_cycle(full=full)
        log.info(
            "cycle: pulled %d, pushed %d, waiting %d, requests %d, problem %s",
            report.pulled,
            report.pushed,
            report.waiting,
            report.requests,
            report.problem,
        )
        return report

    def watch(self, *, connection: str | None, on_report: Callable[[CycleReport], None]) -> None:
        """Run cycles until interrupted."""
        while run_watched(self._loop(self._engines.of(connection), on_report)):
            log.warning("sync hung and is begun anew")
            self.renew_sync()

    def renew_sync(self) -> None:
        """Let the next loop of cycles have an engine and connections of its own, beside one that hangs."""
        self._engines.renew()

    def scheduler(
        self, report: Callable[[CycleReport], None], progress: Callable[[SyncProgress], None]
    ) -> Scheduler | None:
        """Return a loop of cycles with the primary server; None where the till has none."""
        engine = self.delivery()
        return None if engine is None else self._loop(engine, report, progress)

    def refresh(self, customer_id: CustomerId) -> bool:
        """Fetch one customer anew."""
        engine = self.delivery()
        return engine is not None and engine.refresh_customer(customer_id, deadline_seconds=5.0)

    def prove_khatas(self) -> ProofReport | None:
        """Compare every khata with the primary server's."""
        engine = self.delivery()
        return None if engine is None else engine.prove_khatas()

    def practice(self) -> AbstractContextManager[TillApplication]:
        """Return a till with made-up customers, in a folder of its own below this home, that never reaches a server."""
        shop = self.till.book.read(lambda session: session.settings.shop()) if self._till else DEFAULT_SHOP
        return open_practice(self.home.folder / PRACTICE, actor=self._actor, shop=shop)

    def backup(self, target: Path) -> None:
        """Write a verified backup of the book, beside whatever else has it open."""
        back_up(self.home, target)

    def restore(self, source: Path, how: BringBack) -> Rescued:
        """Put a backup in the book's place, with the acts that the second copy has beyond it."""
        return restore(self.home, source, how)

    def rescue(self, source: Path, how: BringBack) -> Rescued:
        """Take the acts of a second copy over, or build the lost book anew from it."""
        return rescue(self.home, source, how)

    def recover(self, code: str) -> None:
        """Put the book's keys back into the keychain with the recovery code, and open the book with them."""
        self.home.recover(code)
        self.till.book.read(lambda session: session.settings.till_id())

    def exchange(self, form: ExchangeForm) -> ExchangeAnswer:
        """Exchange with the shop's other tills through a folder, which is remembered.

        Raises:
            PracticeStaysHere: This is the practice till.
            PosError: As `exchange_through`.
        """
        if self._practice:
            raise PracticeStaysHere
        return exchange_through(self.till, self.home.keychain(), form)

    def pin_chosen(self) -> bool:
        """Return whether there is a manager's PIN."""
        return BookPinStore(self.till.book).load() is not None

    def check_new_pin(self, new: str) -> None:
        """Refuse a PIN that must not be chosen."""
        read_new_pin(new)

    def set_pin(self, old: str | None, new: str) -> None:
        """Choose the manager's PIN; changing one takes the old.

        Raises:
            DomainError: The new PIN is too easy, or the old one is wrong.
        """
        choose_pin(self.till.book, self.home.keychain(), old, new)

    def approve(self, pin: str) -> str:
        """Check the manager's PIN and return how the approval is written into an act.

        Raises:
            DomainError: The PIN is wrong, locked, or was never chosen.
        """
        return approve_with(self.till.book, self.home.keychain(), pin)

    def second_copy(self) -> SecondCopyState:
        """Return how the second copy stands."""
        return self.home.second_copy()

    def chain_findings(self) -> Sequence[Finding]:
        """Compare the book with everything outside it that remembers its acts, and return what is wrong."""
        return self.home.chain_findings()

    def move_second_copy(self, folder: Path) -> SecondCopyState:
        """Let the second copy lie in another folder from now on, whole; what is open is closed for it.

        Raises:
            HomeUnusable: The folder cannot be made or written.
        """
        self.close()
        self.home.move_second_copy(folder)
        return self.home.second_copy()

    def check_up(self) -> Sequence[CheckUp]:
        """Look at everything the till stands on, without changing anything."""
        return look_at(self.home)

    def close(self) -> None:
        """Take everything down, in the opposite order; what is needed again is opened again."""
        self._engines.close()
        self._till = None
        self.home.close()

    def _loop(
        self,
        engine: SyncEngine,
        report: Callable[[CycleReport], None],
        progress: Callable[[SyncProgress], None] | None = None,
    ) -> Scheduler:
        """Return a loop of cycles with a server, each followed by an exchange with the shop's other tills."""
        cycles = CyclesWithExchange(engine, lambda: exchange_again(self.till, self.home.keychain()))
        return Scheduler(cycles, report, progress)

    def _customers(self) -> int:
        return self.till.book.read(lambda session: session.operations.counts()).customers


def known_apis() -> Sequence[str]:
    """Return the names of the customer APIs that posapp speaks."""
    return tuple(server_kinds())


def _with_whole_credential(form: ConnectForm) -> ConnectForm:
    """Return a form whose credential is what the keychain keeps."""
    if form.client_id is None:
        return form
    if not form.store:
        raise StoreMissing
    secret = form.credential.decode(errors="replace")
    return replace(form, credential=ClientCredential(form.client_id, secret, form.store).to_bytes(), client_id=None)


@contextmanager
def open_till(
    home: Path | None = None,
    *,
    actor: str | None = None,
    passphrase: Callable[[], str | None] = lambda: None,
    keyring: bool = True,
    tell: Callable[[str], None] | None = lambda _: None,
) -> Iterator[TillApplication]:
    """Open a till's home for as long as the context lasts.

    Args:
        home: The till's folder; None for `POSAPP_HOME`, or else the platform's place for a user's data.
        actor: Who acts; None for the system's user.
        passphrase: Asks for the vault's passphrase where there is a vault.
        keyring: Whether the operating system's keyring may be used; without it the vault is.
        tell: Gets the recovery code on the first run; None where the face shows it itself (`Home.begin`).
    """
    named = os.environ.get("POSAPP_HOME") or platformdirs.user_data_dir("posapp", appauthor=False)
    folder = (home or Path(named)).absolute()
    system = SystemKeychain if keyring else AbsentKeychain
    till_home = TillHome(folder, clock=SystemClock(), passphrase=passphrase, system=system, tell=tell)
    with _running(TillApplication(till_home, actor=actor or _user())) as app:
        yield app


@contextmanager
def open_practice(folder: Path, *, actor: str, shop: Shop) -> Iterator[TillApplication]:
    """Open a practice till: made-up customers, anew each time, and no way to any server.

    Args:
        folder: Its home; what lies there from the last practice is thrown away.
        actor: Who acts.
        shop: Whose currency, country and rates it has.
    """
    secret = empty_practice(folder)
    home = TillHome(folder, clock=SystemClock(), passphrase=lambda: secret, system=AbsentKeychain, tell=lambda _: None)
    with _running(TillApplication(home, actor=actor, practice=True)) as app:
        home.begin(shop)
        fill(app.till, shop)
        yield app


@contextmanager
def _running(app: TillApplication) -> Iterator[TillApplication]:
    try:
        yield app
    finally:
        app.close()
        app.home.end_log()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "till"
