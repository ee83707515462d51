"""Buttons that show the key that presses them: nobody learns the keys from a manual."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from posapp.ui.theme import icons
from posapp.ui.theme.theme import colours, current
from posapp.ui.theme.tokens import CONTROL_HEIGHT, M, S, Tone
from posapp.ui.widgets.labels import restyled


class Kind(StrEnum):
    """How much a button wants to be pressed."""

    PRIMARY = "primary"
    PLAIN = "plain"
    QUIET = "quiet"
    DANGER = "danger"
    TOGGLE = "toggle"


class KeyCap(QLabel):
    """A key as it looks on a keyboard."""

    def __init__(self, key: str, kind: Kind = Kind.PLAIN, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setProperty("keycap", "primary" if kind is Kind.PRIMARY else "plain")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class KeyButton(QPushButton):
    """A button with an icon, words and its key.

    The key is shown and, where `binds`, also presses the button wherever the focus is in its window.
    """

    def __init__(
        self,
        text: str,
        *,
        key: str = "",
        icon: str = "",
        kind: Kind = Kind.PLAIN,
        binds: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._kind = icon, kind
        self.setProperty("kind", kind.value)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.setMinimumHeight(CONTROL_HEIGHT)
        self._picture = QLabel(self)
        self._words = QLabel(text, self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)  # it may quote what somebody typed
        row = QHBoxLayout(self)
        row.setContentsMargins(M, 0, M, 0)
        row.setSpacing(S)
        row.addStretch()
        for part in (self._picture, self._words, *([KeyCap(key, kind, self)] if key else [])):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        row.addStretch()
        self._picture.setVisible(bool(icon))
        if key and binds:
            press = QShortcut(QKeySequence(key), self)  # a button's own shortcut would wait 100 ms
            press.setAutoRepeat(False)
            press.activated.connect(self.click)
        if kind is Kind.TOGGLE:
            self.setCheckable(True)
            self.toggled.connect(self._draw)
        current().changed.connect(self._draw)
        self._draw()

    def set_words(self, text: str) -> None:
        """Say something else on it."""
        if text != self._words.text():
            self._words.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def words(self) -> str:
        """Return what it says."""
        return self._words.text()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the room that icon, words and key take."""
        layout = self.layout()
        width = layout.sizeHint().width() if layout is not None else 0
        return QSize(max(width, 64), CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the same: a button's words are never cut."""
        return self.sizeHint()

    def setEnabled(self, enabled: bool) -> None:  # noqa: N802, FBT001 (Qt's own)
        """Let it be pressed or not."""
        super().setEnabled(enabled)
        self._draw()

    def _draw(self) -> None:
        colour = self._colour()
        self._words.setStyleSheet(
            f"color: {colour}; font-weight: {'bold' if self._kind is Kind.PRIMARY else 'normal'};"
        )
        if self._icon:
            self._picture.setPixmap(icons.pixmap(self._icon, colour=colour, size=18))
        restyled(self)

    def _colour(self) -> str:
        now = colours()
        if not self.isEnabled():
            return now.muted
        if self.isChecked():
            return now.accent
        return {Kind.PRIMARY: now.on_accent, Kind.DANGER: now.bad}.get(self._kind, now.of(Tone.NORMAL))
