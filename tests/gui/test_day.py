"""The cashier's day itself, small, with the server away in the middle: it ends with books that agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_books_agree_after_a_day_by_keys_alone() -> None:
    command = [sys.executable, "-m", "tests.gui.day", "--offline", "--customers", "100"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The books agree." in done.stdout
