"""JSON taken literally: the declared type in whole UTF-8, or nothing.

A member named twice is refused: which of the two counts is anybody's guess, and a proxy may guess otherwise. NaN,
infinities, numbers that overflow, a byte order mark and nesting without end are refused too.
"""

from __future__ import annotations

import json
import math
from typing import NoReturn, TypeVar

import msgspec

from posapp.remote.http import Answer

Shape = TypeVar("Shape")


class WrongShape(Exception):
    """The answer is not what the API promises; `kind` says in which way, for the evidence, without quoting it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def decoded(answer: Answer, shape: type[Shape]) -> Shape:
    """Return the body of an answer as a declared shape.

    Raises:
        WrongShape: It is spoilt, no JSON, or of another shape.
    """
    if answer.spoilt is not None:
        raise WrongShape(getattr(answer.spoilt, "kind", type(answer.spoilt).__name__)) from answer.spoilt
    _check_type(answer)
    try:
        answer.body.decode("utf-8")
        json.loads(answer.body, object_pairs_hook=_unique, parse_constant=_refused, parse_float=_finite)
        return msgspec.json.decode(answer.body, type=shape)
    except msgspec.ValidationError as error:
        raise WrongShape("wrong_shape") from error
    except (ValueError, msgspec.DecodeError) as error:
        raise WrongShape("bad_json") from error
    except RecursionError:
        raise WrongShape("bad_json") from None  # its traceback is a thousand frames long


def _check_type(answer: Answer) -> None:
    kind, *parameters = (part.strip().lower() for part in answer.headers.get("content-type", "").split(";"))
    if kind == "text/html" or answer.body[:256].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise WrongShape("html")
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WrongShape("content_type")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8", "us-ascii"}:
            raise WrongShape("charset")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refused(_constant: str) -> NoReturn:
    raise ValueError("not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number
