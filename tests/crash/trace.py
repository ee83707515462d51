"""What a process did to the files of one folder, read from a log of strace, in the order in which it happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = "openat,close,write,pwrite64,ftruncate,fsync,fdatasync,rename,link,unlink"
STRACE = ("strace", "-f", "-y", "-xx", "-s", "100000000", "--seccomp-bpf", "-e", f"trace={CALLS}", "-e", "signal=none")

_LINE = re.compile(r"(\d+) +(.*)")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPEN_FILE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written at a place of a file."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file given another length."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A file, or a folder with its names, forced to the disk; true once this is over."""

    name: str


@dataclass(frozen=True, slots=True)
class Create:
    """A new name for an empty file."""

    name: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name for a file; a link keeps the old one."""

    name: str
    target: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Unlink:
    """A name taken away."""

    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something printed."""

    text: bytes


Event = Write | Truncate | Sync | Create | Rename | Unlink | Said


def events(log: Path, home: Path, before: Iterable[str]) -> Iterator[Event]:
    """Yield what happened to the files of a folder, and what was printed.

    A write counts from the moment it was asked for, a flush from the moment it was over.

    Args:
        log: Of `STRACE`.
        home: The folder; names are relative to it, itself is the empty name.
        before: The files that lay there before.
    """
    reader = _Reader(home, before)
    begun: dict[str, str] = {}
    with log.open(encoding="ascii") as lines:
        for line in lines:
            matched = _LINE.match(line)
            if matched is None:
                continue
            thread, text = matched[1], matched[2]
            resumed = _RESUMED.match(text)
            if resumed is not None:
                text = begun.pop(thread, "") + resumed[2]
            elif text.endswith("<unfinished ...>"):
                begun[thread] = text.removesuffix("<unfinished ...>").rstrip()
                continue
            call = _CALL.match(text)
            if call is not None and int(call[3]) >= 0:
                yield from reader.event(call[1], call[2], int(call[3]))


class _Reader:
    """Remembers what a log does not repeat: where each open file stands."""

    def __init__(self, home: Path, before: Iterable[str]) -> None:
        self._home = str(home.resolve())
        self._known = {self._inside(path) for path in before}
        self._at: dict[int, int] = {}
        self._appends: set[int] = set()

    def event(self, call: str, arguments: str, result: int) -> Iterator[Event]:
        """Yield what one call did."""
        if call == "openat":
            yield from self._opened(arguments, result)
        elif call in {"rename", "link"}:
            name, target = (self._inside(_decoded(text).decode()) for text in _TEXT.findall(arguments))
            if name is not None and target is not None:
                self._known.add(target)
                yield Rename(name, target, keep=call == "link")
        elif call == "unlink":
            name = self._inside(_decoded(_TEXT.findall(arguments)[0]).decode())
            if name is not None:
                self._known.discard(name)
                yield Unlink(name)
        else:
            yield from self._on_open_file(call, arguments, result)

    def _opened(self, arguments: str, result: int) -> Iterator[Event]:
        name = self._inside(_decoded(_TEXT.findall(arguments)[0]).decode())
        self._at[result] = 0
        self._appends.discard(result)
        if name is None:
            return
        if "O_CREAT" in arguments and name not in self._known:
            self._known.add(name)
            yield Create(name)
        if "O_TRUNC" in arguments:
            yield Truncate(name, 0)
        if "O_APPEND" in arguments:
            self._appends.add(result)

    def _on_open_file(self, call: str, arguments: str, result: int) -> Iterator[Event]:
        opened = _OPEN_FILE.match(arguments)
        if opened is None:
            return
        number, name = int(opened[1]), self._inside(_decoded(opened[2]).decode())
        if number == 1 and call == "write":
            yield Said(_data(arguments, result))
        elif name is None or call == "close":
            return
        elif call == "pwrite64":
            yield Write(name, int(arguments.rpartition(", ")[2]), _data(arguments, result))
        elif call == "write":
            offset = -1 if number in self._appends else self._at.get(number, 0)
            self._at[number] = self._at.get(number, 0) + result
            yield Write(name, offset, _data(arguments, result))
        elif call == "ftruncate":
            yield Truncate(name, int(arguments.rpartition(", ")[2]))
        else:
            yield Sync(name)

    def _inside(self, path: str) -> str | None:
        if path == self._home:
            return ""
        inside = path.startswith(self._home + "/") and not path.endswith("-shm")
        return path.removeprefix(self._home + "/") if inside else None


def _data(arguments: str, written: int) -> bytes:
    return _decoded(_TEXT.findall(arguments)[0])[:written]


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
