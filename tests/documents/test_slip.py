"""Slips read back from their PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from posapp.documents.pdf import PdfDocuments
from posapp.documents.roll import MM
from posapp.domain.messages import Message
from posapp.domain.slip import SlipLine
from posapp.locale.translator import Translator
from posapp.services.ports.documents import Paper
from tests.documents.reading import needs_poppler, pages_of
from tests.documents.samples import marked, slip

SAY = Translator()
ANYTHING = st.text(st.characters(), max_size=60)


@needs_poppler
def test_a_slip_says_what_happened(tmp_path: Path) -> None:
    (page,) = pages_of(PdfDocuments().slip(slip(), say=SAY), tmp_path)
    text = " ".join(page.split())
    for words in (
        "Corner Stores",
        "Payment received",
        "রহিমা বেগম",
        "Phone ends in 0001",
        "Number P-1042",
        "When 2026-10-31 18:42",
        "You paid ৳4,500.00",
        "By Cash",
        "You owe now ৳7,500.00",
        "Points 1,240",
        "Thank you. ধন্যবাদ।",
    ):
        assert words in text


@needs_poppler
def test_a_customer_without_a_phone_has_no_such_row(tmp_path: Path) -> None:
    (page,) = pages_of(PdfDocuments().slip(replace(slip(), phone_end=None), say=SAY), tmp_path)
    assert "Phone" not in page


def test_a_slip_is_80_mm_wide_and_as_long_as_it_needs() -> None:
    short, long = (
        PdfReader(BytesIO(PdfDocuments().slip(replace(slip(), footer=count * slip().footer), say=SAY))).pages[0]
        for count in (1, 4)
    )
    assert float(short.mediabox.width) == float(long.mediabox.width) == pytest.approx(80 * MM, abs=0.01)
    assert short.mediabox.height < long.mediabox.height < 200 * MM


def test_a_roll_is_printed_in_black_alone() -> None:
    made = PdfDocuments().statements([marked()], say=SAY, paper=Paper.ROLL_80)
    for pdf in (PdfDocuments().slip(slip(), say=SAY), made):
        for page in PdfReader(BytesIO(pdf)).pages:
            contents = page.get_contents()
            assert contents is not None
            inks = re.findall(rb"([\d.]+ [\d.]+ [\d.]+) (?:rg|RG)\b", contents.get_data())
            assert {tuple(map(float, ink.split())) for ink in inks} == {(0.0, 0.0, 0.0)}


def test_the_same_slip_gives_the_same_bytes() -> None:
    assert PdfDocuments().slip(slip(), say=SAY) == PdfDocuments().slip(slip(), say=SAY)


@settings(max_examples=60, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_whatever_people_typed_is_printed(name: str, shop: str, label: str, value: str) -> None:
    rows = ((SlipLine(Message("{label}", {"label": label}), value, strong=True),),)
    made = replace(slip(), customer_name=name, shop_name=shop, number=value, phone_end=value, groups=rows)
    assert len(PdfReader(BytesIO(PdfDocuments().slip(made, say=SAY)), strict=True).pages) == 1
