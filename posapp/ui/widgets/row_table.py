"""A calm table of records: whole rows, figures at the right, the chosen row kept while the records change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from posapp.ui.models.records import CELL_ROLE, Cell, RecordsModel
from posapp.ui.theme import icons
from posapp.ui.theme.fonts import font_of
from posapp.ui.theme.theme import colours
from posapp.ui.theme.tokens import XS, S, Tone, Type

ROW_HEIGHT = 36
_ICON = 16
_BAR = 3


class CellDelegate(QStyledItemDelegate):
    """Draws a `Cell`: icon, words, and words of less weight beside them."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground as the style sheet says, then the cell on it."""
        self.initStyleOption(option, index)
        option.text = ""
        option.state &= ~QStyle.StateFlag.State_HasFocus
        view = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        painter.save()
        if index.column() == 0 and option.state & QStyle.StateFlag.State_Selected and view.hasFocus():
            painter.fillRect(option.rect.x(), option.rect.y(), _BAR, option.rect.height(), QColor(colours().accent))
        right = bool(index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight)
        self._draw(painter, option.rect.adjusted(S, 0, -S, 0), index.data(CELL_ROLE), right=right)
        painter.restore()

    def _draw(self, painter: QPainter, room: QRect, cell: Cell, *, right: bool) -> None:
        if cell.icon:
            picture = icons.pixmap(cell.icon, colour=colours().of(cell.tone), size=_ICON)
            painter.drawPixmap(room.x(), room.y() + (room.height() - _ICON) // 2, picture)
            room = room.adjusted(_ICON + XS + 2, 0, 0, 0)
        font = font_of(Type.STRONG if cell.strong else Type.BODY)
        font.setStrikeOut(cell.struck)
        width = QFontMetrics(font).horizontalAdvance(cell.text)
        beside = room.adjusted(0, 0, -width - S, 0) if right else room.adjusted(width + S, 0, 0, 0)
        _write(painter, room, cell.text, cell.tone, right=right, font=font)
        if cell.aside and beside.width() > 2 * S:
            _write(painter, beside, cell.aside, Tone.MUTED, right=right, font=font_of(Type.CAPTION))


def _write(painter: QPainter, room: QRect, text: str, tone: Tone, *, right: bool, font: Any) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colours().of(tone)))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    shown = QFontMetrics(font).elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(flags), shown)


class RowTable(QTableView):
    """Shows a `RecordsModel`; Enter, the menu key or a right click ask for what can be done with a row.

    Signals:
        menu_wanted: The record and where on the screen.
    """

    menu_wanted = Signal(object, QPoint)

    def __init__(self, model: RecordsModel[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._kept: tuple[str, int] | None = None
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._set_widths()
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)

    def selected(self) -> Any:
        """Return the chosen record; None for none."""
        rows = self.selectionModel().selectedRows()
        return self._model.record(rows[0].row()) if rows else None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for the row's menu by Enter, copy the row by Ctrl+C."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._ask(self.visualRect(self.currentIndex()).bottomLeft())
        elif event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(self._model.line(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for the menu of the row under the pointer, or of the chosen one."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            if self.currentIndex().isValid():
                self._ask(self.visualRect(self.currentIndex()).bottomLeft())
        elif self.indexAt(event.pos()).isValid():
            self._ask(event.pos())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose the first row, so that the keys have something to act on."""
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection() and self._model.rowCount():
            self.selectRow(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Take the mark of the focus off the chosen row."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 (Qt's name)
        """Do nothing: what is typed goes to the window's search."""

    def _ask(self, where: QPoint) -> None:
        index = self.indexAt(where)
        record = self._model.record(index.row() if index.isValid() else self.currentIndex().row())
        if record is not None:
            self.menu_wanted.emit(record, self.viewport().mapToGlobal(where))

    def _set_widths(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        for place, column in enumerate(self._model.columns):
            fixed = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, fixed)
            if column.width:
                header.resizeSection(place, column.width)

    def _on_model_about_to_be_reset(self) -> None:
        record = self.selected()
        self._kept = None if record is None else (self._model.key(record), self.verticalScrollBar().value())

    def _on_model_reset(self) -> None:
        row = -1 if self._kept is None else self._model.row_of(self._kept[0])
        if self._kept is not None and row >= 0:
            self.selectRow(row)
            self.verticalScrollBar().setValue(self._kept[1])
