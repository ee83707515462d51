"""A till's copies: backups of its book, and bringing the till back from a backup or from a second copy."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

from posapp.home import WATCH, TillHome
from posapp.keychain.book_key import load_or_create_rescue_key
from posapp.keychain.durable import write_replacing
from posapp.keychain.ports import BOOK_KEY, RESCUE_KEY
from posapp.keychain.recovery import open_recovery, restore_from_recovery
from posapp.services.application import BringBack
from posapp.services.ports.rescued import Rescued
from posapp.services.till import Till
from posapp.services.verification import verify_book
from posapp.store.backup import check_backup, copy_verified
from posapp.store.book import LocalBook
from posapp.store.copied_acts import survey
from posapp.store.errors import BookMissing
from posapp.store.following import recovery_beside
from posapp.store.rescuing import BookPlace, rebuild_book, rescue_into, restore_backup

LAST_BACKUP = "last-backup.json"

log = logging.getLogger(__name__)


def back_up(home: TillHome, target: Path) -> None:
    """Write a verified backup of the book, beside whatever else has it open."""
    if not home.book_path.exists():
        raise BookMissing(path=home.book_path)
    copy_verified(home.book_path, home.book_key(), target)
    if home.recovery_path.exists():
        write_replacing(recovery_beside(target), home.recovery_path.read_bytes())
    last = {"file": str(target.absolute()), "at": home.clock.now().isoformat()}
    try:
        write_replacing(home.folder / LAST_BACKUP, json.dumps(last).encode())
    except OSError as error:  # a home that takes no writes is backed up all the same
        log.info("the backup could not be noted: %s", type(error).__name__)


def last_backup(home: TillHome) -> tuple[Path, datetime] | None:
    """Return the last backup that was made and when, once it was found there and whole; None where none was made.

    Raises:
        NotABackup: It is not there any more, or it is damaged.
        SecretsUnavailable: The keychain does not answer.
    """
    try:
        last = json.loads((home.folder / LAST_BACKUP).read_text(encoding="utf-8"))
        path, at = Path(last["file"]), datetime.fromisoformat(last["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    check_backup(path, home.book_key())
    return path, at


def restore(home: TillHome, source: Path, how: BringBack) -> Rescued:
    """Put a backup in the book's place, with the acts that the second copy has beyond it."""
    if how.recovery_code is not None:
        _bring_keys(home, source, how.recovery_code)
    key, place = home.book_key(), home.second_copy_place()
    path = how.second_copy or place.path
    wanted = how.second_copy is not None or (how.with_second_copy and path.exists())
    copy = survey(path, place.key, up_to_damage=how.up_to_damage) if wanted else None
    return restore_backup(_place(home, key), source, copy)


def rescue(home: TillHome, source: Path, how: BringBack) -> Rescued:
    """Take the acts of a second copy over, or build the lost book anew from it."""
    if home.book_path.exists():
        copy = survey(source, _rescue_key_of(home, source, how.recovery_code), up_to_damage=how.up_to_damage)
        return rescue_into(home.book(), copy, home.clock)
    if how.recovery_code is not None:
        _bring_keys(home, source, how.recovery_code)
    keys = home.keys()
    copy = survey(source, keys[RESCUE_KEY], up_to_damage=how.up_to_damage)
    return rebuild_book(_place(home, keys[BOOK_KEY]), copy)


def _place(home: TillHome, key: bytes) -> BookPlace:
    def first_altered(book: LocalBook) -> int | None:
        faults = verify_book(Till(book, home.clock, WATCH)).faults
        return faults[0].till_seq if faults else None

    return BookPlace(home.book_path, key, home.clock, first_altered)


def _rescue_key_of(home: TillHome, source: Path, code: str | None) -> bytes:
    """Return the key of a second copy: this till's, or the one that the recovery code of its till unwraps."""
    if code is None:
        return load_or_create_rescue_key(home.keychain(), second_copy_exists=True)
    return open_recovery(_recovery_of(home, source), code)[RESCUE_KEY]


def _recovery_of(home: TillHome, source: Path) -> Path:
    """Return the recovery file of a copy: the one kept beside it, else this home's."""
    beside = recovery_beside(source)
    return beside if beside.exists() else home.recovery_path


def _bring_keys(home: TillHome, source: Path, code: str) -> None:
    """Put the keys that the code unwraps into this home's keychain, and the file that it unwraps into the home."""
    recovery = _recovery_of(home, source)
    restore_from_recovery(home.keychain(), recovery, code)
    if recovery.parent != home.folder:
        write_replacing(home.recovery_path, recovery.read_bytes())
