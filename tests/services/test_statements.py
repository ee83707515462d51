"""A statement adds up whatever was recorded, cuts at the shop's midnight and marks what earlier papers did not have."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from posapp.domain.ids import CustomerId
from posapp.domain.ledger import Direction, signed
from posapp.domain.policy import BalanceUnknown
from posapp.domain.statement import Statement, StatementDisagrees, WrongPeriod
from posapp.services.lookup import explain_balance
from posapp.services.statements import note_printed, statement
from posapp.services.till import UnknownCustomer
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka
from tests.services.test_owing import posted
from tests.support.book import START

TODAY = START.date()


def back(days: int) -> date:
    return TODAY - timedelta(days)


def of(counter: Counter, customer: CustomerId, first: date | None = None, last: date | None = None) -> Statement:
    return statement(counter.till, customer, first=first, last=last)


def printed(counter: Counter, customer: CustomerId, first: date | None = None, last: date | None = None) -> Statement:
    made = of(counter, customer, first, last)
    note_printed(counter.till, made)
    return made


def test_opening_lines_and_closing(counter: Counter) -> None:
    customer = counter.customer(phone="01711-234567")
    counter.enter(customer, "opening", 1000, on=back(60))
    counter.enter(customer, "charge", 500, on=back(20), note="Rice", reference="B-7")
    counter.enter(customer, "payment", 300, on=back(10))
    counter.enter(customer, "charge", 40)
    made = of(counter, customer, back(20), back(10))
    assert (made.first, made.last) == (back(20), back(10))
    assert [(line.day, line.balance) for line in made.lines] == [(back(20), taka(-1500)), (back(10), taka(-1200))]
    assert (made.lines[0].reference, made.lines[0].description) == ("B-7", "Rice")
    assert len(made.lines[1].reference) == 8
    assert (made.opening, made.closing, made.confirmed_closing) == (taka(-1000), taka(-1200), taka(-1200))
    assert (made.debits, made.credits) == (taka(500), taka(300))
    assert (made.customer_name, made.phone, made.shop_name) == ("Rahima Khatun", "01711-234567", "Mina Store")
    assert made.printed_at.utcoffset() == timedelta(hours=6)
    assert made.ageing.as_of == back(10)
    assert made.ageing.owed == taka(1200)
    whole = of(counter, customer)
    assert (whole.first, whole.last, whole.opening, whole.closing) == (back(60), TODAY, taka(0), taka(-1240))


def test_an_empty_khata_has_a_statement_of_today(counter: Counter) -> None:
    made = of(counter, counter.customer())
    assert (made.first, made.last, made.lines, made.closing) == (TODAY, TODAY, (), taka(0))


def test_no_statement_of_what_is_not_known(counter: Counter) -> None:
    counter.connect(EXTENDED)
    with pytest.raises(BalanceUnknown):
        of(counter, counter.on_server(balance=None))
    with pytest.raises(UnknownCustomer):
        of(counter, CustomerId("nobody"))
    known = counter.on_server(balance=-70, remote_id="r-2")
    made = of(counter, known)
    assert (made.opening, made.closing, made.ageing.undated) == (taka(-70), taka(-70), taka(70))


def test_a_period_has_a_day_and_ends_today_at_the_latest(counter: Counter) -> None:
    customer = counter.customer()
    assert of(counter, customer, last=TODAY + timedelta(9)).last == TODAY
    for first, last in ((back(1), back(2)), (TODAY + timedelta(1), None)):
        with pytest.raises(WrongPeriod):
            of(counter, customer, first, last)


def test_days_are_the_shop_s(counter: Counter) -> None:
    customer = counter.customer()
    midnight = datetime(2026, 3, 5, tzinfo=counter.book.read(lambda session: session.settings.shop()).zone)
    for minutes, amount in ((-1, 100), (0, 20)):
        counter.clock.advance(seconds=(midnight - counter.clock.now()).total_seconds() + 60 * minutes)
        counter.enter(customer, "charge", amount)
    fourth, fifth = date(2026, 3, 4), date(2026, 3, 5)
    assert of(counter, customer, fourth, fourth).debits == taka(100)
    assert of(counter, customer, fifth, fifth).debits == taka(20)
    assert of(counter, customer, fifth, fifth).opening == taka(-100)


def test_what_no_server_has_is_apart_and_what_it_refused_is_left_out(counter: Counter) -> None:
    counter.connect(EXTENDED)
    customer = counter.on_server(balance=-100)
    acts = [counter.enter(customer, "charge", amount, on=back(3)).operation.id for amount in (1, 2, 4, 8, 16)]
    counter.move(acts[0], S.IN_FLIGHT, S.ACKED)
    counter.move(acts[1], S.IN_FLIGHT, S.REJECTED)
    counter.move(acts[2], S.IN_FLIGHT, S.UNKNOWN)
    counter.move(acts[3], S.NEEDS_HUMAN)
    made = of(counter, customer)
    assert [line.amount.minor for line in made.lines] == [1]
    assert [line.amount.minor for line in made.unsent] == [4, 8, 16]
    assert (made.opening, made.confirmed_closing, made.closing) == (taka(-100), taka(-101), taka(-129))
    assert all(line.backdated for line in made.unsent)
    assert made.first == back(3)


def test_what_lives_on_this_till_alone_is_no_less_proven(counter: Counter) -> None:
    counter.connect(PLAIN)
    customer = counter.on_server(balance=-100)
    counter.enter(customer, "charge", 30)
    assert [line.amount.minor for line in of(counter, customer).lines] == [30]


def test_what_came_in_after_a_paper_is_marked_on_the_next(counter: Counter) -> None:
    customer = counter.customer()
    counter.enter(customer, "charge", 500, on=back(20))
    assert not printed(counter, customer).lines[0].late
    counter.enter(customer, "payment", 70, on=back(25))
    counter.clock.advance(days=1)
    counter.enter(customer, "charge", 9)
    again = of(counter, customer)
    assert [(line.amount.minor, line.late) for line in again.lines] == [(70, True), (500, False), (9, False)]
    note_printed(counter.till, again)
    assert not any(line.late for line in of(counter, customer).lines)


def test_what_came_in_while_a_paper_was_made_is_not_taken_as_known(counter: Counter) -> None:
    customer = counter.customer()
    made = of(counter, customer)
    counter.enter(customer, "charge", 500, on=back(1))
    note_printed(counter.till, made)
    assert of(counter, customer).lines[0].late


def test_what_happened_after_a_paper_of_the_same_day_is_new_and_not_late(counter: Counter) -> None:
    customer = counter.customer()
    printed(counter, customer)
    counter.clock.advance(hours=1)
    counter.enter(customer, "charge", 500)
    assert not of(counter, customer).lines[0].late
    counter.clock.advance(days=1)
    tomorrow = of(counter, customer, first=TODAY + timedelta(1))
    assert [line.amount for line in tomorrow.late_before] == [taka(500)]


def test_what_came_in_for_an_earlier_period_is_told_beside_the_opening(counter: Counter) -> None:
    customer = counter.customer()
    counter.enter(customer, "charge", 500, on=back(40))
    march = printed(counter, customer, last=back(30))
    counter.enter(customer, "charge", 80, on=back(35))
    april = of(counter, customer, first=back(29))
    assert april.opening - march.closing == taka(-80)
    assert [(line.amount.minor, line.day) for line in april.late_before] == [(80, back(35))]
    note_printed(counter.till, april)
    assert of(counter, customer, first=back(29)).late_before == ()


def test_lines_from_elsewhere_are_known_by_the_server_s_clock(counter: Counter) -> None:
    counter.connect(EXTENDED)
    customer = counter.on_server(balance=-600)
    printed(counter, customer)
    posted(counter, ("a", Direction.DEBIT, 600, 5, None))
    assert of(counter, customer).lines[0].late
    printed(counter, customer)
    assert not of(counter, customer).lines[0].late
    posted(counter, ("a", Direction.DEBIT, 600, 5, None), ("b", Direction.CREDIT, 100, 3, "other-till"))
    counter.server_says(balance=-500)
    assert [(line.reference, line.late) for line in of(counter, customer).lines] == [("a", False), ("other-till", True)]


def test_an_act_of_this_till_stays_known_once_the_server_tells_it(counter: Counter) -> None:
    counter.connect(EXTENDED)
    customer = counter.on_server(balance=0)
    sent = counter.enter(customer, "charge", 300)
    printed(counter, customer)
    counter.move(sent.operation.id, S.IN_FLIGHT, S.CONFIRMED)
    posted(counter, ("c", Direction.DEBIT, 300, -1, sent.operation.id))
    counter.server_says(balance=-300)
    assert [(line.amount, line.late) for line in of(counter, customer).lines] == [(taka(300), False)]


def test_a_statement_that_does_not_add_up_is_refused(counter: Counter) -> None:
    customer = counter.customer()
    counter.enter(customer, "charge", 300)
    good = of(counter, customer)
    for wrong in ({"closing": taka(-299)}, {"opening": taka(1)}, {"lines": ()}):
        with pytest.raises(StatementDisagrees):
            dataclasses.replace(good, **wrong).check()


def adds_up(counter: Counter, customer: CustomerId, first: date | None, last: date | None) -> None:
    """Compare a statement with a plain sum over every line of the khata."""
    explained = explain_balance(counter.till, customer)
    shop = counter.book.read(lambda session: session.settings.shop())
    assert explained.brought is not None
    made = of(counter, customer, first, last)
    counted = [(shop.day_of(line.occurred_at), line) for line in explained.lines if line.counted]
    until = max([TODAY, shop.day_of(counter.clock.now())]) if last is None else last
    closing = sum((signed(x.direction, x.amount) for day, x in counted if day <= until), explained.brought)
    opening = sum((signed(x.direction, x.amount) for day, x in counted if first and day < first), explained.brought)
    assert (made.opening, made.closing) == (opening, closing)
    shown = sorted(line.entry_id for line in (*made.lines, *made.unsent))
    assert shown == sorted(x.entry_id for day, x in counted if day <= until and (first is None or day >= first))
    assert made.ageing.advance - made.ageing.owed == closing


def test_a_second_click_prints_one_act_once(counter: Counter) -> None:
    customer, operation = counter.customer(), fresh()
    for _ in range(2):
        counter.enter(customer, "charge", 300, operation_id=operation)
    assert len(of(counter, customer).lines) == 1
    adds_up(counter, customer, None, None)
