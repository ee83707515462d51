"""Customers: added once, edited without losing anything, deleted only when nothing hangs on them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.customer import NameMissing, Profile, WrongEmail, WrongPhone
from posapp.domain.operation import OperationKind
from posapp.domain.policy import LimitBelowZero
from posapp.services.customers import (
    ConfirmDelete,
    HasPoints,
    NothingChanged,
    NumbersUnknown,
    OwesOrIsOwed,
    WorkWaits,
    add_customer,
    delete_customer,
    edit_customer,
)
from posapp.services.dto import CustomerStatus
from posapp.services.local_values import CardTaken
from posapp.services.till import CustomerGone, UnknownCustomer
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka

ASHA = Profile("Asha", "01711-111111")


def shown(counter: Counter, customer_id):
    return counter.book.read(lambda session: session.customers.get(customer_id))


def person(counter: Counter, operation_id):
    return counter.book.read(lambda session: session.operations.person(operation_id))


def edit(counter: Counter, customer_id, operation_id=None, card_code=None, credit_limit=None, **fields):
    return edit_customer(
        counter.till,
        operation_id=operation_id or fresh(),
        customer_id=customer_id,
        fields=fields,
        card_code=card_code,
        credit_limit=credit_limit,
    )


def delete(counter: Counter, customer_id, *, confirmed=True, operation_id=None):
    return delete_customer(
        counter.till, operation_id=operation_id or fresh(), customer_id=customer_id, confirmed=confirmed
    )


@pytest.mark.parametrize("server", [None, PLAIN, EXTENDED], ids=["none", "plain", "extended"])
def test_a_double_click_adds_one_customer_and_one_opening(counter: Counter, server) -> None:
    if server:
        counter.connect(server)
    operation = fresh()
    made = [
        add_customer(
            counter.till,
            operation_id=operation,
            profile=ASHA,
            opening_balance=taka(500),
            card_code="C-1",
            credit_limit=taka(900),
        )
        for _ in range(3)
    ]
    assert [one.recorded.customer.id for one in made] == [operation] * 3
    assert [one.recorded.after.balance for one in made] == [taka(-500)] * 3
    assert [one.alike for one in made] == [[]] * 3
    kinds = [view.operation.kind for view in counter.operations()]
    assert kinds == [OperationKind.CUSTOMER_CREATE, OperationKind.OPENING]
    assert [view.state for view in counter.operations()] == [
        S.PENDING if server else S.KEPT,
        S.PENDING if server is EXTENDED else S.KEPT,
    ]


def test_what_no_server_holds_is_part_of_the_act(counter: Counter) -> None:
    """So that the second copy and the other tills learn of it; the card names somebody and can be erased."""
    made = add_customer(
        counter.till, operation_id=fresh(), profile=ASHA, card_code="C-1", credit_limit=taka(900)
    ).recorded
    assert made.operation.intent["local"] == {"credit_limit": 900}
    assert person(counter, made.operation.id)["local"] == {"card_code": "C-1"}
    edited = edit(counter, made.customer.id, card_code="C-2", credit_limit=taka(0))
    assert edited.operation.intent["local"] == {"credit_limit": 0}
    assert person(counter, edited.operation.id) == {"local": {"card_code": "C-2"}}
    assert (edited.customer.card_code, edited.customer.credit_limit, edited.state) == ("C-2", taka(0), S.KEPT)


def test_others_of_the_same_phone_or_name_are_shown(counter: Counter) -> None:
    first = counter.customer("Asha", phone="01711-111111")
    second = counter.customer("asha")
    made = add_customer(counter.till, operation_id=fresh(), profile=Profile("Ashani", "+8801711111111"))
    assert [one.id for one in made.alike] == [first]
    made = add_customer(counter.till, operation_id=fresh(), profile=Profile("ASHA", None))
    assert {one.id for one in made.alike} == {first, second}


@pytest.mark.parametrize(
    ("profile", "error"),
    [(Profile(" "), NameMissing), (Profile("A", "12"), WrongPhone), (Profile("A", None, "nobody"), WrongEmail)],
)
def test_a_field_that_cannot_stand_adds_nobody(counter: Counter, profile, error) -> None:
    with pytest.raises(error):
        add_customer(counter.till, operation_id=fresh(), profile=profile)
    assert counter.operations() == []


def test_a_limit_is_not_below_zero(counter: Counter) -> None:
    with pytest.raises(LimitBelowZero):
        counter.customer(credit_limit=taka(-1))
    asha = counter.customer()
    with pytest.raises(LimitBelowZero):
        edit(counter, asha, credit_limit=taka(-1))


def test_a_card_is_one_customers_whatever_else_it_may_be(counter: Counter) -> None:
    counter.customer("Phone", phone="01711-234567")
    holder = counter.customer("Holder", card_code="01711234567")
    with pytest.raises(CardTaken) as refused:
        counter.customer("Second", card_code="01711234567")
    assert refused.value.params["name"] == "Holder"
    other = counter.customer("Other")
    with pytest.raises(CardTaken):
        edit(counter, other, card_code="01711234567")
    edit(counter, holder, card_code="")
    edit(counter, other, card_code="01711234567")
    assert (shown(counter, holder).card_code, shown(counter, other).card_code) == (None, "01711234567")


def test_the_card_of_somebody_gone_is_free_again(counter: Counter) -> None:
    old = counter.customer("Old", card_code="C-1", credit_limit=taka(70))
    counter.gone(old)
    new = counter.customer("New", card_code="C-1")
    assert (shown(counter, old).card_code, shown(counter, new).card_code) == (None, "C-1")
    assert shown(counter, old).credit_limit == taka(70)


def test_a_double_click_is_one_edit(counter: Counter) -> None:
    asha, operation = counter.customer(), fresh()
    for _ in range(3):
        edit(counter, asha, operation, notes="sweet", card_code="C-9")
    assert (shown(counter, asha).profile.notes, shown(counter, asha).card_code) == ("sweet", "C-9")
    kinds = [view.operation.kind for view in counter.operations()]
    assert kinds.count(OperationKind.CUSTOMER_EDIT) == 2, (
        "what goes to a server and what stays are two acts of one form"
    )


def test_an_edit_that_changes_nothing_is_none(counter: Counter) -> None:
    asha = counter.customer("Asha", card_code="C-1", credit_limit=taka(5))
    with pytest.raises(NothingChanged):
        edit(counter, asha, name=" Asha ", card_code="C-1", credit_limit=taka(5))
    plain = counter.customer("Plain")
    with pytest.raises(NothingChanged):
        edit(counter, plain, card_code="")


def test_local_values_change_alone_and_leave_each_other(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server()
    edit(counter, asha, card_code="C-1")
    edit(counter, asha, credit_limit=taka(10))
    both = edit(counter, asha, name="Asha Devi", credit_limit=taka(20))
    assert (both.customer.profile.name, both.state) == ("Asha Devi", S.PENDING)
    now = shown(counter, asha)
    assert (now.card_code, now.credit_limit) == ("C-1", taka(20))


@pytest.mark.parametrize("server", [None, EXTENDED], ids=["none", "extended"])
def test_an_edit_goes_where_its_customer_is(counter: Counter, server) -> None:
    if server:
        counter.connect(server)
    asha = counter.customer()
    assert edit(counter, asha, notes="x").state is (S.PENDING if server else S.KEPT)


def test_an_edit_of_what_the_server_does_not_keep_stays_here(counter: Counter) -> None:
    counter.connect(replace(EXTENDED, fields=("name", "phone")))
    customer = counter.on_server()
    assert edit(counter, customer, notes="Pays on Fridays").state is S.KEPT
    assert edit(counter, customer, notes="Pays on Mondays", name="Asha Khan").state is S.PENDING
    assert shown(counter, customer).profile.notes == "Pays on Mondays"


def test_what_is_set_by_a_request_of_its_own_is_an_act_of_its_own(counter: Counter) -> None:
    counter.connect(replace(EXTENDED, apart=("tags",)))
    customer, operation = counter.on_server(), fresh()
    for _ in range(2):
        edit(counter, customer, operation, name="Asha Khan", tags=("vip",), notes="x")
    edits = [view for view in counter.operations() if view.operation.kind is OperationKind.CUSTOMER_EDIT]
    assert [view.operation.intent["fields"] for view in edits] == [["name", "notes"], ["tags"]]
    assert [view.state for view in edits] == [S.PENDING, S.PENDING]
    assert shown(counter, customer).profile.tags == ("vip",)


def test_tags_that_are_added_and_tags_that_are_taken_away_are_two_acts(counter: Counter) -> None:
    counter.connect(replace(EXTENDED, apart=("tags",), tag_steps=True))
    customer, operation = counter.on_server(), fresh()
    edit(counter, customer, tags=("a", "b"))
    for _ in range(2):
        edit(counter, customer, operation, name="Asha Khan", tags=("b", "c"))
    edit(counter, customer, tags=("c", "b"))
    edits = [view for view in counter.operations() if view.operation.kind is OperationKind.CUSTOMER_EDIT]
    changes = [person(counter, view.operation.id)["changes"] for view in edits]
    assert [change.get("tags") for change in changes] == [
        {"seen": [], "wanted": ["a", "b"]},
        None,
        {"seen": ["a", "b"], "wanted": ["a", "b", "c"]},
        {"seen": ["a", "b", "c"], "wanted": ["b", "c"]},
        {"seen": ["b", "c"], "wanted": ["c", "b"]},
    ]


def test_an_edit_says_what_was_seen_and_what_is_wanted(counter: Counter) -> None:
    asha = counter.customer("Asha")
    made = edit(counter, asha, name="Asha Devi")
    assert person(counter, made.operation.id) == {"changes": {"name": {"seen": "Asha", "wanted": "Asha Devi"}}}
    assert made.operation.intent["fields"] == ["name"]


@pytest.mark.parametrize(
    ("server", "words"), [(None, "from this till"), (EXTENDED, "erased for ever")], ids=["none", "extended"]
)
def test_deleting_says_first_what_it_means(counter: Counter, server, words) -> None:
    if server:
        counter.connect(server)
    asha = counter.on_server() if server else counter.customer()
    with pytest.raises(ConfirmDelete) as asked:
        delete(counter, asha, confirmed=False)
    assert words in asked.value.params["meaning"].text
    assert shown(counter, asha).status is CustomerStatus.LIVE


def test_a_double_click_deletes_once(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha, operation = counter.on_server(), fresh()
    made = [delete(counter, asha, operation_id=operation) for _ in range(2)]
    assert [one.state for one in made] == [S.PENDING] * 2
    assert shown(counter, asha).status is CustomerStatus.DELETED
    with pytest.raises(CustomerGone):
        delete(counter, asha)


def test_without_a_server_the_person_is_erased_here(counter: Counter) -> None:
    asha = counter.customer("Asha", card_code="C-1")
    counter.enter(asha, "charge", 100)
    counter.enter(asha, "payment", 100)
    created = counter.operations()[0].operation.id
    assert delete(counter, asha).state is S.KEPT
    assert shown(counter, asha).status is CustomerStatus.ANONYMIZED
    assert (shown(counter, asha).card_code, person(counter, created)) == (None, {})
    assert len(counter.book.read(lambda session: session.khata.lines(asha))) == 2


@pytest.mark.parametrize("balance", [-1, 1])
def test_who_owes_or_is_owed_stays(counter: Counter, balance) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=balance)
    with pytest.raises(OwesOrIsOwed):
        delete(counter, asha)


def test_a_kept_khata_counts(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha = counter.on_server()
    counter.enter(asha, "charge", 100)
    with pytest.raises(OwesOrIsOwed):
        delete(counter, asha)
    counter.enter(asha, "payment", 100)
    delete(counter, asha)


def test_points_unknown_numbers_and_waiting_work_stand_against_it(counter: Counter) -> None:
    counter.connect(EXTENDED)
    with pytest.raises(HasPoints):
        delete(counter, counter.on_server(points=1))
    for numbers in ({"balance": None}, {"points": None}):
        unknown = counter.on_server(remote_id=f"u-{len(numbers)}{numbers}", **numbers)
        with pytest.raises(NumbersUnknown):
            delete(counter, unknown)
    busy = counter.on_server(remote_id="busy")
    paid = counter.enter(busy, "payment", 100)
    counter.enter(busy, "charge", 100)
    for states in ((), (S.IN_FLIGHT,), (S.UNKNOWN,), (S.NEEDS_HUMAN,)):
        counter.move(paid.operation.id, *states)
        with pytest.raises(WorkWaits) as refused:
            delete(counter, busy)
        assert refused.value.params["count"] == 2
    with pytest.raises(UnknownCustomer):
        delete(counter, "nobody")
