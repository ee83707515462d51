"""The one style sheet: what Qt draws itself, by the tokens. Widgets choose a rule by a property, not by a colour."""

from __future__ import annotations

from posapp.ui.theme.tokens import CHIP_HEIGHT, CONTROL_HEIGHT, FACES, RADIUS, Colours, Tone, Type


def style_sheet(colours: Colours) -> str:
    """Return the application's style sheet in a scheme."""
    return "\n".join(
        (_types(), _tones(colours), _grounds(colours), _buttons(colours), _fields(colours), _lists(colours))
    )


def _types() -> str:
    rules = []
    for face in Type:
        weight = "bold" if FACES[face].bold else "normal"
        rules.append(f'*[face="{face}"] {{ font-size: {FACES[face].px}px; font-weight: {weight}; }}')
    return "\n".join(rules)


def _tones(colours: Colours) -> str:
    rules = []
    for tone in Tone:
        rules.append(f'QLabel[tone="{tone}"] {{ color: {colours.of(tone)}; }}')
        rules.append(f'*[soft="{tone}"] {{ background: {colours.soft(tone)}; border-radius: {RADIUS}px; }}')
        rules.append(
            f'QLabel[chip="{tone}"] {{ background: {colours.soft(tone)}; color: {colours.of(tone)};'
            f" border-radius: 10px; padding: 0px 8px; min-height: {CHIP_HEIGHT}px; max-height: {CHIP_HEIGHT}px;"
            " font-size: 12px; }"
        )
    return "\n".join(rules)


def _grounds(colours: Colours) -> str:
    return f"""
QWidget {{ color: {colours.text}; }}
QWidget[ground="ground"] {{ background: {colours.ground}; }}
QDialog, QWidget[ground="surface"] {{ background: {colours.surface}; }}
QWidget[ground="raised"] {{ background: {colours.raised}; border-radius: {RADIUS}px; }}
QFrame[panel="true"] {{
  background: {colours.surface}; border: 1px solid {colours.line}; border-radius: {RADIUS + 2}px; }}
QFrame[strip="info"] {{ background: {colours.info_soft}; border: none; }}
QFrame[strip="warn"] {{ background: {colours.warn_soft}; border: none; }}
QFrame[strip="loud"] {{ background: {colours.warn}; border: none; }}
QFrame[strip="loud"] QLabel {{ color: {colours.surface}; font-weight: bold; }}
QFrame[toast="good"], QFrame[toast="info"], QFrame[toast="warn"], QFrame[toast="bad"] {{
  background: {colours.surface}; border: 1px solid {colours.edge}; border-radius: {RADIUS + 2}px; }}
QFrame[toast="bad"] {{ border: 2px solid {colours.bad}; }}
QFrame[panel="true"] > QLabel, QLabel {{ background: transparent; border: none; }}
QFrame[hairline="true"] {{ background: {colours.line}; border: none; max-height: 1px; min-height: 1px; }}
QToolTip {{ background: {colours.surface}; color: {colours.text}; border: 1px solid {colours.line}; padding: 6px; }}
QScrollArea, QScrollArea > QWidget > QWidget[scrolled="true"] {{ background: transparent; border: none; }}
QProgressBar {{ background: {colours.line}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {colours.accent}; border-radius: 3px; }}
QProgressBar[tone="warn"]::chunk {{ background: {colours.warn}; }}
QProgressBar[tone="bad"]::chunk {{ background: {colours.bad}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0px; }}
QScrollBar::handle:vertical {{
  background: {colours.line}; border-radius: 4px; min-height: 32px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {colours.edge}; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0px; }}
QScrollBar::handle:horizontal {{
  background: {colours.line}; border-radius: 4px; min-width: 32px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {colours.surface}; border: 1px solid {colours.line}; padding: 6px; }}
QMenu::item {{ padding: 8px 24px 8px 12px; border-radius: 6px; }}
QMenu::icon {{ padding-left: 10px; }}
QMenu::item:selected {{ background: {colours.chosen}; color: {colours.text}; }}
QMenu::item:disabled {{ color: {colours.muted}; }}
QMenu::separator {{ height: 1px; background: {colours.line}; margin: 6px 4px; }}
"""


def _buttons(colours: Colours) -> str:
    return f"""
QPushButton {{
  background: {colours.surface}; color: {colours.text}; border: 1px solid {colours.edge};
  border-radius: {RADIUS}px; padding: 0px 14px; min-height: {CONTROL_HEIGHT - 2}px; font-size: 14px; }}
QPushButton:hover {{ background: {colours.hover}; }}
QPushButton:pressed {{ background: {colours.chosen}; }}
QPushButton:focus {{ border: 2px solid {colours.accent}; padding: 0px 13px; }}
QPushButton:disabled {{ color: {colours.muted}; background: {colours.raised}; border: 1px solid {colours.line}; }}
QPushButton[kind="primary"] {{
  background: {colours.accent}; color: {colours.on_accent}; border: 1px solid {colours.accent}; font-weight: bold; }}
QPushButton[kind="primary"]:hover {{ background: {colours.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {colours.text}; padding: 0px 13px; }}
QPushButton[kind="primary"]:disabled {{
  background: {colours.raised}; color: {colours.muted}; border: 1px solid {colours.line}; }}
QPushButton[kind="danger"] {{ color: {colours.bad}; border: 1px solid {colours.bad}; }}
QPushButton[kind="danger"]:disabled {{ color: {colours.muted}; border: 1px solid {colours.line}; }}
QPushButton[kind="danger"]:hover {{ background: {colours.bad_soft}; }}
QPushButton[kind="quiet"] {{ border: 1px solid transparent; background: transparent; }}
QPushButton[kind="quiet"]:hover {{ background: {colours.hover}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {colours.accent}; }}
QPushButton::menu-indicator {{ image: none; width: 0px; }}
QPushButton[kind="toggle"]:checked {{ background: {colours.chosen}; border: 2px solid {colours.accent}; }}
QPushButton[kind="toggle"]:checked:focus {{ border: 2px solid {colours.text}; }}
QPushButton[kind="tab"] {{
  border: none; background: transparent; border-radius: {RADIUS}px; color: {colours.muted}; }}
QPushButton[kind="tab"]:hover {{ background: {colours.hover}; color: {colours.text}; }}
QPushButton[kind="tab"]:checked {{ background: {colours.chosen}; color: {colours.accent}; font-weight: bold; }}
QPushButton[kind="tab"]:focus {{ border: 2px solid {colours.accent}; padding: 0px 12px; }}
QLabel[keycap="plain"] {{
  border: 1px solid {colours.line}; border-radius: 4px; background: {colours.raised}; color: {colours.muted};
  font-size: 11px; padding: 0px 5px; min-height: 18px; max-height: 18px; }}
QLabel[keycap="primary"] {{
  border: 1px solid {colours.on_accent}; border-radius: 4px; color: {colours.on_accent};
  font-size: 11px; padding: 0px 5px; min-height: 18px; max-height: 18px; }}
QLabel[keycap="primary"]:disabled {{ border: 1px solid {colours.line}; color: {colours.muted}; }}
"""


def _fields(colours: Colours) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QComboBox {{
  background: {colours.field}; color: {colours.text}; border: 1px solid {colours.edge};
  border-radius: {RADIUS}px; padding: 0px 11px; min-height: {CONTROL_HEIGHT - 2}px; font-size: 14px;
  selection-background-color: {colours.accent}; selection-color: {colours.on_accent}; }}
QPlainTextEdit {{ padding: 6px 8px; }}
QPlainTextEdit[room="notes"] {{ min-height: 50px; max-height: 50px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{
  border: 2px solid {colours.accent}; padding: 0px 10px; }}
QPlainTextEdit:focus {{ padding: 5px 7px; }}
QLineEdit[wrong="true"] {{ border: 2px solid {colours.bad}; padding: 0px 10px; }}
QLineEdit:disabled, QComboBox:disabled, QLineEdit[readOnly="true"] {{
  background: {colours.raised}; color: {colours.muted}; }}
QLineEdit[room="large"] {{ min-height: 46px; font-size: 18px; }}
QLineEdit[room="amount"] {{ min-height: 52px; font-size: 24px; font-weight: bold; }}
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox QAbstractItemView {{
  background: {colours.surface}; border: 1px solid {colours.line}; padding: 4px; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: 36px; padding: 0px 8px; border-radius: 6px; }}
QCheckBox {{ spacing: 8px; min-height: 28px; }}
"""


def _lists(colours: Colours) -> str:
    return f"""
QAbstractItemView {{
  background: {colours.surface}; border: none; outline: none; font-size: 14px;
  selection-background-color: {colours.chosen}; selection-color: {colours.text}; }}
QTableView::item {{ padding: 0px 8px; border-bottom: 1px solid {colours.line}; }}
QTableView::item:selected {{ background: {colours.chosen}; color: {colours.text}; }}
QHeaderView {{ background: {colours.surface}; }}
QHeaderView::section {{
  background: {colours.surface}; color: {colours.muted}; border: none; border-bottom: 1px solid {colours.line};
  padding: 8px; font-size: 12px; }}
"""
