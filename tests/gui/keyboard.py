"""A person's hands and eyes: keys go to whatever has the focus, and nothing is done before the screen shows it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.support.keys import type_text

PATIENCE_SECONDS = 60.0
"""How long a person looks at a screen that does not change before she calls for help."""
_GLANCE_MS = 10
"""Between two glances at a screen where nothing happens; waiting without them would take the workers' time."""


class Stuck(AssertionError):
    """The screen never showed what it should."""


class Keyboard:
    """Presses keys and looks at the screen."""

    def focus(self) -> QWidget:
        """Return what the next key goes to, once the window in front has it."""
        found: list[QWidget] = []

        def front() -> bool:
            popup, modal, active = (
                QApplication.activePopupWidget(),
                QApplication.activeModalWidget(),
                QApplication.activeWindow(),
            )
            if popup is not None:
                found.append(popup)
            elif active is not None and active.isVisible() and modal in {None, active}:
                found.append(active.focusWidget() or active)
            return bool(found)

        self.until(front, "a window in front")
        return found[0]

    def press(self, *keys: str) -> None:
        """Press keys one after the other: `F2`, `Return`, `Ctrl+2`, `Shift+Tab`."""
        for key in keys:
            pressed = QKeySequence(key)[0]
            QTest.keyClick(self.focus(), pressed.key(), pressed.keyboardModifiers())

    def write(self, text: str) -> None:
        """Type a text letter by letter, in any script."""
        for letter in text:
            type_text(self.focus(), letter)

    def fill(self, text: str) -> None:
        """Type a text in place of what stands in the field."""
        self.press("Ctrl+A")
        self.write(text)

    def until(self, seen: Callable[[], object], what: str) -> None:
        """Look at the screen until something is seen.

        Raises:
            Stuck: It never came.
        """
        limit = time.monotonic() + PATIENCE_SECONDS
        glance = QTimer()
        glance.start(_GLANCE_MS)
        while not seen():
            if time.monotonic() > limit:
                raise Stuck(f"not seen: {what}")
            _manage_windows()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def tab_to(self, wanted: Callable[[QWidget], bool], what: str, *, back: bool = False) -> None:
        """Press Tab until something has the focus."""
        for _ in range(80):
            if wanted(self.focus()):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise Stuck(f"Tab never came to {what}")

    def in_menu(self, opening: str, act: Callable[[], None]) -> None:
        """Press a key that opens a menu which holds the press, and do something while it is open."""
        failures: list[BaseException] = []

        def opened() -> None:
            try:
                self.until(QApplication.activePopupWidget, "a menu")
                act()
            except BaseException as error:  # noqa: BLE001 (raised again below, where somebody hears it)
                failures.append(error)
            finally:
                if (popup := QApplication.activePopupWidget()) is not None:
                    popup.close()

        QTimer.singleShot(0, opened)
        self.press(opening)
        if failures:
            raise failures[0]

    def dialog(self, name: str) -> QDialog:
        """Wait for a dialog of a class and return it."""
        found: list[QDialog] = []

        def seen() -> bool:
            active = QApplication.activeModalWidget()
            if isinstance(active, QDialog) and type(active).__name__ == name and active.isVisible():
                found.append(active)
            return bool(found)

        self.until(seen, name)
        return found[0]


def _manage_windows() -> None:
    """Do a window manager's duty, which nobody does offscreen: the window in front is the active one."""
    if QApplication.activePopupWidget() is not None:
        return
    active, modal = QApplication.activeWindow(), QApplication.activeModalWidget()
    if active is not None and active.isVisible() and modal in {None, active}:
        return
    windows = (one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow())
    front = modal or next(windows, None)
    if front is not None:
        front.activateWindow()
