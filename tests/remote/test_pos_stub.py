"""Every method of the connector against the real stub over real HTTP, with every extension and with none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import (
    RemoteError,
    RemoteProtocolError,
    RemoteRejected,
    RemoteUnavailable,
    SignInRequired,
)
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.remote.registry import open_api
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    Outcome,
    PostEntry,
    PostSale,
    RedeemPoints,
    ReverseSale,
)
from tests.remote.samples import EXTENDED
from tests.remote.writing import done, sent
from tests.support.stub import StubServer

CUSTOMERS = 300
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def connected(stub: StubServer, store: str = "7", token: str | None = None, path: str = "") -> CustomerApi:
    return open_api(
        "pos",
        base_url=stub.base_url + path,
        credential=(stub.token(store) if token is None else token).encode(),
        currency="INR",
        name="Shop",
    )


@pytest.fixture(scope="module", params=["extended", "plain"])
def either_stub(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(customers=CUSTOMERS, plain=request.param == "plain") as stub:
        yield stub


@pytest.fixture(scope="module")
def stub() -> Iterator[StubServer]:
    with StubServer() as stub:
        yield stub


@pytest.fixture
def either(either_stub: StubServer) -> Iterator[CustomerApi]:
    yield from signed_in(either_stub)


@pytest.fixture
def api(stub: StubServer) -> Iterator[CustomerApi]:
    yield from signed_in(stub)
    stub.clear_faults()


def signed_in(stub: StubServer) -> Iterator[CustomerApi]:
    api = connected(stub)
    api.describe()
    yield api
    api.close()


def new_customer(api: CustomerApi, name: str = "Jane Doe", **fields: Any) -> RemoteId:
    record = done(api, CreateCustomer(Profile(name, **fields))).customer
    assert record is not None
    return record.remote_id


def looked_up(api: CustomerApi, remote_id: RemoteId) -> RemoteCustomer:
    record = api.customer(remote_id)
    assert record is not None
    return record


def test_describe_learns_what_the_server_does() -> None:
    with StubServer() as extended, StubServer(plain=True) as plain:
        for stub, offers in ((extended, True), (plain, False)):
            api = connected(stub)
            described = api.describe()
            assert (described.capabilities == EXTENDED) is offers
            assert described.capabilities == api.capabilities
            assert (described.settings is not None) is offers
            assert described.clock_skew_seconds == pytest.approx(0, abs=2)
            assert api.requests == (2 if offers else 1)
            if described.settings is not None:
                shop = described.settings
                assert (shop.currency, shop.time_zone, shop.store_name) == ("INR", "Asia/Kolkata", "Bandra Provision")
            api.close()


def test_a_refused_token_asks_for_another(either_stub: StubServer) -> None:
    for token in ("wrong", ""):
        api = connected(either_stub, token=token)
        with pytest.raises(SignInRequired) as caught:
            api.describe()
        assert caught.value.params["name"] == "Shop"
        assert sent(api, CreateCustomer(Profile("x"))).outcome is Outcome.SIGN_IN
        api.close()


def test_a_wrong_path_is_not_an_api(either_stub: StubServer) -> None:
    api = connected(either_stub, path="/nowhere")
    with pytest.raises(RemoteError):
        api.describe()
    api.close()


def test_every_customer_is_read_once_both_ways(either: CustomerApi) -> None:
    pages = [either.oldest_first(page) for page in (1, 2, 3)]
    rising = [record.remote_id for page in pages for record in page]
    assert len(rising) == len(set(rising)) > 250
    assert [len(page) for page in pages] == [250, len(rising) - 250, 0]
    falling = [record for page in (1, 2) for record in either.newest_first(page)]
    assert {record.remote_id for record in falling} == set(rising)
    created = [record.created_at for record in falling if record.created_at]
    assert created == sorted(created, reverse=True)
    assert all(record.points is not None and record.total_orders is not None for record in falling)
    assert all((record.balance is not None) is either.capabilities.updated_since for record in falling)


def test_a_customer_from_create_to_delete(either: CustomerApi) -> None:
    profile = Profile("Asha Rao", "+91 98123 00001", "asha@example.com", "5 Hill Road", "Tea", ("vip",))
    record = done(either, CreateCustomer(profile)).customer
    assert record is not None
    assert record.profile == profile
    assert record.remote_id in {found.remote_id for found in either.search("asha rao")}
    assert record.remote_id in {found.remote_id for found in either.search("9812300001")}

    edited = done(
        either, EditCustomer(record.remote_id, {"phone": None, "tags": ("a", "b"), "name": "Asha R."})
    ).customer
    wanted = Profile("Asha R.", None, "asha@example.com", "5 Hill Road", "Tea", ("a", "b"))
    assert edited is not None
    assert edited.profile == wanted
    seen = looked_up(either, record.remote_id)
    assert (seen.profile, seen.points, seen.balance) == (wanted, 0, Money(0, "INR"))

    done(either, DeleteCustomer(record.remote_id))
    assert either.customer(record.remote_id) is None
    again = sent(either, DeleteCustomer(record.remote_id))
    assert (again.outcome, again.status) == (Outcome.REFUSED, 404)


def test_another_stores_customer_is_not_there(either_stub: StubServer, either: CustomerApi) -> None:
    other = connected(either_stub, "22")
    remote_id = new_customer(other)
    assert either.customer(remote_id) is None
    with pytest.raises(RemoteRejected) as caught:
        either.ledger(remote_id)
    assert caught.value.params["status"] == 404
    other.close()


def test_a_rule_of_the_server_refuses(either: CustomerApi) -> None:
    result = sent(either, CreateCustomer(Profile("Jane", email="no address")))
    assert (result.outcome, result.status) == (Outcome.REFUSED, 400)
    assert result.server_text
    assert result.code


def test_points_are_redeemed(either: CustomerApi) -> None:
    rich = next(record for record in either.oldest_first(1) if record.points and record.points > 200)
    answer = done(either, RedeemPoints(rich.remote_id, 50, str(uuid4())))
    assert rich.points is not None
    assert (answer.points, answer.discount) == (rich.points - 50, Money(500, "INR"))
    too_many = sent(either, RedeemPoints(rich.remote_id, 10**9, str(uuid4())))
    assert (too_many.outcome, too_many.status, too_many.code) == (Outcome.REFUSED, 409, "insufficient_points")


def test_a_seeded_khata_adds_up(either: CustomerApi) -> None:
    for record in either.oldest_first(1)[:40]:
        balance = looked_up(either, record.remote_id).balance
        entries = either.ledger(record.remote_id)
        sums = sum(entry.amount.minor * (1 if entry.direction is Direction.CREDIT else -1) for entry in entries)
        assert balance == Money(sums, "INR")
        if entries:
            assert entries[-1].balance_after == balance


def test_a_plain_server_takes_no_khata() -> None:
    with StubServer(plain=True) as stub:
        api = connected(stub)
        remote_id = new_customer(api)
        result = sent(api, PostEntry(remote_id, str(uuid4()), Direction.DEBIT, Money(1, "INR"), "", NOW))
        assert result.outcome is Outcome.REFUSED
        assert api.ledger(remote_id) == ()
        api.close()


def test_khata_entries_are_written_once(api: CustomerApi) -> None:
    remote_id, reference = new_customer(api), str(uuid4())
    debit = PostEntry(remote_id, reference, Direction.DEBIT, Money(5000, "INR"), "Rice", NOW)
    answer = done(api, debit)
    assert answer.balance == Money(-5000, "INR")
    again = done(api, debit)
    assert again.replayed
    assert again.entry == answer.entry
    assert not answer.replayed
    assert done(
        api, PostEntry(remote_id, str(uuid4()), Direction.CREDIT, Money(2000, "INR"), "", NOW)
    ).balance == Money(-3000, "INR")
    other = sent(api, PostEntry(remote_id, reference, Direction.DEBIT, Money(1, "INR"), "", NOW))
    assert (other.outcome, other.code) == (Outcome.REFUSED, "key_reused")
    entries = api.ledger(remote_id)
    assert entries[0] == answer.entry
    assert [entry.occurred_at for entry in entries] == [NOW, NOW]


def test_a_sale_its_reversal_and_a_correction(api: CustomerApi) -> None:
    remote_id, sale_id = new_customer(api), str(uuid4())
    sale = PostSale(remote_id, sale_id, Money(10_000, "INR"), Money(4000, "INR"), 0, "R-77", NOW)
    sold = done(api, sale)
    assert (sold.points, sold.points_earned, sold.balance) == (100, 100, Money(-4000, "INR"))
    assert sold.discount == Money(0, "INR")
    assert done(api, sale).replayed
    adjust = AdjustPoints(remote_id, str(uuid4()), -30, "Counted twice")
    assert (done(api, adjust).points, done(api, adjust).replayed) == (70, True)
    reverse = ReverseSale(remote_id, sale_id, str(uuid4()), "Wrong customer")
    undone = done(api, reverse)
    assert (undone.points, undone.balance) == (0, Money(0, "INR"))
    assert done(api, reverse).replayed
    second = sent(api, ReverseSale(remote_id, sale_id, str(uuid4()), "Again"))
    assert (second.outcome, second.code) == (Outcome.REFUSED, "already_reversed")


def test_the_same_key_is_applied_once(stub: StubServer, api: CustomerApi) -> None:
    remote_id, key = new_customer(api), str(uuid4())
    done(api, AdjustPoints(remote_id, str(uuid4()), 100, "Gift"))
    request = api.prepare(RedeemPoints(remote_id, 40, str(uuid4())), key)
    first = api.send(request, operation_id="redeem-once")
    second = api.send(request, operation_id="redeem-once")
    assert first.answer is not None
    assert second.answer is not None
    assert (first.answer.replayed, second.answer.replayed) == (False, True)
    assert looked_up(api, remote_id).points == 60
    assert len([effect for effect in stub.effects() if effect["op"] == "redeem-once"]) >= 1
    misused = sent(api, RedeemPoints(remote_id, 1, str(uuid4())), key)
    assert (misused.outcome, misused.code) == (Outcome.REFUSED, "key_reused")


def test_a_conditional_edit_loses_to_somebody_else(api: CustomerApi) -> None:
    remote_id = new_customer(api)
    seen = looked_up(api, remote_id)
    assert seen.etag is not None
    done(api, EditCustomer(remote_id, {"notes": "theirs"}))
    late = sent(api, EditCustomer(remote_id, {"notes": "ours"}, seen.etag))
    assert (late.outcome, late.status) == (Outcome.REFUSED, 412)
    fresh = looked_up(api, remote_id)
    assert done(api, EditCustomer(remote_id, {"notes": "ours"}, fresh.etag)).customer is not None


def test_changes_and_deletions_since(api: CustomerApi) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    kept, plain, with_history = (new_customer(api, name) for name in ("Kept", "Gone", "Wiped"))
    done(api, PostEntry(with_history, str(uuid4()), Direction.DEBIT, Money(700, "INR"), "", NOW))
    changed = api.changed_since(since, 1)
    assert {kept, plain, with_history} <= {record.remote_id for record in changed}
    moments = [record.updated_at for record in changed if record.updated_at]
    assert len(moments) == len(changed)
    assert moments == sorted(moments)
    for remote_id in (plain, with_history):
        done(api, DeleteCustomer(remote_id))
    reasons = {stone.remote_id: stone.reason for stone in api.deleted_since(since, 1)}
    assert (reasons[plain], reasons[with_history]) == ("deleted", "anonymized")
    assert api.deleted_since(since, 2) == ()
    assert api.customer(plain) is None
    wiped = looked_up(api, with_history)
    assert wiped.anonymized
    assert wiped.balance == Money(-700, "INR")
    assert len(api.ledger(with_history)) == 1


FAULTS: dict[str, tuple[dict[str, Any], type[RemoteError], Outcome, bool]] = {
    "dropped before": ({"drop_before": True}, RemoteUnavailable, Outcome.AMBIGUOUS, False),
    "dropped after": ({"drop_after": True}, RemoteUnavailable, Outcome.AMBIGUOUS, True),
    "truncated": ({"truncate": True}, RemoteUnavailable, Outcome.AMBIGUOUS, True),
    "html": ({"html_200": True}, RemoteProtocolError, Outcome.AMBIGUOUS, False),
    "wrong types": ({"wrong_type": True}, RemoteProtocolError, Outcome.AMBIGUOUS, True),
    "500": ({"status": 500}, RemoteUnavailable, Outcome.AMBIGUOUS, False),
    "503": ({"status": 503, "retry_after": 9}, RemoteUnavailable, Outcome.AMBIGUOUS, False),
    "429": ({"status": 429, "retry_after": 9}, RemoteUnavailable, Outcome.LATER, False),
    "401": ({"status": 401}, SignInRequired, Outcome.SIGN_IN, False),
    "403": ({"status": 403}, RemoteRejected, Outcome.REFUSED, False),
    "302": ({"status": 302}, RemoteProtocolError, Outcome.AMBIGUOUS, False),
    "too slow": ({"delay_ms": 900}, RemoteUnavailable, Outcome.AMBIGUOUS, True),
    "slow body": ({"slow_body": 2000}, RemoteUnavailable, Outcome.AMBIGUOUS, True),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_goes_wrong_is_told_as_it_is(stub: StubServer, api: CustomerApi, name: str) -> None:
    effect, error, outcome, applied = FAULTS[name]
    remote_id = new_customer(api)
    options = {key: effect[key] for key in effect if key == "retry_after"}
    fault = {key: value for key, value in effect.items() if key != "retry_after"}
    stub.faults([{"match": {"path": "/pos/*"}, "effect": {**fault, **options}}])
    with pytest.raises(error) as caught:
        api.customer(remote_id, timeout=0.6)
    assert caught.value.params.get("retry_after") == (9.0 if options else None)
    key = str(uuid4())
    request = api.prepare(AdjustPoints(remote_id, str(uuid4()), 10, "Gift"), key)
    result = api.send(request, operation_id="o", timeout=0.6)
    assert (result.outcome, result.answer) == (outcome, None)
    stub.clear_faults()
    again = api.send(request, operation_id="o")
    assert again.outcome is Outcome.OK
    assert again.answer is not None
    if name != "too slow":  # there the first may still be on its way
        assert again.answer.replayed is applied
    assert looked_up(api, remote_id).points == 10


def test_a_server_whose_clock_is_wrong_is_noticed(stub: StubServer, api: CustomerApi) -> None:
    stub.faults([{"match": {"path": "/pos/*"}, "effect": {"skew_date": 3600}}])
    assert api.describe().clock_skew_seconds == pytest.approx(3600, abs=2)


def test_a_server_that_goes_and_comes_back() -> None:
    with StubServer() as stub:
        api = connected(stub)
        remote_id = new_customer(api)
        stub.stop()
        with pytest.raises(RemoteUnavailable):
            api.customer(remote_id)
        assert sent(api, DeleteCustomer(remote_id)).outcome is Outcome.NOT_SENT
        stub.start()
        assert api.customer(remote_id) is not None
        api.close()
