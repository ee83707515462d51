"""Small JSON files of which every byte counts.

One content has one spelling (sorted keys, no blanks, a checksum), and a file in any other spelling is damaged. So a
flipped bit, a cut tail or a friendly editor is told apart from a wrong passphrase before anybody types one. The
checksum guards against accidents only; against people the contents are sealed, with the rest as the seal's context.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from posapp.domain.operation import canonical_json


class FileDamagedError(ValueError):
    """The bytes are not what `encode` wrote. For this package's own use: each file has its error for people."""


class FormatUnknownError(ValueError):
    """The file has a format this version does not know.

    Attributes:
        version: The version that the file names.
    """

    def __init__(self, version: int) -> None:
        super().__init__("unknown format version")
        self.version = version


def encode(content: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a content, checksum included."""
    checksum = hashlib.sha256(canonical_json(content).encode()).hexdigest()
    return canonical_json({**content, "checksum": checksum}).encode() + b"\n"


def decode(raw: bytes, *, form: str, version: int) -> dict[str, Any]:
    """Read back what `encode` wrote.

    Args:
        raw: The whole file.
        form: What its "format" must be.
        version: The only version that is understood.

    Returns:
        The content without the checksum.

    Raises:
        FormatUnknownError: The file names a newer version; whether the rest is whole cannot be judged.
        FileDamagedError: Any byte differs from what was written.
    """
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise FileDamagedError from None  # the parser's error carries the text
    if not isinstance(content, dict) or content.get("format") != form:
        raise FileDamagedError
    found = content.get("version")
    if isinstance(found, int) and found > version:
        raise FormatUnknownError(found)
    checksum = content.pop("checksum", None)
    try:
        whole = found == version and isinstance(checksum, str) and encode(content) == raw
    except ValueError:  # NaN, or half a character: nothing that `encode` can have written
        whole = False
    if not whole:
        raise FileDamagedError
    return content


def to_text(value: bytes) -> str:
    """Spell bytes so that JSON can hold them."""
    return base64.b64encode(value).decode("ascii")


def to_bytes(text: object) -> bytes:
    """Read what `to_text` spelled.

    Raises:
        FileDamagedError: It is no text, or another spelling of the same bytes.
    """
    if not isinstance(text, str):
        raise FileDamagedError
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        raise FileDamagedError from None
    if to_text(value) != text:
        raise FileDamagedError
    return value
