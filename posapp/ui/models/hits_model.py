"""Customers who were found, as a list reads them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.domain.ids import CustomerId
from posapp.locale.translator import Translator
from posapp.services.ports.search import FoundCustomer
from posapp.ui.models.hit_words import HitWords, words_of

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class HitRole(IntEnum):
    """What a row holds beside Qt's own: the hit itself, and what it says."""

    HIT = Qt.ItemDataRole.UserRole
    WORDS = Qt.ItemDataRole.UserRole + 1


class HitsModel(QAbstractListModel):
    """The hits of one look-up; each answer takes the place of the last one, whole."""

    def __init__(self, say: Translator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self._hits: Sequence[FoundCustomer] = ()
        self._words: dict[int, HitWords] = {}

    def set_hits(self, hits: Sequence[FoundCustomer]) -> None:
        """Show other hits."""
        self.beginResetModel()
        self._hits = hits
        self._words = {}
        self.endResetModel()

    def row_of(self, customer_id: CustomerId | None) -> int | None:
        """Return the row of a customer; None where she is not among the hits."""
        return next((row for row, hit in enumerate(self._hits) if hit.customer.id == customer_id), None)

    def hit(self, row: int) -> FoundCustomer:
        """Return the hit of a row."""
        return self._hits[row]

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 (Qt's name)
        """Return how many were found."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row holds; its words are made when they are first drawn."""
        if not index.isValid():
            return None
        row = index.row()
        if role == HitRole.WORDS:
            return self._words_of(row)
        if role == HitRole.HIT:
            return self._hits[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._hits[row].customer.profile.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._words_of(row).spoken()
        return None

    def _words_of(self, row: int) -> HitWords:
        if row not in self._words:
            self._words[row] = words_of(self._say, self._hits[row])
        return self._words[row]
