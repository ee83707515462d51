"""A seal opens with the same key, bytes and context, and with nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import DomainError
from posapp.domain.sealing import KEY_BYTES, OVERHEAD_BYTES, SealBroken, new_key, seal, unseal

KEY = bytes(range(KEY_BYTES))


@given(plaintext=st.binary(max_size=200), associated=st.binary(max_size=40))
def test_what_was_sealed_comes_back(plaintext: bytes, associated: bytes) -> None:
    sealed = seal(KEY, plaintext, associated)
    assert len(sealed) == len(plaintext) + OVERHEAD_BYTES
    assert unseal(KEY, sealed, associated) == plaintext


def test_every_flipped_bit_is_noticed() -> None:
    sealed = seal(KEY, b"a kept entry", b"till 1")
    for place in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[place // 8] ^= 1 << (place % 8)
        with pytest.raises(SealBroken):
            unseal(KEY, bytes(altered), b"till 1")


def test_every_cut_tail_is_noticed() -> None:
    sealed = seal(KEY, b"a kept entry", b"till 1")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(KEY, sealed[:length], b"till 1")


def test_another_key_or_context_does_not_open_it() -> None:
    sealed = seal(KEY, b"a kept entry", b"till 1")
    with pytest.raises(SealBroken):
        unseal(new_key(), sealed, b"till 1")
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, b"till 2")


def test_the_same_bytes_never_seal_alike() -> None:
    assert len({seal(KEY, b"same", b"") for _ in range(100)}) == 100


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_a_mistake_of_the_caller(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(b"k" * length, b"", b"")
    with pytest.raises(ValueError, match="32 bytes"):
        unseal(b"k" * length, b"x" * 40, b"")


def test_the_error_says_nothing_of_the_contents() -> None:
    with pytest.raises(SealBroken) as caught:
        unseal(KEY, seal(new_key(), b"secret-canary", b"context"), b"context")
    assert isinstance(caught.value, DomainError)
    assert str(caught.value) == "seal_broken"
    assert caught.value.params == {}
