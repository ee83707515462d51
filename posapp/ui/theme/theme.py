"""The scheme in force: light or dark, followed from the system or chosen, and told to whoever draws by hand."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from posapp.ui.theme.fonts import font_of, load_fonts
from posapp.ui.theme.style_sheet import style_sheet
from posapp.ui.theme.tokens import COLOURS, Colours, Scheme, Type


class Theme(QObject):
    """The look of the application; one for each `QApplication`, made by `apply`.

    Signals:
        changed: The scheme is another one now; what draws by hand draws again.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._chosen: Scheme | None = None
        self.scheme = Scheme.LIGHT
        self._dressed = False

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return COLOURS[self.scheme]

    @property
    def chosen(self) -> Scheme | None:
        """The scheme that a person chose; None while the system's is followed."""
        return self._chosen

    def choose(self, scheme: Scheme | None) -> None:
        """Use a scheme from now on; None follows the system's."""
        self._chosen = scheme
        self._use(scheme or _systems_scheme())

    @Slot()
    def follow_system(self) -> None:
        """Take over the system's scheme, unless a person chose one."""
        if self._chosen is None:
            self._use(_systems_scheme())

    def _use(self, scheme: Scheme) -> None:
        if self._dressed and scheme is self.scheme:
            return
        self._dressed = True
        self.scheme = scheme
        self._application.setPalette(_palette(self.colours))
        self._application.setStyleSheet(style_sheet(self.colours))
        self.changed.emit()


def apply(application: QApplication, scheme: Scheme | None = None) -> Theme:
    """Dress an application: fonts, colours, style sheet; called once, before the first widget.

    Args:
        application: The process's application.
        scheme: Light or dark; None follows the system.
    """
    theme = application.findChild(Theme)
    if theme is None:
        load_fonts()
        application.setStyle(QStyleFactory.create("Fusion"))
        application.setFont(font_of(Type.BODY))
        theme = Theme(application)
        QGuiApplication.styleHints().colorSchemeChanged.connect(theme.follow_system)
    theme.choose(scheme)
    return theme


def current() -> Theme:
    """Return the theme in force.

    Raises:
        RuntimeError: There is no application, or `apply` was not called.
    """
    application = QApplication.instance()
    theme = application.findChild(Theme) if isinstance(application, QApplication) else None
    if theme is None:
        raise RuntimeError("the theme was not applied")
    return theme


def colours() -> Colours:
    """Return the colours in force."""
    return current().colours


def _systems_scheme() -> Scheme:
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Scheme.DARK if dark else Scheme.LIGHT


def _palette(colours: Colours) -> QPalette:
    """Return what Fusion itself draws with (menus of an edit, an arrow, a selection)."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.field,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.ToolTipBase: colours.surface,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Light: colours.raised,
        QPalette.ColorRole.Dark: colours.edge,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette
