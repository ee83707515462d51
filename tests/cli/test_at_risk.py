"""Points without the server on the command line: refused by rule, given at the shop's risk, and seen."""

from __future__ import annotations

from tests.cli.conftest import Posapp
from tests.support.stub import StubServer


def test_points_are_given_at_the_shops_risk_only_where_it_said_so(posapp: Posapp) -> None:
    with StubServer(customers=40) as stub, stub.client() as office:
        posapp.connect(stub)
        posapp.ok("sync")
        row = max(office.get("/api/v1/customers?limit=250").json(), key=lambda one: one["loyalty_points"])
        ours = posapp.ok("find", row["name"], "--limit", "50")["customers"]
        customer = next(one["id"] for one in ours if one["remote_id"] == row["id"])
        online = posapp.ok("redeem", customer, "3", "--at-risk")
        assert (online["at_risk"], online["state"]) == (False, "confirmed")
        stub.stop()
        assert posapp("redeem", customer, "30", "--at-risk").error == "risk_off"
        shop = posapp.ok("shop", "--tills", "2", "--redeem-soft", "40", "--redeem-total", "90")["shop"]
        assert (shop["tills"], shop["redeem_soft"]) == (2, 40)
        allowed = posapp.ok("status")["exposure_allowed"]["minor"]
        given = posapp.ok("redeem", customer, "30", "--at-risk")
        assert (given["at_risk"], given["state"]) == (True, "pending")
        assert posapp("sale", customer, "500", "--points", "50", "--at-risk").error == "risk_needs_manager"
        posapp.ok("pin", stdin="274913\n")
        sold = posapp.ok("sale", customer, "500", "--points", "50", "--at-risk", "--approve", stdin="274913\n")
        assert (sold["at_risk"], sold["state"]) == (True, "pending")
        shown = posapp.ok("status")
        assert shown["exposure"]["minor"] == allowed
        explained = posapp.ok("explain", "exposure")
        assert [act["operation"] for act in explained["acts"]] == [given["operation"], sold["operation"]]
        assert sum(act["given"]["minor"] for act in explained["acts"]) == shown["exposure_given"]["minor"]
