"""Qt bindings that lose a reference in each void call end the process after some thousand calls (PySide6 6.12.0)."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel()
before = sys.getrefcount(None)
for number in range(50_000):
    label.setText("7")
lost = before - sys.getrefcount(None)
assert abs(lost) < 1_000, f"{lost} references to None lost"
print("alive")
"""


def test_fifty_thousand_void_calls_leave_the_process_alive() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "alive"), ran.stderr
