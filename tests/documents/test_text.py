"""Mixed scripts: every character drawn by a face that has it, in the order in which it is read, inside its width."""

from __future__ import annotations

import unicodedata
from importlib.resources import files

import bidi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QTextLayout
from PySide6.QtWidgets import QApplication

import resources.fonts
from posapp.documents.fonts import REPLACEMENT, faces
from posapp.documents.text import Line, fit, shape, tidy, wrap

CORPUS = [
    "Rahima Begum — ₹1,25,000.50 and ৳500 (office) †",
    "রহিমা বেগম Rahima (ঢাকা) ক্ষুদ্র র\u200d্যাব ৳৫০০",
    "शर्मा क्षत्रिय विद्यार्थी कि र्कि ₹५०० (दुकान)।",
    "محمد رحیم ۰۳۰۰ ۱۲۳۴۵۶۷، ۵۰۰ روپے (لاہور)",
    "Rahim (رحیم) Store, 12 گلی",
    "é e\u0301 Ångström Ελλάδα Москва",
]
BRACKETS = str.maketrans("()[]", "||!!")


def visual_letters(text: str) -> str:
    """Return a text with every bracket of a kind alike: one side mirrors what it shows, the other what it says."""
    return text.translate(BRACKETS)


def visual_text(line: Line) -> str:
    """Return what a line says from left to right."""
    return "".join(piece.text for piece in line.pieces)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", CORPUS)
def test_no_glyph_is_missing(text: str, *, bold: bool) -> None:
    line = shape(text, bold=bold)
    assert all(glyph.id != 0 for piece in line.pieces for glyph in piece.glyphs)
    assert sorted("".join(piece.text for piece in line.pieces)) == sorted(text)
    assert REPLACEMENT not in line.text


@pytest.mark.parametrize("bold", [False, True])
def test_every_sign_of_money_has_a_face(*, bold: bool) -> None:
    for sign in "₹৳$€£₱₦¥₫" + REPLACEMENT:
        line = shape(sign, bold=bold)
        assert line.pieces[0].glyphs[0].id != 0
        assert line.text == sign


@pytest.mark.parametrize(
    "text",
    [
        "محمد رحیم",
        "Rahim (رحیم) Store, 12 گلی",
        "رحیم اسٹور 12 Dhaka ۵۰۰ روپے",
        "۵۰۰ روپے (لاہور) Rahim Store ₹500",
        "Total: ۱۲۳۴ روپے ۵۰ پیسے.",
        "চা رحیم विद्या",
        "Store چائے (۲ ڈبے)",
        "Store چائے (tea, 2 boxes) گلی",
        "رحیم [Dhaka (old)] گلی",
        "a (b رحیم) c) د (",
        "رحیم \u200cبخش 0300-1234567",
    ],
)
def test_order_agrees_with_another_implementation_of_unicode(text: str) -> None:
    """The Rust implementation (unicode-bidi) reorders characters; ours reorders what HarfBuzz shaped."""
    expected = bidi.get_display(text)
    assert isinstance(expected, str)
    ours = visual_text(shape(text))
    assert ours.replace("\u200c", "").translate(BRACKETS) == expected.replace("\u200c", "").translate(BRACKETS)


@given(st.text(st.sampled_from("abরি محی ۱1٢(₹)[].,-+/:"), max_size=20))
def test_order_of_any_mixture_agrees_with_it(text: str) -> None:
    text = tidy(text)
    expected = bidi.get_display(text)
    assert isinstance(expected, str)
    assert visual_letters(visual_text(shape(text))) == visual_letters(expected)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NotoSansDevanagari-Regular", "क्षत्रिय"),
        ("NotoSansDevanagari-Bold", "विद्यार्थी"),
        ("NotoSansBengali-Regular", "ক্ষুদ্র"),
        ("NotoNastaliqUrdu-Regular", "محمد"),
        ("NotoNastaliqUrdu-Regular", "نستعلیق"),
        ("NotoSans-Regular", "AVATAR"),
    ],
)
def test_glyphs_and_their_order_are_those_of_qt(qapp: QApplication, name: str, text: str) -> None:
    data = (files(resources.fonts) / f"{name}.ttf").read_bytes()
    number = QFontDatabase.addApplicationFontFromData(QByteArray(data))
    try:
        font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
        font.setBold(name.endswith("Bold"))
        font.setPixelSize(1000)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        layout = QTextLayout(text, font)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        theirs = sorted(
            (place.x(), glyph)
            for run in layout.glyphRuns()
            for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True)
        )
    finally:
        QFontDatabase.removeApplicationFont(number)
    line = shape(text, bold=name.endswith("Bold"))
    ours = sorted((glyph.x, glyph.id) for piece in line.pieces for glyph in piece.glyphs)
    assert {piece.face.name for piece in line.pieces} == {name}
    assert [glyph for _, glyph in ours] == [glyph for _, glyph in theirs]


def test_urdu_digits_run_from_left_to_right_inside_urdu() -> None:
    assert "۱۲۳۴" in visual_text(shape("کل ۱۲۳۴ روپے"))


def test_what_no_face_has_is_seen_and_kept_in_the_words() -> None:
    line = shape("Tea 😀 தமிழ் \ud800\x07\ue000")
    sign = faces()[0].characters[ord(REPLACEMENT)]
    drawn = [glyph.id for piece in line.pieces for glyph in piece.glyphs]
    assert (
        drawn.count(sign) == 1 + 3 + 3
    )  # one for the emoji, one a Tamil letter with its marks, one for each of the rest
    assert line.text == "Tea 😀 தமிழ் " + 3 * REPLACEMENT


def test_invisible_characters_and_turned_lines_do_nothing() -> None:
    assert shape("\u202eab\u200bc\ufeff\u2066 \n\t d\u00ad").text == "abc d"
    assert shape("\u200d").width == 0
    assert shape("").width == 0


def test_a_short_name_is_left_alone_and_a_long_one_ends_by_an_ellipsis() -> None:
    assert fit("রহিমা", 100, 10).text == "রহিমা"
    cut = fit("রহিমা বেগম চৌধুরী", 60, 10)
    assert cut.text.endswith("…")
    assert cut.width_at(10) <= 60
    assert "رحیم".startswith(fit("رحیم" * 50, 40, 10).text[:2])


def test_an_ellipsis_of_urdu_stands_at_the_left() -> None:
    assert visual_text(fit("محمد رحیم بخش اینڈ سنز", 50, 10)).startswith("…")


@given(st.text(st.sampled_from("ab কি্ষ रक़ि محی  ۱1(₹৳…é\u0301\u200d"), max_size=60), st.floats(5, 120))
def test_nothing_is_wider_than_its_room_or_lost_in_wrapping(text: str, width: float) -> None:
    lines = wrap(text, width, 8, most=100)
    widest = max((shape(char).width_at(8) for char in text), default=0) * 2
    assert all(line.width_at(8) <= max(width, widest) for line in lines)
    if width > 4 * widest:
        said = "".join(line.text for line in lines)
        assert said.replace(" ", "") == tidy(text).replace(" ", "")
        torn = [line.text for line in lines[1:] if unicodedata.category(line.text[0]) in {"Mn", "Mc"}]
        assert all(" " + part[:2] in tidy(text) for part in torn)  # only where it was typed alone


@given(st.text(st.characters(), max_size=80), st.booleans(), st.floats(0, 200))
def test_any_text_is_drawn_without_a_missing_glyph(text: str, bold: bool, width: float) -> None:
    line = fit(text, width, 9, bold=bold)
    assert all(glyph.id != 0 for piece in line.pieces for glyph in piece.glyphs)
    assert len(wrap(text, width, 9, most=3, bold=bold)) <= 3


def test_a_name_of_any_length_is_cut_in_time() -> None:
    assert fit("ক্ষ" * 100_000, 100, 9).text.endswith("…")
