"""The export of all customers, as this API writes it: RFC 4180 in UTF-8, a header row, tags separated by `;`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from posapp.remote.http import Answer
from posapp.remote.siyahfy import wire
from posapp.remote.strict_json import WrongShape

MEDIA_TYPE = "text/csv"

_COLUMNS = tuple(field.name for field in msgspec.structs.fields(wire.Customer))
_EMPTY_IS_NONE = frozenset({"email", "phone", "notes", "blacklist_reason"})
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def rows_of(answer: Answer) -> Iterator[wire.Customer]:
    """Yield the customers of an export.

    Raises:
        WrongShape: It is no such text, ends early, lacks a column, or a cell is not what it should be.
    """
    text = _text(answer)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip().lower() for name in next(rows, [])]
        if not set(_COLUMNS) <= set(header):
            raise WrongShape("wrong_shape")
        for row in rows:
            if len(row) != len(header):
                raise WrongShape("wrong_shape")
            yield _customer(dict(zip(header, row, strict=True)))
    except csv.Error as error:
        raise WrongShape("wrong_shape") from error


def _text(answer: Answer) -> str:
    """Return the whole text; one whose last line has no end was cut short."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.spoilt is not None or kind != MEDIA_TYPE:
        raise WrongShape("content_type" if answer.spoilt is None else "cut")
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongShape("wrong_shape") from error
    if not text.endswith("\n"):
        raise WrongShape("cut")
    return text


def _customer(cells: dict[str, str]) -> wire.Customer:
    values: dict[str, object] = {name: cells[name] for name in _COLUMNS}
    values |= {name: cells[name] or None for name in _EMPTY_IS_NONE}
    values["tags"] = [tag for line in csv.reader([cells["tags"]], delimiter=";", strict=True) for tag in line if tag]
    for name in ("cod_enabled", "blacklisted"):
        values[name] = _FLAGS.get(cells[name].strip().lower(), cells[name])
    try:
        values |= {"id": int(cells["id"]), "total_orders": int(cells["total_orders"])}
        return msgspec.convert(values, wire.Customer)
    except (ValueError, msgspec.ValidationError) as error:
        raise WrongShape("wrong_shape") from error
