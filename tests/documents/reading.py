"""Reading a PDF back the way a customer's viewer does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils (pdftotext) is not installed"
)

DIRECTION_MARKS = str.maketrans("", "", "\u200e\u200f\u202a\u202b\u202c")
"""Poppler adds them around words from right to left."""


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """Return the text of each page in its layout."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    assert run.stderr == b""
    return run.stdout.decode().translate(DIRECTION_MARKS).split("\f")[:-1]


def fonts_of(pdf: bytes, folder: Path) -> list[list[str]]:
    """Return the columns that pdffonts prints of each font: name, type, encoding, embedded, subset, unicode."""
    file = folder / "fonts.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdffonts", str(file)], capture_output=True, check=True, text=True)
    return [row.split() for row in run.stdout.splitlines()[2:]]
