"""Points refused after the discount was given: a named task, the same khata until then, never a silent debit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.services.at_risk import give_in_doubt, redeem_at_risk
from posapp.services.dto import InboxItem
from posapp.services.exposure import exposure
from posapp.services.redemptions import RedemptionUnknown, redeem
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import offers, resolve
from posapp.services.sales import SaleForm, record_sale
from tests.faults.shop import K, S, Shop, extended_shop, shop
from tests.faults.wire import answer_lost, request_lost

__all__ = ["extended_shop", "shop"]

POINTS, VALUE, TOTAL, ON_ACCOUNT = 40, 10, 90_000, 30_000
CHOICES = (Choice.WRITE_OFF, Choice.GOODWILL, Choice.CHARGE)
ACTS = ("redeem", "sale")


def inr(minor: int) -> Money:
    return Money(minor, "INR")


@dataclass
class Given:
    """A discount that was given at the shop's risk."""

    shop: Shop
    customer_id: CustomerId
    act: OperationId
    at_risk: OperationId

    @property
    def item(self) -> InboxItem:
        """Its task."""
        (item,) = self.shop.book.read(lambda session: session.inbox.items())
        return item

    def numbers(self) -> tuple[int | None, int | None]:
        """The balance and the points that the till shows."""
        standing = self.shop.standing(self.customer_id)
        assert standing.balance is not None
        return standing.balance.minor, standing.points

    def figure(self) -> int:
        """The exposure that the till shows."""
        return self.shop.book.read(lambda session: exposure(session, self.shop.clock.now())).given.minor

    def decide(self, choice: Choice, reason: str = "settled with the customer") -> None:
        """Settle the task as a manager does."""
        resolve(self.shop.till, self.item.id, Decision(choice, reason, approved_by="manager"))


def opened(shop: Shop, tills: int = 1) -> CustomerId:
    """Let the shop give points without the server, and return a customer who has some."""
    rules = replace(shop.book.read(lambda session: session.settings.shop()), tills=tills)
    shop.book.write(lambda session: session.settings.save_shop(rules))
    customer_id = shop.regular(200)
    assert shop.engine.refresh_customer(customer_id, deadline_seconds=5)
    return customer_id


def give(shop: Shop, customer_id: CustomerId, act: str) -> Given:
    """Give the discount while the server is not reached."""
    operation_id = OperationId(new_uuid())
    if act == "redeem":
        redeem_at_risk(
            shop.till,
            operation_id=operation_id,
            customer_id=customer_id,
            points=POINTS,
            sale_id=None,
            bill=None,
            approved_by=None,
        )
        return Given(shop, customer_id, operation_id, operation_id)
    form = SaleForm(
        operation_id, customer_id, inr(TOTAL), inr(ON_ACCOUNT), POINTS, confirmed=True, approved_by="boss", at_risk=True
    )
    record_sale(shop.till, None, form)
    views = shop.book.read(lambda session: session.risk.acts())
    return Given(shop, customer_id, operation_id, views[-1].operation.id)


def spent_elsewhere(shop: Shop, customer_id: CustomerId) -> None:
    """Let another channel take all points of a customer off at the server."""
    remote_id = shop.remote(customer_id)
    points = shop.seen(remote_id)["loyalty_points"]
    path = f"/api/v1/customers/{remote_id}/loyalty/redeem"
    shop.office.post(path, json={"points": points, "sale_id": new_uuid()}).raise_for_status()


def settled(given: Given) -> dict[str, Any]:
    """Heal; then nothing waits, the till shows what the server has, and return the server's customer."""
    given.shop.heal()
    assert given.shop.waiting() == 0
    given.shop.agrees(given.customer_id)
    return given.shop.seen(given.shop.remote(given.customer_id))


@pytest.mark.parametrize("act", ACTS)
def test_row_43_agreed_to_later_it_is_one_effect_and_no_loss(shop: Shop, act: str) -> None:
    given = give(shop, opened(shop), act)
    shown, worth = given.numbers(), given.figure()
    assert worth == POINTS * VALUE
    shop.heal()
    assert (shop.waiting(), shop.inbox(), given.figure(), given.numbers()) == (0, [], 0, shown)
    assert shop.effects_of(given.at_risk).count("sale" if shop.extended and act == "sale" else "points") == 1


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("choice", CHOICES)
def test_row_43_refused_it_is_a_task_and_each_choice_is_an_act_of_its_own(shop: Shop, act: str, choice: Choice) -> None:
    customer_id = opened(shop)
    before = shop.standing(customer_id).balance
    assert before is not None
    given = give(shop, customer_id, act)
    shown, worth = given.numbers(), given.figure()
    spent_elsewhere(shop, customer_id)
    shop.heal()
    assert (shop.inbox(), shop.state(given.at_risk)) == (["make_good"], S.NEEDS_HUMAN)
    assert given.item.evidence["given"] == worth == given.figure(), "a loss counts until somebody settles it"
    assert given.numbers()[0] == shown[0], "nobody's khata moves by a refusal"
    assert {offer.choice for offer in offers(shop.till, given.item.id)} == set(CHOICES)
    given.decide(choice)
    owed = worth if choice is Choice.CHARGE else 0
    assert (given.figure(), shop.inbox()) == (0, [])
    assert given.numbers()[0] == (shown[0] or 0) - owed
    server = settled_or_kept(given)
    on_account = ON_ACCOUNT if act == "sale" else 0
    shown_now = given.numbers()[0]
    assert shown_now == before.minor - on_account - owed
    if shop.extended:
        assert server["ledger_balance"] == shown_now
    assert shop.effects_of(given.at_risk) == [], "what was refused has no effect, and is never sent again"
    assert shop.state(given.at_risk) is S.REJECTED


def settled_or_kept(given: Given) -> dict[str, Any]:
    """As `settled`; a server without khata writes lets the lines stay here."""
    given.shop.heal()
    assert given.shop.waiting() == 0
    if given.shop.extended:
        return settled(given)
    return given.shop.seen(given.shop.remote(given.customer_id))


def test_row_43_a_bill_that_was_refused_stands_anew_with_what_was_paid_and_owed(extended_shop: Shop) -> None:
    for choice, total, on_account in (
        (Choice.WRITE_OFF, TOTAL - POINTS * VALUE, ON_ACCOUNT),
        (Choice.CHARGE, TOTAL, ON_ACCOUNT + POINTS * VALUE),
    ):
        customer_id = opened(extended_shop)
        given = give(extended_shop, customer_id, "sale")
        spent_elsewhere(extended_shop, customer_id)
        extended_shop.heal()
        points = extended_shop.seen(extended_shop.remote(customer_id))["loyalty_points"]
        given.decide(choice)
        server = settled(given)
        made = extended_shop.book.read(lambda session, who=customer_id: session.khata.sales(who, 2))
        (anew,) = [sale for sale in made if sale.id != given.act]
        assert (anew.total.minor, anew.on_account.minor, anew.discount.minor) == (total, on_account, 0)
        assert anew.paid.minor == TOTAL - POINTS * VALUE - ON_ACCOUNT
        assert extended_shop.effects_of(anew.id)
        assert server["loyalty_points"] == points + anew.points_earned


def test_row_43_given_in_doubt_and_refused(shop: Shop) -> None:
    """The request is lost before the server; the discount is given meanwhile; then the points are gone."""
    customer_id = opened(shop)
    operation_id = OperationId(new_uuid())
    shop.wire.next_write(request_lost, times=50)
    with pytest.raises(RedemptionUnknown):
        redeem(shop.till, shop.engine, operation_id=operation_id, customer_id=customer_id, points=POINTS, sale_id=None)
    give_in_doubt(shop.till, operation_id)
    given = Given(shop, customer_id, operation_id, operation_id)
    assert given.figure() == POINTS * VALUE
    spent_elsewhere(shop, customer_id)
    shop.heal()
    assert shop.inbox() == (["make_good"] if shop.extended else ["unknown"])
    assert given.figure() == POINTS * VALUE


def test_row_43_given_in_doubt_and_taken(shop: Shop) -> None:
    customer_id = opened(shop)
    operation_id = OperationId(new_uuid())
    shop.wire.next_write(answer_lost, times=50)
    with pytest.raises(RedemptionUnknown):
        redeem(shop.till, shop.engine, operation_id=operation_id, customer_id=customer_id, points=POINTS, sale_id=None)
    give_in_doubt(shop.till, operation_id)
    shop.holds(operation_id)
    assert shop.state(operation_id) in {S.CONFIRMED, S.ACKED}
    assert (shop.inbox(), Given(shop, customer_id, operation_id, operation_id).figure()) == ([], 0)


def test_row_43_a_bill_that_was_taken_back_leaves_nothing_to_make_good(extended_shop: Shop) -> None:
    customer_id = opened(extended_shop)
    before = extended_shop.standing(customer_id).balance
    given = give(extended_shop, customer_id, "sale")
    reversal = extended_shop.undone(given.act)
    spent_elsewhere(extended_shop, customer_id)
    extended_shop.heal()
    items = extended_shop.book.read(lambda session: session.inbox.items())
    (item,) = [one for one in items if one.kind == "make_good"]
    assert [offer.choice for offer in offers(extended_shop.till, item.id)] == [Choice.DROP]
    resolve(extended_shop.till, item.id, Decision(Choice.DROP, "taken back", approved_by="manager"))
    extended_shop.heal()
    assert (extended_shop.inbox(), extended_shop.waiting()) == ([], 0)
    assert extended_shop.state(reversal) in {S.REJECTED, S.CANCELLED}
    assert extended_shop.standing(customer_id).balance == before
    assert K.REVERSAL is extended_shop.view(reversal).operation.kind
