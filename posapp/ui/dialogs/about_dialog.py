"""What this program is, which versions it stands on, and whose fonts and icons it shows."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.ui.theme.tokens import XL, XS, L, S, Tone, Type
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.labels import Label


class AboutDialog(QDialog):
    """Versions and licences."""

    def __init__(self, say: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(N_("About posapp")))
        self.setMinimumSize(640, 480)
        licences = QPlainTextEdit(_licences())
        licences.setReadOnly(True)
        licences.setAccessibleName(say(N_("Licences of the fonts and icons")))
        close = KeyButton(say(N_("Close")), key="Esc", kind=Kind.PRIMARY)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, XL, XL, L)
        column.setSpacing(S)
        column.addWidget(Label(f"posapp {_version()}".strip(), Type.TITLE))
        column.addWidget(
            Label(
                say(
                    N_("Python {python} · Qt {qt} · PySide6 {pyside}"),
                    python=platform.python_version(),
                    qt=qVersion(),
                    pyside=PySide6.__version__,
                ),
                Type.BODY,
                Tone.MUTED,
            )
        )
        column.addWidget(
            Label(
                say(N_("posapp is free software under the MIT licence. Its fonts and icons come under these:")),
                wraps=True,
            )
        )
        column.addSpacing(XS)
        column.addWidget(licences, 1)
        column.addLayout(foot)
        close.setFocus()


def _version() -> str:
    """Return the version; empty where the program was started from its sources without being installed."""
    try:
        return version("posapp")
    except PackageNotFoundError:
        return ""


def _licences() -> str:
    fonts, icons = files("resources.fonts") / "OFL.txt", files("resources.icons") / "LICENSE.txt"
    return "\n\n".join(entry.read_text(encoding="utf-8").strip() for entry in (icons, fonts))
