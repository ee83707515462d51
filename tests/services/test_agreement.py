"""A statement says that it is the server's only where a proof covers every line up to its end; a held khata says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.domain.policy import KhataHeld
from posapp.domain.statement import Agreement
from posapp.services.khata import EntryForm, preview_entry, record_entry
from posapp.services.lookup import card
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.khata_mismatch import KHATA_MISMATCH
from posapp.services.sales import SaleForm, record_sale
from posapp.services.statements import statement
from posapp.services.till import Till
from tests.sync.test_proving import CHANGES, BookDesk, with_khata


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BookDesk]:
    one = BookDesk(tmp_path, proofs_a_cycle=0)
    yield one
    one.book.close()


def till_of(desk: BookDesk) -> Till:
    return Till(desk.book, desk.clock, "asha")


def agreement(desk: BookDesk, customer_id: CustomerId) -> tuple[Agreement | None, bool]:
    made = statement(till_of(desk), customer_id)
    return made.agreement, made.proven_at is not None


def charge(desk: BookDesk, customer_id: CustomerId, *, approved_by: str | None = None) -> EntryForm:
    return EntryForm(
        OperationId(new_uuid()), customer_id, OperationKind.CHARGE, Money(50, "INR"), confirmed=True,
        approved_by=approved_by,
    )  # fmt: skip


def bill(customer_id: CustomerId, *, on_account: int) -> SaleForm:
    return SaleForm(OperationId(new_uuid()), customer_id, Money(50, "INR"), Money(on_account, "INR"), confirmed=True)


def test_a_proof_that_covers_every_line_stands_on_the_statement(desk: BookDesk) -> None:
    _, asha = with_khata(desk)
    assert agreement(desk, asha) == (Agreement.OPEN, False)
    desk.verify()
    made = statement(till_of(desk), asha)
    assert made.agreement is Agreement.PROVEN
    assert made.proven_at == desk.clock.now()
    assert made.proven_at is not None
    assert made.proven_at.utcoffset() == timedelta(hours=5, minutes=30)


def test_lines_not_sent_yet_stand_apart_and_a_later_entry_opens_it_again(desk: BookDesk) -> None:
    _, asha = with_khata(desk)
    desk.verify()
    desk.server.offline = True
    record_entry(till_of(desk), charge(desk, asha))
    desk.cycle()
    assert agreement(desk, asha) == (Agreement.PROVEN, True)
    desk.server.offline = False
    desk.cycles(2)
    assert agreement(desk, asha) == (Agreement.OPEN, False)
    desk.verify()
    assert agreement(desk, asha) == (Agreement.PROVEN, True)
    desk.keep_charge(asha, 7)
    assert agreement(desk, asha) == (Agreement.OPEN, False)


def test_no_word_of_a_server_that_does_not_know_the_customer(desk: BookDesk) -> None:
    local, _ = desk.add("Ravi")
    assert agreement(desk, local) == (None, False)


def test_a_held_khata_takes_no_credit_but_by_a_manager_and_says_why(desk: BookDesk) -> None:
    _, asha = with_khata(desk)
    desk.verify()
    desk.raw(CHANGES["amount"])
    desk.verify()
    till = till_of(desk)
    assert agreement(desk, asha) == (Agreement.DIFFERS, False)
    shown = card(till, asha).proof
    assert shown is not None
    assert shown.held
    assert (shown.difference or {})["kind"] == "mirror_changed"
    assert isinstance(preview_entry(till, charge(desk, asha)).refusal, KhataHeld)
    with pytest.raises(KhataHeld):
        record_entry(till, charge(desk, asha))
    with pytest.raises(KhataHeld):
        record_sale(till, None, bill(asha, on_account=1))
    assert not record_sale(till, None, bill(asha, on_account=0)).sale.on_account, "a bill that is paid adds no debt"
    assert record_entry(till, charge(desk, asha, approved_by="Boss")).state is OperationState.PENDING
    desk.pay(asha, 20)


def test_accepting_asks_for_a_reason_and_a_manager(desk: BookDesk) -> None:
    _, asha = with_khata(desk)
    desk.verify()
    desk.raw(CHANGES["amount"])
    desk.verify()
    (item,) = desk.book.read(lambda session: session.inbox.items())
    (offer,) = desk.book.read(lambda session: KHATA_MISMATCH.offers(session, item))
    assert (offer.choice, offer.needs_reason, offer.needs_approval) == (Choice.ACCEPT, True, True)
    decision = Decision(Choice.ACCEPT, "checked", "", "Boss")
    desk.book.write(lambda session: KHATA_MISMATCH.settle(till_of(desk), session, item, decision))
    record_entry(till_of(desk), charge(desk, asha))
    desk.cycle()
    assert desk.verify().proven == 1
