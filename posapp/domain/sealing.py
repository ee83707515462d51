"""One way to seal bytes, shared by the vault, the recovery code and the second copy.

They live in different layers and may not import each other; what they share is a rule without any I/O, so it stands
here. A seal is AES-256-GCM: it hides the bytes and proves that neither they nor their context (`associated`) changed.

    sealed = nonce (12 random bytes) + ciphertext + tag (16 bytes)

A random nonce is safe for about four thousand million seals under one key, more than a till writes in its life.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

KEY_BYTES: Final = 32
OVERHEAD_BYTES: Final = 28
"""How many bytes a seal is longer than what it hides."""

_NONCE_BYTES: Final = 12


class SealBroken(DomainError):
    """Sealed bytes do not open: another key, another context, or somebody or something altered them."""

    id = "seal_broken"
    title = N_("The seal does not open")
    message = N_("The sealed data is damaged, was altered, or belongs to another key.")
    hint = N_("Use an unharmed copy of the file, and the key or code that belongs to it.")


def new_key() -> bytes:
    """Draw a fresh random key for `seal`."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Hide and authenticate bytes; every call gives other bytes.

    Args:
        key: 32 bytes.
        plaintext: What is to be hidden.
        associated: The context, readable by all, that must be the same when the seal is opened.

    Returns:
        Nonce, ciphertext and tag, `OVERHEAD_BYTES` longer than the plaintext.

    Raises:
        ValueError: The key is not 32 bytes long.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, plaintext, associated)


def unseal(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Open what `seal` made.

    Args:
        key: The 32 bytes it was sealed with.
        sealed: What `seal` returned.
        associated: The context it was sealed with.

    Returns:
        The plaintext.

    Raises:
        SealBroken: Anything about the key, the bytes or the context differs.
        ValueError: The key is not 32 bytes long.
    """
    cipher = _cipher(key)
    if len(sealed) < OVERHEAD_BYTES:
        raise SealBroken
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], associated)
    except InvalidTag as error:
        raise SealBroken from error


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:  # AESGCM would take 16 or 24 bytes without a word
        raise ValueError("a sealing key is 32 bytes long")
    return AESGCM(key)
