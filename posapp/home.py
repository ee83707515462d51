"""A till's home folder: its keys, its book, the second copy and the recovery code, each opened when first needed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
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
from posapp.services.application import BringBack, SecondCopyState
from posapp.services.chain_watch import ChainWatch
from posapp.services.ports.clock import Clock
from posapp.services.ports.rescued import Rescued
from posapp.services.till import Till
from posapp.services.verification import verify_book
from posapp.store.backup import check_backup, copy_verified
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.copied_acts import survey
from posapp.store.errors import BookExists, BookInUse, BookLost, BookMissing, BookReadOnly, HomeUnusable
from posapp.store.following import SecondCopyPlace, recovery_beside
from posapp.store.lock import HomeLock
from posapp.store.opening import inspect
from posapp.store.rescuing import BookPlace, rebuild_book, rescue_into, restore_backup

BOOK, RECOVERY, LAST_BACKUP = "book.db", "recovery.json", "last-backup.json"
SECOND_COPY, SECOND_COPY_PLACE = "second-copy.acts", "second-copy.json"
SECOND_COPY_SECONDS = 30.0
DEFAULT_SHOP = Shop(name="Shop", country="IN", currency="INR", time_zone="Asia/Kolkata")
TOLD = "recovery_code_told"
WATCH = "till"

log = logging.getLogger(__name__)


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
        self._clock = clock
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

    def exists(self) -> bool:
        """Return whether this home has, or had, a book."""
        return self.book_path.exists() or (self.folder / RECOVERY).exists()

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
        return create_recovery(self.folder / RECOVERY, self._keys(), replace=True)

    def try_recovery(self, code: str) -> bool:
        """Return whether a code opens this book, and if so count it as told."""
        try:
            kept = open_recovery(self.folder / RECOVERY, code)
        except (RecoveryCodeMistyped, RecoveryCodeWrong):
            return False
        inspect(self.book_path, kept[BOOK_KEY], alone=False)
        self._note_told()
        return True

    def recover(self, code: str) -> None:
        """Put the book's keys back into the keychain with the recovery code."""
        try:
            restore_from_recovery(self.keychain(), self.folder / RECOVERY, code)
        except SecretsUnavailable:
            keychain = start_afresh(self.folder, passphrase=self._passphrase, system=self._system)
            restore_from_recovery(keychain, self.folder / RECOVERY, code)
            self._keychain = keychain

    def backup(self, target: Path) -> None:
        """Write a verified backup of the book, beside whatever else has it open."""
        if not self.book_path.exists():
            raise BookMissing(path=self.book_path)
        key = load_or_create_book_key(self.keychain(), book_exists=True)
        copy_verified(self.book_path, key, target)
        recovery = self.folder / RECOVERY
        if recovery.exists():
            write_replacing(recovery_beside(target), recovery.read_bytes())
        last = {"file": str(target.absolute()), "at": self._clock.now().isoformat()}
        try:
            write_replacing(self.folder / LAST_BACKUP, json.dumps(last).encode())
        except OSError as error:  # a home that takes no writes is backed up all the same
            log.info("the backup could not be noted: %s", type(error).__name__)

    def last_backup(self) -> tuple[Path, datetime] | None:
        """Return the last backup that was made and when, once it was found there and whole; None where none was made.

        Raises:
            NotABackup: It is not there any more, or it is damaged.
            SecretsUnavailable: The keychain does not answer.
        """
        try:
            last = json.loads((self.folder / LAST_BACKUP).read_text(encoding="utf-8"))
            path, at = Path(last["file"]), datetime.fromisoformat(last["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        check_backup(path, load_or_create_book_key(self.keychain(), book_exists=True))
        return path, at

    def restore(self, source: Path, how: BringBack) -> Rescued:
        """Put a backup in the book's place, with the acts that the second copy has beyond it."""
        if how.recovery_code is not None:
            self._bring_keys(source, how.recovery_code)
        key = load_or_create_book_key(self.keychain(), book_exists=True)
        place = self._second_copy()
        path = how.second_copy or place.path
        wanted = how.second_copy is not None or (how.with_second_copy and path.exists())
        copy = survey(path, place.key, up_to_damage=how.up_to_damage) if wanted else None
        return restore_backup(self._place(key), source, copy)

    def rescue(self, source: Path, how: BringBack) -> Rescued:
        """Take the acts of a second copy over, or build the lost book anew from it."""
        if self.book_path.exists():
            key = self._rescue_key_of(source, how.recovery_code)
            copy = survey(source, key, up_to_damage=how.up_to_damage)
            return rescue_into(self.book(), copy, self._clock)
        if how.recovery_code is not None:
            self._bring_keys(source, how.recovery_code)
        keys = self._keys()
        copy = survey(source, keys[RESCUE_KEY], up_to_damage=how.up_to_damage)
        return rebuild_book(self._place(keys[BOOK_KEY]), copy)

    def second_copy(self) -> SecondCopyState:
        """Return how the second copy stands."""
        since = self.book().second_copy_status().missing_since
        folder = self._second_copy_folder()
        return SecondCopyState(folder, since, same_disk=_same_disk(folder, self.folder))

    def chain_findings(self) -> tuple[Finding, ...]:
        """Compare the book with everything outside it that remembers its acts, and return what is wrong."""
        book, place = self.book(), self._second_copy()
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
            self._watch = ChainWatch(Till(book, self._clock, WATCH), KeychainAnchor(self.keychain()))

    def _open(self) -> LocalBook:
        copy, key = self._second_copy(), load_or_create_book_key(self.keychain(), book_exists=True)
        try:
            return open_book(self.book_path, key, clock=self._clock, second_copy=copy)
        except (BookInUse, BookReadOnly):
            return open_book(self.book_path, key, clock=self._clock, read_only=True)

    def _create(self, shop: Shop) -> LocalBook:
        """Make the first book with its keys; where one is gone, its copies must bring it back."""
        if self.book_path.exists():
            raise BookExists(path=self.book_path)
        if self.exists() or (self._second_copy_folder() / SECOND_COPY).exists():
            raise BookLost(path=self.book_path)
        key = load_or_create_book_key(self.keychain(), book_exists=False)
        return create_book(self.book_path, key, clock=self._clock, shop=shop, second_copy=self._second_copy())

    def _keys(self) -> dict[str, bytes]:
        keychain = self.keychain()
        return {
            BOOK_KEY: load_or_create_book_key(keychain, book_exists=True),
            RESCUE_KEY: load_or_create_rescue_key(keychain, second_copy_exists=True),
        }

    def _place(self, key: bytes) -> BookPlace:
        return BookPlace(self.book_path, key, self._clock, self._first_altered)

    def _first_altered(self, book: LocalBook) -> int | None:
        faults = verify_book(Till(book, self._clock, WATCH)).faults
        return faults[0].till_seq if faults else None

    def _rescue_key_of(self, source: Path, code: str | None) -> bytes:
        """Return the key of a second copy: this till's, or the one that the recovery code of its till unwraps."""
        if code is None:
            return load_or_create_rescue_key(self.keychain(), second_copy_exists=True)
        return open_recovery(self._recovery_of(source), code)[RESCUE_KEY]

    def _recovery_of(self, source: Path) -> Path:
        """Return the recovery file of a copy: the one kept beside it, else this home's."""
        beside = recovery_beside(source)
        return beside if beside.exists() else self.folder / RECOVERY

    def _bring_keys(self, source: Path, code: str) -> None:
        """Put the keys that the code unwraps into this home's keychain, and the file that it unwraps into the home."""
        recovery = self._recovery_of(source)
        restore_from_recovery(self.keychain(), recovery, code)
        if recovery.parent != self.folder:
            write_replacing(self.folder / RECOVERY, recovery.read_bytes())

    def _note_told(self) -> None:
        self.book().write(lambda session: session.settings.set_value(TOLD, self._clock.now().isoformat()))

    def _second_copy(self) -> SecondCopyPlace:
        path = self._second_copy_folder() / SECOND_COPY
        rescue = load_or_create_rescue_key(self.keychain(), second_copy_exists=path.exists())
        return SecondCopyPlace(path, rescue, self.folder / RECOVERY)

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
