"""Several tills give the same points away offline: never more than there are, and no loss above the figures shown.

Every combination for up to five tills is walked through in tests/domain/test_exposure; here are real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.errors import DomainError
from posapp.domain.exposure import RiskAboveRoom
from posapp.domain.ids import CustomerId, OperationId, RemoteId, new_uuid
from posapp.domain.loyalty import NotEnoughPoints
from posapp.services.at_risk import redeem_at_risk
from posapp.services.exposure import exposure, offer_risk
from tests.faults.shop import S, Shop
from tests.faults.wire import Wire
from tests.support.stub import StubServer

VALUE = 10


@contextmanager
def tills(folder: Path, count: int, *, plain: bool) -> Iterator[tuple[list[Shop], RemoteId, int]]:
    """Open several tills at one server, which all know the same customer; return them, whom, and the points."""
    with ExitStack() as open_, StubServer(plain=plain, customers=30) as stub:
        shops = []
        for number in range(count):
            wire = open_.enter_context(Wire(stub.base_url))
            shop = Shop(stub, wire, folder / str(number))
            open_.callback(shop.close)
            rules = {"tills": count, "redeem_cap": 10**6, "redeem_soft": 10**6, "redeem_total": 10**6}
            settings = replace(shop.book.read(lambda session: session.settings.shop()), **rules)  # type: ignore[arg-type]
            shop.book.write(lambda session, shop_=settings: session.settings.save_shop(shop_))
            shops.append(shop)
        remote_id = shops[0].remote(shops[0].regular(100))
        assert remote_id is not None
        yield shops, remote_id, int(shops[0].seen(remote_id)["loyalty_points"])


def give(shop: Shop, customer_id: CustomerId, points: int) -> OperationId:
    operation_id = OperationId(new_uuid())
    made = redeem_at_risk(
        shop.till,
        operation_id=operation_id,
        customer_id=customer_id,
        points=points,
        sale_id=None,
        bill=None,
        approved_by="manager",
    )
    return made.operation.id


def figure(shop: Shop) -> int:
    return shop.book.read(lambda session: exposure(session, shop.clock.now())).total.minor


def lost(shop: Shop) -> int:
    """What the server refused and nobody settled yet, in minor units."""
    items = shop.book.read(lambda session: session.inbox.items())
    return sum(int(str(item.evidence["given"])) for item in items if item.kind == "make_good")


@pytest.mark.parametrize("plain", [False, True], ids=["extended", "plain"])
@pytest.mark.parametrize("count", [2, 3])
def test_row_44_tills_with_the_same_figure_never_give_more_than_there_is(
    tmp_path: Path,
    count: int,
    plain: bool,
) -> None:
    with tills(tmp_path, count, plain=plain) as (shops, remote_id, points):
        share, acts = points // count, []
        for shop in shops:
            customer_id = shop.ours(remote_id)
            acts += [(shop, give(shop, customer_id, share - share // 2)), (shop, give(shop, customer_id, share // 2))]
            with pytest.raises((RiskAboveRoom, NotEnoughPoints)):
                give(shop, customer_id, 1)
        for shop in reversed(shops):
            shop.heal()
        assert shops[0].seen(remote_id)["loyalty_points"] == points - share * count >= 0
        for shop, act in acts:
            assert shop.effects_of(act) == ["points"]
            assert shop.state(act) in {S.CONFIRMED, S.ACKED}
        assert [shop.inbox() for shop in shops] == [[]] * count


@pytest.mark.parametrize("plain", [False, True], ids=["extended", "plain"])
def test_row_44_with_figures_of_different_age_no_loss_is_above_those_shown(
    tmp_path: Path,
    plain: bool,
) -> None:
    """One till is read anew in between, the other channels spend all that is left, and everybody gives all they may."""
    with tills(tmp_path, 2, plain=plain) as (shops, remote_id, points):
        early, late = shops
        give(early, early.ours(remote_id), points // 4)
        early.heal()
        shown = [figure(shop) for shop in shops]
        for shop in shops:
            customer_id = shop.ours(remote_id)
            most = offer_risk(shop.till, customer_id, 1).room
            assert most is not None
            give(shop, customer_id, most.most)
            assert figure(shop) <= shown[shops.index(shop)]
        left = early.seen(remote_id)["loyalty_points"]
        path = f"/api/v1/customers/{remote_id}/loyalty/redeem"
        early.office.post(path, json={"points": left - 5, "sale_id": new_uuid()}).raise_for_status()
        for shop in shops:
            shop.heal()
        losses = [lost(shop) for shop in shops]
        assert all(losses), "the other channel spent what both gave"
        assert all(loss <= bound for loss, bound in zip(losses, shown, strict=True))
        assert all(lost(shop) <= figure(shop) for shop in shops)
        assert early.seen(remote_id)["loyalty_points"] == 5
        with pytest.raises(DomainError):
            give(late, late.ours(remote_id), 1000)
