"""Statements read back from their PDF: every figure, every script, every page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from posapp.documents.pdf import PdfDocuments
from posapp.documents.statement import render_statements
from posapp.domain.errors import DocumentError
from posapp.domain.ledger import Direction, EntryKind
from posapp.domain.money import Money
from posapp.domain.statement import Agreement, Statement, StatementDisagrees
from posapp.locale.translator import Translator
from posapp.services.ports.documents import Paper
from tests.documents.reading import fonts_of, needs_poppler, pages_of
from tests.documents.samples import ageing_of, many, marked, scripts, statement

SAY = Translator()
BOTH = pytest.mark.parametrize("paper", list(Paper))


def a4(*statements: Statement) -> bytes:
    return render_statements(statements, say=SAY, paper=Paper.A4)


def squeezed(text: str) -> str:
    """Return a text with single blanks."""
    return " ".join(text.split())


@needs_poppler
def test_the_paper_says_who_what_and_how_much(tmp_path: Path) -> None:
    made = many(4)
    (page,) = pages_of(a4(made), tmp_path)
    text = squeezed(page)
    for words in (
        "Corner Stores",
        "Rahima Begum",
        "+880 1711-000001",
        "House 12, Road 7",
        "Dhanmondi, Dhaka",
        "Period 2026-10-01 to 2026-10-31",
        "You owe us",
        "1,240 points",
        "Opening balance you owe ₹500.00",
        "2026-10-01 R-1001 Sale ₹125.50 you owe ₹625.50",
        f"Total and closing balance, 2026-10-31 {made.debits} {made.credits} you owe {-made.closing}",
        "Page 1 of 1",
    ):
        assert words in text
    assert "-₹" not in text


@needs_poppler
def test_debits_and_credits_stand_under_their_words(tmp_path: Path) -> None:
    (page,) = pages_of(a4(many(5)), tmp_path)
    head = re.search(r"^Date .*$", page, re.MULTILINE)
    assert head is not None
    ends = {word: head[0].index(word) + len(word) for word in ("Debit", "Credit", "Balance")}
    for kind, column in (("Sale", "Debit"), ("Payment", "Credit")):
        row = re.search(rf"^2026-10-\d\d .*{kind}.*$", page, re.MULTILINE)
        assert row is not None
        amount = re.search(r"₹\S+", row[0])
        assert amount is not None
        assert min(ends, key=lambda word: abs(ends[word] - amount.end())) == column


@needs_poppler
@BOTH
def test_ageing_and_its_sum_stand_on_the_paper(paper: Paper, tmp_path: Path) -> None:
    made = many(7)
    text = squeezed("".join(pages_of(render_statements([made], say=SAY, paper=paper), tmp_path)))
    for words in ("Not due yet", "1–30 days", "31–60 days", "61–90 days", "Over 90 days", "Paid in advance"):
        assert words in text
    for amount in (*made.ageing.buckets, made.ageing.advance, made.ageing.owed):
        assert amount.text() in text


@needs_poppler
@BOTH
def test_an_advance_and_a_settled_khata_are_said_in_words(paper: Paper, tmp_path: Path) -> None:
    paid = [(EntryKind.PAYMENT, Direction.CREDIT, 80_000, "")]
    text = squeezed("".join(pages_of(render_statements([statement(paid)], say=SAY, paper=paper), tmp_path)))
    assert "We owe you" in text
    assert "advance ₹300.00" in text
    even = [(EntryKind.PAYMENT, Direction.CREDIT, 50_000, "")]
    text = squeezed("".join(pages_of(render_statements([statement(even)], say=SAY, paper=paper), tmp_path)))
    assert "Settled" in text
    assert "settled ₹0.00" in text


@needs_poppler
@BOTH
def test_what_is_special_about_a_line_is_marked(paper: Paper, tmp_path: Path) -> None:
    text = squeezed("".join(pages_of(render_statements([marked()], say=SAY, paper=paper), tmp_path)))
    assert "Recorded here, not yet confirmed by the server" in text
    assert text.index("R-1007") < text.index("Recorded here") < text.index("R-1008")
    assert "Confirmed so far you owe ₹803.67" in text
    assert "arrived late †" in text
    assert "† arrived after an earlier statement for that day was made" in text
    assert "entered later for this day" in text
    assert "Reversal" in text
    plain = squeezed("".join(pages_of(render_statements([many(3)], say=SAY, paper=paper), tmp_path)))
    assert "†" not in plain
    assert "Recorded here" not in plain


@needs_poppler
@BOTH
def test_what_arrived_late_and_is_in_the_opening_stands_beside_it(paper: Paper, tmp_path: Path) -> None:
    late = replace(many(1).lines[0], day=date(2026, 9, 28))
    text = squeezed(
        "".join(pages_of(render_statements([replace(many(2), late_before=(late,))], say=SAY, paper=paper), tmp_path))
    )
    at = text.index("arrived late † and is in it: 2026-09-28 sale, debit ₹125.50")
    assert text.index("Opening balance") < at < text.index("R-1002")
    assert "† arrived after an earlier statement for that day was made" in text


@needs_poppler
@BOTH
def test_an_empty_period_says_so(paper: Paper, tmp_path: Path) -> None:
    (page,) = pages_of(render_statements([statement([])], say=SAY, paper=paper), tmp_path)
    assert "Nothing was recorded in this period." in page


@needs_poppler
@BOTH
def test_every_script_is_read_back(paper: Paper, tmp_path: Path) -> None:
    bengali, hindi, urdu, mixed = (
        squeezed("".join(pages_of(render_statements([made], say=SAY, paper=paper), tmp_path))) for made in scripts()
    )
    for words in ("রহিমা বেগম", "মা স্টোর্স", "সড়ক ৭", "সরিষার তেল", "ক্ষুদ্র পণ্য", "৳1,250.00"):
        assert words in bengali
    for words in ("श्रीमती विद्या क्षत्रिय", "शर्मा किराना भंडार", "चावल २५ किलो", "₹5,00,000.00", "₹0.01"):
        assert words in hindi
    for words in ("محمد رحیم بخش", "رحمت جنرل اسٹور", "۰۳۰۰ ۱۲۳۴۵۶۷", "۲۵", "۱۲", "Rs 1,250.00"):
        assert words in urdu
    for words in ("রহিমা Rahima", "رحیم", "विद्या", "₹500 + ৳500", "۵۰۰", "😀", "தமிழ்", "₹12,34,56,789.00"):
        assert words in mixed


@needs_poppler
def test_every_page_has_its_head_its_number_and_the_balance_brought_forward(tmp_path: Path) -> None:
    pages = pages_of(a4(many(60)), tmp_path)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert re.search(r"Date +Reference +Description +Debit +Credit +Balance", page)
        assert f"Page {number} of {len(pages)}" in page
    for page, following in pairwise(pages):
        carried = re.search(r"Carried forward +(.*)", page)
        brought = re.search(r"Brought forward +(.*)", following)
        balances = re.findall(r"you owe +(\S+)", page)
        assert carried is not None
        assert brought is not None
        assert carried[1] == brought[1]
        assert balances[-1] == balances[-2] == carried[1].split()[-1]  # what the last line of the page left
    assert "forward" not in re.sub(r"Brought forward", "", pages[-1])
    assert sum(len(re.findall(r"\bR-\d+", page)) for page in pages) == 60


@needs_poppler
@pytest.mark.parametrize("count", range(18, 34))
def test_no_page_stands_alone_without_its_lines(count: int, tmp_path: Path) -> None:
    for page in pages_of(a4(many(count, unsent=2)), tmp_path):
        assert re.search(r"\bR-\d+|Total and closing|How long", page)
        assert not re.search(r"confirmed by the server\s+Carried forward", page)


@needs_poppler
def test_each_statement_counts_its_own_pages(tmp_path: Path) -> None:
    pages = pages_of(a4(many(60), many(2, customer_name="Karim")), tmp_path)
    assert [re.findall(r"Page \d of \d", page) for page in pages][-1] == ["Page 1 of 1"]
    assert f"Page 1 of {len(pages) - 1}" in pages[0]
    assert "Karim" in pages[-1]
    assert "Karim" not in "".join(pages[:-1])


@needs_poppler
def test_a_thousand_lines_are_all_there(tmp_path: Path) -> None:
    for paper in Paper:
        pages = pages_of(render_statements([many(1000)], say=SAY, paper=paper), tmp_path)
        assert len(set(re.findall(r"\bR-\d+", "".join(pages)))) == 1000


@needs_poppler
def test_fonts_are_inside_cut_and_can_be_read(tmp_path: Path) -> None:
    fonts = fonts_of(a4(*scripts()), tmp_path)
    assert len(fonts) == 7
    for name, *_, embedded, subset, unicode, _number, _generation in fonts:
        assert re.fullmatch(r"[A-Z]{6}\+Noto\S+", name)
        assert (embedded, subset, unicode) == ("yes", "yes", "yes")


@BOTH
def test_the_file_says_what_it_is(paper: Paper) -> None:
    reader = PdfReader(BytesIO(render_statements([many(2)], say=SAY, paper=paper)), strict=True)
    assert reader.metadata is not None
    assert reader.metadata.title == "Statement of Rahima Begum, 2026-10-01 to 2026-10-31"
    assert reader.metadata.author == "Corner Stores"
    assert reader.metadata.creation_date_raw == "D:20261031184200+00'00'"
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]


@BOTH
def test_the_same_statement_gives_the_same_bytes(paper: Paper) -> None:
    one, other = (render_statements([marked(), *scripts()], say=SAY, paper=paper) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("wrong", ["balance", "closing", "ageing"])
@BOTH
def test_a_statement_that_does_not_add_up_is_not_written(wrong: str, paper: Paper) -> None:
    made = many(5)
    paisa = Money(1, "INR")
    broken = {
        "balance": replace(made, lines=(*made.lines[:2], replace(made.lines[2], balance=paisa), *made.lines[3:])),
        "closing": replace(made, closing=made.closing + paisa),
        "ageing": replace(made, ageing=ageing_of(made.closing - paisa, made.last)),
    }[wrong]
    with pytest.raises(StatementDisagrees):
        PdfDocuments().statements([many(2), broken], say=SAY, paper=paper)


def test_a_failure_in_drawing_is_a_document_error_with_its_cause() -> None:
    with pytest.raises(DocumentError) as caught:
        PdfDocuments().statements([], say=SAY, paper=Paper.A4)
    assert isinstance(caught.value.__cause__, IndexError)


ANYTHING = st.text(st.characters(), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.tuples(ANYTHING, ANYTHING, ANYTHING, ANYTHING), st.integers(-(10**14), 10**14), st.sampled_from(list(Paper)))
def test_whatever_people_typed_is_printed(typed: tuple[str, str, str, str], opening: int, paper: Paper) -> None:
    name, shop, address, words = typed
    entries = [(kind, Direction.DEBIT, 10**12 + 1, words) for kind in (EntryKind.SALE, EntryKind.REVERSAL)]
    made = statement(
        entries, unsent=1, opening=opening, customer_name=name, shop_name=shop, address=address, phone=words
    )
    assert len(PdfReader(BytesIO(render_statements([made], say=SAY, paper=paper)), strict=True).pages) == 1


def test_a_period_may_begin_before_its_first_line() -> None:
    made = many(3)
    assert a4(replace(made, first=made.first - timedelta(days=400))).startswith(b"%PDF-")


@needs_poppler
@BOTH
def test_whether_the_server_has_the_same_stands_on_the_paper(paper: Paper, tmp_path: Path) -> None:
    made = many(3)
    words = {
        None: "",
        Agreement.PROVEN: "This agrees with the shop's server: proven",
        Agreement.OPEN: "Not yet compared with the shop's server",
        Agreement.DIFFERS: "The shop is looking into a difference from its server",
    }
    for agreement, said in words.items():
        proven_at = made.printed_at if agreement is Agreement.PROVEN else None
        drawn = replace(made, agreement=agreement, proven_at=proven_at)
        (page,) = pages_of(render_statements([drawn], say=SAY, paper=paper), tmp_path)
        text = squeezed(page)
        assert [one for one in words.values() if one and one in text] == ([said] if said else [])
