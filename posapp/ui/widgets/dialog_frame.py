"""The frame that all dialogs share: icon, title and subject above, buttons below, equal margins, room for words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.theme.tokens import XL, L, M, S


def head(icon: QWidget, title: QWidget, about: QWidget) -> QHBoxLayout:
    """Return an icon beside a title over what it is about."""
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(title)
    words.addWidget(about)
    row = QHBoxLayout()
    row.setSpacing(M)
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return row


def foot(left: QWidget, *right: QWidget) -> QHBoxLayout:
    """Return the row of buttons: what leads out at the left, what leads on at the right."""
    row = QHBoxLayout()
    row.setSpacing(S)
    row.addWidget(left)
    row.addStretch(1)
    for button in right:
        row.addWidget(button)
    return row


def column(dialog: QWidget, spacing: int = L) -> QVBoxLayout:
    """Return the column that holds a dialog's parts."""
    made = QVBoxLayout(dialog)
    made.setContentsMargins(XL, XL, XL, L)
    made.setSpacing(spacing)
    return made


def fit_height(dialog: QDialog) -> None:
    """Let a dialog grow to the height that its words take now; it does not shrink, so that nothing jumps back."""
    layout = dialog.layout()
    if layout is not None:
        dialog.setMinimumHeight(max(dialog.minimumHeight(), layout.totalHeightForWidth(dialog.width())))
