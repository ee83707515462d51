"""The office makes one customer of two while acts wait for both: an act goes out once, or is before a person."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import EVERY_SERVER, Shop, at
from tests.sync.stub_desk import STORE


def merged(shop: Shop, primary: str, secondary: str) -> None:
    """Merge on the server, through the API that can."""
    ids = {"primary_id": shop.uuid_of(primary), "secondary_id": shop.uuid_of(secondary)}
    with shop.stub.client(STORE, api="modules") as office:
        office.post("/api/v1/customers/merge", json=ids).raise_for_status()


@pytest.mark.parametrize("server", ["pos extended", "pos plain", *EVERY_SERVER])
def test_row_40_acts_for_both_go_out_once(tmp_path: Path, server: str) -> None:
    with at(tmp_path, server) as shop:
        stays, goes = shop.newcomer(), shop.newcomer()
        there, away = shop.remote(stays), shop.remote(goes)
        assert there is not None
        assert away is not None
        ids = [shop.renamed(stays), shop.renamed(goes)]
        if server == "pos extended":
            ids += [shop.payment(stays), shop.payment(goes)]
        merged(shop, there, away)
        shop.cycle()
        shop.holds(*ids)
        assert shop.state(ids[0]) is OperationState.CONFIRMED
        shop.cycle(full=True)
        shop.holds(*ids)
        [left] = shop.stub.live_rows(int(STORE))
        assert left.uuid == shop.uuid_of(there)
