"""The demo's window: pictures of it in both schemes, and the window itself where there is a display."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from posapp.app import TillApplication
from posapp.display import PLATFORM, NoDisplay, find_display
from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.locale.translator import Translator

SIZE = 1366, 768
SEARCHED = "imran"
"""A name that is written in three scripts among the stub's customers."""
PATIENCE_SECONDS = 20.0


class PictureNotReady(PosError):
    """The window did not show in time what was to be pictured."""

    id = "picture_not_ready"
    title = N_("No picture of the window")
    message = N_("The window did not come to rest within {seconds} seconds.")
    hint = N_("Run the demo again on a machine that is less busy.")


def choose_platform() -> bool:
    """Decide what Qt draws on, before it is loaded, and return whether a person can see it."""
    try:
        platform = find_display(os.environ, sys.platform)
    except NoDisplay:
        os.environ[PLATFORM] = "offscreen"
        return False
    if platform is not None:
        os.environ[PLATFORM] = platform
    return os.environ.get(PLATFORM) not in {"offscreen", "minimal"}


def picture_window(app: TillApplication, customers: Sequence[CustomerId], folder: Path, *, say: Translator) -> str:
    """Write pictures of the window with cards of some customers, light and dark, and return how many.

    Raises:
        PictureNotReady: See there.
    """
    try:
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415 (Qt is loaded for a window alone)
    except ImportError:
        return say(N_("none: Qt's libraries are missing here"))
    from posapp.ui.application import make_application  # noqa: PLC0415
    from posapp.ui.bridge.desk import make_desk, open_book  # noqa: PLC0415
    from posapp.ui.main_window import MainWindow  # noqa: PLC0415
    from posapp.ui.theme.theme import current  # noqa: PLC0415
    from posapp.ui.theme.tokens import Scheme  # noqa: PLC0415

    make_application()
    desk = make_desk(app, open_book(app), say=say)
    window = MainWindow(desk)
    window.resize(*SIZE)
    window.show()
    desk.sync.start()
    names = []

    def rest(ready: Callable[[], bool]) -> None:
        limit = monotonic() + PATIENCE_SECONDS
        while not ready() or desk.runner.busy:
            if monotonic() > limit:
                raise PictureNotReady(seconds=int(PATIENCE_SECONDS))
            QApplication.processEvents()
        QApplication.processEvents()

    drawn: list[str] = []
    window.customers.search.painted.connect(drawn.append)
    card = window.customers.card
    try:
        window.customers.search.field.setText(SEARCHED)
        rest(lambda: SEARCHED in drawn)
        for number, customer_id in enumerate(customers, 1):
            window.show_customer(customer_id)
            rest(lambda wanted=customer_id: card.customer_id == wanted and card.card is not None)  # type: ignore[misc]
            for scheme in Scheme:
                current().choose(scheme)
                rest(lambda: True)
                names.append(folder / f"window-{number}-{scheme.value}.png")
                window.grab().save(str(names[-1]))
    finally:
        window.close()
        desk.close()
    return say(N_("{count} pictures of the window, light and dark"), count=len(names))


def show_window(app: TillApplication, *, say: Translator) -> None:
    """Show the window on the demo's data until it is closed."""
    from posapp.ui.application import run_window  # noqa: PLC0415

    run_window(app, say=say)
