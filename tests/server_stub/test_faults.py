"""Faults over a real connection: what the client sees, and whether the request was applied."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from server_stub.app import close_app, create_app
from server_stub.credentials import token_of
from server_stub.faults import ConnectionDropped
from server_stub.settings import Settings
from tests.server_stub.test_customers import LIST
from tests.support.stub import StubServer, as_json


@pytest.fixture(scope="module")
def server() -> Iterator[StubServer]:
    with StubServer() as stub:
        yield stub


@pytest.fixture
def faulty(server: StubServer) -> Iterator[StubServer]:
    yield server
    server.clear_faults()


@pytest.fixture
def client(faulty: StubServer) -> Iterator[httpx.Client]:
    with faulty.client() as client:
        yield client


def fault(effect: dict[str, Any], **match: Any) -> dict[str, Any]:
    return {"match": match, "effect": effect}


def count(client: httpx.Client) -> int:
    return int(client.get(LIST).headers["x-total-count"])


@pytest.mark.parametrize(("effect", "applied"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_answer_is_lost_but_the_effect_is_known(
    faulty: StubServer, client: httpx.Client, effect: str, applied: int
) -> None:
    before, effects = count(client), len(faulty.effects())
    faulty.faults([fault({effect: True}, method="post", path="/pos/api/v1/customers", count=1)])
    with pytest.raises(httpx.TransportError):
        client.post(LIST, json={"name": "Lost"})
    assert count(client) == before + applied
    assert len(faulty.effects()) == effects + applied
    assert client.post(LIST, json={"name": "Found"}).status_code == 201


def test_a_large_request_can_be_dropped_too(faulty: StubServer, client: httpx.Client) -> None:
    faulty.faults([fault({"drop_before": True}, count=1)])
    with pytest.raises(httpx.TransportError):
        client.post(LIST, json={"name": "x", "notes": "y" * 2_000_000})


def test_half_an_answer_is_an_error(faulty: StubServer, client: httpx.Client) -> None:
    before = count(client)
    faulty.faults([fault({"truncate": True}, method="POST")])
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(LIST, json={"name": "Half"})
    assert count(client) == before + 1


def test_a_status_comes_instead_of_the_effect(faulty: StubServer, client: httpx.Client) -> None:
    before = count(client)
    faulty.faults([fault({"status": 503, "retry_after": 7}, method="POST")])
    response = client.post(LIST, json={"name": "x"})
    assert (response.status_code, response.headers["retry-after"]) == (503, "7")
    assert response.json()["error"] == "fault"
    assert count(client) == before


def test_a_captive_portal_answers_html(faulty: StubServer, client: httpx.Client) -> None:
    before = count(client)
    faulty.faults([fault({"html_200": True}, method="POST")])
    response = client.post(LIST, json={"name": "x"})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert count(client) == before


def test_wrong_types(faulty: StubServer, client: httpx.Client) -> None:
    made = as_json(client.post(LIST, json={"name": "x"}))
    faulty.faults([fault({"wrong_type": True})])
    assert client.get(f"{LIST}/{made['id']}").json()["loyalty_points"] == "0"
    assert type(client.delete(f"{LIST}/{made['id']}").json()["message"]) is int


def test_delays_and_slow_bodies(faulty: StubServer, client: httpx.Client) -> None:
    for effect in ("delay_ms", "slow_body"):
        faulty.faults([fault({effect: 200})])
        started = time.monotonic()
        assert client.get(LIST).status_code == 200
        assert time.monotonic() - started >= 0.2
    faulty.faults([fault({"slow_body": 3000})])
    with pytest.raises(httpx.ReadTimeout):
        client.get(LIST, timeout=0.1)


def test_the_date_can_be_wrong(faulty: StubServer, client: httpx.Client) -> None:
    faulty.faults([fault({"skew_date": -86_400})])
    date = parsedate_to_datetime(client.get(LIST).headers["date"])
    assert 86_300 < (datetime.now(UTC) - date).total_seconds() < 86_500
    assert len(client.get(LIST).headers.get_list("date")) == 1


def test_matching_by_path_nth_and_count(faulty: StubServer, client: httpx.Client) -> None:
    faulty.faults([fault({"status": 500}, path="/pos/*/customers", nth=2)])
    assert client.get("/api/v1/settings").status_code == 200
    assert [client.get(LIST).status_code for _ in range(4)] == [200, 500, 200, 200]
    faulty.faults([fault({"status": 500}, nth=2, count=2)])
    assert [client.get(LIST).status_code for _ in range(4)] == [200, 500, 500, 200]
    faulty.faults([fault({"status": 500}, method="DELETE")])
    assert client.get(LIST).status_code == 200


def test_probability_is_drawn_from_the_seed() -> None:
    def statuses() -> list[int]:
        with StubServer(random_seed=5) as stub, stub.client() as client:
            stub.faults([fault({"status": 500}, probability=0.5)])
            return [client.get(LIST).status_code for _ in range(20)]

    first = statuses()
    assert set(first) == {200, 500}
    assert statuses() == first


def test_control_and_health_are_spared(faulty: StubServer) -> None:
    faulty.faults([fault({"status": 500})])
    assert faulty.effects() is not None
    assert httpx.get(f"{faulty.root_url}/healthz", trust_env=False).json() == {"status": "ok"}


BAD_FAULTS: list[Any] = [
    {}, {"match": {}}, {"effect": {}}, {"effect": {"explode": True}}, {"effect": {"status": True}},
    {"effect": {"status": 99}}, {"effect": {"skew_date": 1e300}},
    {"effect": {"drop_before": 5}}, {"effect": {"drop_after": False}},
    {"effect": {"status": 500, "truncate": True}}, {"effect": {"status": 500}, "match": {"methd": "GET"}},
    {"effect": {"status": 500}, "match": {"nth": "1"}}, {"effect": {"status": 500}, "match": {"path": 5}}, 5,
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_FAULTS, ids=str)
def test_bad_faults_are_refused_and_change_nothing(faulty: StubServer, client: httpx.Client, bad: Any) -> None:
    faulty.faults([fault({"status": 500})])
    with httpx.Client(base_url=faulty.root_url, trust_env=False) as control:
        assert control.put("/__faults", json={"faults": [bad]}).status_code == 400
        assert control.put("/__faults", json=[]).status_code == 400
    assert client.get(LIST).status_code == 500


def test_mail_is_empty_so_far(faulty: StubServer) -> None:
    with httpx.Client(base_url=faulty.root_url, trust_env=False) as control:
        assert control.get("/__mail", params={"email": "a@example.com"}).json() == []
        assert control.get("/__mail").status_code == 400


def test_in_process_a_drop_is_an_exception() -> None:
    async def scenario() -> None:
        app = create_app(Settings(database_url="sqlite://", faults=(fault({"drop_after": True}, method="POST"),)))
        try:
            headers = {"Authorization": f"Bearer {token_of(42, 'pos', 22)}"}
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://stub/pos", headers=headers) as client:
                with pytest.raises(ConnectionDropped):
                    await client.post(LIST, json={"name": "Lost"})
                assert [row["name"] for row in (await client.get(LIST)).json()] == ["Lost"]
        finally:
            close_app(app)

    asyncio.run(scenario())


@pytest.mark.parametrize(("peer", "status"), [("127.0.0.9", 200), ("::1", 200), ("10.0.0.1", 403), ("name", 403)])
def test_control_is_for_this_machine(peer: str, status: int) -> None:
    async def scenario() -> None:
        app = create_app(Settings(database_url="sqlite://", api="pos", extensions=frozenset()))
        try:
            transport = httpx.ASGITransport(app, client=(peer, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://stub") as client:
                answers = [
                    await client.get("/__effects"),
                    await client.get("/__mail?email=x"),
                    await client.put("/__faults", content=json.dumps({"faults": []})),
                    await client.delete("/__faults"),
                ]
                assert {answer.status_code for answer in answers} == {status}
                assert (await client.get("/healthz")).status_code == 200
        finally:
            close_app(app)

    asyncio.run(scenario())
