"""The fourth step: the recovery code, shown once, and proven to be written down by opening the book with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileDevice, QSaveFile, QStandardPaths
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from posapp.domain.messages import N_
from posapp.ui.first_run.step import Beginning, Step
from posapp.ui.theme.tokens import L, M, S, Tone, Type
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.labels import Label

_TYPED_GROUPS = 2


class CodeStep(Step):
    """Shows the code in groups; the last two of them are typed back."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(beginning)
        say = self.say
        self.title = say(N_("Recovery code"))
        self.about = say(N_("If this computer breaks, only this code opens your book. It is shown this once."))
        self.next_words = say(N_("It is written down"))
        self.groups = [Label("", Type.FIGURE) for _ in range(6)]
        self.typed = QLineEdit()
        self.typed.setMaxLength(40)
        self._field = Field(say(N_("Type the last two groups from your paper")), self.typed)
        self.typed.textChanged.connect(self._on_typed)
        self.column.addWidget(self._code_panel())
        self.column.addLayout(self._ways_out())
        warning = say(N_("Keep it away from this computer: on paper in the cash box, or with somebody you trust."))
        self.column.addWidget(Label(warning, Type.BODY, Tone.MUTED, wraps=True))
        self.column.addSpacing(S)
        self.column.addWidget(self._field)
        self.column.addWidget(self.banner)
        self.column.addStretch()

    def begin(self) -> None:
        """Show the code; a new one where the old one was never written down."""
        if self.beginning.code:
            self._show_code(self.beginning.code)
        else:
            self.run(self.beginning.app.home.new_recovery_code, self._show_code)
        self.typed.setFocus()

    def go_on(self) -> None:
        """Open the book with the code as it is on the paper."""
        groups = self.beginning.code.split("-")
        if not self.typed.text().strip() or not groups:
            self._refuse(self.say(N_("Type the last two groups of the code.")))
            return
        whole = "-".join([*groups[:-_TYPED_GROUPS], self.typed.text()])
        self.run(partial(self.beginning.app.home.try_recovery, whole), self._on_tried)

    def _on_tried(self, opens: bool) -> None:  # noqa: FBT001 (the answer of a task)
        if not opens:
            self._refuse(self.say(N_("These are not the last two groups. O and 0, I and 1 count as the same.")))
            return
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == self.beginning.code:
            clipboard.clear()
        self.beginning.code = ""
        self.passed.emit()

    def _refuse(self, words: str) -> None:
        self._field.set_wrong(words)
        self.typed.setFocus()
        self.typed.selectAll()

    def _on_typed(self) -> None:
        self._field.set_hint("")

    def _show_code(self, code: str) -> None:
        self.beginning.code = code
        for label, group in zip(self.groups, code.split("-"), strict=True):
            label.setText(group)
        self.typed.setFocus()

    def _code_panel(self) -> QWidget:
        panel = QWidget()
        panel.setProperty("soft", Tone.ACCENT.value)
        grid = QGridLayout(panel)
        grid.setContentsMargins(L, M, L, M)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(S)
        for place, label in enumerate(self.groups):
            number = Label(str(place + 1), Type.CAPTION, Tone.MUTED)
            grid.addWidget(number, place // 3, place % 3 * 2)
            grid.addWidget(label, place // 3, place % 3 * 2 + 1)
            grid.setColumnStretch(place % 3 * 2 + 1, 1)
        return panel

    def _ways_out(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(S)
        ways = (
            (N_("Print…"), "printer", "Ctrl+P", self._print),
            (N_("Save as text…"), "save", "Ctrl+S", self._save),
            (N_("Copy"), "copy", "Alt+C", self._copy),
        )
        for words, icon, key, act in ways:
            button = KeyButton(self.say(words), icon=icon, key=key, binds=True)
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _paper(self) -> str:
        return self.say(N_("Recovery code of the till:")) + f"\n\n{self.beginning.code}\n"

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.beginning.code)
        self._field.set_hint(self.say(N_("Copied. It leaves the clipboard when this step is done.")), Tone.GOOD)

    def _save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = str(Path(folder) / "posapp-recovery-code.txt")
        chosen, _ = QFileDialog.getSaveFileName(self, self.say(N_("Save the recovery code")), name, "*.txt")
        if not chosen:
            return
        file = QSaveFile(chosen)
        mine = QFileDevice.Permission.ReadOwner | QFileDevice.Permission.WriteOwner
        opened = file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.setPermissions(mine)
        written = opened and file.write(self._paper().encode()) > 0
        if written and file.commit():
            self._field.set_hint(self.say(N_("Saved. Take the file away from this computer.")), Tone.GOOD)
        else:
            self._refuse(self.say(N_("The file could not be written; choose another folder.")))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 (used once in a till's life)

        printer = QPrinter()
        if QPrintDialog(printer, self).exec():
            paper = QTextDocument()
            paper.setPlainText(self._paper())
            paper.print_(printer)
