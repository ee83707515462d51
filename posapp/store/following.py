"""Keeping the second copy up with the book.

It has a thread of its own: a share that hangs must never hold up an act. The thread is woken after each commit, writes
what the file does not have yet, by `till_seq`, and keeps trying where the folder is missing. Whatever goes wrong is a
warning that lasts until the file is whole again, never a refusal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.errors import PosError
from posapp.domain.ids import TillId
from posapp.domain.operation import GENESIS_HASH
from posapp.services.ports.anchors import Anchor
from posapp.services.ports.clock import Clock
from posapp.store.acts import surroundings, whole_acts
from posapp.store.files import put_in_place
from posapp.store.scope import ERASURES
from posapp.store.second_copy import SecondCopyFile, Tail
from posapp.store.tables import OPERATION, SETTING

_BATCH: Final = 500
_SLOW: Final = timedelta(seconds=5)
_RETRY_SECONDS: Final = 30.0
_CLOSING_SECONDS: Final = 5.0


def recovery_beside(file: Path) -> Path:
    """Return where the recovery file that belongs to a second copy or a backup lies."""
    return file.with_name(file.name + ".recovery")


Snapshot = Callable[[Callable[[sa.Connection], None]], None]
"""Runs a function on a snapshot of the book."""

Differs = Callable[[Anchor, Path], None]
"""Gets the last act of a file that does not fit the book, and where that file lies now."""


@dataclass(frozen=True, slots=True)
class SecondCopyPlace:
    """Where the second copy lies.

    Attributes:
        path: The file.
        key: The shop's rescue key, which seals it.
        recovery: The file from which the recovery code unwraps that key; a copy of it is kept beside the second copy,
            for the disk it lies on may be the one that dies. None for none.
    """

    path: Path
    key: bytes
    recovery: Path | None = None


@dataclass(frozen=True, slots=True)
class SecondCopyStatus:
    """How the second copy stands.

    Attributes:
        path: Its file; None where none is set up.
        copied_seq: The last act in it, as far as known.
        missing_since: Since when an act is not in it; None while all is well.
        problem: Id of what is wrong; None where it is only slow or well.
    """

    path: Path | None
    copied_seq: int = 0
    missing_since: datetime | None = None
    problem: str | None = None


class Follower:
    """The thread that appends acts to the second copy."""

    def __init__(
        self, place: SecondCopyPlace, till_id: TillId, clock: Clock, snapshot: Snapshot, differs: Differs
    ) -> None:
        """Start following.

        Args:
            place: Where to write.
            till_id: Whose acts.
            clock: The till's clock.
            snapshot: Runs a function on a snapshot of the book.
            differs: Told on this thread of a file that has other acts than the book, once that is set aside.
        """
        self._file = SecondCopyFile(place.path, place.key, till_id)
        self._recovery = place.recovery
        self._told: Mapping[str, Any] = {}
        self._clock = clock
        self._snapshot = snapshot
        self._differs = differs
        self._till_id = till_id
        self._state = threading.Condition()
        self._asked, self._done = 1, 0
        self._closing = False
        self._tail: Tail | None = None
        self._behind_since: datetime | None = clock.now()
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._run, name="second-copy", daemon=True)
        self._thread.start()

    def notify(self) -> None:
        """Say that something was committed."""
        with self._state:
            self._asked += 1
            self._behind_since = self._behind_since or self._clock.now()
            self._state.notify_all()

    def status(self) -> SecondCopyStatus:
        """Return how the second copy stands."""
        with self._state:
            since = self._behind_since
            slow = since is not None and self._clock.now() - since >= _SLOW
            missing = since if slow or self._problem is not None else None
            return SecondCopyStatus(self._file.path, self._tail.seq if self._tail else 0, missing, self._problem)

    def wait(self, seconds: float) -> bool:
        """Wait until everything committed so far was written or failed; return whether it was written."""
        with self._state:
            goal = self._asked
            self._state.wait_for(lambda: self._done >= goal, seconds)
            return self._done >= goal and self._problem is None

    def close(self) -> None:
        """Write what is missing and end the thread; one that hangs is left behind."""
        with self._state:
            self._closing = True
            self._state.notify_all()
        self._thread.join(_CLOSING_SECONDS)

    def _run(self) -> None:
        closing = False
        while not closing:
            with self._state:
                self._state.wait_for(lambda: self._closing or self._asked > self._done, _RETRY_SECONDS)
                closing, goal = self._closing, self._asked
                if not closing and goal == self._done and self._problem is None:
                    continue
            problem = self._try()
            with self._state:
                self._done = goal
                self._problem = problem
                if problem is None and self._asked == goal:
                    self._behind_since = None
                self._state.notify_all()

    def _try(self) -> str | None:
        """Bring the file up to the book; return the id of what went wrong."""
        try:
            self._snapshot(self._follow)
            self._keep_recovery()
        except PosError as error:
            self._tail = None
            return error.id
        except OSError:
            self._tail = None
            return "second_copy_failing"
        return None

    def _follow(self, connection: sa.Connection) -> None:
        erasures = connection.execute(sa.select(SETTING.c.value).where(SETTING.c.name == ERASURES)).scalar()
        tail = self._tail_that_fits(connection, int(erasures or 0))
        around = surroundings(connection)
        while acts := whole_acts(connection, tail.seq, _BATCH):
            if around != self._told:
                acts[0] = replace(acts[0], till=around)
            self._file.append(acts)
            self._told = around
            tail = Tail(acts[-1].operation.till_seq, acts[-1].operation.hash)
            self._tail = tail
        self._tail = tail

    def _tail_that_fits(self, connection: sa.Connection, erasures: int) -> Tail:
        """Return the end of the file where the book goes on.

        A file whose last act the book does not have is set aside, whatever else is wrong with it: it may hold the only
        trace of acts that the book lost. One that is whole, but from before an erasure, is written anew.
        """
        header = self._file.header()
        if header is not None:
            tail, whole = (self._tail, True) if self._tail else self._file.repaired_tail()
            fits = tail.hash == _hash_at(connection, tail.seq)
            if fits and whole and header.erasures == erasures:
                return tail
            if not (fits and whole):
                self._set_aside(tail)
        self._file.begin(erasures)
        self._told = {}
        return Tail(0, GENESIS_HASH)

    def _keep_recovery(self) -> None:
        """Let the file from which the recovery code unwraps the rescue key lie beside the second copy as well."""
        if self._recovery is None or not self._recovery.exists():
            return
        wanted, beside = self._recovery.read_bytes(), recovery_beside(self._file.path)
        if not beside.exists() or beside.read_bytes() != wanted:
            temporary = beside.with_name(beside.name + ".unfinished")
            temporary.write_bytes(wanted)
            put_in_place(temporary, beside)

    def _set_aside(self, tail: Tail) -> None:
        """Keep the file under another name; a person is asked first, so that a crash in between asks again."""
        aside = self._file.aside(tail)
        self._differs(Anchor(self._till_id, tail.seq, tail.hash), aside)
        self._file.set_aside(aside)


def _hash_at(connection: sa.Connection, seq: int) -> str | None:
    if seq == 0:
        return GENESIS_HASH
    return connection.execute(sa.select(OPERATION.c.hash).where(OPERATION.c.till_seq == seq)).scalar()
