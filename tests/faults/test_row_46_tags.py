"""The server replaces a customer's tags by what is sent: tags that others set meanwhile survive all the same."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.services.customers import edit_customer
from tests.faults.shop import Shop, a_shop

TAGS = st.frozensets(st.sampled_from(["vip", "late", "gift", "card", "রমজান"]))


def sets(shop: Shop, customer_id: CustomerId, tags: Iterable[str]) -> None:
    seen = shop.customer(customer_id).profile.tags
    if set(seen) != set(tags):
        fields = {"tags": tuple(sorted(tags))}
        edit_customer(shop.till, operation_id=OperationId(new_uuid()), customer_id=customer_id, fields=fields)


@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_46_tags_of_others_survive(tmp_path_factory: pytest.TempPathFactory, offers: str) -> None:
    with a_shop(tmp_path_factory.mktemp("shop"), plain=offers == "plain", seeded=0) as shop:

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
        @given(begin=TAGS, ours=TAGS, theirs=TAGS, lost=st.booleans())
        def holds(begin: frozenset[str], ours: frozenset[str], theirs: frozenset[str], *, lost: bool) -> None:
            remote_id = shop.put_customer("Asha", tags=sorted(begin))
            shop.cycle(full=True)
            sets(shop, shop.ours(remote_id), ours)
            shop.office_edits(remote_id, tags=sorted(theirs))
            if lost:
                shop.fault("PUT", "*", drop_after=True)
            shop.cycle()
            shop.heal()
            assert set(shop.seen(remote_id)["tags"]) == (theirs | (ours - begin)) - (begin - ours)

        holds()
