"""A till with a server, extended and plain: first sync, acts, refusals, faults; then both books side by side."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.cli.conftest import Posapp
from tests.support.stub import StubServer


@pytest.fixture
def connected(posapp: Posapp, stub: StubServer) -> Posapp:
    """A till after its first sync with an extended server."""
    posapp.connect(stub)
    posapp.ok("sync")
    return posapp


@pytest.fixture
def plain(posapp: Posapp, plain_stub: StubServer) -> Posapp:
    """A till after its first sync with a plain server."""
    posapp.connect(plain_stub, currency="BDT", country="BD", zone="Asia/Dhaka")
    posapp.ok("sync")
    return posapp


def on_server(stub: StubServer, remote_id: str, path: str = "") -> Any:
    """Return a customer as the stub holds her."""
    with stub.client() as client:
        return client.get(f"/api/v1/customers/{remote_id}{path}").json()


def rich_one(posapp: Posapp, stub: StubServer, points: int = 100) -> tuple[str, str]:
    """Return the till's and the server's id of a customer with points."""
    with stub.client() as client:
        for row in client.get("/api/v1/customers", params={"limit": 250}).json():
            if row["loyalty_points"] >= points:
                shown = posapp.ok("customer", "show", row["id"])
                return str(shown["customer"]["id"]), str(row["id"])
    raise AssertionError("nobody has points")


def test_connecting_takes_the_shop_over(posapp: Posapp, stub: StubServer) -> None:
    answer = posapp.connect(stub)
    assert answer["shop"] == {
        "name": "Dhaka Super Shop",
        "currency": "BDT",
        "country": "BD",
        "time_zone": "Asia/Dhaka",
    }
    assert all(answer["capabilities"].values())
    assert posapp.ok("status")["connections"][0]["last_success_at"] is None
    assert stub.token() not in str(answer)


def test_the_first_sync_and_the_next(connected: Posapp, stub: StubServer) -> None:
    with stub.client() as client:
        rows = client.get("/api/v1/customers", params={"limit": 250}).json()
    status = connected.ok("status")
    assert status["customers"] == len(rows)
    assert status["connections"][0]["last_success_at"] is not None
    again = connected.ok("sync")
    assert again["pulled"] == 0
    assert {"pulled", "pushed", "waiting", "needs_attention", "requests", "seconds"} <= set(again)


@pytest.mark.parametrize("kind", ["connected", "plain"])
def test_points_come_off_a_bill(request: pytest.FixtureRequest, kind: str) -> None:
    posapp: Posapp = request.getfixturevalue(kind)
    stub: StubServer = request.getfixturevalue("stub" if kind == "connected" else "plain_stub")
    ours, theirs = rich_one(posapp, stub)
    before = on_server(stub, theirs)["loyalty_points"]
    answer = posapp.ok("--yes", "redeem", ours, "30")
    assert answer["discount"]["minor"] == 300
    assert answer["state"] == "confirmed"
    assert on_server(stub, theirs)["loyalty_points"] == before - 30
    refused = posapp("redeem", ours, "1000000")
    assert (refused.code, refused.error) == (1, "insufficient_points")
    sold = posapp.ok("--yes", "sale", ours, "100", "--points", "20")
    gained = sold["sale"]["points_earned"]
    assert gained == 98
    served = on_server(stub, theirs)["loyalty_points"]
    if kind == "connected":
        assert served == before - 50 + gained == sold["points"]
    else:
        assert served == before - 50 == sold["points"] - gained


def test_khata_goes_to_an_extended_server(connected: Posapp, stub: StubServer) -> None:
    ours, theirs = rich_one(connected, stub)
    before = on_server(stub, theirs)["ledger_balance"]
    paid = connected.ok("--yes", "pay", ours, "50", "--note", "cash at the till")
    assert paid["state"] == "pending"
    connected.ok("--yes", "sale", ours, "80", "--on-account", "30")
    connected.drain()
    after = on_server(stub, theirs)
    assert after["ledger_balance"] == before + 5000 - 3000
    shown = connected.ok("customer", "show", ours)
    assert shown["balance"]["minor"] == after["ledger_balance"]
    assert shown["points"] == after["loyalty_points"]
    explained = connected.ok("explain", ours, "balance")
    entries = on_server(stub, theirs, "/ledger")
    assert len(explained["entries"]) == len(entries)
    assert explained["brought_forward"]["minor"] == 0
    undone = connected.ok("reverse", paid["operation"], "--reason", "wrong customer")
    connected.drain()
    assert on_server(stub, theirs)["ledger_balance"] == before - 3000
    assert undone["balance"]["minor"] == before - 3000


def test_khata_stays_on_the_till_with_a_plain_server(plain: Posapp, plain_stub: StubServer) -> None:
    ours, theirs = rich_one(plain, plain_stub)
    before = on_server(plain_stub, theirs)["ledger_balance"]
    paid = plain.ok("--yes", "pay", ours, "50")
    assert paid["state"] == "kept"
    assert paid["balance"]["minor"] == before + 5000
    assert plain.ok("sync")["waiting"] == 0
    assert on_server(plain_stub, theirs)["ledger_balance"] == before
    taken = plain.ok("--yes", "redeem", ours, "5")
    refused = plain("reverse", taken["operation"], "--reason", "mistake")
    assert (refused.code, refused.error) == (1, "server_cannot_reverse")


@pytest.mark.parametrize("kind", ["connected", "plain"])
def test_customers_made_edited_and_deleted_here_and_there(request: pytest.FixtureRequest, kind: str) -> None:
    posapp: Posapp = request.getfixturevalue(kind)
    stub: StubServer = request.getfixturevalue("stub" if kind == "connected" else "plain_stub")
    made = posapp.ok("customer", "add", "--name", "Rahima Begum", "--phone", "01711 234567", "--tag", "new")
    ours = made["customer"]["id"]
    posapp.drain()
    theirs = posapp.ok("customer", "show", ours)["customer"]["remote_id"]
    assert on_server(stub, theirs)["name"] == "Rahima Begum"
    with stub.client() as client:
        client.put(f"/api/v1/customers/{theirs}", json={"tags": ["new", "theirs"], "notes": "from there"})
    posapp.ok("customer", "edit", ours, "--add-tag", "ours", "--remove-tag", "new", "--address", "Mirpur 10")
    posapp.drain()
    posapp.ok("sync", "--full")
    there = on_server(stub, theirs)
    assert sorted(there["tags"]) == ["ours", "theirs"]
    assert (there["notes"], there["address"]) == ("from there", "Mirpur 10")
    here = posapp.ok("customer", "show", ours)["customer"]
    assert (sorted(here["tags"]), here["notes"], here["address"]) == (["ours", "theirs"], "from there", "Mirpur 10")
    asked = posapp("customer", "delete", ours)
    assert asked.error == "confirm_delete"
    posapp.ok("--yes", "customer", "delete", ours)
    posapp.drain()
    with stub.client() as client:
        assert client.get(f"/api/v1/customers/{theirs}").status_code == 404
        other = client.post("/api/v1/customers", json={"name": "Short Lived"}).json()
    posapp.ok("sync", "--full")
    assert posapp.ok("find", "short lived")["count"] == 1
    with stub.client() as client:
        client.delete(f"/api/v1/customers/{other['id']}")
    posapp.ok("sync", "--full")
    assert posapp.ok("find", "short lived")["count"] == 0
    assert posapp.ok("verify")["faults"] == []


def test_two_edits_of_one_phone_ask_a_person(connected: Posapp, stub: StubServer) -> None:
    ours, theirs = rich_one(connected, stub)
    connected.ok("customer", "edit", ours, "--phone", "01811 111111")
    with stub.client() as client:
        client.put(f"/api/v1/customers/{theirs}", json={"phone": "01922222222"})
    answer = connected.ok("sync")
    assert answer["needs_attention"] == 1
    item = connected.ok("inbox", "list")["items"][0]
    assert item["kind"] == "conflict"
    assert connected.ok("inbox", "show", item["id"])["act"]["kind"] == "customer_edit"
    assert connected("inbox", "show", item["id"], as_json=False).code == 0
    assert on_server(stub, theirs)["phone"] == "01922222222"


@pytest.mark.parametrize("kind", ["connected", "plain"])
def test_answers_lost_on_the_way_double_nothing(request: pytest.FixtureRequest, kind: str) -> None:
    posapp: Posapp = request.getfixturevalue(kind)
    stub: StubServer = request.getfixturevalue("stub" if kind == "connected" else "plain_stub")
    ours, theirs = rich_one(posapp, stub)
    before = on_server(stub, theirs)
    paths = ("/pos/api/v1/customers", "*/ledger", "*/redeem")
    lost = {"drop_after": True}
    stub.faults([{"match": {"method": "POST", "path": path, "count": 1}, "effect": lost} for path in paths])
    made = posapp.ok("customer", "add", "--name", "Lost Answer", "--phone", "01722 000111")
    posapp("sync")
    posapp.ok("--yes", "pay", ours, "10")
    posapp("sync")
    taken = posapp("--yes", "redeem", ours, "7")
    if kind == "plain":
        assert (taken.code, taken.error) == (3, "redeem_unknown")
        assert taken.json["state"] == "unknown"
    stub.clear_faults()
    posapp.drain()
    after = on_server(stub, theirs)
    assert after["loyalty_points"] == before["loyalty_points"] - 7
    assert after["ledger_balance"] == before["ledger_balance"] + (1000 if kind == "connected" else 0)
    with stub.client() as client:
        assert len(client.get("/api/v1/customers", params={"search": "Lost Answer"}).json()) == 1
    effects = [effect["op"] for effect in stub.effects() if effect["op"] == made["operation"]]
    assert len(effects) == 1
    assert posapp.ok("status")["needs_attention"] == 0


def test_a_server_that_is_away(connected: Posapp, stub: StubServer) -> None:
    ours, _ = rich_one(connected, stub)
    points = connected.ok("customer", "show", ours)["points"]
    stub.stop()
    assert connected.ok("--yes", "pay", ours, "10")["state"] == "pending"
    assert connected.ok("find", "a")["customers"]
    taken = connected("redeem", ours, "5")
    assert (taken.code, taken.error) == (3, "redeem_offline")
    assert connected.ok("customer", "show", ours)["points"] == points
    failed = connected("sync")
    assert (failed.code, failed.error) == (3, "server_unreachable")
    assert failed.json["waiting"] == 1
    assert connected("connect", "pos", stub.base_url, "--token-stdin", stdin="x\n").code == 3
    stub.start()
    connected.drain()


def test_a_wrong_token(posapp: Posapp, stub: StubServer) -> None:
    wrong = posapp("connect", "pos", stub.base_url, "--token-stdin", stdin="not-the-token\n")
    assert (wrong.code, wrong.error) == (4, "sign_in_required")
    assert posapp("sync").error == "no_connection"
    assert posapp("connect", "pos", stub.base_url, "--token-stdin").error == "credential_missing"
    assert posapp("connect", "fax", stub.base_url, "--token-stdin", stdin="x\n").code == 1
    assert posapp("connect", "pos", "not a url", "--token-stdin", stdin="x\n").code == 1


@pytest.mark.parametrize(
    "effect",
    [
        {"html_200": True},
        {"truncate": True},
        {"wrong_type": True},
        {"status": 500},
        {"status": 503, "retry_after": 1},
        {"drop_before": True},
        {"drop_after": True},
    ],
    ids=str,
)
def test_a_server_that_lies(connected: Posapp, stub: StubServer, effect: dict[str, object]) -> None:
    before = connected.ok("status")["customers"]
    stub.faults([{"match": {"method": "GET", "path": "/pos/*"}, "effect": effect}])
    failed = connected("sync", "--full")
    assert failed.code == 3
    assert failed.error
    assert connected.ok("status")["customers"] == before
    stub.clear_faults()
    assert connected.ok("sync", "--full")["complete"]
    assert connected.ok("status")["customers"] == before


def test_a_revoked_token_pauses_the_connection_not_the_till(connected: Posapp, stub: StubServer) -> None:
    ours, theirs = rich_one(connected, stub)
    stub.faults([{"match": {"path": "/pos/*"}, "effect": {"status": 401}}])
    connected.ok("--yes", "pay", ours, "10")
    failed = connected("sync")
    assert (failed.code, failed.error) == (4, "sign_in_required")
    assert connected.ok("status")["connections"][0]["paused"] is True
    assert connected("redeem", ours, "1").code == 4
    stub.clear_faults()
    connected.connect(stub)
    before = on_server(stub, theirs)["ledger_balance"]
    connected.drain()
    assert on_server(stub, theirs)["ledger_balance"] == before + 1000


def test_what_was_added_before_connecting_goes_out(posapp: Posapp, stub: StubServer) -> None:
    posapp.ok("shop", "--currency", "BDT", "--country", "BD")
    posapp.ok("customer", "add", "--name", "Early Bird", "--phone", "01712 345678", "--opening-balance", "50")
    posapp.connect(stub)
    posapp.drain()
    with stub.client() as client:
        assert len(client.get("/api/v1/customers", params={"search": "Early Bird"}).json()) == 1
    assert posapp.ok("find", "early")["customers"][0]["balance"]["direction"] == "owes"


def test_a_book_in_another_currency_is_not_connected(posapp: Posapp, stub: StubServer) -> None:
    posapp.ok("customer", "add", "--name", "Rupee Customer", "--opening-balance", "5")
    refused = posapp("connect", "pos", stub.base_url, "--token-stdin", stdin=stub.token() + "\n")
    assert (refused.code, refused.error) == (1, "another_currency")
    assert posapp.ok("status")["connections"] == []


def test_another_server_needs_another_home(connected: Posapp, plain_stub: StubServer) -> None:
    refused = connected("connect", "pos", plain_stub.base_url, "--token-stdin", stdin=plain_stub.token() + "\n")
    assert (refused.code, refused.error) == (1, "another_server")


CANARIES = ("Zubaida Canary", "01799 987654", "1799987654", "canary@example.com", "Canary Street")


@pytest.fixture
def canary_home(connected: Posapp, stub: StubServer) -> Posapp:
    """A home after a customer with telling particulars went through good and bad days."""
    name, phone, _, email, address = CANARIES
    made = connected.ok("customer", "add", "--name", name, "--phone", phone, "--email", email, "--address", address)
    connected.drain()
    stub.faults([{"match": {"path": "/pos/*"}, "effect": {"html_200": True}}])
    connected("sync")
    stub.faults([{"match": {"path": "/pos/*"}, "effect": {"status": 500}}])
    connected.ok("customer", "edit", made["customer"]["id"], "--notes", "Canary notes")
    connected("sync")
    connected("redeem", made["customer"]["id"], "5")
    stub.clear_faults()
    return connected


def test_no_file_tells_who_the_customers_are(canary_home: Posapp, stub: StubServer) -> None:
    canaries = [text.encode() for text in (*CANARIES, "Canary", stub.token())]
    files = [path for path in canary_home.home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [canary for canary in canaries if canary in content], path
        assert not content.startswith(b"SQLite format 3"), path


def test_a_home_that_cannot_be_written(posapp: Posapp) -> None:
    shutil.rmtree(posapp.home)
    posapp.home.write_text("a file where the folder should be")
    ran = posapp("status")
    assert ran.code == 5
    assert ran.error == "home_unusable"


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_book_that_is_none(connected: Posapp, content: bytes) -> None:
    book = connected.home / "book.db"
    for path in connected.home.glob("book.db*"):
        path.unlink()
    book.write_bytes(content)
    ran = connected("status")
    assert ran.code == 5
    assert ran.error
    assert book.read_bytes() == content


def test_a_cashier_waits_without_storming_the_server(connected: Posapp, stub: StubServer) -> None:
    ours, _ = rich_one(connected, stub)
    stub.faults([{"match": {"method": "POST", "path": "*/redeem"}, "effect": {"status": 503}}])
    taken = connected("redeem", ours, "5")
    assert (taken.code, taken.error) == (3, "redeem_unknown")
    assert 2 <= connected.ok("outbox")["operations"][0]["attempts"] <= 8


def test_an_answer_that_leaves_it_open_goes_to_the_inbox(connected: Posapp, stub: StubServer) -> None:
    ours, _ = rich_one(connected, stub)
    stub.faults([{"match": {"method": "POST", "path": "*/redeem"}, "effect": {"status": 403}}])
    taken = connected("redeem", ours, "5")
    assert (taken.code, taken.error) == (1, "redeem_needs_person")
    assert connected.ok("inbox", "list")["count"] == 1
