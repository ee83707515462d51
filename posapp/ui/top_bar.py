"""The line at the top of the window: whose shop it is, the pages, and how things stand with the server."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme import icons
from posapp.ui.theme.theme import colours, current
from posapp.ui.theme.tokens import CONTROL_HEIGHT, RADIUS, XS, L, M, S, Type
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.labels import ElidedLabel, hairline
from posapp.ui.widgets.tabs import Tabs

CUSTOMERS, OWING, INBOX = range(3)
_PAGES = N_("Customers"), N_("Who owes"), N_("Inbox")
_HEIGHT = 56
_MARK = 32
_NAME_WIDTH = 240


class Mark(QLabel):
    """The shop's mark beside its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_MARK, _MARK)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        current().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        now = colours()
        self.setStyleSheet(f"background: {now.accent}; border-radius: {RADIUS}px;")
        self.setPixmap(icons.pixmap("store", colour=now.on_accent))


class TopBar(QFrame):
    """Pages at the left, sync at the right.

    Signals:
        page_chosen: A page's place.
    """

    page_chosen = Signal(int)

    def __init__(self, desk: Desk, light: QWidget, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self.setProperty("ground", "surface")
        self.setFixedHeight(_HEIGHT)
        self._name = ElidedLabel("", Type.SUBTITLE)
        self._name.setMaximumWidth(_NAME_WIDTH)
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.tabs = Tabs([self._say(name) for name in _PAGES])
        self.sync_button = KeyButton(self._say(N_("Sync")), key="F9", icon="refresh-cw")
        self.sync_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.sync_button.clicked.connect(self.sync_now)
        self.menu_button = QPushButton()
        self.menu_button.setProperty("kind", "quiet")
        self.menu_button.setAccessibleName(self._say(N_("More")))
        self.menu_button.setToolTip(self._say(N_("More")))
        self.menu_button.setMenu(menu)
        self.menu_button.setFixedWidth(CONTROL_HEIGHT + M)
        self._lay_out(light)
        self.tabs.chosen.connect(self.page_chosen)
        desk.changes.counts_changed.connect(self._show_counts)
        desk.changes.shop_changed.connect(self._show_shop)
        desk.sync.state_changed.connect(self._show_sync)
        current().changed.connect(self._draw)
        self._draw()
        self._show_shop()
        self._show_counts()
        self._show_sync()

    def show_page(self, page: int) -> None:
        """Mark the tab of a page."""
        self.tabs.choose(page)

    @Slot()
    def sync_now(self) -> None:
        """Start a cycle now."""
        if self.sync_button.isEnabled():
            self._desk.sync.sync_now()

    @Slot()
    def _show_shop(self) -> None:
        self._name.setText(self._desk.shop().name)

    @Slot()
    def _show_sync(self) -> None:
        self.sync_button.setEnabled(self._desk.sync.state.server is not None and not self._desk.app.practising)

    @Slot()
    def _show_counts(self) -> None:
        counts = self._desk.sync.state.counts
        inbox = counts.needs_attention if counts else 0
        counted = self._say(N_("Inbox {count}"), count=f"{inbox:,}") if inbox else self._say(_PAGES[INBOX])
        for page, name in enumerate((self._say(_PAGES[CUSTOMERS]), self._say(_PAGES[OWING]), counted)):
            self.tabs.set_name(page, name, self._say(N_("Ctrl+{number}"), number=page + 1))

    def _draw(self) -> None:
        self.menu_button.setIcon(icons.icon("ellipsis"))

    def _lay_out(self, light: QWidget) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(L, 0, L, 0)
        row.setSpacing(S)
        row.addWidget(Mark())
        row.addSpacing(XS)
        row.addWidget(self._name)
        row.addSpacing(L)
        row.addWidget(self.tabs)
        row.addStretch()
        row.addWidget(light)
        row.addSpacing(XS)
        row.addWidget(self.sync_button)
        row.addWidget(self.menu_button)
        self.setLayout(row)
        self._line = hairline(self)

    def resizeEvent(self, _event: object) -> None:  # noqa: N802 (Qt's name)
        """Keep the line at the foot."""
        self._line.setGeometry(0, self.height() - 1, self.width(), 1)
