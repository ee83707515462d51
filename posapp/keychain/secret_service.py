"""Unlocking the freedesktop Secret Service without ever waiting for a window that nobody can see.

Asking a locked collection for a secret makes the service open a prompt, which blocks until somebody answers it. So the
collection is looked at first: on a till without a display a locked one is refused at once, and with a display the
prompt comes in a step of its own, before any secret is read or written.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing

from posapp.keychain.errors import KeyringAbsent, KeyringLocked


def can_prompt(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a window of the service could be seen."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def unlock(collection_path: str | None, *, may_prompt: bool) -> None:
    """Make sure that the collection is unlocked.

    Args:
        collection_path: The collection's D-Bus path; None means the default one.
        may_prompt: Whether the service may ask the person, which blocks until that is answered.

    Raises:
        KeyringLocked: It is locked and stays so.
        KeyringAbsent: There is no collection, and none can be made without asking.
    """
    import secretstorage  # noqa: PLC0415 (comes with `keyring` where there is a Secret Service; slow)

    with closing(secretstorage.dbus_init()) as bus:
        try:
            collection = secretstorage.Collection(bus, collection_path or secretstorage.collection.DEFAULT_COLLECTION)
        except secretstorage.ItemNotFoundException as error:
            if not may_prompt:
                raise KeyringAbsent from error
            collection = secretstorage.get_default_collection(bus)
        if not collection.is_locked():
            return
        if may_prompt:
            collection.unlock()
        if collection.is_locked():
            raise KeyringLocked
