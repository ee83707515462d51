"""The manager's PIN of a till: remembered in its book under one setting, worthless without the keychain's pepper."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

from posapp.keychain.book_key import load_or_create_pin_pepper
from posapp.keychain.boot_clock import BootClock
from posapp.keychain.pin import change_pin, check_pin, set_pin
from posapp.keychain.pin_ports import PinState
from posapp.keychain.ports import Keychain
from posapp.services.ports.book import Book

SETTING = "manager_pin"
MANAGER = "manager"
_BYTES = ("hash", "salt")


class BookPinStore:
    """Keeps a `PinState` in the book; a save is on the disk when it returns."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def load(self) -> PinState | None:
        """Return the state, or None if no PIN was chosen."""
        text = self._book.read(lambda session: session.settings.value(SETTING))
        if text is None:
            return None
        content = json.loads(text)
        return PinState(**{**content, **{name: base64.b64decode(content[name]) for name in _BYTES}})

    def save(self, state: PinState) -> None:
        """Keep the state."""
        content = asdict(state)
        text = json.dumps({**content, **{name: base64.b64encode(content[name]).decode() for name in _BYTES}})
        self._book.write(lambda session: session.settings.set_value(SETTING, text))


def choose_pin(book: Book, keychain: Keychain, old: str | None, new: str) -> None:
    """Choose the manager's PIN; changing one takes the old.

    Raises:
        DomainError: The new PIN is too easy, or the old one is wrong.
    """
    store = BookPinStore(book)
    chosen = store.load() is not None
    pepper = load_or_create_pin_pepper(keychain, pin_exists=chosen)
    if chosen:
        change_pin(store, pepper, old or "", new, clock=BootClock())
    else:
        set_pin(store, pepper, new)


def approve_with(book: Book, keychain: Keychain, pin: str) -> str:
    """Check the manager's PIN and return how the approval is written into an act.

    Raises:
        DomainError: The PIN is wrong, locked, or was never chosen.
    """
    store = BookPinStore(book)
    pepper = load_or_create_pin_pepper(keychain, pin_exists=store.load() is not None)
    check_pin(store, pepper, pin, clock=BootClock())
    return MANAGER
