"""Chips in one line: what the server says in a word, then the tags; as many as fit, and how many more there are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.theme.tokens import S, Tone
from posapp.ui.widgets.labels import Chip, ColourChip, plain_tip

_REST = 56
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class ChipWords:
    """What a chip says.

    Attributes:
        text: On it; cut where it is long.
        tip: Under the pointer.
        tone: Of the words.
        colour: Of its ground, `#rrggbb`, where somebody chose one; empty for the tone's own.
    """

    text: str
    tip: str
    tone: Tone = Tone.MUTED
    colour: str = ""


class TagRow(QWidget):
    """One line of chips; it never asks for more room than it gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._chips: tuple[ChipWords, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(S)
        self._row.addStretch()

    def show_chips(self, chips: tuple[ChipWords, ...]) -> None:
        """Show these; the row hides where there are none."""
        if chips != self._chips:
            self._chips = chips
            self._fill()
        self.setVisible(bool(chips))

    def words(self) -> tuple[str, ...]:
        """Return what all of them say, also those for which there is no room."""
        return tuple(chip.text for chip in self._chips)

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
        for place, words in enumerate(self._chips):
            last = place == len(self._chips) - 1
            chip = _chip(words)
            if chip.sizeHint().width() + (0 if last else _REST) > left and place:
                chip.deleteLater()
                self._add_rest(self._chips[place:])
                return
            left -= chip.sizeHint().width() + S
            self._row.insertWidget(place, chip)

    def _add_rest(self, rest: tuple[ChipWords, ...]) -> None:
        chip = Chip(f"+{len(rest)}", Tone.MUTED)
        chip.setToolTip(plain_tip("\n".join(words.text for words in rest)))
        self._row.insertWidget(self._row.count() - 1, chip)


def _chip(words: ChipWords) -> Chip:
    text = words.text if len(words.text) <= _LONGEST else f"{words.text[: _LONGEST - 1]}…"
    chip = ColourChip(text, words.colour) if words.colour else Chip(text, words.tone)
    chip.setToolTip(plain_tip(words.tip))
    return chip
