"""The composition root: the only place that knows every concrete part, builds them, and takes them down again.

Everything is opened when it is first needed: `posapp doctor` looks at a home without making a book, and `restore` works
on a book that is not open.
"""

from __future__ import annotations

import getpass
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from posapp import check_up
from posapp.cli.application import CheckUp, SecondCopyState
from posapp.clock import SystemClock
from posapp.domain.errors import SecretsUnavailable, StoreUnavailable
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_, Message
from posapp.domain.shop import Shop
from posapp.keychain.absent import AbsentKeychain
from posapp.keychain.book_key import load_or_create_book_key, load_or_create_pin_pepper, load_or_create_rescue_key
from posapp.keychain.boot_clock import BootClock
from posapp.keychain.opening import open_keychain, start_afresh
from posapp.keychain.pin import change_pin, check_pin, set_pin
from posapp.keychain.ports import BOOK_KEY, RESCUE_KEY, Keychain
from posapp.keychain.recovery import create_recovery, restore_from_recovery
from posapp.keychain.system import SystemKeychain
from posapp.log import close_log, open_log
from posapp.pin_store import BookPinStore
from posapp.remote.registry import open_api
from posapp.services.connections import Connected, ConnectForm, NoConnection, connect
from posapp.services.dto import Connection, CycleReport
from posapp.services.ports.remote import CustomerApi
from posapp.services.till import Till
from posapp.store.backup import copy_verified, restore_book
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.errors import BookInUse, BookLost, BookMissing, BookReadOnly, HomeUnusable
from posapp.store.following import SecondCopyPlace
from posapp.sync.engine import SyncEngine
from posapp.sync.scheduler import Scheduler

BOOK, RECOVERY = "book.db", "recovery.json"
SECOND_COPY, SECOND_COPY_PLACE = "second-copy.acts", "second-copy.json"
SECOND_COPY_SECONDS = 30.0
DEFAULT_SHOP = Shop(name="Shop", country="IN", currency="INR", time_zone="Asia/Kolkata")
TOLD = "recovery_code_told"
MANAGER = "manager"
PROGRESS_SECONDS = 0.3

log = logging.getLogger(__name__)


class TillApplication:
    """A till in its home folder; implements what the command line and the demo drive."""

    def __init__(
        self,
        home: Path,
        *,
        actor: str,
        passphrase: Callable[[], str | None],
        keyring: bool,
        tell: Callable[[str], None],
    ) -> None:
        self._home = home
        self._actor = actor
        self._passphrase = passphrase
        self._system: Callable[[str], Keychain] = SystemKeychain if keyring else AbsentKeychain
        self._tell = tell
        self._clock = SystemClock()
        self._closing = ExitStack()
        self._keychain: Keychain | None = None
        self._till: Till | None = None
        self._book: LocalBook | None = None
        self._engines: dict[str, SyncEngine] = {}
        self._opening = threading.RLock()
        self._log: logging.Handler | None = open_log(home) if home.is_dir() else None

    @property
    def home(self) -> Path:
        """The till's folder."""
        return self._home

    @property
    def till(self) -> Till:
        """The use cases' context; opens the book."""
        with self._opening:
            if self._till is None:
                self._till = Till(self._open_book(), self._clock, self._actor)
            return self._till

    def delivery(self) -> SyncEngine | None:
        """Return what sends an act at once; None where the till has no server."""
        connection = self._connection(None)
        return None if connection is None else self._engine(connection)

    def connect(self, form: ConnectForm) -> Connected:
        """Check a credential and remember the server."""
        self._engines.clear()

        def opened(currency: str) -> CustomerApi:
            return open_api(
                form.api,
                base_url=form.base_url,
                credential=form.credential,
                currency=currency,
                name=form.name or urlsplit(form.base_url).netloc or form.api,
            )

        return connect(self.till, self._secrets(), form, open_api=opened)

    def sync(self, *, full: bool, connection: str | None, progress: Callable[[int], None] | None) -> CycleReport:
        """Run one cycle.

        Raises:
            NoConnection: There is no server of that name.
        """
        engine = self._engine(self._required(connection))
        with self._ticking(progress):
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
        engine = self._engine(self._required(connection))
        scheduler = Scheduler(engine, on_report)
        worker = threading.Thread(target=scheduler.run, name="sync")
        worker.start()
        try:
            while worker.is_alive():
                worker.join(0.2)
        finally:
            scheduler.stop()
            worker.join()

    def refresh(self, customer_id: CustomerId) -> bool:
        """Fetch one customer anew."""
        engine = self.delivery()
        return engine is not None and engine.refresh_customer(customer_id, deadline_seconds=5.0)

    def backup(self, target: Path) -> None:
        """Write a verified backup of the book, beside whatever else has it open."""
        if not (self._home / BOOK).exists():
            raise BookMissing(path=self._home / BOOK)
        key = load_or_create_book_key(self._secrets(), book_exists=True)
        copy_verified(self._home / BOOK, key, target)

    def restore(self, source: Path) -> Path | None:
        """Put a backup in the book's place and return where the old book was laid aside."""
        key = load_or_create_book_key(self._secrets(), book_exists=True)
        return restore_book(self._home / BOOK, key, source, now=self._clock.now())

    def recover(self, code: str) -> None:
        """Put the book's keys back into the keychain with the recovery code, and open the book with them."""
        try:
            keychain = self._secrets()
            restore_from_recovery(keychain, self._home / RECOVERY, code)
        except SecretsUnavailable:
            keychain = start_afresh(self._home, passphrase=self._passphrase, system=self._system)
            restore_from_recovery(keychain, self._home / RECOVERY, code)
            self._keychain = keychain
        self.till.book.read(lambda session: session.settings.till_id())

    def set_pin(self, old: str | None, new: str) -> None:
        """Choose the manager's PIN; changing one takes the old.

        Raises:
            DomainError: The new PIN is too easy, or the old one is wrong.
        """
        store = BookPinStore(self.till.book)
        pepper = load_or_create_pin_pepper(self._secrets(), pin_exists=store.load() is not None)
        if store.load() is None:
            set_pin(store, pepper, new)
        else:
            change_pin(store, pepper, old or "", new, clock=BootClock())

    def approve(self, pin: str) -> str:
        """Check the manager's PIN and return how the approval is written into an act.

        Raises:
            DomainError: The PIN is wrong, locked, or was never chosen.
        """
        store = BookPinStore(self.till.book)
        pepper = load_or_create_pin_pepper(self._secrets(), pin_exists=store.load() is not None)
        check_pin(store, pepper, pin, clock=BootClock())
        return MANAGER

    def second_copy(self) -> SecondCopyState:
        """Return how the second copy stands."""
        assert self.till
        assert self._book is not None
        folder = self._second_copy_folder()
        since = self._book.second_copy_status().missing_since
        return SecondCopyState(folder, since, same_disk=_same_disk(folder, self._home))

    def move_second_copy(self, folder: Path) -> SecondCopyState:
        """Let the second copy lie in another folder from now on, whole.

        Raises:
            HomeUnusable: The folder cannot be made or written.
        """
        folder = folder.absolute()
        _make_home(folder)
        self.close()
        (self._home / SECOND_COPY_PLACE).write_text(json.dumps({"folder": str(folder)}), encoding="utf-8")
        assert self.till
        assert self._book is not None
        self._book.wait_for_second_copy(SECOND_COPY_SECONDS)
        return self.second_copy()

    def check_up(self) -> Sequence[CheckUp]:
        """Look at everything the till stands on, without changing anything."""
        findings = [*check_up.versions(), check_up.home(self._home), check_up.disk(self._home)]
        if not (self._home / BOOK).exists() and not (self._home / RECOVERY).exists():
            findings.append(CheckUp("book", ok=True, detail=Message(N_("none yet")), optional=True))
            return findings
        for name, look in (("keychain", self._keychain_detail), ("book", self._book_detail)):
            try:
                findings.append(CheckUp(name, ok=True, detail=Message(look())))
            except (StoreUnavailable, SecretsUnavailable) as error:
                findings.append(CheckUp(name, ok=False, detail=error.title_message, problem=error.id))
        return findings

    def close(self) -> None:
        """Take everything down, in the opposite order; what is needed again is opened again."""
        self._engines.clear()
        self._closing.close()
        self._till = self._book = None

    def end_log(self) -> None:
        """Write nothing more to the home's log."""
        if self._log is not None:
            close_log(self._log)
            self._log = None

    def _keychain_detail(self) -> str:
        return self._secrets().kind

    def _book_detail(self) -> str:
        self.till.book.read(lambda session: session.operations.counts())
        return N_("opens and is whole")

    def _secrets(self) -> Keychain:
        with self._opening:
            if self._keychain is None:
                _make_home(self._home)
                self._log = self._log or open_log(self._home)
                self._keychain = open_keychain(self._home, passphrase=self._passphrase, system=self._system)
            return self._keychain

    def _open_book(self) -> LocalBook:
        """Open the book, or make the first one with its keys and its recovery code."""
        path, copies = self._home / BOOK, self._second_copy_folder() / SECOND_COPY
        exists = path.exists()
        if not exists and ((self._home / RECOVERY).exists() or copies.exists()):
            raise BookLost(path=path)
        keychain = self._secrets()
        key = load_or_create_book_key(keychain, book_exists=exists)
        rescue = load_or_create_rescue_key(keychain, second_copy_exists=copies.exists())
        copy = SecondCopyPlace(copies, rescue)
        if not exists:
            book = create_book(path, key, clock=self._clock, shop=DEFAULT_SHOP, second_copy=copy)
        else:
            try:
                book = open_book(path, key, clock=self._clock, second_copy=copy)
            except (BookInUse, BookReadOnly):
                book = open_book(path, key, clock=self._clock, read_only=True)
        self._closing.callback(book.close)
        self._book = book
        if not book.read_only and (not exists or book.read(lambda session: session.settings.value(TOLD)) is None):
            self._first_run(book, {BOOK_KEY: key, RESCUE_KEY: rescue})
        return book

    def _second_copy_folder(self) -> Path:
        """Where the second copy lies: beside the book until somebody names a better place, such as another disk."""
        try:
            return Path(json.loads((self._home / SECOND_COPY_PLACE).read_text(encoding="utf-8"))["folder"])
        except FileNotFoundError:
            return self._home
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HomeUnusable(path=self._home / SECOND_COPY_PLACE) from error

    def _first_run(self, book: LocalBook, keys: Mapping[str, bytes]) -> None:
        """Print the recovery code, which was tested against the keys in use, and begin with a shop's defaults."""
        code = create_recovery(self._home / RECOVERY, keys, replace=True)
        self._tell(code)
        book.write(lambda session: session.settings.set_value(TOLD, self._clock.now().isoformat()))

    def _connection(self, name: str | None) -> Connection | None:
        connections = self.till.book.read(lambda session: session.settings.connections())
        return next((one for one in connections if name in {None, one.name}), None)

    def _required(self, name: str | None) -> Connection:
        connection = self._connection(name)
        if connection is None:
            raise NoConnection
        return connection

    def _engine(self, connection: Connection) -> SyncEngine:
        with self._opening:
            engine = self._engines.get(connection.id)
            if engine is None:
                engine = self._engines[connection.id] = self._new_engine(connection)
            return engine

    def _new_engine(self, connection: Connection) -> SyncEngine:
        credential = self._secrets().get(connection.secret_name)
        shop = self.till.book.read(lambda session: session.settings.shop())
        api = open_api(
            connection.api,
            base_url=connection.base_url,
            credential=credential or b"",
            currency=shop.currency,
            name=connection.name,
            known=connection.capabilities,
        )
        self._closing.callback(api.close)
        return SyncEngine(self.till.book, api, connection, self._clock)

    @contextmanager
    def _ticking(self, progress: Callable[[int], None] | None) -> Iterator[None]:
        """Tell how many customers the book holds, again and again, while something runs."""
        if progress is None:
            yield
            return
        ended = threading.Event()

        def tick() -> None:
            while not ended.wait(PROGRESS_SECONDS):
                progress(self.till.book.read(lambda session: session.operations.counts()).customers)

        ticker = threading.Thread(target=tick, name="progress")
        ticker.start()
        try:
            yield
        finally:
            ended.set()
            ticker.join()


@contextmanager
def open_till(
    home: Path | None = None,
    *,
    actor: str | None = None,
    passphrase: Callable[[], str | None] = lambda: None,
    keyring: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[TillApplication]:
    """Open a till's home for as long as the context lasts.

    Args:
        home: The till's folder; None for the platform's place for a user's data.
        actor: Who acts; None for the system's user.
        passphrase: Asks for the vault's passphrase where there is a vault.
        keyring: Whether the operating system's keyring may be used; without it the vault is.
        tell: Gets the recovery code on the first run.
    """
    folder = (home or Path(platformdirs.user_data_dir("posapp", appauthor=False))).absolute()
    app = TillApplication(folder, actor=actor or _user(), passphrase=passphrase, keyring=keyring, tell=tell)
    try:
        yield app
    finally:
        app.close()
        app.end_log()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "till"


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HomeUnusable(path=home) from error


def _same_disk(folder: Path, home: Path) -> bool:
    with suppress(OSError):
        return folder.stat().st_dev == home.stat().st_dev
    return True
