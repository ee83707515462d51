"""Pictures of every screen and dialog, in both schemes, and of every page on paper."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import Scheme

USUAL, WIDE = (1366, 768), (1920, 1080)
_DOTS_PER_INCH = 110
_STILL_SECONDS, _LONGEST_SECONDS = 0.15, 5.0


class Album:
    """Takes pictures into a folder; without a folder it takes none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._number = 0
        self.taken = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            QApplication.setCursorFlashTime(0)  # a blinking cursor never rests

    def take(self, name: str, shown: QWidget) -> None:
        """Take a screen or a dialog as it is once it rests, light and dark; an open menu only as it was opened."""
        if self._folder is None:
            return
        self._number += 1
        before = current().scheme
        for scheme in (before,) if isinstance(shown, QMenu) else Scheme:
            current().choose(scheme)
            _still(shown).save(str(self._folder / f"{self._number:02}-{name}-{scheme.value}.png"))
            self.taken += 1
        if current().scheme is not before:
            current().choose(before)

    def take_wide(self, name: str, window: QWidget) -> None:
        """Take a screen at both sizes."""
        self.take(name, window)
        if self._folder is None:
            return
        window.resize(*WIDE)
        self.take(f"{name}-wide", window)
        window.resize(*USUAL)

    def take_paper(self, pdf: Path) -> None:
        """Put a PDF and pictures of its pages in, where there is a program that draws them."""
        if self._folder is None:
            return
        shutil.copy(pdf, self._folder / pdf.name)
        if shutil.which("pdftoppm"):
            command = ["pdftoppm", "-r", str(_DOTS_PER_INCH), "-png", str(pdf), str(self._folder / pdf.stem)]
            subprocess.run(command, check=True)
        self.taken += 1


def _still(shown: QWidget) -> QImage:
    """Return the picture of something once it has not changed for a moment, longer than any pause of a dialog."""
    started = changed = time.monotonic()
    picture = shown.grab().toImage()
    while time.monotonic() - changed < _STILL_SECONDS and time.monotonic() - started < _LONGEST_SECONDS:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        again = shown.grab().toImage()
        if again != picture:
            picture, changed = again, time.monotonic()
    return picture
