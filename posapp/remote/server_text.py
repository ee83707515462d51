"""What a server said in words, made fit to be quoted: a code for programs, plain text for people."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from posapp.remote.http import Answer
from posapp.remote.strict_json import WrongShape, decoded

MAX_TEXT: Final = 500

_CODE = re.compile(r"[a-z0-9_.-]{1,64}", re.IGNORECASE)
_DROPPED = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Refusal(msgspec.Struct):
    error: object = None
    code: object = None
    message: object = None


class Said(msgspec.Struct, frozen=True):
    """What an answer said: `code` and `text` may be empty; `readable` is whether it is JSON of an API at all."""

    code: str = ""
    text: str = ""
    readable: bool = False


def said(answer: Answer) -> Said:
    """Return what an answer that is no success said; of what is not the API's own JSON, nothing."""
    try:
        refusal = decoded(answer, _Refusal)
    except WrongShape:
        return Said()
    code = next((word for word in (refusal.code, refusal.error) if isinstance(word, str) and _CODE.fullmatch(word)), "")
    return Said(code, plain_text(refusal.message) if isinstance(refusal.message, str) else "", readable=True)


def plain_text(text: str) -> str:
    """Return text on one line, without control characters or marks that turn its direction, at most `MAX_TEXT`."""
    spaced = "".join(" " if char.isspace() else char for char in text[: MAX_TEXT * 4])
    kept = (char for char in spaced if char not in _TURNING and unicodedata.category(char) not in _DROPPED)
    return " ".join("".join(kept).split())[:MAX_TEXT]
