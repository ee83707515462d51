"""Spreadsheets as a shop's office programs open them: real .xlsx files, made without a file of our own."""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook  # type: ignore[import-untyped]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_LONGEST_CELL = 32_767
"""More than that a cell cannot hold."""


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a workbook of one sheet.

    Texts stay texts, word for word: what begins with `=` is no formula, what looks like a number or a link is none.

    Args:
        title: The sheet's name.
        header: The first row.
        rows: All others.
    """
    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate((header, *rows)):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, value[:_LONGEST_CELL])
    return file.getvalue()
