"""What a sync client leans on: idempotency keys, changes since, tombstones, tags of one customer, settings."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text, update

from server_stub import tables
from server_stub.settings import EXTENSIONS
from tests.server_stub.conftest import StartStub
from tests.server_stub.test_customers import LIST, assert_refused, create
from tests.server_stub.test_ledger_and_points import adjust, post, rich, shown
from tests.support.postgres import PostgresServer
from tests.support.stub import StubServer, as_json


def key(value: str | None = None) -> dict[str, str]:
    return {"Idempotency-Key": value or str(uuid4())}


def test_extensions_are_announced(client: httpx.Client) -> None:
    for response in (client.get(LIST), client.get(f"{LIST}/x"), client.post(LIST, content=b"")):
        assert response.headers["x-sync-extensions"] == ", ".join(EXTENSIONS)


def test_a_key_makes_a_create_happen_once(client: httpx.Client) -> None:
    headers, body = key(), {"name": "Once Only"}
    first = client.post(LIST, json=body, headers=headers)
    assert "idempotency-replayed" not in first.headers
    again = client.post(LIST, json=body, headers={"Idempotency-Key": headers["Idempotency-Key"].upper()})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["content-type"] == "application/json"
    assert len(as_json(client.get(LIST, params={"search": "once only"}))) == 1
    assert_refused(client.post(LIST, json={"name": "Other"}, headers=headers), 409, "key_reused")
    path = f"{LIST}/{first.json()['id']}"
    assert_refused(client.put(path, json=body, headers=headers), 409, "key_reused")
    assert_refused(client.post(f"{LIST}?x=1", json=body, headers=headers), 409, "key_reused")


def test_a_key_covers_every_kind_of_write(client: httpx.Client) -> None:
    customer = create(client)["id"]
    as_json(adjust(client, customer, 100))
    writes: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", f"{LIST}/{customer}", {"notes": "n"}),
        ("POST", f"{LIST}/{customer}/loyalty/redeem", {"points": 5, "sale_id": str(uuid4())}),
        ("POST", f"{LIST}/{customer}/ledger",
         {"type": "debit", "amount": 5, "description": "", "reference_id": str(uuid4())}),
        ("DELETE", f"{LIST}/{customer}", {}),
    ]  # fmt: skip
    for method, path, body in writes:
        headers = key()
        first = client.request(method, path, json=body, headers=headers)
        again = client.request(method, path, json=body, headers=headers)
        assert first.is_success
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers.get("etag") == first.headers.get("etag")


def test_a_key_keeps_refusals_too(client: httpx.Client) -> None:
    customer = create(client)["id"]
    headers = key()
    body = {"points": 5, "sale_id": str(uuid4())}
    path = f"{LIST}/{customer}/loyalty/redeem"
    first = client.post(path, json=body, headers=headers)
    assert_refused(first, 409, "insufficient_points")
    as_json(adjust(client, customer, 100))
    again = client.post(path, json=body, headers=headers)
    assert (again.status_code, again.content) == (409, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert as_json(client.post(path, json=body, headers=key()))["remaining_points"] == 95
    assert_refused(client.post(LIST, content=b"{", headers=headers), 409, "key_reused")


@pytest.mark.parametrize("value", ["", "x", "1234", "{32b0d097-214d-4b64-8892-40550c7f7f45}"])
def test_a_key_that_is_no_uuid_is_400(client: httpx.Client, value: str) -> None:
    assert_refused(client.post(LIST, json={"name": "x"}, headers={"Idempotency-Key": value}), 400, "invalid_request")
    assert client.get(LIST, headers={"Idempotency-Key": value}).status_code == 200


def test_keys_belong_to_a_store(stub: StubServer, client: httpx.Client) -> None:
    headers, body = key(), {"name": "Two stores"}
    here = client.post(LIST, json=body, headers=headers)
    with stub.client("7") as stranger:
        there = stranger.post(LIST, json=body, headers=headers)
    assert there.status_code == 201
    assert there.json()["id"] != here.json()["id"]


def test_a_key_without_a_credential_is_not_kept(stub: StubServer, client: httpx.Client) -> None:
    headers = key()
    with httpx.Client(base_url=stub.base_url, trust_env=False) as nobody:
        assert_refused(nobody.post(LIST, json={"name": "x"}, headers=headers), 401, "unauthorized")
    assert client.post(LIST, json={"name": "x"}, headers=headers).status_code == 201


@contextmanager
def store_held(stub: StubServer) -> Iterator[None]:
    """Hold the store's row, as a slow writer would."""
    database = stub.thread.app.state.runtime.database
    with database.write() as connection:
        connection.execute(update(tables.store).where(tables.store.c.id == 22).values(name=tables.store.c.name))
        yield


def test_a_repeat_while_the_first_runs_is_in_progress(start_stub: StartStub) -> None:
    stub = start_stub()
    headers, body = key(), {"name": "Slow"}
    done: list[httpx.Response] = []

    def first() -> None:
        with stub.client(timeout=20) as own:
            done.append(own.post(LIST, json=body, headers=headers))

    with stub.client() as client:
        with store_held(stub):
            thread = threading.Thread(target=first)
            thread.start()
            while not stub.thread.app.state.runtime.running_keys._running:
                threading.Event().wait(0.01)
            refused = client.post(LIST, json=body, headers=headers)
            assert_refused(refused, 409, "in_progress")
            assert refused.headers["retry-after"] == "1"
        thread.join()
        again = client.post(LIST, json=body, headers=headers)
        assert (again.status_code, again.content) == (201, done[0].content)


def test_a_repeat_at_another_process_is_in_progress(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    headers, body = key(), {"name": "Slow"}
    with StubServer(database_url=url) as here, StubServer(database_url=url) as there, there.client() as client:

        def first() -> None:
            with here.client(timeout=20) as own:
                own.post(LIST, json=body, headers=headers)

        locks = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        with store_held(here):
            thread = threading.Thread(target=first)
            thread.start()
            with there.thread.app.state.runtime.database.write() as connection:
                while not connection.execute(locks).scalar_one():
                    threading.Event().wait(0.01)
            assert_refused(client.post(LIST, json=body, headers=headers), 409, "in_progress")
        thread.join()
        assert client.post(LIST, json=body, headers=headers).headers["idempotency-replayed"] == "true"
        assert len(as_json(client.get(LIST))) == 1


def test_repeats_at_the_same_time_happen_once(stub: StubServer, client: httpx.Client) -> None:
    customer = create(client)["id"]
    headers = key()
    body = {"type": "credit", "amount": 7, "description": "x", "reference_id": str(uuid4())}

    def one(_number: int) -> httpx.Response:
        with stub.client() as own:
            return own.post(f"{LIST}/{customer}/ledger", json=body, headers=headers)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert {response.status_code for response in answers} <= {201, 409}
    assert len({response.content for response in answers if response.status_code == 201}) == 1
    assert {response.json()["error"] for response in answers if response.status_code == 409} <= {"in_progress"}
    assert shown(client, customer)["ledger_balance"] == 7


def test_a_key_is_forgotten_after_seven_days(start_stub: StartStub) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    stub = start_stub(clock=lambda: now[0])
    headers, body = key(), {"name": "x"}
    with stub.client() as client:
        first = client.post(LIST, json=body, headers=headers)
        now[0] += timedelta(days=7) - timedelta(microseconds=1)
        assert client.post(LIST, json=body, headers=headers).content == first.content
        now[0] += timedelta(microseconds=1)
        later = client.post(LIST, json=body, headers=headers)
        assert later.status_code == 201
        assert later.json()["id"] != first.json()["id"]


def test_updated_since_lists_changes_oldest_first(client: httpx.Client) -> None:
    first, second, third = (create(client)["id"] for _ in range(3))
    mark = as_json(client.get(LIST, params={"limit": 1}))[0]["updated_at"]
    as_json(client.put(f"{LIST}/{first}", json={"notes": "moved"}))
    as_json(adjust(client, second, 5))
    response = client.get(LIST, params={"updated_since": mark, "sort": "name", "order": "DESC"})
    rows = as_json(response)
    assert [row["id"] for row in rows] == [third, first, second]
    assert response.headers["x-total-count"] == "3"
    assert rows[0]["updated_at"] == mark
    as_json(post(client, third, "debit", 9))
    rows = as_json(client.get(LIST, params={"updated_since": rows[-1]["updated_at"]}))
    assert [(row["id"], row["ledger_balance"]) for row in rows] == [(second, 0), (third, -9)]
    as_json(client.put(f"{LIST}/{second}", json={"name": "Jane Doe"}))
    assert [row["id"] for row in as_json(client.get(LIST, params={"updated_since": rows[-1]["updated_at"]}))] == [third]


@pytest.mark.parametrize("value", ["", "x", "2025-01-01", "2025-99-01T00:00:00Z", "1735689600"])
def test_updated_since_must_be_a_timestamp(client: httpx.Client, value: str) -> None:
    assert_refused(client.get(LIST, params={"updated_since": value}), 400, "invalid_request")
    assert_refused(client.get(f"{LIST}/deleted", params={"since": value}), 400, "invalid_request")


def test_a_reader_that_follows_updated_at_misses_nothing(stub: StubServer, client: httpx.Client) -> None:
    """While others write, follow the changes by the last time seen; at the end every customer must have come by."""
    mark = as_json(client.get(LIST, params={"limit": 1}))[0]["updated_at"]
    seen: dict[str, str] = {}
    running = threading.Event()

    def write(_number: int) -> list[str]:
        with stub.client() as own:
            return [create(own)["id"] for _ in range(15)]

    def follow() -> None:
        nonlocal mark
        with stub.client() as own:
            while True:
                last = running.is_set()
                while rows := as_json(own.get(LIST, params={"updated_since": mark, "limit": 250})):
                    seen.update({row["id"]: row["updated_at"] for row in rows})
                    if rows[-1]["updated_at"] == mark:
                        break
                    mark = rows[-1]["updated_at"]
                if last:
                    return

    reader = threading.Thread(target=follow)
    reader.start()
    with ThreadPoolExecutor(4) as pool:
        made = [one for many in pool.map(write, range(4)) for one in many]
    running.set()
    reader.join()
    assert set(made) <= set(seen)
    assert len({seen[one] for one in made}) == len(made)


def test_tombstones_tell_what_went_and_why(client: httpx.Client) -> None:
    gone, kept = create(client)["id"], create(client)["id"]
    as_json(post(client, kept, "debit", 5))
    mark = as_json(client.get(LIST, params={"limit": 1}))[0]["created_at"]
    as_json(client.delete(f"{LIST}/{gone}"))
    as_json(client.delete(f"{LIST}/{kept}"))
    response = client.get(f"{LIST}/deleted", params={"since": mark})
    stones = as_json(response)
    assert [(stone["id"], stone["reason"], stone["merged_into"]) for stone in stones] == [
        (gone, "deleted", None), (kept, "anonymized", None),
    ]  # fmt: skip
    assert set(stones[0]) == {"id", "deleted_at", "reason", "merged_into"}
    assert stones[0]["deleted_at"] < stones[1]["deleted_at"]
    assert response.headers["x-total-count"] == "2"
    inclusive = as_json(client.get(f"{LIST}/deleted", params={"since": stones[1]["deleted_at"]}))
    assert inclusive == stones[1:]
    paged = as_json(client.get(f"{LIST}/deleted", params={"since": mark, "page": 2, "limit": 1}))
    assert paged == stones[1:]
    assert gone in [stone["id"] for stone in as_json(client.get(f"{LIST}/deleted", params={"limit": 250}))]


def test_tombstones_stay_in_their_store(stub: StubServer, client: httpx.Client) -> None:
    gone = create(client)["id"]
    as_json(client.delete(f"{LIST}/{gone}"))
    with stub.client("7") as stranger:
        assert gone not in [stone["id"] for stone in as_json(stranger.get(f"{LIST}/deleted?limit=250"))]


def test_etag_guards_updates_and_deletes(client: httpx.Client) -> None:
    path = f"{LIST}/{create(client)['id']}"
    tag = client.get(path).headers["etag"]
    assert tag.startswith('"')
    unchanged = client.get(path, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    changed = client.put(path, json={"notes": "a"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] == client.get(path).headers["etag"] != tag
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
    for method in ("PUT", "PATCH", "DELETE"):
        refused = client.request(method, path, json={"notes": "b"}, headers={"If-Match": tag})
        assert_refused(refused, 412, "precondition_failed")
    assert client.get(path).json()["notes"] == "a"
    assert client.put(path, json={"notes": "c"}, headers={"If-Match": "*"}).status_code == 200
    current = client.get(path).headers["etag"]
    assert client.delete(path, headers={"If-Match": f'"x", {current}'}).status_code == 200


def test_etag_moves_with_points_and_balance(client: httpx.Client) -> None:
    customer = create(client)["id"]
    tags = [client.get(f"{LIST}/{customer}").headers["etag"]]
    as_json(adjust(client, customer, 5))
    tags.append(client.get(f"{LIST}/{customer}").headers["etag"])
    as_json(post(client, customer, "debit", 5))
    tags.append(client.get(f"{LIST}/{customer}").headers["etag"])
    assert len(set(tags)) == 3


def test_plain_ignores_keys_and_tags(any_stub: StubServer, any_client: httpx.Client) -> None:
    if any_stub.thread.settings.announced("pos"):
        return
    headers, body = key(), {"name": "Twice"}
    ids = {any_client.post(LIST, json=body, headers=headers).json()["id"] for _ in range(2)}
    assert len(ids) == 2
    path = f"{LIST}/{ids.pop()}"
    assert "etag" not in any_client.get(path).headers
    assert any_client.put(path, json=body, headers={"If-Match": '"x"', "Idempotency-Key": "no"}).status_code == 200
    assert len(as_json(any_client.get(LIST, params={"updated_since": "2999-01-01T00:00:00Z"}))) == 20


def test_settings_tell_how_the_store_is_set_up(stub: StubServer, client: httpx.Client) -> None:
    rates = {"earn_rate": 1, "redemption_value": 10}
    dhaka = {"currency": "BDT", "store_name": "Dhaka Super Shop", "time_zone": "Asia/Dhaka"}
    assert as_json(client.get("/api/v1/settings")) == {**rates, **dhaka}
    with stub.client("7") as other:
        bandra = {"currency": "INR", "store_name": "Bandra Provision", "time_zone": "Asia/Kolkata"}
        assert as_json(other.get("/api/v1/settings")) == {**rates, **bandra}


def test_some_extensions_alone(start_stub: StartStub) -> None:
    stub = start_stub(extensions=frozenset({"etag", "tombstones"}))
    with stub.client() as client:
        response = client.get(f"{LIST}/deleted")
        assert response.headers["x-sync-extensions"] == "tombstones, etag"
        assert "x-total-count" not in response.headers
        assert client.get("/api/v1/settings").status_code == 404


def test_effects_are_logged_with_their_operation(stub: StubServer, client: httpx.Client) -> None:
    headers = {**key(), "X-Sim-Op": "op-1"}
    made = client.post(LIST, json={"name": "x"}, headers=headers).json()["id"]
    client.post(LIST, json={"name": "x"}, headers=headers)
    client.post(LIST, json={"name": ""}, headers={"X-Sim-Op": "op-2"})
    client.put(f"{LIST}/{made}", json={"name": "x"}, headers={"X-Sim-Op": "op-3"})
    effects = stub.effects()
    [effect] = [each for each in effects if each["op"] in {"op-1", "op-2", "op-3"}]
    assert {name: effect[name] for name in effect if name != "at"} == {
        "api": "pos", "store": "22", "entity": "customer", "id": made, "change": "created", "op": "op-1",
    }  # fmt: skip
    assert [each["at"] for each in effects if each["store"] == "22"] == sorted(
        each["at"] for each in effects if each["store"] == "22"
    )


def test_rich_customers_are_seeded(client: httpx.Client) -> None:
    assert rich(client)["loyalty_points"] >= 500
