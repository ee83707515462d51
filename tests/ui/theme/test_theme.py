"""The look is one thing: fonts of the package, icons that exist, a scheme that can change."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QEvent
from PySide6.QtGui import QFontInfo, QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication

import posapp
from posapp.ui.theme import icons
from posapp.ui.theme.fonts import FAMILIES, font_of
from posapp.ui.theme.theme import apply, colours, current
from posapp.ui.theme.tokens import DARK, LIGHT, Scheme, Type
from posapp.ui.widgets.labels import IconLabel

SOURCES = sorted(Path(posapp.__file__).parent.joinpath("ui").rglob("*.py"))


def test_no_other_file_names_a_colour() -> None:
    for source in SOURCES:
        if source.name != "tokens.py":
            assert not re.search(r"#[0-9a-fA-F]{6}\b", source.read_text(encoding="utf-8")), source


def test_every_icon_that_is_named_exists() -> None:
    known = {entry.name.removesuffix(".svg") for entry in files("resources.icons").iterdir()}
    named = set()
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:icon=|IconLabel\(|EmptyState\(\s*|icons\.(?:icon|pixmap)\()"([a-z0-9-]+)"', text))
    assert named
    assert named <= known


def test_no_icon_is_shipped_in_vain() -> None:
    text = "".join(source.read_text(encoding="utf-8") for source in SOURCES)
    for entry in files("resources.icons").iterdir():
        if entry.name.endswith(".svg"):
            assert f'"{entry.name.removesuffix(".svg")}"' in text, entry.name


@pytest.mark.parametrize("face", Type)
def test_figures_have_one_width(face: Type, qapp: QApplication) -> None:
    metrics = QFontMetrics(font_of(face))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_the_packages_fonts_have_every_script_and_sign(qapp: QApplication) -> None:
    assert QFontInfo(font_of(Type.BODY)).family() == "Noto Sans"
    data = [entry.read_bytes() for entry in files("resources.fonts").iterdir() if entry.name.endswith("Regular.ttf")]
    fonts = [QRawFont(QByteArray(one), 16.0) for one in data]
    assert {font.familyName() for font in fonts} == set(FAMILIES)
    for letter in "R₹৳রহরابژ€":
        assert any(font.supportsCharacter(ord(letter)) for font in fonts), letter


def test_an_icon_changes_with_the_scheme(qapp: QApplication) -> None:
    label = IconLabel("search")
    before = label.pixmap().toImage()
    apply(qapp, Scheme.DARK)
    assert colours() is DARK
    assert label.pixmap().toImage() != before
    apply(qapp, Scheme.LIGHT)
    assert colours() is LIGHT
    assert label.pixmap().toImage() == before


def test_an_icon_is_drawn_once(qapp: QApplication) -> None:
    assert icons.pixmap("search", colour=LIGHT.text) is icons.pixmap("search", colour=LIGHT.text)


def test_a_closed_label_hears_no_more_of_the_scheme(qapp: QApplication) -> None:
    label = IconLabel("search")
    label.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    apply(qapp, Scheme.DARK)
    assert current().scheme is Scheme.DARK
