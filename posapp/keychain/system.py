"""The keychain of an ordinary till: the operating system's keyring, which opens when its user logs in."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final, Literal, TypeVar

from posapp.keychain.backend import SECRET_SERVICE, Backend, class_path, find_backend, translated
from posapp.keychain.entries import EntryDamagedError, Head, packed, read_head
from posapp.keychain.errors import KeyringFailed, SecretDamaged
from posapp.keychain.patience import Patience
from posapp.keychain.ports import checked_name
from posapp.keychain.secret_service import can_prompt, unlock

T = TypeVar("T")

SERVICE: Final = "posapp"
PATIENCE_SECONDS: Final = 60.0
"""Long enough for a person to type the keyring's password into its window."""


class SystemKeychain:
    """A `Keychain` in the system's keyring, under the service "posapp" and the user "<home id>/<name>"."""

    kind: Literal["keyring"] = "keyring"

    def __init__(
        self,
        home_id: str,
        *,
        find: Callable[[], Backend] = find_backend,
        patience: float = PATIENCE_SECONDS,
        may_prompt: bool | None = None,
    ) -> None:
        """Look for nothing yet; the keyring is found at the first question.

        Args:
            home_id: Tells the homes of one user apart.
            find: Finds the trusted backend.
            patience: How many seconds to wait for an answer.
            may_prompt: Whether the keyring may open a window; None means if there is a display.
        """
        self._home_id = home_id
        self._find = find
        self._patience = Patience(patience)
        self._may_prompt = can_prompt() if may_prompt is None else may_prompt

    def __repr__(self) -> str:
        return f"<SystemKeychain {self._home_id}>"

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None if there is none of this name."""
        checked_name(name)
        return self._ask(lambda backend: self._read(backend, name))

    def set(self, name: str, value: bytes) -> None:
        """Keep a secret; it was read back when this returns."""
        checked_name(name)
        self._ask(lambda backend: self._replace(backend, name, value))

    def delete(self, name: str) -> None:
        """Forget a secret; without effect if there is none of this name."""
        checked_name(name)
        self._ask(lambda backend: self._remove(backend, name))

    def _ask(self, act: Callable[[Backend], T]) -> T:
        """Unlock first and act then, each within our patience: a prompt given up never leads to a late write."""
        with translated(self._patience.seconds):
            backend = self._patience.run(self._unlocked)
            return self._patience.run(lambda: act(backend))

    def _unlocked(self) -> Backend:
        backend = self._find()
        if class_path(backend) == SECRET_SERVICE:
            unlock(getattr(backend, "preferred_collection", None), may_prompt=self._may_prompt)
        return backend

    def _user(self, entry: str) -> str:
        return f"{self._home_id}/{entry}"

    def _head(self, backend: Backend, name: str) -> Head | None:
        text = backend.get_password(SERVICE, self._user(name))
        return None if text is None else read_head(text)

    def _read(self, backend: Backend, name: str) -> bytes | None:
        try:
            head = self._head(backend, name)
            if head is None or head.value is not None:
                return None if head is None else head.value
            parts = [backend.get_password(SERVICE, self._user(part)) for part in head.part_names(name)]
            return head.joined([part or "" for part in parts])
        except EntryDamagedError as error:
            raise SecretDamaged(name=name) from error

    def _replace(self, backend: Backend, name: str, value: bytes) -> None:
        before = self._old_parts(backend, name)
        text, parts = packed(value)
        for entry, part in zip(read_head(text).part_names(name), parts, strict=True):
            backend.set_password(SERVICE, self._user(entry), part)
        backend.set_password(SERVICE, self._user(name), text)
        kept = self._read(backend, name)
        if kept is None or not hmac.compare_digest(kept, value):
            raise KeyringFailed
        self._drop(backend, before)

    def _remove(self, backend: Backend, name: str) -> None:
        parts = self._old_parts(backend, name)
        self._drop(backend, (name, *parts))

    def _old_parts(self, backend: Backend, name: str) -> tuple[str, ...]:
        try:
            head = self._head(backend, name)
        except EntryDamagedError:  #: there is nothing to follow, and writing anew heals it
            return ()
        return () if head is None else head.part_names(name)

    def _drop(self, backend: Backend, entries: tuple[str, ...]) -> None:
        for entry in entries:
            if backend.get_password(SERVICE, self._user(entry)) is not None:
                backend.delete_password(SERVICE, self._user(entry))
