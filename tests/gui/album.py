"""Pictures of every screen and dialog, in both schemes, and of every page on paper."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import Scheme

USUAL, WIDE = (1366, 768), (1920, 1080)
_DOTS_PER_INCH = 110


class Album:
    """Takes pictures into a folder; without a folder it takes none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._number = 0
        self.taken = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, shown: QWidget) -> None:
        """Take a screen or a dialog as it is now, light and dark."""
        if self._folder is None:
            return
        self._number += 1
        before = current().scheme
        for scheme in Scheme:
            current().choose(scheme)
            _settle()
            shown.grab().save(str(self._folder / f"{self._number:02}-{name}-{scheme.value}.png"))
            self.taken += 1
        current().choose(before)
        _settle()

    def take_wide(self, name: str, window: QWidget) -> None:
        """Take a screen at both sizes."""
        self.take(name, window)
        if self._folder is None:
            return
        window.resize(*WIDE)
        _settle()
        self.take(f"{name}-wide", window)
        window.resize(*USUAL)
        _settle()

    def take_paper(self, pdf: Path) -> None:
        """Put a PDF and pictures of its pages in, where there is a program that draws them."""
        if self._folder is None:
            return
        shutil.copy(pdf, self._folder / pdf.name)
        if shutil.which("pdftoppm"):
            command = ["pdftoppm", "-r", str(_DOTS_PER_INCH), "-png", str(pdf), str(self._folder / pdf.stem)]
            subprocess.run(command, check=True)
        self.taken += 1


def _settle() -> None:
    for _ in range(3):
        QCoreApplication.processEvents()
