"""Tags as chips in one line: as many as fit, and how many more there are."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.theme.tokens import S, Tone
from posapp.ui.widgets.labels import Chip, plain_tip

_REST = 56
_LONGEST = 24


class TagRow(QWidget):
    """One line of chips; it never asks for more room than it gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._tags: tuple[str, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(S)
        self._row.addStretch()

    def show_tags(self, tags: tuple[str, ...]) -> None:
        """Show these tags; the row hides where there are none."""
        if tags != self._tags:
            self._tags = tags
            self._fill()
        self.setVisible(bool(tags))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Show as many as fit now."""
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        left = self.width()
        for place, tag in enumerate(self._tags):
            last = place == len(self._tags) - 1
            chip = Chip(tag if len(tag) <= _LONGEST else f"{tag[: _LONGEST - 1]}…", Tone.ACCENT)
            chip.setToolTip(plain_tip(tag))
            if chip.sizeHint().width() + (0 if last else _REST) > left and place:
                chip.deleteLater()
                self._add_rest(self._tags[place:])
                return
            left -= chip.sizeHint().width() + S
            self._row.insertWidget(place, chip)

    def _add_rest(self, rest: tuple[str, ...]) -> None:
        chip = Chip(f"+{len(rest)}", Tone.MUTED)
        chip.setToolTip(plain_tip("\n".join(rest)))
        self._row.insertWidget(self._row.count() - 1, chip)
