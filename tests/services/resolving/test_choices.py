"""Each choice for itself: what stands afterwards, what is refused, and who is written down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, InboxId, RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationKind
from posapp.services.customers import delete_customer, edit_customer
from posapp.services.dto import CustomerStatus, InboxItem
from posapp.services.inbox import Age, ManyItems, age_of, open_items, settled_items, the_item
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer, RemoteEntry
from posapp.services.redemptions import RedemptionInInbox
from posapp.services.resolving.acts import MayStillArrive
from posapp.services.resolving.creates import HasKeptWork
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import (
    DecisionNeedsApproval,
    DecisionReasonMissing,
    NotOffered,
    SettledAlready,
    TargetMissing,
    UnknownItem,
    resolve,
)
from posapp.services.resolving.targets import WrongTarget
from posapp.services.verification import verify_book
from tests.services.counter import PLAIN, REMOTE, Counter, S, fresh, taka
from tests.services.resolving.inbox import (
    BOSS,
    again_of,
    choose,
    offered,
    put_in_inbox,
    resolutions,
    view_of,
)


@pytest.fixture(autouse=True)
def connected(counter: Counter) -> None:
    counter.connect()


def refused_payment(counter: Counter) -> tuple[str, InboxItem]:
    asha = counter.on_server(balance=-5000, points=10)
    payment = counter.enter(asha, "payment", 800, tender="cash", reference="R-7", note="by her son").operation.id
    return payment, put_in_inbox(counter, "rejected", payment, state=S.REJECTED, said="too long")


def settle(counter: Counter, item: InboxItem, choice: Choice, **parts: str) -> None:
    resolve(counter.till, item.id, Decision(choice, **parts))


# What is written down


def test_a_decision_is_an_act_in_the_chain_and_stands_on_the_item(counter: Counter) -> None:
    payment, item = refused_payment(counter)
    kept = counter.book.read(lambda session: session.operations.counts().kept)
    resolved = resolve(counter.till, item.id, Decision(Choice.DROP, " she never came ", "", BOSS))
    [act] = resolutions(counter)
    assert resolved.operation == act.operation
    assert act.state is S.KEPT
    assert act.operation.approved_by == BOSS
    assert {name: act.operation.intent[name] for name in ("item", "item_kind", "about", "choice", "target")} == {
        "item": item.id,
        "item_kind": "rejected",
        "about": payment,
        "choice": "drop",
        "target": None,
    }
    assert "she never came" not in str(act.operation.intent)
    assert counter.book.read(lambda session: session.operations.person(act.operation.id)) == {
        "reason": "she never came"
    }
    stands = resolved.item
    assert (stands.resolution, stands.decided_by, stands.approved_by, stands.reason) == (
        "drop",
        "Mina",
        BOSS,
        "she never came",
    )
    assert open_items(counter.till) == ()
    assert [found.item for found in settled_items(counter.till, 5)] == [stands]
    assert counter.book.read(lambda session: session.operations.counts()).waiting == 0
    assert counter.book.read(lambda session: session.operations.counts()).kept == kept
    assert counter.book.read(lambda session: session.operations.lanes_due(counter.clock.now())) == []


def test_an_erased_person_takes_the_reasons_with_her(counter: Counter) -> None:
    _, item = refused_payment(counter)
    settle(counter, item, Choice.DROP, reason="Asha of Lane 4", approved_by=BOSS)
    assert item.customer_id is not None
    counter.book.write(lambda session: session.operations.erase_person(item.customer_id))
    assert settled_items(counter.till, 5)[0].item.reason == ""
    assert settled_items(counter.till, 5)[0].item.decided_by == "Mina"
    assert verify_book(counter.till).faults == ()


@pytest.mark.parametrize(
    ("decision", "refusal"),
    [
        (Decision(Choice.LINK, "why", "r-1", BOSS), NotOffered),
        (Decision(Choice.DROP, "  ", "", BOSS), DecisionReasonMissing),
        (Decision(Choice.DROP, "why"), DecisionNeedsApproval),
        (Decision(Choice.KEEP, "why", "x"), WrongTarget),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(
    counter: Counter, decision: Decision, refusal: type[DomainError]
) -> None:
    payment, item = refused_payment(counter)
    with pytest.raises(refusal):
        resolve(counter.till, item.id, decision)
    assert counter.inbox() == ["rejected"]
    assert resolutions(counter) == again_of(counter, payment) == []


def test_the_first_decision_stands(counter: Counter) -> None:
    _, item = refused_payment(counter)
    choose(counter, item, Choice.DROP)
    with pytest.raises(SettledAlready):
        choose(counter, item, Choice.KEEP)
    with pytest.raises(UnknownItem):
        choose(counter, replace(item, id=InboxId("nothing")), Choice.KEEP)


def test_an_item_is_named_by_the_beginning_or_the_end_of_its_id(counter: Counter) -> None:
    _, item = refused_payment(counter)
    other = put_in_inbox(counter, "suspects")
    assert the_item(counter.till, item.id[-8:].upper()).item == item
    with pytest.raises(ManyItems):
        the_item(counter.till, item.id[:4])
    with pytest.raises(UnknownItem):
        the_item(counter.till, item.id[:3])
    assert the_item(counter.till, other.id).item.kind == "suspects"


@pytest.mark.parametrize(
    ("minutes", "age"), [(0, Age.NEW), (14, Age.NEW), (15, Age.OLD), (239, Age.OLD), (240, Age.LATE)]
)
def test_what_waits_long_is_marked(counter: Counter, minutes: int, age: Age) -> None:
    _, item = refused_payment(counter)
    assert age_of(item, counter.clock.advance(minutes=minutes)) is age


def test_a_kind_that_nobody_registered_is_settled_by_hand(counter: Counter) -> None:
    item = put_in_inbox(counter, "of next year")
    [offer] = offered(counter, item).values()
    assert (offer.choice, offer.needs_reason) == (Choice.DROP, True)
    assert choose(counter, item, Choice.DROP).operation is None, "it is about no customer"
    assert counter.inbox() == []


def test_an_act_that_went_on_by_itself_needs_only_to_be_seen(counter: Counter) -> None:
    asha = counter.on_server()
    payment = counter.enter(asha, "payment", 800).operation.id
    item = put_in_inbox(counter, "unknown", payment)
    counter.move(payment, S.ACKED, S.CONFIRMED)
    assert list(offered(counter, item)) == [Choice.DROP]
    choose(counter, item, Choice.DROP)
    assert counter.state(payment) is S.CONFIRMED


# A refused act


def test_sent_as_new_is_the_same_again_under_another_id(counter: Counter) -> None:
    payment, item = refused_payment(counter)
    before = counter.balance(view_of(counter, payment).operation.customer_id)
    assert next(iter(offered(counter, item))) is Choice.SEND_AS_NEW
    settle(counter, item, Choice.SEND_AS_NEW, reason="again")
    [new] = again_of(counter, payment)
    old = view_of(counter, payment)
    assert (old.state, new.state) == (S.REJECTED, S.PENDING)
    assert new.operation.occurred_at == old.operation.occurred_at
    same = {name: value for name, value in new.operation.intent.items() if name != "again_of"}
    assert same == dict(old.operation.intent)
    lines = counter.book.read(lambda session: session.khata.lines(old.operation.customer_id))
    assert [(line.counted, line.reference, line.description) for line in lines] == [
        (False, "R-7", "by her son"),
        (True, "R-7", "by her son"),
    ]
    assert counter.balance(old.operation.customer_id) == before + 800


def test_kept_is_recorded_anew_for_this_till(counter: Counter) -> None:
    payment, item = refused_payment(counter)
    settle(counter, item, Choice.KEEP, reason="cash is in the drawer")
    [new] = again_of(counter, payment)
    assert new.state is S.KEPT
    assert counter.standing(new.operation.customer_id).kept_balance == taka(800)


@pytest.mark.parametrize(("choice", "kind"), [(Choice.WRITE_OFF, "write_off"), (Choice.GOODWILL, "settlement")])
def test_a_debt_that_the_shop_bears_is_to_be_seen_in_the_khata(counter: Counter, choice: Choice, kind: str) -> None:
    asha = counter.on_server(balance=0)
    other = counter.enter(asha, "charge", 900).operation.id
    item = put_in_inbox(counter, "rejected", other, state=S.REJECTED)
    choose(counter, item, choice)
    lines = counter.book.read(lambda session: session.khata.lines(asha))
    assert [(line.kind.value, line.direction, line.amount) for line in lines if line.counted] == [
        ("charge", Direction.DEBIT, taka(900)),
        (kind, Direction.CREDIT, taka(900)),
    ]
    assert counter.standing(asha).kept_balance == taka(0)


def test_a_server_without_a_khata_is_not_asked_again(counter: Counter) -> None:
    payment, item = refused_payment(counter)
    counter.connect(PLAIN)
    assert Choice.SEND_AS_NEW not in offered(counter, item)
    assert counter.state(payment) is S.REJECTED


def test_an_edit_is_sent_again_or_its_values_are_kept_beside(counter: Counter) -> None:
    for choice, address in ((Choice.SEND_AS_NEW, "Lane 4"), (Choice.DROP, None)):
        asha = counter.on_server(remote_id=f"r-{choice}")
        edit = edit_customer(counter.till, operation_id=fresh(), customer_id=asha, fields={"address": "Lane 4"})
        item = put_in_inbox(counter, "rejected", edit.operation.id, state=S.REJECTED)
        assert not offered(counter, item)[choice].needs_approval
        settle(counter, item, choice)
        customer = counter.book.read(lambda session, one=asha: session.customers.get(one))
        assert customer is not None
        assert customer.profile.address == address
        assert [view.state for view in again_of(counter, edit.operation.id)] == ([S.PENDING] if address else [])


def test_a_delete_that_was_refused_leaves_the_customer(counter: Counter) -> None:
    asha = counter.on_server()
    delete = delete_customer(counter.till, operation_id=fresh(), customer_id=asha, confirmed=True).operation.id
    item = put_in_inbox(counter, "capability_gone", delete)
    choose(counter, item, Choice.DROP)
    customer = counter.book.read(lambda session: session.customers.get(asha))
    assert customer is not None
    assert customer.status is CustomerStatus.LIVE
    assert counter.state(delete) is S.REJECTED


# In doubt


def test_what_may_still_arrive_is_not_done_again(counter: Counter) -> None:
    asha = counter.on_server()
    payment = counter.enter(asha, "payment", 800).operation.id
    item = put_in_inbox(counter, "unknown", payment, outcome="ambiguous")
    choices = offered(counter, item)
    assert next(iter(choices)) is Choice.ARRIVED
    assert all(choices[one].needs_approval for one in (Choice.SEND_AS_NEW, Choice.KEEP, Choice.DROP))
    assert not choices[Choice.ARRIVED].needs_approval
    for choice in (Choice.SEND_AS_NEW, Choice.KEEP):
        with pytest.raises(MayStillArrive):
            choose(counter, item, choice)
    counter.clock.advance(seconds=counter.book.read(lambda session: session.settings.shop().quarantine_seconds) + 1)
    choose(counter, item, Choice.SEND_AS_NEW)
    assert [view.state for view in again_of(counter, payment)] == [S.PENDING]


def test_what_a_person_saw_there_waits_for_its_proof(counter: Counter) -> None:
    asha = counter.on_server()
    payment = counter.enter(asha, "payment", 800).operation.id
    item = put_in_inbox(counter, "unknown", payment, outcome="ambiguous")
    choose(counter, item, Choice.ARRIVED)
    assert counter.state(payment) is S.ACKED
    assert counter.connection is not None
    connection = counter.connection.id
    marked = counter.book.read(lambda session: session.mirror.due_for_refresh(connection, 5, marked_only=True))
    assert list(marked) == [REMOTE]


def test_a_line_of_the_server_stands_for_one_act_only(counter: Counter) -> None:
    asha = counter.on_server(balance=0)
    acts = [counter.enter(asha, "payment", 800).operation.id for _ in range(2)]
    items = [put_in_inbox(counter, "unknown", act, outcome="ambiguous") for act in acts]
    assert counter.connection is not None
    connection, now = counter.connection.id, counter.clock.now()
    lines = [
        RemoteEntry("e-1", Direction.CREDIT, taka(800), taka(800), "", None, now),
        RemoteEntry("e-2", Direction.CREDIT, taka(700), taka(1500), "", None, now),
    ]
    counter.book.write(lambda session: session.mirror.replace_entries(connection, REMOTE, lines))
    counter.server_says(balance=1500)
    assert offered(counter, items[0])[Choice.LINK].targets == ("e-1",)
    choose(counter, items[0], Choice.LINK, "e-1")
    assert counter.state(acts[0]) is S.REJECTED
    assert counter.balance(asha) == 1500 + 800, "the other one still counts here"
    assert Choice.LINK not in offered(counter, items[1])


def test_a_lost_effect_goes_out_again_under_its_own_number(counter: Counter) -> None:
    asha = counter.on_server()
    payment = counter.enter(asha, "payment", 800).operation.id
    item = put_in_inbox(counter, "lost_effect", payment, outcome="ok")
    assert next(iter(offered(counter, item))) is Choice.REPLAY
    choose(counter, item, Choice.REPLAY)
    assert counter.state(payment) is S.PENDING
    assert again_of(counter, payment) == []


# A new customer


def new_customer(counter: Counter, **evidence: object) -> tuple[CustomerId, str, InboxItem]:
    """A new customer in doubt, with a payment behind."""
    asha = counter.customer("Asha Devi", phone="01711-222333")
    payment = counter.enter(asha, "payment", 700).operation.id
    return asha, payment, put_in_inbox(counter, "unknown", asha, **evidence)  # type: ignore[arg-type]


def test_a_new_customer_is_one_that_a_probe_found(counter: Counter) -> None:
    asha, payment, item = new_customer(counter, candidates=["r-9"])
    settle(counter, item, Choice.LINK, target="r-9")
    assert counter.connection is not None
    connection = counter.connection.id
    assert counter.book.read(lambda session: session.mirror.remote_id(connection, asha)) == "r-9"
    assert (counter.state(asha), counter.state(payment)) == (S.ACKED, S.PENDING)
    assert counter.book.read(lambda session: session.operations.lanes_due(counter.clock.now())) == [asha]


def test_a_record_that_a_pull_took_for_somebody_else_is_hers(counter: Counter) -> None:
    asha, _, item = new_customer(counter)
    pulled = counter.on_server(remote_id="r-9", name="Asha Devi")
    settle(counter, item, Choice.LINK, target=pulled)
    assert counter.connection is not None
    row = counter.book.read(lambda session: session.mirror.rows(counter.connection.id, [RemoteId("r-9")]))[
        RemoteId("r-9")
    ]
    assert row.customer_id == asha
    twin = counter.book.read(lambda session: session.customers.get(pulled))
    assert twin is not None
    assert twin.status is CustomerStatus.DELETED


def test_a_new_customer_who_was_known_hands_her_work_over(counter: Counter) -> None:
    asha, payment, item = new_customer(counter)
    known = counter.on_server(remote_id="r-9", name="Asha Devi", balance=-5000)
    counter.enter(known, "charge", 100)
    settle(counter, item, Choice.LINK, target=known)
    assert (counter.state(asha), counter.state(payment)) == (S.REJECTED, S.CANCELLED)
    [moved] = again_of(counter, payment)
    assert (moved.operation.customer_id, moved.state) == (known, S.PENDING)
    assert counter.balance(known) == -5000 - 100 + 700
    gone = counter.book.read(lambda session: session.customers.get(asha))
    assert gone is not None
    assert gone.status is CustomerStatus.DELETED


def test_a_khata_kept_here_is_not_put_away_with_a_link(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha = counter.customer("Asha Devi")
    counter.enter(asha, "payment", 700)
    known = counter.on_server(remote_id="r-9", name="Asha Devi")
    counter.enter(known, "charge", 100)
    item = put_in_inbox(counter, "unknown", asha)
    with pytest.raises(HasKeptWork):
        settle(counter, item, Choice.LINK, target=known)
    assert counter.inbox() == ["unknown"]


def test_a_link_says_to_whom(counter: Counter) -> None:
    _, _, item = new_customer(counter)
    nobody = counter.customer("Nobody There")
    with pytest.raises(TargetMissing):
        settle(counter, item, Choice.LINK)
    for wrong in ("r-unheard", nobody):
        with pytest.raises(WrongTarget):
            settle(counter, item, Choice.LINK, target=wrong)


def test_sent_as_new_goes_before_what_waits_behind_and_as_she_is_shown_now(counter: Counter) -> None:
    asha, payment, item = new_customer(counter)
    edit_customer(counter.till, operation_id=fresh(), customer_id=asha, fields={"phone": "01711-999888"})
    counter.clock.advance(hours=1)
    choose(counter, item, Choice.SEND_AS_NEW)
    [create] = again_of(counter, asha)
    assert counter.state(payment) is S.PENDING
    head = counter.book.read(lambda session: session.operations.head(asha))
    assert head is not None
    assert head.operation.id == create.operation.id
    assert counter.book.read(lambda session: session.operations.lanes_due(counter.clock.now())) == [asha]
    person = counter.book.read(lambda session: session.operations.person(create.operation.id))
    assert person["profile"]["phone"] == "01711-999888"  # type: ignore[index]


def test_kept_with_everything_behind_and_dropped_with_everything_behind(counter: Counter) -> None:
    asha, payment, item = new_customer(counter)
    choose(counter, item, Choice.KEEP)
    assert (counter.state(asha), counter.state(payment)) == (S.KEPT, S.KEPT)
    assert counter.standing(asha).kept_balance == taka(700)
    asha, payment, item = new_customer(counter)
    assert offered(counter, item)[Choice.DROP].needs_approval, "a payment falls with her"
    choose(counter, item, Choice.DROP)
    assert (counter.state(asha), counter.state(payment)) == (S.REJECTED, S.CANCELLED)
    gone = counter.book.read(lambda session: session.customers.get(asha))
    assert gone is not None
    assert gone.status is CustomerStatus.DELETED


# Conflict, gone, and what stands on something open


def conflict(counter: Counter) -> tuple[CustomerId, str, InboxItem]:
    asha = counter.on_server()
    fields = {"phone": "01711-222333", "address": "Lane 4"}
    edit = edit_customer(counter.till, operation_id=fresh(), customer_id=asha, fields=fields).operation.id
    assert counter.connection is not None
    connection, theirs = counter.connection.id, RemoteId(REMOTE)

    def office_edits(session: Session) -> None:
        row = session.mirror.rows(connection, [theirs])[theirs]
        record = replace(row.profile, phone="01711-777666")
        session.mirror.update(
            connection,
            [(RemoteCustomer(theirs, record), b"e")],
            generation=1,
            seen_at=counter.clock.now(),
            with_numbers=lambda _: False,
        )
        session.customers.set_profile(asha, replace(record, address="Lane 4"))

    counter.book.write(office_edits)
    return asha, edit, put_in_inbox(counter, "conflict", edit, outcome=None, fields=["phone"])


@pytest.mark.parametrize(
    ("choice", "phone", "fields"),
    [
        (Choice.OURS, "01711-222333", {"phone": ("01711-777666", "01711-222333"), "address": (None, "Lane 4")}),
        (Choice.THEIRS, "01711-777666", {"address": (None, "Lane 4")}),
    ],
)
def test_a_conflict_ends_by_one_of_both_values(
    counter: Counter, choice: Choice, phone: str, fields: dict[str, tuple[str | None, str]]
) -> None:
    asha, edit, item = conflict(counter)
    choose(counter, item, choice)
    [new] = again_of(counter, edit)
    changes = counter.book.read(lambda session: session.operations.person(new.operation.id))["changes"]
    assert {name: (one["seen"], one["wanted"]) for name, one in changes.items()} == fields  # type: ignore[attr-defined]
    assert (counter.state(edit), new.state) == (S.REJECTED, S.PENDING)
    customer = counter.book.read(lambda session: session.customers.get(asha))
    assert customer is not None
    assert (customer.profile.phone, customer.profile.address) == (phone, "Lane 4")


def test_everything_that_waits_for_a_customer_who_is_gone(counter: Counter) -> None:
    for choice, state in ((Choice.KEEP, S.KEPT), (Choice.LINK, S.CANCELLED), (Choice.DROP, S.CANCELLED)):
        asha = counter.on_server(remote_id=f"r-{choice}", name=f"Gone {choice}")
        other = counter.on_server(remote_id=f"r-other-{choice}", name="Somebody Else")
        payment = counter.enter(asha, "payment", 800).operation.id
        item = put_in_inbox(counter, "customer_gone", customer_id=asha, waiting=1)
        choose(counter, item, choice, other if choice is Choice.LINK else "")
        assert counter.state(payment) is state
        assert [view.operation.customer_id for view in again_of(counter, payment)] == (
            [other] if choice is Choice.LINK else []
        )


def test_a_khata_kept_for_a_customer_who_is_gone_is_written_off(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha = counter.on_server()
    counter.enter(asha, "charge", 900)
    item = put_in_inbox(counter, "customer_gone", customer_id=asha, kept_balance=-900)
    assert list(offered(counter, item)) == [Choice.KEEP, Choice.WRITE_OFF]
    choose(counter, item, Choice.WRITE_OFF)
    assert counter.standing(asha).kept_balance == taka(0)
    gone = counter.book.read(lambda session: session.customers.get(asha))
    assert gone is not None
    assert gone.status is CustomerStatus.DELETED
    assert verify_book(counter.till).faults == ()


def test_a_bill_stands_when_its_points_are_decided(counter: Counter) -> None:
    counter.connect(replace(PLAIN, redeem_unique=True))
    asha = counter.on_server(points=100)
    counter.deliveries.answers = ["ask"]
    with pytest.raises(RedemptionInInbox):
        counter.sell(asha, 4000, on_account=1000, points=30)
    bill, points = (
        next(view for view in counter.operations() if view.operation.kind is kind)
        for kind in (OperationKind.SALE, OperationKind.REDEEM)
    )
    counter.book.write(
        lambda session: [session.inbox.resolve(one.id, "x", counter.clock.now()) for one in session.inbox.items()]
    )
    counter.move(points.operation.id, S.PENDING)
    asked = put_in_inbox(counter, "unknown", points.operation.id, outcome="ambiguous")
    put_in_inbox(counter, "original_open", bill.operation.id, outcome=None)
    assert counter.standing(asha).unsent_redeemed == 30
    choose(counter, asked, Choice.WRITE_OFF)
    assert (counter.state(points.operation.id), counter.state(bill.operation.id)) == (S.REJECTED, S.KEPT)
    assert counter.inbox() == [], "the bill is decided with its points"
    assert counter.standing(asha).unsent_redeemed == 0
    assert counter.standing(asha).kept_balance == taka(-1000)


def test_a_reversal_goes_on_once_its_act_is_settled(counter: Counter) -> None:
    asha = counter.on_server()
    charge = counter.enter(asha, "charge", 900).operation.id
    asked = put_in_inbox(counter, "unknown", charge)
    reversal = counter.reverse(charge).operation.id
    item = put_in_inbox(counter, "original_open", reversal, outcome=None)
    assert list(offered(counter, item)) == [Choice.DROP]
    choose(counter, asked, Choice.DROP)
    assert list(offered(counter, item)) == [Choice.REPLAY, Choice.DROP]
    choose(counter, item, Choice.REPLAY)
    assert counter.state(reversal) is S.PENDING
