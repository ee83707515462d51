"""Further rules of the `modules` API: its settings, the extensions, and what nobody may write."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from server_stub.__main__ import main
from server_stub.credentials import all_credentials
from server_stub.server import StubThread
from server_stub.settings import Settings
from tests.server_stub.contract.test_modules import LIST, MUMBAI, assert_refused, create, read
from tests.support.stub import StubProcess, StubServer, as_json


@pytest.fixture
def modules(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client(api="modules") as client:
        yield client


def test_the_environment_of_the_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"PER_PAGE": "2", "MAX_PER_PAGE": "3", "VIP_ORDER_THRESHOLD": "11", "VIP_SPEND_THRESHOLD": "1"}
    for name, value in {**chosen, "ENABLE_MARKETING_CONSENT": "false"}.items():
        monkeypatch.setenv(f"CUSTOMERS_{name}", value)
    with StubProcess(database_url="sqlite://", customers=50) as stub, stub.client(api="modules") as client:
        page = as_json(client.get(LIST))
        assert (len(page["data"]), page["meta"]["last_page"]) == (2, 23)
        assert as_json(client.get(LIST, params={"per_page": 50}))["meta"]["per_page"] == 3
        counts = as_json(client.get(f"{LIST}/segments"))["data"]
        buyers = as_json(client.get(f"{LIST}/vip"))["meta"]["total"]
        assert (counts["vip"]["count"], counts["returning"]["count"]) == (buyers, 0)
        made = create(client, accepts_marketing=True)
        assert not made["accepts_marketing"]
        as_json(client.patch(f"{LIST}/{made['id']}", json={"accepts_marketing": True}))
        assert not read(client, made["id"])["accepts_marketing"]
        assert as_json(client.get(LIST, params={"accepts_marketing": "true"}))["meta"]["total"] == 0
        assert as_json(client.get(LIST, params={"accepts_marketing": "false"}))["meta"]["total"] == 46


@pytest.mark.parametrize(
    ("name", "value"), [("CUSTOMERS_PER_PAGE", "0"), ("CUSTOMERS_ENABLE_MARKETING_CONSENT", "perhaps")]
)
def test_an_environment_that_makes_no_sense_stops_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        main(["--database-url", "sqlite://", "--print-credentials"])
    assert stopped.value.code == 2
    assert name in capsys.readouterr().err


def test_it_is_served_at_the_root_too() -> None:
    settings = Settings(database_url="sqlite://", api="modules", extensions=frozenset())
    headers = {"Authorization": f"Bearer {all_credentials(42)['modules']['7']['token']}"}
    with (
        StubThread(settings) as thread,
        httpx.Client(headers=headers, base_url=thread.url, trust_env=False) as client,
    ):
        made = create(client)
        assert "ETag" not in client.get(f"{LIST}/{made['id']}").headers
        assert_refused(client.get(f"{LIST}/deleted"), 404)
        assert as_json(client.get(LIST, params={"updated_since": "x"}))["meta"]["total"] == 1
        described = client.get("/openapi.json").json()["paths"]
    assert f"{LIST}/deleted" not in described
    operations = [f"{method} {path}" for path, methods in described.items() for method in methods if path != "/healthz"]
    assert len(operations) == 17
    assert set(described[f"{LIST}/merge"]["post"]["responses"]) == {"200", "400", "401", "404", "409", "413", "422"}
    assert set(described[f"{LIST}/{{customer_id}}"]["get"]["responses"]) == {"200", "304", "401", "404", "413"}


def test_a_key_makes_a_repeat_safe(modules: httpx.Client) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"first_name": uuid4().hex}
    first, again = (modules.post(LIST, json=body, headers=headers) for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    reused = modules.post(LIST, json={"first_name": "Other"}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (409, "key_reused")
    assert as_json(modules.get(f"{LIST}/search", params={"q": body["first_name"]}))["meta"]["total"] == 1


def test_every_list_tells_what_changed_since(modules: httpx.Client) -> None:
    word = uuid4().hex
    first, last = (create(modules, last_name=word)["id"] for _ in range(2))
    since = as_json(modules.post(f"{LIST}/{first}/addresses", json=MUMBAI)) and read(modules, first)["updated_at"]
    for path, query in ((LIST, "search"), (f"{LIST}/search", "q")):
        rows = as_json(modules.get(path, params={query: word, "updated_since": "2020-01-01T00:00:00Z"}))["data"]
        assert [row["id"] for row in rows] == [last, first]
        rows = as_json(modules.get(path, params={query: word, "updated_since": since}))["data"]
        assert [row["id"] for row in rows] == [first]
    assert as_json(modules.get(f"{LIST}/vip", params={"updated_since": "2100-01-01T00:00:00Z"}))["data"] == []
    assert_refused(modules.get(LIST, params={"updated_since": "yesterday"}), 400, "updated_since")


def test_tombstones_tell_who_is_gone_and_why(stub: StubServer, modules: httpx.Client) -> None:
    gone, kept, merged = (create(modules) for _ in range(3))
    modules.delete(f"{LIST}/{gone['id']}")
    as_json(modules.post(f"{LIST}/merge", json={"primary_id": kept["id"], "secondary_id": merged["id"]}))
    page = as_json(modules.get(f"{LIST}/deleted", params={"since": merged["created_at"], "per_page": 100}))
    told = [{**row, "deleted_at": ""} for row in page["data"]]
    assert told == [
        {"id": gone["id"], "deleted_at": "", "reason": "deleted", "merged_into": None},
        {"id": merged["id"], "deleted_at": "", "reason": "merged", "merged_into": kept["id"]},
    ]
    assert page["meta"]["total"] == 2
    with stub.client() as pos:
        assert [row["id"] for row in as_json(pos.get(f"{LIST}/deleted", params={"since": merged["created_at"]}))] == [
            gone["id"],
            merged["id"],
        ]


def test_a_tag_stands_for_all_that_one_customer_shows(modules: httpx.Client) -> None:
    made = modules.post(LIST, json={"first_name": "Rahim"})
    url, tag = f"{LIST}/{made.json()['data']['id']}", made.headers["ETag"]
    unchanged = modules.get(url, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    as_json(modules.post(f"{url}/addresses", json=MUMBAI))
    moved = modules.get(url, headers={"If-None-Match": tag})
    assert (moved.status_code, moved.headers["ETag"] == tag) == (200, False)
    assert_refused(modules.patch(url, json={"notes": "x"}, headers={"If-Match": tag}), 412)
    assert_refused(modules.delete(url, headers={"If-Match": tag}), 412)
    changed = modules.patch(url, json={"notes": "x"}, headers={"If-Match": moved.headers["ETag"]})
    assert changed.headers["ETag"] == modules.get(url).headers["ETag"]
    assert modules.delete(url, headers={"If-Match": changed.headers["ETag"]}).status_code == 204


def test_seeded_very_good_customers_are_so_by_orders_alone_and_by_spend_alone(stub: StubServer) -> None:
    for store in ("22", "7"):
        with stub.client(store, api="modules") as client:
            rows = as_json(client.get(f"{LIST}/vip", params={"per_page": 100}))["data"]
            counts = as_json(client.get(f"{LIST}/segments"))["data"]
        assert any(row["total_orders"] >= 10 and row["total_spent"] < 50_000 for row in rows)
        assert any(row["total_orders"] < 10 and row["total_spent"] >= 50_000 for row in rows)
        assert min(segment["count"] for segment in counts.values()) > 0
