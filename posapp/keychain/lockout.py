"""How long a wrong PIN makes people wait, in a way that neither a restart nor another clock shortens.

After five wrong PINs in a row each further one costs a pause that doubles, from half a minute to a quarter of an hour;
after twenty only the recovery code helps. A pause must be *seen to pass*. The clock on the wall cannot show that:
anybody may turn it. What nobody turns is the time since the computer started. So we note that time and the start's id:

- same start: the pause is over once that time has grown by the pause;
- another start (both ids are known and differ, or the time is smaller than noted): the computer was restarted after
  the wrong PIN, so at least the time since that start has passed; the pause is over once it has run that long;
- an id is not known and the time is larger than noted: whether or not there was a restart, at least the difference
  has passed.

Each of these is never more than what really passed. The price: time with the computer off does not count, so an
honest manager may wait up to a quarter of an hour after switching on.
"""

from __future__ import annotations

import math
from typing import Final

from posapp.keychain.pin_ports import Clock, PinState

FREE_TRIES: Final = 5
CEILING: Final = 20

_FIRST_PAUSE: Final = 30
_LONGEST_PAUSE: Final = 900


def pause_after(failures: int) -> int:
    """Return the pause in seconds after so many wrong PINs in a row."""
    if failures < FREE_TRIES:
        return 0
    return int(min(_FIRST_PAUSE * 2 ** (failures - FREE_TRIES), _LONGEST_PAUSE))


def seconds_to_wait(state: PinState, clock: Clock) -> int:
    """Return how much of the pause is still to come, in whole seconds, 0 if none."""
    return max(0, math.ceil(pause_after(state.failures) - _surely_passed(state, clock)))


def tries_before_pause(failures: int) -> int:
    """Return how many more wrong PINs are free after so many."""
    return max(0, FREE_TRIES - failures)


def _surely_passed(state: PinState, clock: Clock) -> float:
    now, boot = clock.since_boot(), clock.boot_id()
    other_id = bool(boot and state.failed_boot_id) and boot != state.failed_boot_id
    another_start = other_id or now < state.failed_since_boot
    return now if another_start else now - state.failed_since_boot
