"""What is open of an account: its youngest debts, as far back as the balance reaches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.ageing import age, total
from posapp.domain.allocation import AccountLine, OpenAccount, allocate, due_day, open_account
from posapp.domain.ids import EntryId
from posapp.domain.ledger import DIRECTION_OF, Direction, EntryKind, signed
from posapp.domain.money import Money

TODAY = date(2026, 3, 1)
NOTHING = Money(0, "INR")
KINDS = st.sampled_from([*DIRECTION_OF, EntryKind.OPENING, None])


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def line(number: int, kind: EntryKind | None, amount: int, back: int, **fields) -> AccountLine:
    """Return a line of some days ago, in its kind's direction unless told otherwise."""
    direction = fields.pop("direction", None) or DIRECTION_OF[kind]
    return AccountLine(EntryId(f"e{number}"), TODAY - timedelta(back), direction, rupees(amount), kind, **fields)


def charge(number: int, amount: int, back: int, **fields) -> AccountLine:
    return line(number, EntryKind.CHARGE, amount, back, **fields)


def payment(number: int, amount: int, back: int, **fields) -> AccountLine:
    return line(number, EntryKind.PAYMENT, amount, back, **fields)


def undoing(number: int, undone: AccountLine, back: int = 0) -> AccountLine:
    fields = {"direction": undone.direction.opposite, "reverses": undone.entry_id}
    return line(number, EntryKind.REVERSAL, undone.amount.minor, back, **fields)


def opened(*lines: AccountLine, brought: int = 0, terms: int = 0, until: date | None = None) -> OpenAccount:
    return open_account(lines, brought=rupees(brought), terms_days=terms, until=until)


def shown(account: OpenAccount) -> list[tuple[str | None, int]]:
    return [(debit.entry_id, debit.open.minor) for debit in account.debits]


def test_what_was_due_first_is_paid_first() -> None:
    early = charge(1, 500, 10)
    agreed = charge(2, 300, 40, due_on=TODAY + timedelta(5))
    assert shown(opened(agreed, early, payment(3, 200, 1))) == [("e1", 300), ("e2", 300)]
    assert shown(opened(agreed, early, payment(3, 600, 1))) == [("e2", 200)]
    assert opened(agreed, early, payment(3, 900, 1)) == OpenAccount((), rupees(100))


def test_a_reversed_charge_owes_nothing_and_a_reversed_payment_opens_what_it_paid() -> None:
    first, second, paid = charge(1, 500, 90), charge(2, 300, 5), payment(3, 600, 3)
    assert shown(opened(first, second, paid)) == [("e2", 200)]
    assert shown(opened(first, second, paid, undoing(4, paid))) == [("e1", 500), ("e2", 300)]
    assert shown(opened(first, second, paid, undoing(4, first))) == []
    assert opened(first, second, paid, undoing(4, first)).advance == rupees(300)


def test_a_reversal_of_a_line_nobody_knows_counts_as_it_moves_the_balance() -> None:
    lost = charge(9, 500, 90)
    assert opened(undoing(1, lost)).advance == rupees(500)
    assert shown(opened(undoing(1, undoing(8, lost)))) == [("e1", 500)]


def test_what_no_line_explains_is_older_than_every_line() -> None:
    account = opened(charge(1, 500, 90), payment(2, 100, 1), brought=-300)
    assert shown(account) == [(None, 200), ("e1", 500)]
    assert account.debits[0].due_on is None
    ageing = age(account, TODAY)
    assert (ageing.current, ageing.undated, ageing.days_61_90) == (rupees(200), rupees(200), rupees(500))
    assert opened(charge(1, 500, 90), brought=800) == OpenAccount((), rupees(300))


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)],
)
def test_a_bucket_holds_the_days_that_it_names(days: int, bucket: int) -> None:
    terms = 7
    by_terms = charge(1, 500, days + terms)
    agreed = charge(1, 500, 5000, due_on=TODAY - timedelta(days))
    for one in (by_terms, agreed):
        ageing = age(opened(one, terms=terms), TODAY)
        assert [part.minor for part in ageing.buckets] == [500 * (place == bucket) for place in range(5)]
        assert ageing.oldest_due == TODAY - timedelta(days)
        assert ageing.owed == rupees(500)


def test_a_past_day_knows_nothing_of_what_came_later() -> None:
    then = TODAY - timedelta(20)
    bill, paid = charge(1, 500, 60), payment(2, 500, 10)
    lines = [bill, paid, undoing(3, bill, 5)]
    assert opened(*lines).advance == rupees(500)
    ageing = age(opened(*lines, until=then), then)
    assert (ageing.days_31_60, ageing.advance) == (rupees(500), NOTHING)
    assert not age(opened(*lines, until=TODAY - timedelta(61)), then).owed


def test_a_payment_is_spread_over_debts_and_the_rest_is_an_advance() -> None:
    account = opened(charge(1, 500, 60), charge(2, 300, 30), charge(3, 200, 1), payment(4, 100, 0))
    spread = allocate(account.debits, rupees(600))
    assert [(part.debit.entry_id, part.taken.minor, part.left.minor) for part in spread.parts] == [
        ("e1", 400, 0),
        ("e2", 200, 100),
    ]
    assert spread.advance == NOTHING
    over = allocate(account.debits, rupees(1000))
    assert [part.left for part in over.parts] == [NOTHING] * 3
    assert over.advance == rupees(100)
    assert allocate(account.debits, NOTHING).parts == ()


def test_the_calendars_last_day_has_no_terms() -> None:
    assert due_day(date.max, None, 30) == date.max


@st.composite
def histories(draw) -> tuple[list[AccountLine], int]:
    """Draw lines of all kinds in any order of days, some agreed, some reversed, and a figure brought forward."""
    lines: list[AccountLine] = []
    for number in range(draw(st.integers(0, 12))):
        if lines and draw(st.integers(0, 3)) == 0:
            lines.append(undoing(number, draw(st.sampled_from(lines)), draw(st.integers(0, 5))))
            continue
        kind, back = draw(KINDS), draw(st.integers(0, 130))
        direction = DIRECTION_OF.get(kind) or draw(st.sampled_from(Direction))
        due_on = draw(st.none() | st.integers(-100, 100).map(lambda ahead: TODAY + timedelta(ahead)))
        lines.append(line(number, kind, draw(st.integers(1, 300)), back, direction=direction, due_on=due_on))
    return lines, draw(st.just(0) | st.integers(-400, 400))


def forward(lines: list[AccountLine], brought: int, terms: int) -> list[int]:
    """Return what is open of each debt by the plain way: pour all credits over the debts from the oldest on."""
    undone: set[str] = set()
    by_id = {one.entry_id: one for one in lines}
    for one in lines:
        if one.reverses is not None and one.reverses in by_id and one.reverses not in undone:
            undone |= {one.entry_id, one.reverses}
    counted = [one for one in lines if one.entry_id not in undone]
    pool = sum(one.amount.minor for one in counted if one.direction is Direction.CREDIT) + max(brought, 0)
    debts = [(date.min, date.min, max(-brought, 0))]
    debts += [
        (due_day(one.day, one.due_on, terms), one.day, one.amount.minor)
        for one in counted
        if one.direction is Direction.DEBIT
    ]
    opens = []
    for _, _, amount in sorted(debts, key=lambda debt: debt[:2]):
        opens.append(amount - min(amount, pool))
        pool -= min(amount, pool)
    return [part for part in opens if part]


@given(history=histories(), terms=st.integers(0, 40), back=st.none() | st.integers(0, 130))
def test_the_buckets_less_the_advance_are_what_is_owed_always(
    history: tuple[list[AccountLine], int], terms: int, back: int | None
) -> None:
    lines, brought = history
    until = None if back is None else TODAY - timedelta(back)
    known = [one for one in lines if until is None or one.day <= until]
    balance = sum((signed(one.direction, one.amount) for one in known), rupees(brought))
    account = opened(*lines, brought=brought, terms=terms, until=until)
    ageing = age(account, until or TODAY)
    assert ageing.owed - ageing.advance == -balance
    assert not (ageing.owed and ageing.advance)
    assert [debit.open.minor for debit in account.debits] == forward(known, brought, terms)
    assert ageing.undated <= rupees(max(-brought, 0))
    assert all(NOTHING < debit.open <= debit.amount for debit in account.debits)


@given(history=histories(), amount=st.integers(0, 2000))
def test_a_previewed_payment_leaves_what_the_account_then_shows(
    history: tuple[list[AccountLine], int], amount: int
) -> None:
    lines, brought = history
    before = opened(*lines, brought=brought)
    spread = allocate(before.debits, rupees(amount))
    after = opened(*lines, *([payment(99, amount, 0)] if amount else []), brought=brought)
    left = {part.debit.entry_id: part.left for part in spread.parts}
    expected = [(debit.entry_id, left.get(debit.entry_id, debit.open).minor) for debit in before.debits]
    assert shown(after) == [(entry, rest) for entry, rest in expected if rest]
    assert after.advance == before.advance + spread.advance


def test_the_shop_s_ageing_is_the_sum_of_its_columns() -> None:
    ageings = [age(opened(charge(1, 500, 60)), TODAY), age(opened(charge(1, 30, 100), brought=-20), TODAY)]
    whole = total(ageings, TODAY, rupees(70))
    assert [part.minor for part in whole.buckets] == [20, 0, 500, 0, 30]
    assert (whole.advance, whole.undated) == (rupees(70), rupees(20))
    assert whole.oldest_due == TODAY - timedelta(100)
    assert total([], TODAY, NOTHING).owed == NOTHING
