"""The manager's PIN: the right one passes, a guesser is stopped, and neither a kill, a restart nor a clock helps."""

from __future__ import annotations

import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import PosError
from posapp.keychain.boot_clock import BootClock
from posapp.keychain.errors import RecoveryCodeWrong
from posapp.keychain.lockout import CEILING, FREE_TRIES, pause_after
from posapp.keychain.pin import change_pin, check_pin, reset_pin, set_pin
from posapp.keychain.pin_errors import (
    PinAlreadySet,
    PinBlocked,
    PinLocked,
    PinMalformed,
    PinNotSet,
    PinTooEasy,
    PinWrong,
)
from posapp.keychain.pin_ports import PinState
from posapp.keychain.pin_rules import read_new_pin, read_pin
from posapp.keychain.recovery import create_recovery
from posapp.keychain.recovery_code import new_code
from tests.keychain.fakes import FakeClock, FilePinStore
from tests.support.vault import CHEAP

PEPPER = bytes(range(32))
PIN = "730416"
WRONG = "730417"
ZEROES = [chr(code) for code in range(sys.maxunicode) if unicodedata.decimal(chr(code), None) == 0]


@pytest.fixture
def store(tmp_path: Path) -> FilePinStore:
    store = FilePinStore(tmp_path / "pin.json")
    set_pin(store, PEPPER, PIN, cost=CHEAP)
    return store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def fail(store: FilePinStore, clock: FakeClock, times: int) -> None:
    """Type wrong PINs, sitting out every pause."""
    for _ in range(times):
        clock.run(1000)
        with pytest.raises((PinWrong, PinLocked, PinBlocked)):
            check_pin(store, PEPPER, WRONG, clock=clock)


def test_the_right_pin_passes_and_another_does_not(store: FilePinStore, clock: FakeClock) -> None:
    check_pin(store, PEPPER, PIN, clock=clock)
    with pytest.raises(PinWrong) as caught:
        check_pin(store, PEPPER, WRONG, clock=clock)
    assert caught.value.params == {"tries_left": FREE_TRIES - 1}
    check_pin(store, PEPPER, PIN, clock=clock)
    state = store.load()
    assert state is not None
    assert state.failures == 0


def test_without_the_pepper_the_book_alone_accepts_nothing(store: FilePinStore, clock: FakeClock) -> None:
    with pytest.raises(PinWrong):
        check_pin(store, bytes(32), PIN, clock=clock)


@given(zero=st.sampled_from(ZEROES), pin=st.from_regex(r"[0-9]{4,12}", fullmatch=True))
def test_digits_of_any_script_are_the_same_pin(zero: str, pin: str) -> None:
    native = "".join(chr(ord(zero) + int(digit)) for digit in pin)
    assert read_pin(native) == pin
    assert read_pin(f"\u200f {native} ") == pin


@pytest.mark.parametrize("native", ["७३०४१६", "৭৩০৪১৬", "٧٣٠٤١٦", "۷۳۰۴۱۶"])
def test_a_manager_may_type_native_digits(store: FilePinStore, clock: FakeClock, native: str) -> None:
    check_pin(store, PEPPER, native, clock=clock)


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "12345a", "1" * 13, "½½½½", "²²²²", "-73041"])
def test_what_cannot_be_a_pin_is_no_try(store: FilePinStore, clock: FakeClock, typed: str) -> None:
    for _ in range(30):
        with pytest.raises(PinMalformed):
            check_pin(store, PEPPER, typed, clock=clock)
    check_pin(store, PEPPER, PIN, clock=clock)


@pytest.mark.parametrize(
    "pin",
    [
        "000000",
        "123456",
        "654321",
        "012345",
        "567890",
        "890123",
        "121212",
        "123123",
        "112233",
        "998877",
        "१२३४५६",
        "159753",
    ],
)
def test_the_pins_that_everybody_tries_are_refused(pin: str) -> None:
    with pytest.raises(PinTooEasy):
        read_new_pin(pin)


def test_how_short_a_pin_may_be_is_a_setting_with_a_floor() -> None:
    with pytest.raises(PinMalformed) as caught:
        read_new_pin("7304")
    assert caught.value.params["least"] == 6
    assert read_new_pin("7304", least_digits=4) == "7304"
    with pytest.raises(PinMalformed):
        read_new_pin("730", least_digits=1)
    with pytest.raises(PinTooEasy):
        read_new_pin("2580", least_digits=4)


def test_no_pin_yet_is_said_so(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(PinNotSet):
        check_pin(FilePinStore(tmp_path / "none"), PEPPER, PIN, clock=clock)


def test_pauses_grow_and_the_right_pin_does_not_pass_in_one(store: FilePinStore, clock: FakeClock) -> None:
    fail(store, clock, FREE_TRIES)
    for failures in range(FREE_TRIES, 12):
        with pytest.raises(PinLocked) as caught:
            check_pin(store, PEPPER, PIN, clock=clock)
        assert caught.value.params["seconds"] == pause_after(failures)
        clock.run(pause_after(failures) - 0.5)
        with pytest.raises(PinLocked):
            check_pin(store, PEPPER, PIN, clock=clock)
        clock.run(0.5)
        with pytest.raises(PinLocked):
            check_pin(store, PEPPER, WRONG, clock=clock)
    clock.run(900)
    check_pin(store, PEPPER, PIN, clock=clock)
    with pytest.raises(PinWrong):
        check_pin(store, PEPPER, WRONG, clock=clock)


def test_the_pauses() -> None:
    assert [pause_after(failures) for failures in range(4, 13)] == [0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_waiting_in_a_pause_costs_no_try(store: FilePinStore, clock: FakeClock) -> None:
    fail(store, clock, FREE_TRIES)
    for _ in range(50):
        with pytest.raises(PinLocked):
            check_pin(store, PEPPER, WRONG, clock=clock)
    clock.run(30)
    check_pin(store, PEPPER, PIN, clock=clock)


@pytest.mark.parametrize("knows_boot", [True, False])
def test_a_restart_shortens_no_pause(store: FilePinStore, knows_boot: bool) -> None:
    clock = FakeClock(knows_boot=knows_boot)
    fail(store, clock, 10)
    again = FilePinStore(store.path)
    for _ in range(5):
        clock.restart()
        clock.run(899)
        with pytest.raises(PinLocked) as caught:
            check_pin(again, PEPPER, PIN, clock=clock)
        assert caught.value.params == {"seconds": 1, "wait": "0:01"}
    clock.run(1)
    check_pin(again, PEPPER, PIN, clock=clock)


@given(
    steps=st.lists(st.tuples(st.booleans(), st.floats(0, 400)), max_size=12),
    knows_boot=st.booleans(),
    uptime=st.floats(0, 10_000),
)
def test_no_pause_ends_before_it_really_passed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, float]], knows_boot: bool, uptime: float
) -> None:
    store = FilePinStore(tmp_path_factory.mktemp("pin") / "pin.json")
    set_pin(store, PEPPER, PIN, cost=CHEAP)
    clock = FakeClock(knows_boot=knows_boot)
    fail(store, clock, 7)
    clock.run(uptime + 900)
    with pytest.raises(PinLocked):
        check_pin(store, PEPPER, WRONG, clock=clock)
    passed = 0.0
    for restart, seconds in steps:
        if restart:
            clock.restart()
        clock.run(seconds)
        passed += seconds
        try:
            check_pin(store, PEPPER, PIN, clock=clock)
        except PinLocked:
            continue
        assert passed >= pause_after(8) - 1e-6
        break


def test_after_the_last_try_only_the_recovery_code_helps(store: FilePinStore, clock: FakeClock, tmp_path: Path) -> None:
    recovery = tmp_path / "recovery.json"
    code = create_recovery(recovery, {"book-key": b"k" * 32}, cost=CHEAP)
    fail(store, clock, CEILING)
    clock.run(1_000_000)
    with pytest.raises(PinBlocked):
        check_pin(store, PEPPER, PIN, clock=clock)
    with pytest.raises(PinBlocked):
        change_pin(store, PEPPER, PIN, "905172", clock=clock, cost=CHEAP)
    with pytest.raises(PinAlreadySet):
        set_pin(store, PEPPER, "905172", cost=CHEAP)
    with pytest.raises(RecoveryCodeWrong):
        reset_pin(store, PEPPER, "905172", recovery=recovery, code=new_code(), cost=CHEAP)
    with pytest.raises(PinBlocked):
        check_pin(store, PEPPER, PIN, clock=clock)
    reset_pin(store, PEPPER, "905172", recovery=recovery, code=code, cost=CHEAP)
    check_pin(store, PEPPER, "905172", clock=clock)


def test_changing_needs_the_old_pin_and_counts_wrong_ones(store: FilePinStore, clock: FakeClock) -> None:
    with pytest.raises(PinWrong):
        change_pin(store, PEPPER, WRONG, "905172", clock=clock, cost=CHEAP)
    with pytest.raises(PinTooEasy):
        change_pin(store, PEPPER, PIN, "111111", clock=clock, cost=CHEAP)
    check_pin(store, PEPPER, PIN, clock=clock)
    change_pin(store, PEPPER, PIN, "905172", clock=clock, cost=CHEAP)
    check_pin(store, PEPPER, "905172", clock=clock)
    with pytest.raises(PinWrong):
        check_pin(store, PEPPER, PIN, clock=clock)


class PowerCutStore(FilePinStore):
    """A store under which the power fails right after a save."""

    def save(self, state: PinState) -> None:
        super().save(state)
        raise KeyboardInterrupt


def test_a_kill_during_the_check_gains_no_try(store: FilePinStore, clock: FakeClock) -> None:
    killed = PowerCutStore(store.path)
    for tried in range(1, FREE_TRIES + 1):
        with pytest.raises(KeyboardInterrupt):
            check_pin(killed, PEPPER, WRONG, clock=clock)
        state = store.load()
        assert state is not None
        assert state.failures == tried
    with pytest.raises(PinLocked):
        check_pin(store, PEPPER, PIN, clock=clock)


def test_guesses_at_the_same_time_are_counted_one_by_one(store: FilePinStore, clock: FakeClock) -> None:
    seen: list[type[PosError]] = []

    def guess() -> None:
        try:
            check_pin(store, PEPPER, WRONG, clock=clock)
        except PosError as error:
            seen.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count(PinWrong) == FREE_TRIES - 1
    assert seen.count(PinLocked) == 20 - (FREE_TRIES - 1)


def test_the_state_shows_nothing_of_the_pin(store: FilePinStore) -> None:
    state = store.load()
    assert state is not None
    assert PIN not in store.path.read_text()
    assert state.hash.hex() not in repr(state)
    assert repr(state.hash) not in repr(state)


def test_the_real_clock_is_the_same_in_another_process() -> None:
    clock = BootClock()
    script = "from posapp.keychain.boot_clock import BootClock as C; c = C(); print(c.since_boot(), c.boot_id())"
    before = clock.since_boot()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    seconds, _, boot = done.stdout.strip().partition(" ")
    assert before <= float(seconds) <= clock.since_boot()
    assert boot == clock.boot_id()
