"""What was done, said at the foot of the window without stopping anybody."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.ui.theme.tokens import XL, XS, L, M, S, Tone, Type
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.labels import IconLabel, Label, restyled

STAYS_MS = 6000
_WIDEST = 720
_ONE_LINE = 60
"""Letters up to which a sentence stands in one line."""
_ICONS = {Tone.GOOD: "circle-check", Tone.BAD: "circle-alert", Tone.WARN: "triangle-alert"}


class Toast(QFrame):
    """One sentence and perhaps one button over the foot of a window.

    It goes after six seconds, but never from under the pointer or while its button has the focus; an error stays until
    somebody closes it.

    Signals:
        pressed: The button was pressed; what `tell` was given for it.
    """

    pressed = Signal(object)

    def __init__(self, say: Translator, parent: QWidget) -> None:
        super().__init__(parent)
        self._say = say
        self._payload: object = None
        self._stays = False
        self._icon = IconLabel("info", Tone.INFO)
        self._title = Label("", Type.STRONG, wraps=True)
        self._text = Label("", Type.CAPTION, Tone.MUTED, wraps=True)
        self.button = KeyButton("")
        self.close_button = KeyButton(say(N_("Close")), key="Esc", kind=Kind.QUIET)
        self.button.clicked.connect(self._on_button_clicked)
        self.close_button.clicked.connect(self.hide)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self._on_timeout)
        self._lay_out()
        self.hide()
        parent.installEventFilter(self)

    def tell(
        self, text: str, *, tone: Tone = Tone.GOOD, below: str = "", button: str = "", payload: object = None
    ) -> None:
        """Say a sentence for six seconds.

        Args:
            text: What was done.
            tone: How it is meant.
            below: A second, smaller sentence.
            button: Words of a button; empty for none.
            payload: What `pressed` carries.
        """
        self._payload = payload
        self._stays = tone is Tone.BAD
        self.setProperty("toast", tone.value)
        self._icon.set_icon(_ICONS.get(tone, "info"), tone)
        self._title.setText(text)
        self._text.setText(below)
        self._text.setVisible(bool(below))
        self._title.setWordWrap(len(text) > _ONE_LINE)
        self.button.set_words(button)
        self.button.setVisible(bool(button))
        self.close_button.setVisible(self._stays)
        self.setAccessibleName(f"{text} {below}".strip())
        restyled(self)
        self._place()
        self.raise_()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._count_down()

    def tell_error(self, error: PosError) -> None:
        """Say what went wrong and what to do next, until somebody closes it."""
        parts = (self._say.say(error.detail), self._say.say(error.next_step))
        self.tell(self._say.say(error.title_message), tone=Tone.BAD, below="\n".join(part for part in parts if part))

    def dismiss(self) -> bool:
        """Close what stays until it is closed; return whether there was such a thing."""
        if self.isHidden() or not self._stays:
            return False
        self.hide()
        return True

    def words(self) -> str:
        """Return what it says; empty while it says nothing."""
        return "" if self.isHidden() else self.accessibleName()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Stay while somebody points at it."""
        self.timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Go later."""
        self._count_down()
        super().leaveEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Keep its place when the window changes its size."""
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _count_down(self) -> None:
        if self._stays:
            self.timer.stop()
        else:
            self.timer.start(STAYS_MS)

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        layout = self.layout()
        assert layout is not None
        layout.activate()
        wanted = _WIDEST if self._text.text() else layout.sizeHint().width()
        width = min(wanted, _WIDEST, parent.width() - 2 * XL)
        height = max(layout.totalHeightForWidth(width), layout.sizeHint().height())
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - XL, width, height)

    @Slot()
    def _on_timeout(self) -> None:
        if self.underMouse() or self.button.hasFocus():
            self._count_down()
        else:
            self.hide()

    @Slot()
    def _on_button_clicked(self) -> None:
        self.hide()
        self.pressed.emit(self._payload)

    def _lay_out(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = QVBoxLayout()
        words.setSpacing(XS // 2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, M, M, M)
        row.setSpacing(M)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addSpacing(S)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
