"""The manager's PIN: choosing, checking, changing and resetting it.

A PIN has few digits, so three things stand between it and a guesser: the pepper in the keychain, without which the
book's hash cannot be tried elsewhere; Argon2id, which makes each try slow; and the lock-out. The counter goes up and
is on the disk *before* the PIN is looked at, so killing the till in the middle of a check gains nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import replace
from pathlib import Path
from typing import Final

from posapp.keychain.argon import STRONG, Cost, derive, new_salt
from posapp.keychain.lockout import CEILING, pause_after, seconds_to_wait, tries_before_pause
from posapp.keychain.pin_errors import PinAlreadySet, PinBlocked, PinLocked, PinNotSet, PinWrong
from posapp.keychain.pin_ports import Clock, PinState, PinStore
from posapp.keychain.pin_rules import LEAST_DIGITS, read_new_pin, read_pin
from posapp.keychain.recovery import open_recovery

_TURN: Final = threading.Lock()
"""One check at a time: two that read the same counter would count as one try."""


def set_pin(store: PinStore, pepper: bytes, pin: str, *, least_digits: int = LEAST_DIGITS, cost: Cost = STRONG) -> None:
    """Choose the first PIN.

    Args:
        store: Remembers the state.
        pepper: 32 bytes from the keychain.
        pin: What was typed.
        least_digits: The shop's setting.
        cost: What one guess costs.

    Raises:
        PinAlreadySet: There is one; see `change_pin` and `reset_pin`.
        PinMalformed: It is not digits, or too few.
        PinTooEasy: Everybody tries it first.
    """
    plain = read_new_pin(pin, least_digits=least_digits)
    with _TURN:
        if store.load() is not None:
            raise PinAlreadySet
        store.save(_fresh(pepper, plain, cost))


def check_pin(store: PinStore, pepper: bytes, pin: str, *, clock: Clock) -> None:
    """Return if this is the manager's PIN.

    Args:
        store: Remembers the state and the wrong tries.
        pepper: 32 bytes from the keychain.
        pin: What was typed; what cannot be a PIN at all does not count as a try.
        clock: Measures the pauses.

    Raises:
        PinNotSet: No PIN was chosen.
        PinMalformed: What was typed cannot be a PIN.
        PinWrong: It is another one; further tries are free.
        PinLocked: It is another one and a pause begins, or a pause is not over and nothing was checked.
        PinBlocked: Too many wrong ones in a row.
    """
    plain = read_pin(pin)
    with _TURN:
        _check(store, pepper, plain, clock)


def change_pin(
    store: PinStore,
    pepper: bytes,
    old: str,
    new: str,
    *,
    clock: Clock,
    least_digits: int = LEAST_DIGITS,
    cost: Cost = STRONG,
) -> None:
    """Replace the PIN by another one, knowing the old.

    Raises:
        DomainError: As `check_pin` for the old PIN and `set_pin` for the new one; the old one stays.
    """
    plain_old, plain_new = read_pin(old), read_new_pin(new, least_digits=least_digits)
    with _TURN:
        _check(store, pepper, plain_old, clock)
        store.save(_fresh(pepper, plain_new, cost))


def reset_pin(
    store: PinStore,
    pepper: bytes,
    new: str,
    *,
    recovery: Path,
    code: str,
    least_digits: int = LEAST_DIGITS,
    cost: Cost = STRONG,
) -> None:
    """Replace a forgotten or blocked PIN, having the recovery code.

    Args:
        store: Remembers the state.
        pepper: 32 bytes from the keychain.
        new: What was typed as the new PIN.
        recovery: The recovery file, which the code must open.
        code: What was typed as the recovery code.
        least_digits: The shop's setting.
        cost: What one guess costs.

    Raises:
        PosError: As `open_recovery` for the code and `set_pin` for the new PIN; nothing changed.
    """
    plain = read_new_pin(new, least_digits=least_digits)
    open_recovery(recovery, code)
    with _TURN:
        store.save(_fresh(pepper, plain, cost))


def _check(store: PinStore, pepper: bytes, plain: str, clock: Clock) -> None:
    state = store.load()
    if state is None:
        raise PinNotSet
    if state.failures >= CEILING:
        raise PinBlocked(failures=state.failures)
    wait = seconds_to_wait(state, clock)
    if wait > 0:
        raise _locked(wait)
    failures = state.failures + 1
    counted = replace(state, failures=failures, failed_since_boot=clock.since_boot(), failed_boot_id=clock.boot_id())
    store.save(counted)
    if _matches(pepper, plain, state):
        store.save(replace(state, failures=0, failed_since_boot=0.0, failed_boot_id=""))
        return
    if failures >= CEILING:
        raise PinBlocked(failures=failures)
    if pause_after(failures) > 0:
        raise _locked(pause_after(failures))
    raise PinWrong(tries_left=tries_before_pause(failures))


def _locked(seconds: int) -> PinLocked:
    return PinLocked(wait=f"{seconds // 60}:{seconds % 60:02}", seconds=seconds)


def _fresh(pepper: bytes, plain: str, cost: Cost) -> PinState:
    salt = new_salt()
    return PinState(
        hash=_hash(pepper, plain, salt, cost),
        salt=salt,
        memory_kib=cost.memory_kib,
        iterations=cost.iterations,
        lanes=cost.lanes,
    )


def _matches(pepper: bytes, plain: str, state: PinState) -> bool:
    cost = Cost(memory_kib=state.memory_kib, iterations=state.iterations, lanes=state.lanes)
    return hmac.compare_digest(_hash(pepper, plain, state.salt, cost), state.hash)


def _hash(pepper: bytes, plain: str, salt: bytes, cost: Cost) -> bytes:
    return derive(hmac.digest(pepper, plain.encode("ascii"), hashlib.sha256), salt, cost)
