"""Every method of the connector against the real stub over real HTTP, with every extension and with none."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import SignInRequired
from posapp.domain.ids import RemoteId
from posapp.remote.registry import open_api
from posapp.remote.siyahfy.abilities import PLAIN
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import RemoteCustomer, Traits
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    LogLine,
    Outcome,
    Repeat,
)
from server_stub.credentials import all_credentials
from tests.remote.writing import done, sent
from tests.support.stub import StubServer


@pytest.fixture(scope="module", params=["extended", "plain"])
def server(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(customers=120, plain=request.param == "plain") as stub:
        yield stub


def connected(server: StubServer, token: str = "") -> CustomerApi:
    signed = token or all_credentials(server.random_seed)["siyahfy"]["22"]["token"]
    base_url = f"{server.root_url}/siyahfy"
    return open_api("siyahfy", base_url=base_url, credential=signed.encode(), currency="BDT", name="Shop", store="22")


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


def test_every_way_of_listing_is_what_the_server_keeps(server: StubServer, api: CustomerApi) -> None:
    rows = {RemoteId(str(row.id)): row for row in server.live_rows()}
    whole = {record.remote_id: record for record in api.snapshot()}
    assert whole.keys() == rows.keys()
    assert api.changes_announced == len(rows)
    for way in (api.oldest_first, api.newest_first, api.by_change):
        listed = [*way(1), *way(2)]
        assert way(3) == ()
        assert {record.remote_id: record for record in listed} == whole
    created = [record.created_at for record in (*api.oldest_first(1), *api.oldest_first(2))]
    assert created == sorted(created)
    changed = [record.updated_at for record in (*api.by_change(1), *api.by_change(2))]
    assert changed == sorted(changed)
    some = list(whole)[:3]
    assert {record.remote_id: record for record in api.customers([*some, RemoteId("999999999")])} == {
        one: whole[one] for one in some
    }
    for one in some:
        alone = api.customer(one)
        assert alone is not None
        assert replace(alone, etag=None) == whole[one]
    for remote_id, record in whole.items():
        row = rows[remote_id]
        assert record.profile == Profile(
            row.name, row.phone, row.email, notes=row.notes, tags=tuple(json.loads(row.tags))
        )
        assert record.total_spent is not None
        assert (record.total_spent.minor, record.total_orders) == (row.total_spent, row.total_orders)
        assert record.traits == Traits(
            blacklisted=row.blacklisted, blacklist_reason=row.blacklist_reason or "", cod_enabled=row.cod_enabled
        )
    assert {record.traits.blacklisted for record in whole.values()} == {False, True}
    assert {record.traits.cod_enabled for record in whole.values()} == {False, True}


def test_a_customer_is_made_changed_and_deleted(api: CustomerApi) -> None:
    made = new_customer(api)
    shown = api.customer(made.remote_id)
    assert shown is not None
    assert shown.profile == made.profile
    changed = done(
        api, EditCustomer(made.remote_id, {"name": "Karim", "notes": "x", "phone": None}, shown.etag)
    ).customer
    assert changed is not None
    assert changed.profile == Profile("Karim", notes="x", tags=("a", "b"))
    done(api, EditCustomer(made.remote_id, {"tags": ("b", "c")}))
    shown = api.customer(made.remote_id)
    assert shown is not None
    assert shown.profile.tags == ("b", "c")
    assert made.remote_id in [one.remote_id for one in api.search("Karim")]
    done(api, DeleteCustomer(made.remote_id))
    assert api.customer(made.remote_id) is None
    assert sent(api, DeleteCustomer(made.remote_id)).outcome is Outcome.REFUSED
    if api.capabilities.tombstones:
        stones = api.deleted_since(None, 1)
        assert [(stone.remote_id, stone.reason) for stone in stones][-1] == (made.remote_id, "deleted")


def test_a_phone_that_somebody_has_is_a_refusal(api: CustomerApi) -> None:
    first = new_customer(api)
    result = sent(api, CreateCustomer(Profile("Another", first.profile.phone)))
    assert (result.outcome, result.code) == (Outcome.REFUSED, "phone_taken")
    assert result.server_text
    assert sent(api, CreateCustomer(Profile(" "))).code == "name_wrong"


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
    shown = api.customer(first.customer.remote_id)
    assert shown is not None
    assert shown.updated_at is not None
    since = shown.updated_at - timedelta(microseconds=1)
    assert api.changed_since(since, 1)[0].remote_id == first.customer.remote_id
    whole = [one.updated_at for one in api.changed_since(None, 1)]
    assert whole == sorted(whole)


def test_a_line_on_the_timeline_is_found_by_its_reference(api: CustomerApi) -> None:
    made, reference = new_customer(api), str(uuid4())
    assert api.timeline(made.remote_id) == frozenset()
    line = LogLine(made.remote_id, reference, "Khata: payment of ₹5.00 on 2026-11-21")
    assert api.repeat_safety(line) is (Repeat.KEY if api.capabilities.idempotency_keys else Repeat.PROBE)
    done(api, line)
    assert api.timeline(made.remote_id) == {reference}
    assert api.timeline(RemoteId("999999999")) is None
    assert sent(api, LogLine(RemoteId("999999999"), reference, "x")).outcome is Outcome.REFUSED


def test_an_unknown_id_is_nobody(api: CustomerApi) -> None:
    assert api.customer(RemoteId("999999999")) is None
