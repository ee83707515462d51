"""Every method of the connector against the real stub over real HTTP, with every extension and with none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteProtocolError, RemoteRejected, RemoteUnavailable, SignInRequired
from posapp.domain.ids import RemoteId
from posapp.domain.phone import national_digits
from posapp.remote.portal.api import OVERLAP
from posapp.remote.registry import open_api
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import RemoteCustomer, Traits
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    Outcome,
    Write,
    WriteAnswer,
    WriteResult,
)
from server_stub.credentials import all_credentials
from tests.remote.portal.samples import SECRET
from tests.support.portal_requests import changed_customer, create_group, details
from tests.support.stub import StubServer

CUSTOMERS = 300
PHONE = "+91 98123-00001"


def connected(stub: StubServer, store: str = "7", token: str | None = None) -> CustomerApi:
    known = all_credentials(stub.random_seed)["portal"]
    return open_api(
        "portal",
        base_url=f"{stub.root_url}/portal",
        credential=(known[store]["token"] if token is None else token).encode(),
        currency="INR",
        name="Shop",
        secret=lambda: SECRET,
    )


@pytest.fixture(scope="module", params=["extended", "plain"])
def stub(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(customers=CUSTOMERS, plain=request.param == "plain") as stub:
        yield stub


@pytest.fixture
def api(stub: StubServer) -> Iterator[CustomerApi]:
    api = connected(stub)
    api.describe()
    yield api
    api.close()
    stub.clear_faults()


@pytest.fixture
def office(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client("7", api="portal") as client:
        yield client


def somebody(**fields: Any) -> Profile:
    return Profile(**{"name": "Asha Rao", "phone": PHONE, "email": f"{uuid4().hex}@example.com", **fields})


def sent(api: CustomerApi, write: Write, key: str | None = None) -> WriteResult:
    return api.send(api.prepare(write, key or str(uuid4())), operation_id=str(uuid4()))


def done(api: CustomerApi, write: Write) -> WriteAnswer:
    result = sent(api, write)
    assert (result.outcome, result.server_text) == (Outcome.OK, "")
    assert result.answer is not None
    return result.answer


def new_customer(api: CustomerApi, **fields: Any) -> RemoteId:
    record = done(api, CreateCustomer(somebody(**fields))).customer
    assert record is not None
    return record.remote_id


def looked_up(api: CustomerApi, remote_id: RemoteId) -> RemoteCustomer:
    record = api.customer(remote_id)
    assert record is not None
    return record


def test_describe_learns_what_the_server_does(stub: StubServer) -> None:
    api = connected(stub)
    described = api.describe()
    assert described.settings is None
    assert described.clock_skew_seconds == pytest.approx(0, abs=2)
    assert api.requests == 1
    found = described.capabilities
    offers = {found.idempotency_keys, found.updated_since, found.tombstones, found.etags, "phone" in found.listed}
    assert len(offers) == 1
    assert {found.points, found.ledger, found.sales, found.ascending} == {False}
    api.close()


def test_a_refused_token_asks_for_another(stub: StubServer) -> None:
    expired = all_credentials(stub.random_seed)["portal"]["7"]["expired_token"]
    for token in ("wrong", "", expired):
        api = connected(stub, token=token)
        with pytest.raises(SignInRequired):
            api.describe()
        assert sent(api, CreateCustomer(somebody())).outcome is Outcome.SIGN_IN
        api.close()


def test_every_customer_is_read_in_windows_that_overlap(api: CustomerApi) -> None:
    first, second, third = (api.newest_first(page) for page in (1, 2, 3))
    assert len(first) == 250
    assert first[225:] == second[:25], "the second window begins before the first one ended"
    assert third == ()
    everybody = {record.remote_id: record for record in (*first, *second)}
    assert len(everybody) == api.changes_announced
    created = [record.created_at for record in everybody.values() if record.created_at is not None]
    assert created == sorted(created, reverse=True)
    assert {("phone" in record.untold) for record in everybody.values()} == {not api.capabilities.updated_since}
    assert {record.traits.group_color is None for record in everybody.values()} == {False}
    assert any(record.traits.group for record in everybody.values())


def test_rows_that_move_while_they_are_read_are_not_missed(
    api: CustomerApi, stub: StubServer, office: httpx.Client
) -> None:
    with stub.client("7") as pos:
        for number in range(OVERLAP):
            pos.post("/api/v1/customers", json={"name": f"Leaving {number}"})
    first = api.newest_first(1)
    leaving = {record.remote_id for record in first[:OVERLAP]}
    assert office.post("/api/customer/delete-customer", data={"customerId": ",".join(leaving)}).is_success
    seen = {record.remote_id for record in (*first, *api.newest_first(2))}
    left = {record.remote_id for page in (1, 2) for record in api.newest_first(page)}
    assert len(left) == api.changes_announced
    assert seen == left | leaving


def test_a_customer_from_create_to_delete(api: CustomerApi) -> None:
    meant = somebody(name="Asha Rani Rao")
    record = done(api, CreateCustomer(meant)).customer
    assert record is not None
    assert (record.profile.name, record.profile.email) == (meant.name, meant.email)
    assert record.profile.phone == national_digits(PHONE) == "9812300001"
    found = looked_up(api, record.remote_id)
    assert found.profile == record.profile
    assert found.created_at == record.created_at
    assert found.traits == Traits(marketing=False, group="", group_color="")
    assert [one.remote_id for one in api.search(meant.email or "")] == [record.remote_id]
    assert record.remote_id in {one.remote_id for one in api.search("rani rao")}
    fields = {"name": "Asha Devi", "phone": "098123 00002", "email": f"{uuid4().hex}@example.com"}
    edited = done(api, EditCustomer(record.remote_id, fields)).customer
    assert edited is not None
    assert edited.profile == Profile("Asha Devi", "9812300002", fields["email"])
    assert looked_up(api, record.remote_id).profile == edited.profile
    assert done(api, DeleteCustomer(record.remote_id)).customer is None
    assert api.customer(record.remote_id) is None
    assert api.search(fields["email"]) == ()
    gone = sent(api, DeleteCustomer(record.remote_id))
    assert (gone.outcome, gone.status) == (Outcome.REFUSED, 404)


def test_an_edit_leaves_what_the_office_set(api: CustomerApi, office: httpx.Client) -> None:
    remote_id = new_customer(api)
    group = create_group(office, "Hill Road")
    shown = details(office, int(remote_id))
    form = changed_customer(shown, customerGroupId=group, newsletter=1, mailStatus=1, status=0, customerNo="C-77")
    assert office.put(f"/api/customer/{remote_id}", data=form).is_success
    done(api, EditCustomer(remote_id, {"name": "Asha Devi"}))
    after = details(office, int(remote_id))
    kept = {name: after[name] for name in ("customerGroupName", "newsletter", "mailStatus", "isActive", "customerNo")}
    assert kept == {
        "customerGroupName": "Hill Road",
        "newsletter": 1,
        "mailStatus": "1",
        "isActive": "0",
        "customerNo": "C-77",
    }
    assert after["mobileNumber"] == "9812300001"
    traits = looked_up(api, remote_id).traits
    assert (traits.marketing, traits.group) == (True, "Hill Road")


def test_a_phone_that_another_api_wrote_in_full_stays_when_the_name_is_edited(
    api: CustomerApi, stub: StubServer
) -> None:
    with stub.client("7") as pos:
        made = pos.post("/api/v1/customers", json={"name": "Asha Rao", "phone": "+91 98123 00003"}).json()
        newest = next(one for one in api.newest_first(1) if one.profile.name == "Asha Rao")
        record = looked_up(api, newest.remote_id)
        assert (record.profile.phone, record.profile.email) == ("919812300003", None)
        done(api, EditCustomer(record.remote_id, {"name": "Asha Devi"}))
        after = pos.get(f"/api/v1/customers/{made['id']}").json()
        assert (after["name"], after["phone"], after["email"]) == ("Asha Devi", "+91 98123 00003", None)
        done(api, EditCustomer(record.remote_id, {"phone": None}))
        assert pos.get(f"/api/v1/customers/{made['id']}").json()["phone"] is None


@pytest.mark.parametrize("fields", [{"phone": None}, {"email": None}, {"phone": "123"}])
def test_what_this_server_demands(api: CustomerApi, fields: dict[str, Any]) -> None:
    result = sent(api, CreateCustomer(somebody(**fields)))
    assert (result.outcome, result.status) == (Outcome.REFUSED, 400)
    assert result.server_text


def test_an_email_belongs_to_one_customer(api: CustomerApi) -> None:
    first = somebody()
    done(api, CreateCustomer(first))
    result = sent(api, CreateCustomer(somebody(email=first.email)))
    assert (result.outcome, result.server_text) == (Outcome.REFUSED, "Another customer has this e-mail.")


def test_another_store_sees_nobody_of_ours(api: CustomerApi, stub: StubServer) -> None:
    remote_id = new_customer(api)
    other = connected(stub, "22")
    assert other.customer(remote_id) is None
    assert sent(other, DeleteCustomer(remote_id)).status == 404
    other.close()


def test_a_create_whose_answer_is_lost_can_be_repeated(api: CustomerApi, stub: StubServer) -> None:
    meant, key = somebody(), str(uuid4())
    request = api.prepare(CreateCustomer(meant), key)
    stub.faults([{"match": {"method": "POST"}, "effect": {"drop_after": True}}])
    assert api.send(request, operation_id=key).outcome is Outcome.AMBIGUOUS
    stub.clear_faults()
    again = api.send(request, operation_id=key)
    if api.capabilities.idempotency_keys:
        assert again.answer is not None
        assert again.answer.replayed
    else:
        assert again.outcome is Outcome.REFUSED
    assert len(api.search(meant.email or "")) == 1


@pytest.mark.parametrize("effect", [{"html_200": True}, {"wrong_type": True}, {"truncate": True}, {"status": 503}])
def test_what_goes_wrong_is_told_as_it_is(api: CustomerApi, stub: StubServer, effect: dict[str, Any]) -> None:
    remote_id = new_customer(api)
    request = api.prepare(EditCustomer(remote_id, {"name": "Asha"}), str(uuid4()))
    stub.faults([{"match": {"path": "/portal/*"}, "effect": effect}])
    with pytest.raises((RemoteProtocolError, RemoteUnavailable)):
        api.customer(remote_id)
    assert api.send(request, operation_id="o").outcome is Outcome.AMBIGUOUS


def test_what_only_extensions_offer(api: CustomerApi) -> None:
    if not api.capabilities.updated_since:
        with pytest.raises(RemoteRejected):
            api.deleted_since(None, 1)
        return
    since = datetime.now(UTC) - timedelta(seconds=1)
    kept, gone = new_customer(api, name="Kept Rao"), new_customer(api, name="Gone Rao")
    seen = looked_up(api, kept)
    changed = {record.remote_id: record for record in api.changed_since(since, 1)}
    assert {kept, gone} <= set(changed)
    assert changed[kept].profile == seen.profile
    assert changed[kept].updated_at is not None
    done(api, EditCustomer(kept, {"name": "Theirs"}))
    late = sent(api, EditCustomer(kept, {"name": "Ours"}, seen.etag))
    assert (seen.etag is not None, late.outcome, late.status) == (True, Outcome.REFUSED, 412)
    assert done(api, EditCustomer(kept, {"name": "Ours"}, looked_up(api, kept).etag)).customer is not None
    done(api, DeleteCustomer(gone))
    stones = {stone.remote_id: stone.reason for stone in api.deleted_since(since, 1)}
    assert stones.get(gone) == "deleted"
    assert kept not in stones
    assert api.deleted_since(since, 2) == ()
    assert len(api.changed_since(None, 1)) == 250
    assert api.changes_announced is not None
    assert api.changes_announced > 250
