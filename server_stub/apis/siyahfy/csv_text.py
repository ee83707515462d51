"""Comma separated values as the `siyahfy` API writes and reads them: RFC 4180 in UTF-8, values word for word.

A value that begins with `=`, `+`, `-` or `@` is written as it is: this is data for programs, and whoever put a mark in
front of it would change phones like `+880…` for good. A spreadsheet must import such a file as text.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from server_stub.errors import bad_request

MEDIA_TYPE = "text/csv"

Cell = str | int | None


def written(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as text; nothing stands for what there is none of.

    Args:
        header: The names of the columns.
        rows: The cells of each row.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def read(body: bytes) -> Iterator[Mapping[str, str] | None]:
    """Return the rows of a text by the names of their columns; None stands for a row with more cells than columns.

    Args:
        body: With a header row, whose names count in either case; lines without anything are no rows.

    Raises:
        ApiError: It is no such text, or ends inside a quoted cell.
    """
    try:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise bad_request("The body is not valid CSV in UTF-8.") from error
    header = [name.strip().lower() for name in rows[0]] if rows else []
    for row in rows[1:]:
        if row:
            yield dict(zip(header, row, strict=False)) if len(row) <= len(header) else None


def tags_cell(tags: Sequence[str]) -> str:
    """Return tags as one cell, separated by `;`; a tag that holds one stands in quotes.

    Args:
        tags: In their order.
    """
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow(tags)
    return text.getvalue().removesuffix("\r\n")


def tags_of(cell: str) -> list[str]:
    """Return the tags of a cell, without spaces around them.

    Args:
        cell: As `tags_cell` writes it.

    Raises:
        csv.Error: A quote is open at its end.
    """
    lines = csv.reader(io.StringIO(cell, newline=""), delimiter=";", skipinitialspace=True, strict=True)
    return [tag for line in lines for part in line if (tag := part.strip())]
