"""Every method of the connector against the real stub over real HTTP, with every extension and with none."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import SignInRequired
from posapp.domain.ids import RemoteId
from posapp.remote.modules.abilities import PLAIN
from posapp.remote.registry import open_api
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    Outcome,
)
from server_stub.credentials import all_credentials
from tests.remote.writing import done, sent
from tests.support.stub import StubServer


@pytest.fixture(scope="module", params=["extended", "plain"])
def server(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(customers=120, plain=request.param == "plain") as stub:
        yield stub


def connected(server: StubServer, token: str = "") -> CustomerApi:
    signed = token or all_credentials(server.random_seed)["modules"]["22"]["token"]
    base_url = f"{server.root_url}/modules"
    return open_api("modules", base_url=base_url, credential=signed.encode(), currency="BDT", name="Shop")


@pytest.fixture
def api(server: StubServer) -> Iterator[CustomerApi]:
    api = connected(server)
    api.describe()
    yield api
    api.close()


def new_customer(api: CustomerApi, name: str = "Karim Uddin Hossain") -> RemoteCustomer:
    record = done(api, CreateCustomer(Profile(name, f"019{uuid4().int % 10**8:08}", tags=("a", "b")))).customer
    assert record is not None
    return record


def everybody(api: CustomerApi) -> list[RemoteCustomer]:
    found: list[RemoteCustomer] = []
    page = 1
    while some := api.newest_first(page):
        found += some
        page += 1
    return found


def test_describe_learns_what_the_server_does(server: StubServer) -> None:
    api = connected(server)
    described = api.describe()
    extended = bool(server.thread.settings.extensions)
    assert described.capabilities.without(("idempotency_keys", "updated_since", "tombstones", "etags")) == PLAIN
    assert described.capabilities.etags is extended
    api.close()
    stranger = connected(server, "wrong")
    with pytest.raises(SignInRequired):
        stranger.describe()
    stranger.close()


def test_the_list_is_what_other_apis_have(server: StubServer, api: CustomerApi) -> None:
    listed = everybody(api)
    with server.client() as client:
        rows = {row["id"]: row for row in client.get("/api/v1/customers", params={"limit": 250}).json()}
    assert {record.remote_id for record in listed} == set(rows)
    assert api.changes_announced == len(rows)
    for record in listed:
        row = rows[record.remote_id]
        assert (record.profile.name, record.profile.phone, record.profile.email) == (
            row["name"], row["phone"], row["email"],
        )  # fmt: skip
        assert (record.profile.notes, list(record.profile.tags)) == (row["notes"], row["tags"])
        assert record.total_spent is not None
        assert (record.total_spent.minor, record.total_orders) == (row["total_spent"], row["total_orders"])
        assert (record.traits.last_order_at is None) == (not record.total_orders)
    assert any(record.traits.vip for record in listed)


def test_a_customer_is_made_changed_and_deleted(server: StubServer, api: CustomerApi) -> None:
    made = new_customer(api)
    assert made.profile.name == "Karim Uddin Hossain"
    assert api.customer(made.remote_id) == made
    changes = {"name": "Karim", "notes": "x", "tags": ("b", "c"), "phone": None}
    changed = done(api, EditCustomer(made.remote_id, changes, made.etag)).customer
    assert changed is not None
    assert changed.profile == Profile("Karim", notes="x", tags=("b", "c"))
    assert [one.remote_id for one in api.search("Karim") if one.remote_id == made.remote_id] == [made.remote_id]
    done(api, DeleteCustomer(made.remote_id))
    assert api.customer(made.remote_id) is None
    assert sent(api, DeleteCustomer(made.remote_id)).status == 404
    assert sent(api, CreateCustomer(Profile(" "))).outcome is Outcome.REFUSED
    if api.capabilities.tombstones:
        stones = api.deleted_since(made.created_at, 1)
        assert [(stone.remote_id, stone.reason) for stone in stones][-1] == (made.remote_id, "deleted")


@pytest.mark.parametrize("server", ["extended"], indirect=True)
def test_what_is_extended_works(api: CustomerApi) -> None:
    write, key = CreateCustomer(Profile("Once", "01900000001")), str(uuid4())
    first, again = sent(api, write, key).answer, sent(api, write, key).answer
    assert first is not None
    assert again is not None
    assert (first.replayed, again.replayed) == (False, True)
    assert first.customer is not None
    assert again.customer is not None
    assert first.customer.remote_id == again.customer.remote_id
    stale = EditCustomer(first.customer.remote_id, {"notes": "late"}, '"another"')
    assert sent(api, stale).status == 412
    assert first.customer.updated_at is not None
    since = first.customer.updated_at - timedelta(microseconds=1)
    assert api.changed_since(since, 1)[0].remote_id == first.customer.remote_id
    whole = [one.updated_at for one in api.changed_since(None, 1)]
    assert whole == sorted(whole)


def test_somebody_merged_there_is_one_with_the_other(server: StubServer, api: CustomerApi) -> None:
    first, second = new_customer(api, "First One"), new_customer(api, "Second One")
    with server.client(api="modules") as client:
        body = {"primary_id": first.remote_id, "secondary_id": second.remote_id}
        assert client.post("/api/v1/customers/merge", json=body).status_code == 200
    assert api.customer(second.remote_id) is None
    assert api.successor(second.remote_id) == first.remote_id
    assert api.successor(first.remote_id) is None
    if api.capabilities.tombstones:
        stone = next(one for one in api.deleted_since(second.created_at, 1) if one.remote_id == second.remote_id)
        assert (stone.reason, stone.merged_into) == ("merged", first.remote_id)


def test_an_unknown_id_is_nobody(api: CustomerApi) -> None:
    assert api.customer(RemoteId(str(uuid4()))) is None
