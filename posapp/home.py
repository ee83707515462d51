"""A till's home folder: its keys, its book, the second copy and the recovery code, each opened when first needed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from posapp.domain.errors import SecretsUnavailable, StoreUnavailable
from posapp.domain.shop import Shop
from posapp.keychain.book_key import load_or_create_book_key, load_or_create_rescue_key
from posapp.keychain.chain_anchor import KeychainAnchor
from posapp.keychain.durable import write_replacing
from posapp.keychain.errors import RecoveryCodeMistyped, RecoveryCodeWrong
from posapp.keychain.opening import needs_passphrase, open_keychain, start_afresh
from posapp.keychain.ports import BOOK_KEY, RESCUE_KEY, Keychain
from posapp.keychain.recovery import create_recovery, open_recovery, restore_from_recovery
from posapp.log import close_log, open_log
from posapp.services.anchors import Finding, anchor_findings, open_findings
from posapp.services.application import SecondCopyState
from posapp.services.chain_watch import ChainWatch
from posapp.services.ports.clock import Clock
from posapp.services.till import Till
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.errors import BookExists, BookInUse, BookLost, BookReadOnly, HomeUnusable
from posapp.store.following import SecondCopyPlace
from posapp.store.lock import HomeLock
from posapp.store.opening import inspect

BOOK, RECOVERY = "book.db", "recovery.json"
SECOND_COPY, SECOND_COPY_PLACE = "second-copy.acts", "second-copy.json"
SECOND_COPY_SECONDS = 30.0
DEFAULT_SHOP = Shop(name="Shop", country="IN", currency="INR", time_zone="Asia/Kolkata")
TOLD = "recovery_code_told"
WATCH = "till"


class TillHome:
    """The folder a till lives in. Safe to use from several threads; nothing is opened before it is asked for."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        passphrase: Callable[[], str | None],
        system: Callable[[str], Keychain],
        tell: Callable[[str], None] | None,
    ) -> None:
        """Name the folder.

        Args:
            folder: Where it is, or will be.
            clock: The till's clock.
            passphrase: Asks for the vault's passphrase where there is a vault.
            system: Makes the operating system's keychain from a home's id.
            tell: Gets a recovery code that nobody has seen yet when the book opens; None where the caller shows it
                with `begin` and `new_recovery_code`.
        """
        self.folder = folder
        self.clock = clock
        self._passphrase = passphrase
        self._system = system
        self._tell = tell
        self._keychain: Keychain | None = None
        self._book: LocalBook | None = None
        self._watch: ChainWatch | None = None
        self._opening = threading.RLock()
        self._log: logging.Handler | None = open_log(folder) if folder.is_dir() else None

    @property
    def book_path(self) -> Path:
        """Where the book lies."""
        return self.folder / BOOK

    @property
    def recovery_path(self) -> Path:
        """Where the file lies that the recovery code unwraps."""
        return self.folder / RECOVERY

    def exists(self) -> bool:
        """Return whether this home has, or had, a book."""
        return self.book_path.exists() or (self.recovery_path).exists()

    def in_use(self) -> bool:
        """Return whether another process holds this home now."""
        if not self.folder.is_dir():
            return False
        try:
            HomeLock(self.folder).release()
        except BookInUse:
            return True
        except BookReadOnly:
            return False
        return False

    def needs_passphrase(self) -> bool:
        """Return whether the keychain opens by a passphrase that was not given yet."""
        with self._opening:
            return self._keychain is None and needs_passphrase(self.folder, system=self._system)

    def unlock(self, passphrase: str) -> None:
        """Open the keychain with a passphrase; the first time it becomes the new vault's.

        Raises:
            SecretsUnavailable: It does not open; another try is possible.
        """
        with self._opening:
            if self._keychain is None:
                self._keychain = self._opened(lambda: passphrase)

    def keychain(self) -> Keychain:
        """Return the home's keychain, opened."""
        with self._opening:
            if self._keychain is None:
                self._keychain = self._opened(self._passphrase)
            return self._keychain

    def book(self) -> LocalBook:
        """Return the book, opened, or the first one with a shop's defaults."""
        with self._opening:
            if self._book is None:
                self._book = self._open() if self.book_path.exists() else self._create(DEFAULT_SHOP)
                self._watch_over(self._book)
                if self._tell is not None and not self._book.read_only and not self.recovery_told():
                    self._tell(self.new_recovery_code())
                    self._note_told()
            return self._book

    def begin(self, shop: Shop) -> str:
        """Make the book of a new shop and return its recovery code, which counts as told once it was tried.

        Raises:
            BookExists: There is a book already; it is not touched.
        """
        with self._opening:
            if self._book is not None:
                raise BookExists(path=self.book_path)
            self._book = self._create(shop)
            self._watch_over(self._book)
            return self.new_recovery_code()

    def recovery_told(self) -> bool:
        """Return whether somebody has the recovery code."""
        return self.book().read(lambda session: session.settings.value(TOLD)) is not None

    def new_recovery_code(self) -> str:
        """Return a new recovery code, tested against the keys in use; an older one is worthless from now on."""
        return create_recovery(self.recovery_path, self.keys(), replace=True)

    def try_recovery(self, code: str) -> bool:
        """Return whether a code opens this book, and if so count it as told."""
        try:
            kept = open_recovery(self.recovery_path, code)
        except (RecoveryCodeMistyped, RecoveryCodeWrong):
            return False
        inspect(self.book_path, kept[BOOK_KEY], alone=False)
        self._note_told()
        return True

    def recover(self, code: str) -> None:
        """Put the book's keys back into the keychain with the recovery code."""
        try:
            restore_from_recovery(self.keychain(), self.recovery_path, code)
        except SecretsUnavailable:
            keychain = start_afresh(self.folder, passphrase=self._passphrase, system=self._system)
            restore_from_recovery(keychain, self.recovery_path, code)
            self._keychain = keychain

    def book_key(self) -> bytes:
        """Return the key of the book that is there, or was."""
        return load_or_create_book_key(self.keychain(), book_exists=True)

    def keys(self) -> dict[str, bytes]:
        """Return the keys that the recovery code brings back, by their names in the keychain."""
        return {
            BOOK_KEY: self.book_key(),
            RESCUE_KEY: load_or_create_rescue_key(self.keychain(), second_copy_exists=True),
        }

    def second_copy_place(self) -> SecondCopyPlace:
        """Return where the second copy lies, and the key it is written with."""
        path = self._second_copy_folder() / SECOND_COPY
        rescue = load_or_create_rescue_key(self.keychain(), second_copy_exists=path.exists())
        return SecondCopyPlace(path, rescue, self.recovery_path)

    def second_copy(self) -> SecondCopyState:
        """Return how the second copy stands."""
        since = self.book().second_copy_status().missing_since
        folder = self._second_copy_folder()
        return SecondCopyState(folder, since, same_disk=_same_disk(folder, self.folder))

    def chain_findings(self) -> tuple[Finding, ...]:
        """Compare the book with everything outside it that remembers its acts, and return what is wrong."""
        book, place = self.book(), self.second_copy_place()
        try:
            anchor = KeychainAnchor(self.keychain()).load()
            book.wait_for_second_copy(SECOND_COPY_SECONDS)
            found = list(book.read(lambda session: anchor_findings(session, anchor)))
            fault = book.differs_from_copy(place) if place.path.exists() else None
        except (SecretsUnavailable, StoreUnavailable) as error:
            return (*book.read(open_findings), Finding(error.id, 0, error.detail, book=False))
        return (*found, *(() if fault is None else (Finding.of(fault),)))

    @property
    def anchor_problem(self) -> str | None:
        """Id of what keeps the keychain from remembering the newest act; None while all is well."""
        return None if self._watch is None else self._watch.problem

    def move_second_copy(self, folder: Path) -> None:
        """Let the second copy lie in another folder from now on, whole; the book is closed for it and opened again.

        Raises:
            HomeUnusable: The folder cannot be made or written.
        """
        folder = folder.absolute()
        make_folder(folder)
        self.close()
        place = self.folder / SECOND_COPY_PLACE
        try:
            write_replacing(place, json.dumps({"folder": str(folder)}).encode())
        except OSError as error:
            raise HomeUnusable(path=place) from error
        self.book().wait_for_second_copy(SECOND_COPY_SECONDS)

    def close(self) -> None:
        """Close the book; it is opened again when it is needed again."""
        with self._opening:
            book, self._book = self._book, None
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
        if book is not None:
            book.close()

    def end_log(self) -> None:
        """Write nothing more to the home's log."""
        if self._log is not None:
            close_log(self._log)
            self._log = None

    def _opened(self, passphrase: Callable[[], str | None]) -> Keychain:
        make_folder(self.folder)
        self._log = self._log or open_log(self.folder)
        return open_keychain(self.folder, passphrase=passphrase, system=self._system)

    def _watch_over(self, book: LocalBook) -> None:
        if not book.read_only:
            self._watch = ChainWatch(Till(book, self.clock, WATCH), KeychainAnchor(self.keychain()))

    def _open(self) -> LocalBook:
        copy, key = self.second_copy_place(), self.book_key()
        try:
            return open_book(self.book_path, key, clock=self.clock, second_copy=copy)
        except (BookInUse, BookReadOnly):
            return open_book(self.book_path, key, clock=self.clock, read_only=True)

    def _create(self, shop: Shop) -> LocalBook:
        """Make the first book with its keys; where one is gone, its copies must bring it back."""
        if self.book_path.exists():
            raise BookExists(path=self.book_path)
        if self.exists() or (self._second_copy_folder() / SECOND_COPY).exists():
            raise BookLost(path=self.book_path)
        key = load_or_create_book_key(self.keychain(), book_exists=False)
        return create_book(self.book_path, key, clock=self.clock, shop=shop, second_copy=self.second_copy_place())

    def _note_told(self) -> None:
        self.book().write(lambda session: session.settings.set_value(TOLD, self.clock.now().isoformat()))

    def _second_copy_folder(self) -> Path:
        """Where the second copy lies: beside the book until somebody names a better place, such as another disk."""
        try:
            return Path(json.loads((self.folder / SECOND_COPY_PLACE).read_text(encoding="utf-8"))["folder"])
        except FileNotFoundError:
            return self.folder
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HomeUnusable(path=self.folder / SECOND_COPY_PLACE) from error


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may look into.

    Raises:
        HomeUnusable: The system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HomeUnusable(path=folder) from error


def _same_disk(folder: Path, home: Path) -> bool:
    with suppress(OSError):
        return folder.stat().st_dev == home.stat().st_dev
    return True
