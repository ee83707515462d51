"""A customer is deleted on the server while acts wait here: every act ends before a person, none silently."""

from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.resolving.resolve import offers
from tests.faults.shop import Shop, extended_shop, shop

__all__ = ["extended_shop", "shop"]

S = OperationState


def test_row_38_every_act_is_before_a_person(shop: Shop) -> None:
    gone, other = shop.newcomer(), shop.regular(0)
    remote_id = shop.remote(gone)
    assert remote_id is not None
    acts = [shop.edited(gone)]
    if shop.extended:
        acts += [shop.payment(gone), shop.sale(gone), shop.charged(gone)]
    beside = shop.edited(other)
    shop.office_deletes(remote_id)
    shop.holds(*acts, beside)
    assert shop.state(beside) is S.CONFIRMED
    for one in acts:
        assert shop.state(one) in {S.REJECTED, S.NEEDS_HUMAN}
        assert shop.effects_of(one) == []
    items = [item for item in shop.book.read(lambda session: session.inbox.items()) if item.kind == "customer_gone"]
    assert {item.operation_id for item in items} >= set(acts)
    for item in items:
        assert offers(shop.till, item.id)


def test_row_38_deleted_while_an_act_is_in_doubt(extended_shop: Shop) -> None:
    """The payment may have gone through before the deletion: nobody is told that it did not."""
    shop = extended_shop
    gone = shop.newcomer()
    remote_id = shop.remote(gone)
    assert remote_id is not None
    shop.stub.faults([{"match": {"method": "POST", "path": "*/ledger", "count": 1}, "effect": {"drop_before": True}}])
    payment = shop.payment(gone)
    shop.cycle()
    assert shop.state(payment) is S.UNKNOWN
    shop.office_deletes(remote_id)
    shop.holds(payment)
    assert shop.state(payment) is S.NEEDS_HUMAN


def test_row_38_a_customer_without_acts_goes_quietly(shop: Shop) -> None:
    gone = shop.newcomer()
    remote_id = shop.remote(gone)
    assert remote_id is not None
    shop.office_deletes(remote_id)
    shop.cycle(full=True)
    assert shop.customer(gone).status is CustomerStatus.DELETED
    assert shop.inbox() == []
