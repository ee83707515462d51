"""How a secret of any length fits into keyring entries that hold little text.

Windows keeps 2,560 bytes an entry, as UTF-16: 1,280 characters. A short secret is one entry; a longer one is a head
that names its parts, which carry a mark drawn afresh for each write. The parts are written before the head, so until
the head is replaced the old secret stays whole, whatever crashes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from typing import Final

ENTRY_CHARS: Final = 1200

_ONE: Final = "1:"
_HEAD: Final = re.compile(r"([1-9][0-9]{0,3}):([0-9a-f]{16}):([0-9a-f]{64})")


class EntryDamagedError(ValueError):
    """The text of an entry is not what was written. For this package's own use."""


@dataclass(frozen=True, slots=True)
class Head:
    """The entry that stands for a secret.

    Attributes:
        value: The secret itself if it fits, else None.
        count: How many parts it has otherwise.
        mark: What tells these parts from those of another write.
        digest: SHA-256 of the whole secret.
    """

    value: bytes | None
    count: int = 0
    mark: str = ""
    digest: str = ""

    def part_names(self, name: str) -> tuple[str, ...]:
        """Return the names of the parts, in order."""
        return tuple(f"{name}#{self.mark}.{number}" for number in range(self.count))

    def joined(self, parts: list[str]) -> bytes:
        """Put the parts together.

        Raises:
            EntryDamagedError: They are not the ones that were written.
        """
        value = _decoded("".join(parts))
        if not hmac.compare_digest(hashlib.sha256(value).hexdigest(), self.digest):
            raise EntryDamagedError
        return value


def packed(value: bytes) -> tuple[str, list[str]]:
    """Return the text of a secret's head and of its parts, which may be none."""
    text = base64.b64encode(value).decode("ascii")
    if len(text) + len(_ONE) <= ENTRY_CHARS:
        return _ONE + text, []
    parts = [text[start : start + ENTRY_CHARS] for start in range(0, len(text), ENTRY_CHARS)]
    return f"{len(parts)}:{os.urandom(8).hex()}:{hashlib.sha256(value).hexdigest()}", parts


def read_head(text: str) -> Head:
    """Read the text of a head.

    Raises:
        EntryDamagedError: It is not one of ours.
    """
    several = _HEAD.fullmatch(text)
    if several is not None:
        return Head(None, int(several[1]), several[2], several[3])
    if not text.startswith(_ONE):
        raise EntryDamagedError
    return Head(_decoded(text[len(_ONE) :]))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise EntryDamagedError from None  # the decoder's error may quote what it failed on
