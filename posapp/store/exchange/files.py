"""The folder of the exchange: one append-only file a till, written by that till alone.

A share, a stick or a synced folder may show half a file, an old one, or none for a while. Half a line at the end is
waited for; a line that is missing or altered is named, that file is not read further, and it heals by itself once a
whole copy lies there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from posapp.domain.errors import DomainError, StoreUnavailable
from posapp.domain.exchange import (
    UNREADABLE,
    Fact,
    Header,
    LineAltered,
    LineMissing,
    OtherShop,
    number_of,
    opened_line,
    read_header,
    sealed_line,
    shop_of,
)
from posapp.domain.messages import N_
from posapp.services.ports.peers import Cursor, Reading
from posapp.store.files import put_in_place

SUFFIX: Final = ".posapp-exchange"
_TAIL: Final = 64 * 1024
_PIECE: Final = 1024 * 1024


class ExchangeFolderMissing(StoreUnavailable):
    """The folder of the exchange cannot be used."""

    id = "exchange_folder_missing"
    title = N_("The tills' folder cannot be used")
    message = N_("The folder {path} is not there, or cannot be written.")
    hint = N_("Plug the stick in or connect the share. What is recorded stays on this till and goes out then.")


class FileFolder:
    """`ExchangeFolder` of the port, over a folder of the file system."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Name the folder.

        Args:
            folder: Where the files lie.
            key: The shop's exchange key.
        """
        self._folder = folder
        self._key = key

    def sources(self) -> Sequence[str]:
        """Return whose files lie there."""
        try:
            files = [path for path in self._folder.iterdir() if path.suffix == SUFFIX and path.is_file()]
        except OSError as error:
            raise ExchangeFolderMissing(path=self._folder) from error
        return sorted(path.name.removesuffix(SUFFIX) for path in files)

    def last(self, source: str) -> tuple[int, Fact | None] | None:
        """Return the number and the fact of the last whole line of a file that this till writes; torn rests are cut."""
        try:
            with self._path(source).open("r+b") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                tail = file.read()
                whole = tail.rfind(b"\n") + 1
                if whole < len(tail):
                    file.truncate(size - len(tail) + whole)
                    os.fsync(file.fileno())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ExchangeFolderMissing(path=self._folder) from error
        line = tail[:whole].rstrip(b"\n").rpartition(b"\n")[2]
        if not whole:
            return None  # a header that was never finished: nothing is lost if the file begins anew
        if read_header(line) is not None:
            return 0, None
        try:
            return number_of(line), opened_line(self._key, source, line)
        except UNREADABLE:
            return number_of(line), None

    def erasures(self, source: str) -> int:
        """Return how many erasures a file was written after; -1 for one that is not of this shop's exchange."""
        header = self._header(source)
        return header.erasures if header is not None and header.shop == shop_of(self._key) else -1

    def begin(self, source: str, erasures: int) -> None:
        """Make a file anew, holding nothing."""
        temporary = self._path(source).with_suffix(".unfinished")
        try:
            temporary.write_bytes(Header(shop_of(self._key), source, erasures).line())
            put_in_place(temporary, self._path(source))
        except OSError as error:
            raise ExchangeFolderMissing(path=self._folder) from error

    def append(self, source: str, first: int, facts: Sequence[Fact]) -> None:
        """Add lines from a number on, forced to the disk."""
        lines = [sealed_line(self._key, source, number, fact) for number, fact in enumerate(facts, first)]
        try:
            with self._path(source).open("ab") as file:
                file.write(b"".join(lines))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ExchangeFolderMissing(path=self._folder) from error

    def read(self, source: str, cursor: Cursor, limit: int) -> Reading:
        """Return what another till's file holds beyond a cursor, as far as it is whole.

        A file that was written anew has another header and is read from its beginning; lines taken before are passed
        over by their number.
        """
        try:
            with self._path(source).open("rb") as file:
                first = file.readline(1024)
                if not first.endswith(b"\n"):
                    return Reading((), cursor, waiting=True)
                header = read_header(first)
                if header is None or header.shop != shop_of(self._key) or header.source != source:
                    return Reading((), cursor, problem=OtherShop(till=source))
                start = cursor.offset if first.decode() == cursor.header else 0
                file.seek(max(start, len(first)) - 1)
                if file.read(1) != b"\n":  # shorter than it was, or another file: its beginning tells
                    file.seek(len(first))
                return self._lines(source, file, Cursor(cursor.number, file.tell(), first.decode()), limit)
        except FileNotFoundError:
            return Reading((), cursor, waiting=True)
        except OSError as error:
            raise ExchangeFolderMissing(path=self._folder) from error

    def _lines(self, source: str, file: IO[bytes], cursor: Cursor, limit: int) -> Reading:
        facts: list[Fact] = []
        number, offset = cursor.number, cursor.offset
        problem: DomainError | None = None
        waiting = False
        while len(facts) < limit:
            line = file.readline(_PIECE)
            if not line.endswith(b"\n"):
                waiting = bool(line)
                break
            found = number_of(line)
            if 0 < found <= number:
                offset += len(line)
                continue
            try:
                fact = opened_line(self._key, source, line)
            except UNREADABLE:
                problem = LineAltered(till=source, number=number + 1)
                break
            if found != number + 1:
                problem = LineMissing(till=source, number=number + 1)
                break
            facts.append(fact)
            number, offset = found, offset + len(line)
        return Reading(tuple(facts), Cursor(number, offset, cursor.header), waiting, problem)

    def _header(self, source: str) -> Header | None:
        try:
            with self._path(source).open("rb") as file:
                return read_header(file.readline(1024))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ExchangeFolderMissing(path=self._folder) from error

    def _path(self, source: str) -> Path:
        return self._folder / f"{source}{SUFFIX}"
