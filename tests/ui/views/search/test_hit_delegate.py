"""A row is drawn whole: marks lie behind the letters and never change their shape."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from posapp.domain.customer import Profile
from posapp.domain.ids import OperationId, new_uuid
from posapp.locale.translator import Translator
from posapp.services import lookup
from posapp.services.customers import add_customer
from posapp.services.ports.search import FoundCustomer, Mark
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.hits_model import HitsModel
from posapp.ui.theme.theme import colours
from posapp.ui.views.search.hit_delegate import ROW, HitDelegate

WIDTH = 400


def hit(desk: Desk, name: str) -> FoundCustomer:
    added = add_customer(desk.till, operation_id=OperationId(new_uuid()), profile=Profile(name))
    lookup.seen(desk.till, added.recorded.customer.id)
    return lookup.recent(desk.till)[0]


def drawn(found: FoundCustomer, *, opened: bool = False) -> QImage:
    model, delegate = HitsModel(Translator("en")), HitDelegate()
    model.set_hits((found,))
    delegate.opened = found.customer.id if opened else None
    picture = QImage(WIDTH, ROW, QImage.Format.Format_RGB32)
    picture.fill(QColor(colours().surface))
    painter = QPainter(picture)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, WIDTH, ROW)
    delegate.paint(painter, option, model.index(0))
    painter.end()
    return picture


def marked(found: FoundCustomer, start: int, end: int) -> FoundCustomer:
    return FoundCustomer(
        found.customer, found.remote_id, "name", found.kind, (Mark("name", start, end),), found.standing
    )


def dark(picture: QImage) -> set[tuple[int, int]]:
    """Return where letters are, whatever lies behind them: in the light scheme they are as dark on a mark."""
    return {(x, y) for x in range(WIDTH) for y in range(ROW) if QColor(picture.pixel(x, y)).lightness() < 80}


def has(picture: QImage, colour: str) -> bool:
    wanted = QColor(colour).rgb()
    return any(picture.pixel(x, y) == wanted for x in range(WIDTH) for y in range(ROW))


@pytest.mark.parametrize("name", ["محمد رحیم اسلم", "রহিমা খাতুন", "फ़ातिमा बेगम", "Rahima Khatun"])
def test_a_mark_leaves_every_letter_as_it_was(desk: Desk, name: str) -> None:
    found = hit(desk, name)
    plain, with_mark = drawn(found), drawn(marked(found, 1, 4))
    assert has(with_mark, colours().mark)
    assert not has(plain, colours().mark)
    there, before = dark(with_mark), dark(plain)
    assert len(before - there) <= len(before) * 0.1  # edges of letters blend with the ground behind them


def test_a_mark_that_an_ellipsis_swallowed_is_left_out(desk: Desk) -> None:
    found = hit(desk, "A" * 200)
    assert not has(drawn(marked(found, 150, 160)), colours().mark)


def test_letters_outside_the_first_plane_do_not_shift_a_mark(desk: Desk) -> None:
    one, other = hit(desk, "😀 Asha"), hit(desk, "😀 Asha")
    assert drawn(marked(one, 2, 6)) == drawn(marked(other, 2, 6))
    assert has(drawn(marked(one, 2, 6)), colours().mark)


def test_the_row_of_an_open_card_has_a_bar(desk: Desk) -> None:
    found = hit(desk, "Asha Devi")
    assert QColor(drawn(found, opened=True).pixel(1, 20)) == QColor(colours().accent)
    assert QColor(drawn(found).pixel(1, 20)) == QColor(colours().surface)


def test_all_rows_are_of_one_height() -> None:
    assert HitDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex()).height() == ROW


def test_who_is_blacklisted_has_a_red_sign_and_word(desk: Desk) -> None:
    found = hit(desk, "Rahima Khatun")
    assert not has(drawn(found), colours().bad)
    barred = drawn(replace(found, blacklisted=True))
    sign, word = barred.copy(0, 0, 34, 36), barred.copy(0, 38, WIDTH // 2, ROW - 38)
    for part in (sign, word):
        reds = [QColor(part.pixel(x, y)) for x in range(part.width()) for y in range(part.height())]
        assert any(one.red() > one.green() + 90 for one in reds)
