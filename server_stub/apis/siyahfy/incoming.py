"""The rows of a bulk insert of the `siyahfy` API, out of JSON or CSV: each one good, or named with what is wrong."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from server_stub.apis.siyahfy import csv_text
from server_stub.apis.siyahfy.shapes import NewCustomer, RowFault
from server_stub.errors import bad_request
from server_stub.store.bulk_insert import NewCustomer as ValidRow

_NAMED = re.compile(r"\$\.(\w+)|field `(\w+)`")


class _Rows(msgspec.Struct):
    customers: list[msgspec.Raw]


class BadRowError(Exception):
    """A row that cannot be inserted.

    Attributes:
        field: What is wrong with it; empty for the whole row.
        message: Why.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def sorted_out(rows: Iterable[NewCustomer | BadRowError]) -> tuple[list[ValidRow], list[RowFault]]:
    """Return the rows that may be inserted, and what is wrong with the others.

    Args:
        rows: As `rows_of` reads them.
    """
    valid, faults = [], []
    for number, row in enumerate(rows, start=1):
        try:
            if isinstance(row, BadRowError):
                raise row
            valid.append(_checked(number, row))
        except BadRowError as error:
            faults.append(RowFault(number, error.field, error.message))
    return valid, faults


def rows_of(body: bytes, content_type: str) -> Iterator[NewCustomer | BadRowError]:
    """Return the rows of a body in their order.

    Args:
        body: CSV where the content type says so, else JSON.
        content_type: The request's header.

    Raises:
        ApiError: The body as a whole is neither.
    """
    if content_type.partition(";")[0].strip().lower() == csv_text.MEDIA_TYPE:
        return map(_from_csv, csv_text.read(body))
    try:
        rows = msgspec.json.decode(body, type=_Rows).customers
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request("The body must be CSV, or a JSON object with a list of customers.") from error
    return map(_from_json, rows)


def _from_json(raw: msgspec.Raw) -> NewCustomer | BadRowError:
    try:
        return msgspec.json.decode(raw, type=NewCustomer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        named = _NAMED.search(str(error))
        return BadRowError((named[1] or named[2]) if named else "", str(error))


def _from_csv(cells: Mapping[str, str] | None) -> NewCustomer | BadRowError:
    if cells is None:
        return BadRowError("", "The row has more cells than the header.")
    try:
        tags = csv_text.tags_of(cells.get("tags", ""))
    except csv.Error:
        return BadRowError("tags", "tags must be separated by ;")
    return NewCustomer(
        name=cells.get("name", ""),
        email=cells.get("email"),
        phone=cells.get("phone"),
        tags=tags,
        notes=cells.get("notes"),
        address=cells.get("address"),
    )


def _checked(number: int, row: NewCustomer) -> ValidRow:
    texts = msgspec.structs.asdict(row)
    for field, value in texts.items():
        if "\0" in "".join(value or ""):
            raise BadRowError(field, f"{field} holds a NUL character.")
    if not row.name.strip():
        raise BadRowError("name", "name must not be empty.")
    if row.email and "@" not in row.email:
        raise BadRowError("email", "email must be an e-mail address.")
    return ValidRow(
        number=number,
        name=row.name,
        email=row.email or None,
        phone=row.phone or None,
        tags=row.tags,
        notes=row.notes or None,
        address=row.address or None,
    )
