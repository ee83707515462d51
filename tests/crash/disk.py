"""A disk as a power cut may leave it.

What was flushed is there. Of what was written after it any part may be: each write by itself, in any order, and the
one that was going on by sectors. Names (created, renamed, removed) arrive in their order, up to any point; flushing
their folder settles them. That is what the file systems promise at the least, not what they mostly do.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from posixpath import dirname

from tests.crash.trace import Create, Event, Rename, Sync, Truncate, Unlink, Write

_SECTOR = 512


class Loss(Enum):
    """Which part of what was not flushed a power cut takes."""

    ALL = "all of it"
    NOTHING = "nothing"
    SOME = "some writes"
    TORN = "some writes, and a part of the last"


@dataclass
class _File:
    """One file: what is surely on the disk, and what was done to it since."""

    durable: bytearray
    pending: list[Write | Truncate] = field(default_factory=list)

    def flush(self) -> None:
        for change in self.pending:
            _apply(self.durable, change)
        self.pending.clear()


@dataclass
class Disk:
    """The files of a folder: names as they surely are, what happened to names since, and the files behind them."""

    settled: dict[str, _File]
    names: dict[str, _File]
    moves: list[Create | Rename | Unlink] = field(default_factory=list)
    born: dict[int, _File] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Path) -> Disk:
        """Return a disk that holds a folder as it is now."""
        files = {
            str(path.relative_to(home)): _File(bytearray(path.read_bytes()))
            for path in home.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")
        }
        return cls(dict(files), dict(files))

    def do(self, event: Event) -> None:
        """Let an event happen; nothing of it is on the disk before it is flushed."""
        if isinstance(event, Write | Truncate):
            if event.name in self.names:
                self.names[event.name].pending.append(event)
        elif isinstance(event, Create | Rename | Unlink):
            if isinstance(event, Create):
                self.born[id(event)] = _File(bytearray())
            self._move(self.names, event)
            self.moves.append(event)
        elif isinstance(event, Sync) and event.name in self.names:
            self.names[event.name].flush()
        elif isinstance(event, Sync):
            self._settle(event.name)

    def image(self, loss: Loss, rng: random.Random) -> dict[str, bytes]:
        """Return names and contents after a power cut now."""
        kept = {Loss.ALL: 0, Loss.NOTHING: len(self.moves)}.get(loss, rng.randint(0, len(self.moves)))
        names = dict(self.settled)
        for move in self.moves[:kept]:
            self._move(names, move)
        return {name: bytes(_after(file, loss, rng)) for name, file in names.items()}

    def _settle(self, folder: str) -> None:
        inside = [move for move in self.moves if dirname(move.name) == folder]
        for move in inside:
            self._move(self.settled, move)
        self.moves = [move for move in self.moves if dirname(move.name) != folder]

    def _move(self, names: dict[str, _File], move: Create | Rename | Unlink) -> None:
        if isinstance(move, Create):
            names[move.name] = self.born[id(move)]
        elif isinstance(move, Unlink):
            names.pop(move.name, None)
        elif move.name in names:
            names[move.target] = names[move.name] if move.keep else names.pop(move.name)


def write_out(image: dict[str, bytes], folder: Path) -> None:
    """Put an image into a folder of its own."""
    for name, content in image.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _after(file: _File, loss: Loss, rng: random.Random) -> bytearray:
    content = bytearray(file.durable)
    for change in _kept(file.pending, loss, rng):
        _apply(content, change)
    return content


def _kept(pending: list[Write | Truncate], loss: Loss, rng: random.Random) -> Iterable[Write | Truncate]:
    if loss is Loss.ALL:
        return
    chance = 1.0 if loss is Loss.NOTHING else rng.choice((0.2, 0.5, 0.8))
    for number, change in enumerate(pending):
        last = number == len(pending) - 1
        if loss is Loss.TORN and last and isinstance(change, Write) and change.offset >= 0:
            yield from _sectors(change, rng)
        elif rng.random() < chance:
            yield change


def _sectors(write: Write, rng: random.Random) -> Iterable[Write]:
    for start in range(0, len(write.data), _SECTOR):
        if rng.random() < 0.5:
            yield Write(write.name, write.offset + start, write.data[start : start + _SECTOR])


def _apply(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    offset = len(content) if change.offset < 0 else change.offset
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(change.data)] = change.data
