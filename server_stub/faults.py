"""Faults on demand: which requests go wrong, and how. `fault_middleware` does what is decided here."""

import random
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from server_stub.errors import bad_request

EFFECTS = frozenset(
    {
        "delay_ms",
        "status",
        "drop_before",
        "drop_after",
        "truncate",
        "html_200",
        "wrong_type",
        "slow_body",
        "skew_date",
    }
)
_NUMERIC = frozenset({"delay_ms", "status", "slow_body", "skew_date"})
_LARGEST_NUMBER = 4_000_000_000


class ConnectionDropped(Exception):
    """The connection is gone without a whole answer; raised where no real connection is there to be closed."""


@dataclass
class Fault:
    """One fault: what it matches, what it does, how often it has been looked at and has struck."""

    effect: str
    value: Any
    method: str | None = None
    path: str | None = None
    nth: int | None = None
    probability: float | None = None
    count: int | None = None
    retry_after: int | None = None
    matched: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    def fits(self, method: str, path: str) -> bool:
        """Return whether a request is one this fault is about."""
        if self.method is not None and self.method != method:
            return False
        return self.path is None or fnmatchcase(path, self.path)


class FaultPlan:
    """The faults that hold now."""

    def __init__(self, random_seed: int) -> None:
        self._random = random.Random(random_seed)  # noqa: S311 - repeatable on purpose
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def replace(self, raw: object) -> None:
        """Put new faults in the place of all.

        Args:
            raw: The list under `faults` of `PUT /__faults`.

        Raises:
            ApiError: It is not such a list.
        """
        if not isinstance(raw, list | tuple):
            raise bad_request("faults must be a list.")
        faults = [parse_fault(item) for item in raw]
        with self._lock:
            self._faults = faults

    def clear(self) -> None:
        """End all faults."""
        with self._lock:
            self._faults = []

    def strike(self, method: str, path: str) -> list[Fault]:
        """Return the faults that befall a request, in their order.

        Args:
            method: The HTTP method.
            path: The full path.
        """
        with self._lock:
            return [fault for fault in self._faults if self._strikes(fault, method, path)]

    def _strikes(self, fault: Fault, method: str, path: str) -> bool:
        if not fault.fits(method, path):
            return False
        fault.matched += 1
        if fault.nth is not None and fault.matched < fault.nth:
            return False
        count = 1 if fault.nth is not None and fault.count is None else fault.count
        if count is not None and fault.struck >= count:
            return False
        if fault.probability is not None and self._random.random() >= fault.probability:
            return False
        fault.struck += 1
        return True


def parse_fault(raw: object) -> Fault:
    """Return one fault as the control endpoint and the file write it.

    Args:
        raw: `{"match": {…}, "effect": {…}}`.

    Raises:
        ApiError: It is not of that form.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("effect"), dict):
        raise bad_request("A fault is {match, effect}.")
    match = raw.get("match", {})
    effect = dict(raw["effect"])
    retry_after = effect.pop("retry_after", None)
    if not isinstance(match, dict) or len(effect) != 1 or not effect.keys() <= EFFECTS:
        raise bad_request(f"An effect has one key of {sorted(EFFECTS)}.")
    unknown = match.keys() - {"method", "path", "nth", "probability", "count"}
    if unknown:
        raise bad_request(f"Unknown in match: {sorted(unknown)}.")
    [(name, value)] = effect.items()
    if (name in _NUMERIC) != (_is_number(value) and not isinstance(value, bool)) or value is False:
        raise bad_request(f"{name} takes {'a number' if name in _NUMERIC else 'true'}.")
    if name in _NUMERIC and abs(value) > _LARGEST_NUMBER:
        raise bad_request(f"{name} is too large.")
    if name == "status" and not 200 <= value <= 599:  # noqa: PLR2004 - what HTTP calls a final status
        raise bad_request("status must be from 200 to 599.")
    method, path = match.get("method"), match.get("path")
    if not isinstance(method, str | None) or not isinstance(path, str | None):
        raise bad_request("method and path are texts.")
    for number in ("nth", "count", "probability"):
        if not isinstance(match.get(number), int | float | None):
            raise bad_request(f"{number} is a number.")
    return Fault(
        effect=name,
        value=value,
        method=method.upper() if method else None,
        path=path,
        nth=match.get("nth"),
        probability=match.get("probability"),
        count=match.get("count"),
        retry_after=retry_after,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
