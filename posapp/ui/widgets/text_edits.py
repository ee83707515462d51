"""Where more than a word is typed: notes of several lines, and tags as chips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QToolButton, QWidget

from posapp.ui.theme import icons
from posapp.ui.theme.theme import colours, current
from posapp.ui.theme.tokens import CONTROL_HEIGHT, RADIUS, XS, S, Tone
from posapp.ui.widgets.labels import Chip, plain_tip
from posapp.ui.widgets.line_edit import LineEdit

_ENTERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_LEAST_TYPED = 40


class NotesEdit(QPlainTextEdit):
    """Lines of text; Enter belongs to the dialog, Shift+Enter begins a line, Tab goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setProperty("room", "notes")

    def event(self, event: QEvent) -> bool:
        """Let the dialog have Enter."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _ENTERS
            and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            event.ignore()
            return False
        return super().event(event)


class TagsEdit(QFrame):
    """Tags as chips: a comma or leaving the field ends one, Backspace in front takes the last away.

    Signals:
        edited: The tags, or what is being typed, changed.
    """

    edited = Signal()

    def __init__(self, remove_words: str, parent: QWidget | None = None) -> None:
        """Begin without tags.

        Args:
            remove_words: What a press on a chip's cross does; `{tag}` is its place.
            parent: The form.
        """
        super().__init__(parent)
        self._remove_words = remove_words
        self._tags: list[str] = []
        self.setObjectName("tags")
        self.setFixedHeight(CONTROL_HEIGHT + 2)
        self.line = _TagLine(self)
        self.line.setMinimumWidth(_LEAST_TYPED)
        self.line.textEdited.connect(self._on_text_edited)
        self.line.left.connect(self._take_over)
        self.line.back_pressed.connect(self._drop_last)
        self.setFocusProxy(self.line)
        self._chips = QWidget()
        self._chips.setObjectName("chips")
        self._row = QHBoxLayout(self._chips)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(XS)
        self._row.addStretch()
        self._room = QScrollArea()
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setWidgetResizable(True)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setWidget(self._chips)
        self._room.horizontalScrollBar().rangeChanged.connect(self._on_range_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(S, 2, S, 2)
        row.setSpacing(XS)
        row.addWidget(self._room, 20)
        row.addWidget(self.line, 1)
        current().changed.connect(self._draw)
        self._draw()
        self._show_chips()

    def tags(self) -> tuple[str, ...]:
        """Return the tags, the one that is being typed as well."""
        typed = self.line.text().strip()
        return tuple(dict.fromkeys([*self._tags, *([typed] if typed else [])]))

    def set_tags(self, tags: tuple[str, ...]) -> None:
        """Show tags."""
        self._tags = list(tags)
        self._show_chips()

    def _on_text_edited(self, text: str) -> None:
        if "," in text or "،" in text:
            self._take_over()
        self.edited.emit()

    def _take_over(self) -> None:
        typed = self.line.text().replace("،", ",").split(",")
        new = [tag.strip() for tag in typed if tag.strip()]
        self.line.clear()
        if new:
            self._tags = list(dict.fromkeys([*self._tags, *new]))
            self._show_chips()
            self.edited.emit()

    def _drop_last(self) -> None:
        if self._tags:
            self._tags.pop()
            self._show_chips()
            self.edited.emit()

    def _remove(self, tag: str) -> None:
        self._tags.remove(tag)
        self._show_chips()
        self.line.setFocus()
        self.edited.emit()

    def _show_chips(self) -> None:
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, tag in enumerate(self._tags):
            self._row.insertWidget(place, _TagChip(tag, self._remove_words.format(tag=tag), self._remove))
        self._room.setVisible(bool(self._tags))
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Measure the chips once they are dressed."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the chips their room."""
        for part in self._chips.findChildren(QWidget):
            part.ensurePolished()
        self._row.invalidate()
        self._room.setMaximumWidth(self._row.sizeHint().width())

    def _on_range_changed(self, _least: int, most: int) -> None:
        """Show the end of the chips where there is too little room for all."""
        self._room.horizontalScrollBar().setValue(most)

    def _draw(self, *, focused: bool = False) -> None:
        now = colours()
        edge = f"2px solid {now.accent}" if focused else f"1px solid {now.edge}"
        self.setStyleSheet(
            f"QFrame#tags {{ background: {now.field}; border: {edge}; border-radius: {RADIUS}px; }}"
            "QFrame#tags QScrollArea, QWidget#qt_scrollarea_viewport, QWidget#chips { background: transparent; }"
            "QFrame#tags QLineEdit { border: none; padding: 0px; background: transparent; min-height: 24px; }"
        )

    def show_focus(self, *, focused: bool) -> None:
        """Draw the ring of the focus."""
        self._draw(focused=focused)


class _TagLine(LineEdit):
    """The line in which a tag is typed."""

    left = Signal()
    back_pressed = Signal()

    def __init__(self, owner: TagsEdit) -> None:
        super().__init__(parent=owner)
        self._owner = owner

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.back_pressed.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        super().focusInEvent(event)
        self._owner.show_focus(focused=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        super().focusOutEvent(event)
        self._owner.show_focus(focused=False)
        self.left.emit()


class _TagChip(QWidget):
    """A tag with a cross that takes it away."""

    def __init__(self, tag: str, remove_words: str, remove: Callable[[str], None]) -> None:
        super().__init__()
        self._tag, self._remove = tag, remove
        cross = QToolButton()
        cross.setIcon(icons.icon("x", Tone.MUTED, size=14))
        cross.setIconSize(QSize(14, 14))
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setAutoRaise(True)
        cross.setToolTip(plain_tip(remove_words))
        cross.setAccessibleName(remove_words)
        cross.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(Chip(tag, Tone.ACCENT))
        row.addWidget(cross)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        event.accept()

    def _on_clicked(self) -> None:
        self._remove(self._tag)
