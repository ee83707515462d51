"""The keys that must never come into being twice: the book's, the shop's rescue key, the PIN's pepper.

A second key beside an existing book would make that book unreadable for good, so a key is drawn only while there is
nothing yet that it opens. The caller holds the home's process lock: two starts that race wait for each other there, and
what was written is read back here, so that all use the key that is really kept.
"""

from __future__ import annotations

from posapp.domain.sealing import KEY_BYTES, new_key
from posapp.keychain.errors import SecretDamaged, SecretMissing
from posapp.keychain.ports import BOOK_KEY, DERIVING_KEY, PIN_PEPPER, RESCUE_KEY, Keychain


def load_or_create_book_key(keychain: Keychain, *, book_exists: bool) -> bytes:
    """Return the book's key, 32 bytes; draw it only before the first book.

    Args:
        keychain: The home's keychain.
        book_exists: Whether the book's file is there, readable or not.

    Raises:
        SecretMissing: There is a book but no key.
        SecretDamaged: What is kept is no key.
        SecretsUnavailable: The keychain does not answer.
    """
    return _load_or_create(keychain, BOOK_KEY, must_exist=book_exists)


def load_or_create_rescue_key(keychain: Keychain, *, second_copy_exists: bool) -> bytes:
    """Return the shop's rescue key, 32 bytes; draw it only before the first line of a second copy.

    Raises:
        SecretMissing: There is a second copy but no key.
        SecretDamaged: What is kept is no key.
        SecretsUnavailable: The keychain does not answer.
    """
    return _load_or_create(keychain, RESCUE_KEY, must_exist=second_copy_exists)


def load_or_create_pin_pepper(keychain: Keychain, *, pin_exists: bool) -> bytes:
    """Return the pepper of the manager's PIN, 32 bytes; draw it only before the first PIN.

    Raises:
        SecretMissing: There is a PIN but no pepper.
        SecretDamaged: What is kept is no pepper.
        SecretsUnavailable: The keychain does not answer.
    """
    return _load_or_create(keychain, PIN_PEPPER, must_exist=pin_exists)


def load_or_create_deriving_key(keychain: Keychain) -> bytes:
    """Return the key that new customers' passwords are derived from, 32 bytes; drawn when missing: it opens nothing.

    Raises:
        SecretDamaged: What is kept is no key.
        SecretsUnavailable: The keychain does not answer.
    """
    return _load_or_create(keychain, DERIVING_KEY, must_exist=False)


def _load_or_create(keychain: Keychain, name: str, *, must_exist: bool) -> bytes:
    key = keychain.get(name)
    if key is None:
        if must_exist:
            raise SecretMissing(name=name)
        keychain.set(name, new_key())
        key = keychain.get(name)
    if key is None or len(key) != KEY_BYTES:
        raise SecretDamaged(name=name)
    return key
