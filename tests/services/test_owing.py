"""The list of who owes: one statement over all khatas gives what each khata gives by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.ledger import Direction
from posapp.services.lookup import card
from posapp.services.owing import Owings, owing
from posapp.services.ports.receivables import Owing
from posapp.services.ports.remote import RemoteEntry
from posapp.store.zone_offsets import day_number
from tests.services.counter import EXTENDED, REMOTE, Counter, S, taka
from tests.support.book import START

TODAY = START.date()


def row_of(owings: Owings, customer: CustomerId) -> Owing:
    return next(row for row in owings.rows if row.customer_id == customer)


def posted(counter: Counter, *entries: tuple[str, Direction, int, int, str | None], remote_id: str = REMOTE) -> None:
    """Let the server tell a khata: id, direction, amount, days ago, reference."""
    connection = counter.connection
    assert connection is not None
    told = [
        RemoteEntry(name, way, taka(amount), taka(0), "", reference, START - timedelta(days=back, minutes=-number))
        for number, (name, way, amount, back, reference) in enumerate(entries)
    ]
    counter.book.write(lambda session: session.mirror.replace_entries(connection.id, RemoteId(remote_id), told))


def agrees(counter: Counter) -> Owings:
    """Return who owes, after comparing each row with the khata it is of."""
    found = owing(counter.till)
    for row in found.rows:
        shown = card(counter.till, row.customer_id)
        assert (row.owed, row.ageing) == (shown.used, shown.ageing)
        assert row.last_payment_at == shown.last_payment_at
    return found


def test_a_till_without_a_server_lists_its_debtors(counter: Counter) -> None:
    counter.shop(terms_days=7)
    rahima, karim, paid, ahead = (counter.customer(name) for name in ("Rahima", "Karim", "Paid", "Ahead"))
    counter.enter(rahima, "charge", 500, on=TODAY - timedelta(100))
    counter.enter(rahima, "charge", 300, due_on=TODAY + timedelta(3))
    payment = counter.enter(rahima, "payment", 100)
    wrong = counter.enter(rahima, "charge", 400, on=TODAY - timedelta(50))
    counter.reverse(wrong.operation.id)
    counter.enter(karim, "charge", 900, on=TODAY - timedelta(8))
    again = counter.enter(karim, "payment", 100)
    counter.reverse(again.operation.id)
    for customer, kind in ((paid, "charge"), (paid, "payment"), (ahead, "payment")):
        counter.enter(customer, kind, 250)
    found = agrees(counter)
    assert [(row.name, row.owed) for row in found.rows] == [("Karim", taka(900)), ("Rahima", taka(700))]
    ageing = row_of(found, rahima).ageing
    assert (ageing.current, ageing.over_90) == (taka(300), taka(400))
    assert ageing.oldest_due == TODAY - timedelta(93)
    assert row_of(found, rahima).last_payment_at == payment.operation.occurred_at
    assert row_of(found, karim).last_payment_at is None
    assert [part.minor for part in found.ageing.buckets] == [300, 900, 0, 0, 400]
    assert found.ageing.advance == taka(250)
    assert [row.name for row in owing(counter.till, order="age").rows] == ["Rahima", "Karim"]


def test_a_line_known_to_both_sides_counts_once_and_a_figure_without_lines_has_no_day(counter: Counter) -> None:
    counter.connect(EXTENDED)
    customer = counter.on_server(balance=-700)
    figure = counter.on_server(balance=-90, remote_id="r-2", name="Figure Alone")
    sent = counter.enter(customer, "charge", 300, on=TODAY - timedelta(40))
    refused = counter.enter(customer, "charge", 2000)
    counter.move(sent.operation.id, S.IN_FLIGHT, S.CONFIRMED)
    counter.move(refused.operation.id, S.IN_FLIGHT, S.REJECTED)
    posted(
        counter,
        ("a", Direction.DEBIT, 600, 70, None),
        ("b", Direction.CREDIT, 400, 60, "elsewhere"),
        ("c", Direction.DEBIT, 300, 40, sent.operation.id),
    )
    counter.server_says(balance=-700)
    found = agrees(counter)
    ageing = row_of(found, customer).ageing
    assert (ageing.days_61_90, ageing.days_31_60, ageing.undated) == (taka(400), taka(300), taka(0))
    assert row_of(found, customer).last_payment_at == START - timedelta(days=60, minutes=-1)
    assert row_of(found, figure).ageing.undated == taka(90)
    assert row_of(found, figure).ageing.oldest_due is None


def test_who_owes_here_shows_though_the_server_s_part_is_unknown(counter: Counter) -> None:
    counter.connect(EXTENDED)
    unknown = counter.on_server(balance=None)
    counter.enter(unknown, "charge", 300, approved_by="Boss")
    gone = counter.customer("Gone")
    counter.enter(gone, "charge", 100)
    counter.gone(gone)
    found = owing(counter.till)
    assert [(row.customer_id, row.owed, row.known) for row in found.rows] == [(unknown, taka(300), False)]
    assert found.unfetched == 1


ZONES = ["Asia/Dhaka", "Asia/Kolkata", "Asia/Karachi", "Europe/London", "America/St_Johns", "Pacific/Apia", "UTC"]


@given(zone=st.sampled_from(ZONES), seconds=st.integers(-300_000_000, 1_800_000_000))
def test_sql_counts_the_shop_s_days(zone: str, seconds: int) -> None:
    moment, place = datetime.fromtimestamp(seconds, UTC), ZoneInfo(zone)
    day = moment.astimezone(place).date() if seconds >= 0 else None
    with sa.create_engine("sqlite://").connect() as connection:
        expression = day_number(place, 2027, "at")
        number = connection.execute(sa.text(f"SELECT {expression} FROM (SELECT {seconds * 1_000_000} AS at)"))
        found = date.fromordinal(number.scalar_one())
    assert abs((found - moment.date()).days) <= 1 if day is None else found == day


@pytest.mark.parametrize("zone", ZONES)
def test_both_sides_of_the_shop_s_midnight(counter: Counter, zone: str) -> None:
    counter.shop(time_zone=zone)
    customer = counter.customer()
    midnight = datetime(2026, 2, 1, tzinfo=ZoneInfo(zone))
    for minutes in (-1, 0):
        counter.clock.advance(seconds=(midnight - counter.clock.now()).total_seconds() + 60 * minutes)
        counter.enter(customer, "charge", 100)
    counter.clock.advance(days=31)
    row = row_of(agrees(counter), customer)
    assert (row.ageing.days_1_30, row.ageing.days_31_60) == (taka(0), taka(200))
    counter.clock.advance(days=-1)
    row = row_of(agrees(counter), customer)
    assert (row.ageing.days_1_30, row.ageing.days_31_60) == (taka(100), taka(100))
