"""What the window remembers from one day to the next: its place and its scheme, in a file beside the book."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from posapp.ui.theme.tokens import Scheme

_FILE = "window.ini"
_GEOMETRY, _SCHEME = "window/geometry", "window/scheme"


class WindowMemory:
    """A small file that may be lost without harm."""

    def __init__(self, folder: Path) -> None:
        self._settings = QSettings(str(folder / _FILE), QSettings.Format.IniFormat)

    def scheme(self) -> Scheme | None:
        """Return the scheme that was chosen; None to follow the system's."""
        value = self._settings.value(_SCHEME)
        return Scheme(value) if value in list(Scheme) else None

    def keep_scheme(self, scheme: Scheme | None) -> None:
        """Remember a scheme."""
        self._settings.setValue(_SCHEME, scheme.value if scheme else "")
        self._settings.sync()

    def place(self, window: QWidget) -> bool:
        """Put a window where it was; return whether that is known."""
        value = self._settings.value(_GEOMETRY)
        return isinstance(value, QByteArray) and window.restoreGeometry(value)

    def keep_place(self, window: QWidget) -> None:
        """Remember where a window is."""
        self._settings.setValue(_GEOMETRY, window.saveGeometry())
        self._settings.sync()
