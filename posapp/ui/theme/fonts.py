"""The window's own fonts, so that every script shows on a machine that has none of them."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase

from posapp.ui.theme.tokens import FACES, Type

FAMILIES = ("Noto Sans", "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Nastaliq Urdu")
"""In this order a letter looks for its font."""


def load_fonts() -> None:
    """Make the packaged fonts known to the application; they win over the system's of the same name.

    Raises:
        RuntimeError: A font of the package cannot be read: the installation is broken.
    """
    QLoggingCategory.setFilterRules("qt.text.font.db=false")  # a script that one of four families lacks
    for entry in sorted(files("resources.fonts").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".ttf") and QFontDatabase.addApplicationFontFromData(entry.read_bytes()) < 0:
            raise RuntimeError(f"{entry.name} is no font")


def font_of(face: Type) -> QFont:
    """Return the font of a step of the type scale."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(FACES[face].px)
    font.setWeight(QFont.Weight.Bold if FACES[face].bold else QFont.Weight.Normal)
    return font
