"""Every method of the connector against the real stub over real HTTP, with every extension and with none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteError, SignInRequired
from posapp.domain.ids import RemoteId
from posapp.domain.money import Money
from posapp.remote.credential import BearerToken, ClientCredential, Credential
from posapp.remote.registry import open_api
from posapp.remote.selorax.abilities import PLAIN
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import RemoteCustomer, Traits
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    Outcome,
)
from server_stub.credentials import all_credentials
from tests.remote.writing import done, sent
from tests.support.stub import StubServer

GUESTS = "/api/apps/v1/customers?include_guests=true&limit=250"


@pytest.fixture(scope="module", params=["extended", "plain"])
def server(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(customers=300, plain=request.param == "plain") as stub:
        yield stub


def connected(
    server: StubServer, kind: str = "token", store: str = "22", credential: Credential | None = None
) -> CustomerApi:
    """Return a connector that signs with one of the stub's credentials."""
    known = all_credentials(server.random_seed)["selorax"][store]
    if credential is None and kind == "client":
        credential = ClientCredential(known["client_id"], known["client_secret"], known["store_id"])
    kept = (credential or BearerToken(known["read_token" if kind == "reader" else "token"])).to_bytes()
    base_url = f"{server.root_url}/selorax"
    return open_api("selorax", base_url=base_url, credential=kept, currency="BDT", name="Shop")


@pytest.fixture(params=["token", "client"])
def either(server: StubServer, request: pytest.FixtureRequest) -> Iterator[CustomerApi]:
    api = connected(server, request.param)
    api.describe()
    yield api
    api.close()


@pytest.fixture
def api(server: StubServer) -> Iterator[CustomerApi]:
    api = connected(server)
    api.describe()
    yield api
    api.close()


def new_phone() -> str:
    return f"019{uuid4().int % 10**8:08}"


def new_customer(api: CustomerApi, name: str = "Karim Hossain", address: str | None = None) -> RemoteCustomer:
    record = done(api, CreateCustomer(Profile(name, new_phone(), address=address))).customer
    assert record is not None
    return record


def looked_up(api: CustomerApi, remote_id: RemoteId) -> RemoteCustomer:
    record = api.customer(remote_id)
    assert record is not None
    return record


def raw(server: StubServer) -> httpx.Client:
    return server.client(api="selorax")


def test_describe_learns_what_the_server_does(server: StubServer) -> None:
    for kind in ("token", "client"):
        api = connected(server, kind)
        described = api.describe()
        extended = bool(server.thread.settings.extensions)
        assert described.capabilities == api.capabilities
        assert described.capabilities.without(("idempotency_keys", "updated_since", "tombstones", "etags")) == PLAIN
        assert described.capabilities.idempotency_keys is extended
        assert described.capabilities.tombstones is extended
        assert (described.settings, api.requests) == (None, 1)
        assert described.clock_skew_seconds == pytest.approx(0, abs=2)
        api.close()


@pytest.mark.parametrize(
    "credential",
    [
        BearerToken("wrong"),
        BearerToken(""),
        ClientCredential("sx_app", "sx_secret", "22"),
        ClientCredential("sx_app", "sx_secret", "7"),
    ],
)
def test_a_refused_credential_asks_for_another(server: StubServer, credential: Credential) -> None:
    api = connected(server, credential=credential)
    with pytest.raises(SignInRequired):
        api.describe()
    assert sent(api, CreateCustomer(Profile("x", new_phone()))).outcome is Outcome.SIGN_IN
    api.close()


def test_a_client_of_another_store_is_not_let_in(server: StubServer) -> None:
    known = all_credentials(server.random_seed)["selorax"]["7"]
    api = connected(server, credential=ClientCredential(known["client_id"], known["client_secret"], "22"))
    with pytest.raises(SignInRequired):
        api.describe()
    api.close()


def test_a_token_that_may_only_read(server: StubServer) -> None:
    api = connected(server, "reader")
    assert api.newest_first(1)
    result = sent(api, CreateCustomer(Profile("x", new_phone())))
    assert (result.outcome, result.status, result.code) == (Outcome.REFUSED, 403, "insufficient_scope")
    assert result.server_text
    api.close()


def test_a_wrong_path_is_not_an_api(server: StubServer) -> None:
    api = open_api("selorax", base_url=f"{server.root_url}/x", credential=b"t", currency="BDT", name="Shop")
    with pytest.raises(RemoteError):
        api.describe()
    api.close()


def test_every_customer_is_read_once_in_each_order(either: CustomerApi) -> None:
    rising = [record for page in (1, 2) for record in either.oldest_first(page)]
    ids = {record.remote_id for record in rising}
    assert 250 < len(ids) == len(rising) == either.changes_announced
    assert either.oldest_first(3) == ()
    falling = [record for page in (1, 2) for record in either.newest_first(page)]
    created = [record.created_at for record in falling if record.created_at]
    assert created == sorted(created, reverse=True)
    changing = [record for page in (1, 2) for record in either.by_change(page)]
    updated = [record.updated_at for record in changing if record.updated_at]
    assert updated == sorted(updated)
    assert len(created) == len(updated) == len(rising)
    assert {record.remote_id for record in falling} == {record.remote_id for record in changing} == ids
    assert all(record.untold == frozenset() and record.traits == Traits(guest=False) for record in rising)
    assert any(record.total_spent for record in rising)
    spent = [record.total_spent.minor for record in rising if record.total_spent is not None]
    assert len(spent) == len(rising)
    assert not [minor for minor in spent if minor % 100]


def test_what_a_list_shows_is_what_one_shows(api: CustomerApi) -> None:
    for record in api.newest_first(1)[:5]:
        alone = looked_up(api, record.remote_id)
        assert (alone.profile, alone.total_spent, alone.total_orders) == (
            record.profile,
            record.total_spent,
            record.total_orders,
        )
        assert (alone.etag is not None) is api.capabilities.etags


def test_guests_are_not_listed_but_answer_by_id(server: StubServer, api: CustomerApi) -> None:
    with raw(server) as client:
        guest = next(row for row in client.get(GUESTS).json()["data"] if row["is_guest"])
    listed = {record.remote_id for page in (1, 2) for record in api.oldest_first(page)}
    assert RemoteId(str(guest["user_id"])) not in listed
    assert looked_up(api, RemoteId(str(guest["user_id"]))).traits == Traits(guest=True)


def test_a_customer_from_create_to_delete(either: CustomerApi) -> None:
    profile = Profile("Karim Hossain", new_phone(), "karim@example.com", "789 Park Avenue,  Chittagong")
    record = done(either, CreateCustomer(profile)).customer
    assert record is not None
    assert (record.profile.phone, record.untold) == (profile.phone, frozenset({"address"}))
    assert (record.total_spent, record.total_orders, record.created_at) == (None, None, None)
    seen = looked_up(either, record.remote_id)
    assert (seen.profile, seen.total_spent, seen.total_orders) == (profile, Money(0, "BDT"), 0)
    assert record.remote_id in {found.remote_id for found in either.search(str(profile.phone))}

    phone = new_phone()
    changes = {"name": "Karim H.", "phone": phone, "email": None, "address": "1 New Road", "notes": "kept here"}
    edited = done(either, EditCustomer(record.remote_id, changes)).customer
    wanted = Profile("Karim H.", phone, None, "1 New Road")
    assert edited is not None
    assert (edited.profile, edited.untold, edited.total_spent) == (wanted, frozenset(), None)
    assert looked_up(either, record.remote_id).profile == wanted
    done(either, EditCustomer(record.remote_id, {"address": None}))
    assert looked_up(either, record.remote_id).profile.address is None

    done(either, DeleteCustomer(record.remote_id))
    assert either.customer(record.remote_id) is None
    again = sent(either, DeleteCustomer(record.remote_id))
    assert (again.outcome, again.status) == (Outcome.REFUSED, 404)


def test_an_address_is_replaced_only_by_an_edit_of_it(server: StubServer, api: CustomerApi) -> None:
    record = new_customer(api)
    path = f"/api/apps/v1/customers/{record.remote_id}"
    address = {"city": "Dhaka", "area": "Gulshan", "address": "456 New Street"}
    with raw(server) as client:
        client.put(path, json={"address_json": address}).raise_for_status()
        assert looked_up(api, record.remote_id).profile.address == "456 New Street, Gulshan, Dhaka"
        done(api, EditCustomer(record.remote_id, {"name": "Karim H."}))
        assert client.get(path).json()["data"]["address_json"] == address
        done(api, EditCustomer(record.remote_id, {"address": "456 New Street, Banani"}))
        assert client.get(path).json()["data"]["address_json"] == {"address": "456 New Street, Banani"}


def test_a_phone_belongs_to_one_customer(api: CustomerApi) -> None:
    first, second = new_customer(api), new_customer(api)
    for write in (
        CreateCustomer(Profile("Other", first.profile.phone)),
        EditCustomer(second.remote_id, {"phone": first.profile.phone}),
    ):
        result = sent(api, write)
        assert (result.outcome, result.status, result.code) == (Outcome.REFUSED, 409, "phone_taken")
        assert result.server_text == "Phone number already exists for this store."


def test_a_customer_without_a_phone_or_with_a_wrong_email_is_refused(api: CustomerApi) -> None:
    for profile in (Profile("Nobody"), Profile("Short", "12345"), Profile("Jane", new_phone(), "no address")):
        result = sent(api, CreateCustomer(profile))
        assert (result.outcome, result.status) == (Outcome.REFUSED, 400)
        assert result.server_text


def test_a_customer_with_orders_is_not_deleted(api: CustomerApi) -> None:
    buyer = next(record for record in api.newest_first(1) if record.total_orders)
    result = sent(api, DeleteCustomer(buyer.remote_id))
    assert (result.outcome, result.status) == (Outcome.REFUSED, 400)
    assert "orders" in result.server_text
    assert api.customer(buyer.remote_id) is not None


def test_another_stores_customer_is_not_there(server: StubServer, api: CustomerApi) -> None:
    other = connected(server, store="7")
    record = new_customer(other)
    assert api.customer(record.remote_id) is None
    assert sent(api, EditCustomer(record.remote_id, {"name": "x"})).status == 404
    other.close()


def test_the_same_key_is_applied_once(api: CustomerApi) -> None:
    request = api.prepare(CreateCustomer(Profile("Once", new_phone())), str(uuid4()))
    first, second = (api.send(request, operation_id="o") for _ in range(2))
    if not api.capabilities.idempotency_keys:
        assert (first.outcome, second.outcome, second.code) == (Outcome.OK, Outcome.REFUSED, "phone_taken")
        return
    assert first.answer is not None
    assert second.answer is not None
    assert second.answer.customer == first.answer.customer
    assert (first.answer.replayed, second.answer.replayed) == (False, True)


def test_a_conditional_edit_loses_to_somebody_else(api: CustomerApi) -> None:
    record = looked_up(api, new_customer(api).remote_id)
    theirs = done(api, EditCustomer(record.remote_id, {"name": "Theirs"})).customer
    late = sent(api, EditCustomer(record.remote_id, {"name": "Ours"}, record.etag))
    assert (late.outcome is Outcome.OK) is not api.capabilities.etags
    if api.capabilities.etags:
        assert late.status == 412
        assert theirs is not None
        assert theirs.etag == looked_up(api, record.remote_id).etag


def test_changes_and_deletions_since(api: CustomerApi) -> None:
    if not api.capabilities.updated_since:
        with pytest.raises(RemoteError):
            api.deleted_since(None, 1)
        return
    since = datetime.now(UTC) - timedelta(seconds=1)
    kept, gone = (new_customer(api).remote_id for _ in range(2))
    changed = api.changed_since(since, 1)
    assert {kept, gone} <= {record.remote_id for record in changed}
    moments = [record.updated_at for record in changed if record.updated_at]
    assert moments == sorted(moments)
    assert api.changes_announced == len(changed) == len(moments)
    done(api, DeleteCustomer(gone))
    assert {stone.remote_id: stone.reason for stone in api.deleted_since(since, 1)}[gone] == "deleted"
    assert api.deleted_since(since, 2) == ()
    assert len(api.changed_since(None, 1)) == 250
