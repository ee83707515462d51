"""Where the manager's PIN is remembered: the book, under one setting; worthless without the pepper in the keychain."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

from posapp.keychain.pin_ports import PinState
from posapp.services.ports.book import Book

SETTING = "manager_pin"
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
