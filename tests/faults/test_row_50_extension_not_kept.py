"""An extension that the server announces and does not keep: noticed, taken over all the same, and relied on no more."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest

from posapp.domain.ids import CustomerId, OperationId, RemoteId
from posapp.domain.operation import OperationState
from posapp.services.dto import InboxItem
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.trust import EXTENSION_BROKEN
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.services.till import capabilities
from tests.faults.lists import lists_customers, told
from tests.faults.shop import Shop, extended_shop
from tests.faults.wire import Asked, Fate, Wire
from tests.remote.raw_server import Conversation

__all__ = ["extended_shop"]

S = OperationState
WEEK = 7 * 24 * 3600.0 + 60

Change = Callable[[Asked], Asked]


def changed(change: Change, *, lost: bool = False) -> Fate:
    """Another request arrives than was sent; its answer comes back, unless it is lost."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        answer = wire.forward(change(asked))
        if lost:
            conversation.reset()
        else:
            conversation.send(answer.wire())

    return fate


def without_header(name: str) -> Change:
    def change(asked: Asked) -> Asked:
        return replace(asked, headers={key: value for key, value in asked.headers.items() if key.lower() != name})

    return change


def without_parameter(name: str) -> Change:
    def change(asked: Asked) -> Asked:
        parts = urlsplit(asked.path)
        query = {key: value for key, value in parse_qsl(parts.query) if key != name}
        return replace(asked, path=f"{parts.path}?{urlencode(query)}")

    return change


def under_another_sale(asked: Asked) -> Asked:
    body = {**json.loads(asked.body), "sale_id": str(uuid4())}
    return without_header("idempotency-key")(
        replace(
            asked,
            body=json.dumps(body).encode(),
            headers={key: value for key, value in asked.headers.items() if key.lower() != "content-length"},
        )
    )


def ignoring(shop: Shop, change: Change) -> None:
    """The server acts on every write as if it did not know an extension; the first answer is lost."""
    shop.wire.next_write(changed(change, lost=True))
    shop.wire.every(lambda asked: asked.writes, changed(change))


def alarm(shop: Shop) -> InboxItem:
    items = shop.book.read(lambda session: session.inbox.items())
    [found] = [item for item in items if item.kind == EXTENSION_BROKEN]
    return found


def relied_on(shop: Shop) -> Capabilities:
    """What the till's own services go by."""
    return shop.book.read(capabilities)


def office_sees(shop: Shop, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shop.office.get("/api/v1/customers", params={"search": name, "limit": 250}).json()
    return [row for row in rows if row["name"] == name]


def there(shop: Shop, customer_id: CustomerId) -> RemoteId:
    remote_id = shop.remote(customer_id)
    assert remote_id is not None
    return remote_id


def name_of(shop: Shop, customer_id: CustomerId) -> str:
    return shop.customer(customer_id).profile.name


def until_settled(shop: Shop, operation_id: OperationId) -> None:
    for _ in range(6):
        shop.clock.pass_time(200)
        shop.engine.run_cycle()
        if shop.state(operation_id) in {S.CONFIRMED, S.NEEDS_HUMAN}:
            return


def test_row_50_keys_that_are_ignored(extended_shop: Shop) -> None:
    shop = extended_shop
    ignoring(shop, without_header("idempotency-key"))
    first = shop.created()
    until_settled(shop, first)
    name = f"Asha {first[-6:]}"
    twins = {row["id"] for row in office_sees(shop, name)}
    assert len(twins) == 2
    assert alarm(shop).evidence["extensions"] == ["idempotency-key"]
    [duplicate] = [item for item in shop.book.read(lambda session: session.inbox.items()) if item.kind == "duplicate"]
    assert set(duplicate.evidence["candidates"]) == twins
    assert not relied_on(shop).idempotency_keys

    ignoring(shop, without_header("idempotency-key"))
    second = shop.created()
    until_settled(shop, second)
    assert shop.state(second) is S.CONFIRMED
    assert len(office_sees(shop, f"Asha {second[-6:]}")) == 1


def test_row_50_keys_and_sales_that_are_ignored(extended_shop: Shop) -> None:
    shop = extended_shop
    customer_id = shop.regular(points=100)
    before = shop.seen(there(shop, customer_id))["loyalty_points"]
    ignoring(shop, under_another_sale)
    redemption = shop.redeemed(customer_id, 20)
    until_settled(shop, redemption)
    assert shop.seen(there(shop, customer_id))["loyalty_points"] == before - 40
    found = alarm(shop)
    assert found.customer_id == customer_id
    assert found.evidence["extensions"] == ["redeem-key", "idempotency-key"]
    assert (found.evidence["points_before"], found.evidence["points_after"]) == (before, before - 40)
    assert not relied_on(shop).redeem_unique
    shop.heal()
    shop.agrees(customer_id)

    shop.rest_doubtful(2.0)
    ignoring(shop, under_another_sale)
    again = shop.redeemed(customer_id, 20)
    until_settled(shop, again)
    assert shop.seen(there(shop, customer_id))["loyalty_points"] == before - 60


def test_row_50_changes_that_are_not_told_by_change(extended_shop: Shop) -> None:
    shop = extended_shop
    customer_id = shop.regular()
    shop.wire.every(
        lambda asked: lists_customers(asked) and "updated_since" in asked.path,
        changed(without_parameter("updated_since")),
    )
    shop.office_edits(there(shop, customer_id), name="Renamed at the office")
    payment = shop.payment(customer_id)
    assert [shop.cycle().problem, shop.cycle().problem] == ["changes_out_of_order", None]
    assert name_of(shop, customer_id) == "Renamed at the office"
    assert alarm(shop).evidence["seen"] == "changes_senseless"
    assert not relied_on(shop).updated_since
    shop.clock.pass_time(200)
    assert shop.cycle().problem is None
    assert shop.state(payment) is S.CONFIRMED
    shop.agrees(customer_id)


def test_row_50_a_change_that_is_not_told(extended_shop: Shop) -> None:
    shop = extended_shop
    hidden, other = two_customers(shop)
    shop.wire.every(
        lambda asked: lists_customers(asked) and "updated_since" in asked.path,
        told(lambda _page, rows: [row for row in rows if row["id"] != shop.remote(hidden)]),
    )
    shop.office_edits(there(shop, hidden), name="Renamed unseen")
    shop.office_edits(there(shop, other), name="Renamed and told")
    shop.cycle()
    assert (name_of(shop, hidden), name_of(shop, other)) == ("Hidden", "Renamed and told")
    shop.clock.pass_time(WEEK)
    assert shop.cycle().problem is None
    assert name_of(shop, hidden) == "Renamed unseen"
    found = alarm(shop)
    assert (found.customer_id, found.evidence["extensions"]) == (hidden, ["updated-since"])
    assert not relied_on(shop).updated_since


def two_customers(shop: Shop) -> tuple[CustomerId, CustomerId]:
    remote_ids = [shop.put_customer(name) for name in ("Hidden", "Told")]
    shop.cycle()
    hidden, other = (shop.ours(remote_id) for remote_id in remote_ids)
    return hidden, other


def test_row_50_a_deletion_that_is_not_told(extended_shop: Shop) -> None:
    shop = extended_shop
    gone, _ = two_customers(shop)
    shop.wire.every(lambda asked: "/customers/deleted" in asked.path, told(lambda _page, _rows: []))
    remote_id = there(shop, gone)
    shop.office_deletes(remote_id)
    shop.cycle()
    assert shop.knows(remote_id)
    shop.clock.pass_time(WEEK)
    assert shop.cycle().problem is None
    assert not shop.knows(remote_id)
    found = alarm(shop)
    assert (found.customer_id, found.evidence["extensions"]) == (gone, ["tombstones"])
    assert not relied_on(shop).tombstones


@pytest.mark.parametrize(("choice", "trusted"), [(Choice.ACCEPT, False), (Choice.TRUST, True)])
def test_row_50_a_person_decides_whether_it_is_trusted_again(
    extended_shop: Shop, choice: Choice, trusted: bool
) -> None:
    shop = extended_shop
    ignoring(shop, without_header("idempotency-key"))
    until_settled(shop, shop.created())
    resolve(shop.till, alarm(shop).id, Decision(choice, approved_by="manager"))
    shop.wire.clear()
    assert shop.cycle().problem is None
    assert relied_on(shop).idempotency_keys is trusted
    act = shop.created()
    shop.heal()
    assert shop.state(act) is S.CONFIRMED
