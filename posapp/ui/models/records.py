"""The table model under every list of records: rows in, words out, asked for only where a row is seen.

A khata may have thousands of lines, so the words of a row are made when the view first asks for them. What changed is
told as narrowly as it is known: rows added at the top leave selection and scroll position where they were.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.abstract import AbstractQt
from posapp.ui.widgets.labels import plain_tip

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

CELL_ROLE = int(Qt.ItemDataRole.UserRole)
"""The whole `Cell`, for the delegate that draws it."""

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its width in px (0 takes what is left), and whether it holds numbers."""

    title: str
    width: int = 0
    right: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table.

    Attributes:
        text: The words or the number.
        aside: Words of less weight beside it.
        tone: Of `text` and icon.
        icon: Before the text; empty for none.
        struck: Whether the text is struck through.
        strong: Whether the text is the one to look at.
        tip: More about it, for the tool tip.
    """

    text: str = ""
    aside: str = ""
    tone: Tone = Tone.NORMAL
    icon: str = ""
    struck: bool = False
    strong: bool = False
    tip: str = ""

    def plain(self) -> str:
        """Return all words of the cell in one line, for the clipboard and for a screen reader."""
        return " · ".join(part for part in (self.text, self.aside) if part)


class RecordsModel(QAbstractTableModel, Generic[R], metaclass=AbstractQt):
    """A table of records; a subclass says what identifies one and what its cells are."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._records: tuple[R, ...] = ()
        self._keys: tuple[str, ...] = ()
        self._said: dict[int, tuple[Cell, ...]] = {}

    @abstractmethod
    def key(self, record: R) -> str:
        """Return what stays the same of a record while its state changes."""

    @abstractmethod
    def cells(self, record: R) -> tuple[Cell, ...]:
        """Return what a record shows, one cell a column."""

    def show_records(self, records: Sequence[R]) -> None:
        """Show these records, telling views no more than what changed."""
        keys = tuple(self.key(record) for record in records)
        added = len(keys) - len(self._keys)
        if self._keys and added >= 0 and keys[added:] == self._keys:
            if added:
                self.beginInsertRows(QModelIndex(), 0, added - 1)
                self._take(records, keys)
                self.endInsertRows()
            else:
                self._take(records, keys)
            self.dataChanged.emit(self.index(added, 0), self.index(len(keys) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._take(records, keys)
        self.endResetModel()

    def record(self, row: int) -> R | None:
        """Return the record of a row; None where there is no such row."""
        return self._records[row] if 0 <= row < len(self._records) else None

    def row_of(self, key: str) -> int:
        """Return the row of the record with this key; -1 where it is not shown."""
        return self._keys.index(key) if key in self._keys else -1

    def cell(self, row: int, column: int) -> Cell:
        """Return what stands in one place."""
        if row not in self._said:
            self._said[row] = self.cells(self._records[row])
        return self._said[row][column]

    def line(self, row: int) -> str:
        """Return a row as tab-separated text, for the clipboard."""
        return "\t".join(self.cell(row, column).plain() for column in range(len(self.columns)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's own)
        """Return how many records are shown."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's own)
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view asks of a cell."""
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(cell.tip) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return cell.plain()
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if self.columns[index.column()].right else _LEFT
            case _:
                return cell if role == CELL_ROLE else None

    def headerData(  # noqa: N802 (Qt's own)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column and its alignment."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self.columns[section].right else _LEFT
        return None

    def _take(self, records: Sequence[R], keys: tuple[str, ...]) -> None:
        self._records, self._keys = tuple(records), keys
        self._said.clear()
