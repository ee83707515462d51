"""The second copy: an append-only file in another folder that holds every act of the till, sealed line by line.

    posapp-second-copy 1 TILL ERASURES
    1 BASE64(seal)
    2 BASE64(seal)

Each line is sealed under the shop's rescue key with the till's id and its own number as context, so that no line can be
altered, moved or put into another till's file; the hash chain inside shows what is missing.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from posapp.domain.errors import StoreCorrupt, StoreUnavailable
from posapp.domain.ids import CustomerId, OperationId, TillId
from posapp.domain.messages import N_
from posapp.domain.operation import GENESIS_HASH, Operation, OperationKind, canonical_json, operation_hash
from posapp.domain.sealing import SealBroken, seal, unseal
from posapp.store.acts import WholeAct
from posapp.store.files import flush_folder, put_in_place

_MAGIC: Final = "posapp-second-copy"
_VERSION: Final = "1"
_HEADER_PARTS: Final = 4
_TAIL: Final = 1024 * 1024


class SecondCopyForeign(StoreCorrupt):
    """The file is no second copy, or of a kind that this program does not know."""

    id = "second_copy_foreign"
    title = N_("Not a second copy")
    message = N_("The file {path} is not a second copy of a till.")
    hint = N_("Choose the file whose name ends in .second-copy.")


class SecondCopyAltered(StoreCorrupt):
    """A line does not open: it was changed, or the key is another shop's."""

    id = "second_copy_altered"
    title = N_("The second copy was altered")
    message = N_("Line {seq} of {path} was changed, or belongs to another key.")
    hint = N_("Use an unharmed copy of the file and this shop's recovery code.")


class SecondCopyGap(StoreCorrupt):
    """Lines are missing between others."""

    id = "second_copy_gap"
    title = N_("The second copy has a gap")
    message = N_("In {path} the acts from {seq} on are missing before act {next_seq}.")
    hint = N_("Use an unharmed copy of the file. The acts before the gap can be used.")


class SecondCopyCut(StoreCorrupt):
    """The end of the file is missing."""

    id = "second_copy_cut"
    title = N_("The second copy ends too early")
    message = N_("The file {path} ends after act {seq}; later acts are missing.")
    hint = N_("Use a newer copy of the file. The acts before its end can be used.")


class SecondCopyOfAnotherTill(StoreCorrupt):
    """Two tills were told to write one file."""

    id = "second_copy_of_another_till"
    title = N_("No second copy: another till writes there")
    message = N_("The file {path} is another till's second copy; it was not touched.")
    hint = N_("Give each till a folder of its own: posapp second-copy FOLDER")


class SecondCopyMissing(StoreUnavailable):
    """The folder of the second copy is not there."""

    id = "second_copy_missing"
    title = N_("No second copy")
    message = N_("The folder of the second copy {path} is not there.")
    hint = N_("Plug the stick in or connect the share; what is missing is written then by itself.")


class SecondCopyUnreadable(StoreUnavailable):
    """The file that somebody named cannot be read."""

    id = "second_copy_unreadable"
    title = N_("The second copy cannot be read")
    message = N_("The file {path} is not there, or cannot be read.")
    hint = N_("Check the name, plug the stick in or connect the share. Nothing was changed.")


class Header(NamedTuple):
    """The first line: whose file it is, and how many erasures of persons it was written after."""

    till_id: TillId
    erasures: int

    def line(self) -> bytes:
        """Return it as written."""
        return f"{_MAGIC} {_VERSION} {self.till_id} {self.erasures}\n".encode()


class Tail(NamedTuple):
    """The last act of a file: its place and its hash."""

    seq: int
    hash: str


class SecondCopyFile:
    """One till's second copy, as its own till writes it."""

    def __init__(self, path: Path, key: bytes, till_id: TillId) -> None:
        self.path = path
        self._key = key
        self._till_id = till_id

    def header(self) -> Header | None:
        """Return the file's header; None where there is no file.

        Raises:
            SecondCopyForeign: It is none of ours.
        """
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            return _header(file.readline(), self.path)

    def repaired_tail(self) -> tuple[Tail, bool]:
        """Cut off a torn last line; return the last act that can be read and whether it is the file's end.

        Raises:
            SecondCopyForeign: The file is another till's.
        """
        with self.path.open("r+b") as file:
            till_id = _header(file.readline(), self.path).till_id
            if till_id != self._till_id:
                raise SecondCopyOfAnotherTill(path=self.path)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
            torn = len(tail) - (tail.rfind(b"\n") + 1)
            if torn:
                file.truncate(size - torn)
                os.fsync(file.fileno())
        last = tail[: len(tail) - torn].rstrip(b"\n").rpartition(b"\n")[2]
        if last.startswith(_MAGIC.encode()):
            return Tail(0, GENESIS_HASH), True
        try:
            return _tail_of(_opened(last, self._key, self._till_id, self.path)), True
        except SecondCopyAltered:
            return self._last_readable(), False

    def _last_readable(self) -> Tail:
        tail = Tail(0, GENESIS_HASH)
        with suppress(StoreCorrupt):
            for act in read_second_copy(self.path, self._key):
                tail = _tail_of(act)
        return tail

    def append(self, acts: Sequence[WholeAct]) -> None:
        """Add acts, forced to the disk."""
        with self.path.open("ab") as file:
            file.write(b"".join(self._line(act) for act in acts))
            file.flush()
            os.fsync(file.fileno())

    def begin(self, erasures: int) -> None:
        """Make the file, holding its header alone.

        Raises:
            SecondCopyMissing: Its folder is not there: a stick that is not plugged in must not become a local folder.
        """
        if not self.path.parent.is_dir():
            raise SecondCopyMissing(path=self.path.parent)
        temporary = self.path.with_name(self.path.name + ".unfinished")
        temporary.write_bytes(Header(self._till_id, erasures).line())
        put_in_place(temporary, self.path)

    def aside(self, tail: Tail) -> Path:
        """Return the name under which this file is kept when it does not fit the book: the same for the same acts."""
        return self.path.with_name(f"{self.path.name}.aside-{tail.seq}-{tail.hash[:8]}")

    def set_aside(self, aside: Path) -> None:
        """Keep a file that does not fit the book under another name: it may be what rescues the till."""
        self.path.replace(aside)
        flush_folder(self.path.parent)

    def _line(self, act: WholeAct) -> bytes:
        seq = act.operation.till_seq
        content = {**dataclasses.asdict(act), "operation": _operation_values(act.operation)}
        sealed = seal(self._key, canonical_json(content).encode(), _context(self._till_id, seq))
        return b"%d %s\n" % (seq, base64.b64encode(sealed))


def read_second_copy(path: Path, key: bytes, *, expected_seq: int | None = None) -> Iterator[WholeAct]:
    """Yield all acts of a second copy in order, each checked against its seal and the chain.

    Args:
        path: The file.
        key: The shop's rescue key.
        expected_seq: The last act that the till is known to have recorded; None where nobody knows.

    Raises:
        SecondCopyForeign: The file is no second copy.
        SecondCopyAltered: A line was changed.
        SecondCopyGap: Lines are missing in the middle.
        SecondCopyCut: The end is missing.
        SecondCopyUnreadable: The file cannot be read.
    """
    seq, last_hash = 0, GENESIS_HASH
    try:
        with path.open("rb") as file:
            till_id = _header(file.readline(), path).till_id
            for line in file:
                if not line.endswith(b"\n"):
                    raise SecondCopyCut(path=path, seq=seq)
                act = _opened(line.rstrip(b"\n"), key, till_id, path)
                operation = act.operation
                if operation.till_seq > seq + 1:
                    raise SecondCopyGap(path=path, seq=seq + 1, next_seq=operation.till_seq)
                if operation.till_seq != seq + 1 or operation.prev_hash != last_hash:
                    raise SecondCopyAltered(path=path, seq=operation.till_seq)
                seq, last_hash = operation.till_seq, operation.hash
                yield act
    except OSError as error:
        raise SecondCopyUnreadable(path=path) from error
    if expected_seq is not None and seq < expected_seq:
        raise SecondCopyCut(path=path, seq=seq)


def _tail_of(act: WholeAct) -> Tail:
    return Tail(act.operation.till_seq, act.operation.hash)


def read_header(path: Path) -> Header:
    """Return whose second copy a file is.

    Raises:
        SecondCopyForeign: It is none.
        SecondCopyUnreadable: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _header(file.readline(), path)
    except OSError as error:
        raise SecondCopyUnreadable(path=path) from error


def _header(line: bytes, path: Path) -> Header:
    parts = line.decode("utf-8", "replace").split()
    if len(parts) != _HEADER_PARTS or parts[:2] != [_MAGIC, _VERSION] or not parts[3].isdecimal():
        raise SecondCopyForeign(path=path)
    return Header(TillId(parts[2]), int(parts[3]))


def _context(till_id: TillId, seq: int) -> bytes:
    return f"{_MAGIC} {till_id} {seq}".encode()


def _opened(line: bytes, key: bytes, till_id: TillId, path: Path) -> WholeAct:
    number, _, text = line.partition(b" ")
    seq = int(number) if number.isdigit() else 0
    try:
        content = json.loads(unseal(key, base64.b64decode(text, validate=True), _context(till_id, seq)))
        operation = _operation(content.pop("operation"))
    except (SealBroken, binascii.Error, ValueError) as error:
        raise SecondCopyAltered(path=path, seq=seq) from error
    if operation.till_seq != seq or operation_hash(operation) != operation.hash:
        raise SecondCopyAltered(path=path, seq=seq)
    return WholeAct(operation=operation, **content)


def _operation_values(operation: Operation) -> dict[str, Any]:
    values = {field.name: getattr(operation, field.name) for field in dataclasses.fields(operation)}
    return {
        **values,
        "intent": dict(operation.intent),
        "occurred_at": operation.occurred_at.isoformat(),
        "recorded_at": operation.recorded_at.isoformat(),
    }


def _operation(values: dict[str, Any]) -> Operation:
    return Operation(
        **{
            **values,
            "id": OperationId(values["id"]),
            "kind": OperationKind(values["kind"]),
            "customer_id": CustomerId(values["customer_id"]),
            "occurred_at": datetime.fromisoformat(values["occurred_at"]),
            "recorded_at": datetime.fromisoformat(values["recorded_at"]),
        }
    )
