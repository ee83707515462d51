"""Connecting: the credential is checked first, the shop is taken over, and what was kept goes out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from posapp.domain.customer import Profile
from posapp.domain.errors import SignInRequired
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.operation import OperationKind
from posapp.services.connections import AnotherServer, ConnectForm, KhataInTwoPlaces, WorkWaiting, connect
from posapp.services.customers import delete_customer, edit_customer
from posapp.services.ports.book import Parted
from posapp.services.ports.mirror import HELD, Held
from posapp.services.ports.remote import Capabilities, RemoteCustomer, ServerDescription, ServerSettings
from posapp.services.shop import AnotherCurrency, change_shop
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka

FORM = ConnectForm("pos", "https://pos.example/x", "7", None, b"secret")


class Vault(dict):
    """`Secrets` in memory."""

    set = dict.__setitem__
    delete = dict.pop


class Server:
    """As much of `CustomerApi` as connecting needs."""

    def __init__(self, capabilities: Capabilities = PLAIN, settings: ServerSettings | None = None) -> None:
        self.description = ServerDescription(capabilities, settings, 1.5)
        self.error: Exception | None = None
        self.currencies: list[str] = []
        self.closed = 0

    def __call__(self, currency: str) -> Server:
        self.currencies.append(currency)
        return self

    def describe(self) -> ServerDescription:
        if self.error is not None:
            raise self.error
        return self.description

    def close(self) -> None:
        self.closed += 1


def connected(counter: Counter, server: Server, **form):
    vault = Vault()
    return connect(counter.till, vault, replace(FORM, **form), open_api=server), vault


def settings(**changes) -> ServerSettings:
    told = ServerSettings("INR", Decimal("1.5"), 25, "Bandra Provision", "Asia/Kolkata")
    return replace(told, **changes)


def test_the_shop_is_taken_over_and_the_credential_kept_apart(counter: Counter) -> None:
    server = Server(EXTENDED, settings())
    made, vault = connected(counter, server)
    assert (made.shop.currency, made.shop.country, made.shop.time_zone) == ("INR", "IN", "Asia/Kolkata")
    assert (made.shop.terms.earn_rate, made.shop.terms.redemption_value) == (Decimal("1.5"), 25)
    assert (made.connection.name, made.clock_skew_seconds, server.closed) == ("pos.example", 1.5, 1)
    assert vault == {made.connection.secret_name: b"secret"}
    again, _ = connected(counter, server, name="Head office")
    assert (again.connection.id, again.connection.name) == (made.connection.id, "Head office")


def test_a_refused_credential_keeps_nothing(counter: Counter) -> None:
    server = Server()
    server.error = SignInRequired(name="x")
    with pytest.raises(SignInRequired):
        connected(counter, server)
    assert server.closed == 1
    assert counter.book.read(lambda session: session.settings.connections()) == []


def test_one_book_one_server(counter: Counter) -> None:
    connected(counter, Server())
    for other in ({"base_url": "https://elsewhere"}, {"store": "8"}, {"api": "portal"}):
        with pytest.raises(AnotherServer):
            connected(counter, Server(), **other)


ELSEWHERE = {"api": "selorax", "base_url": "https://elsewhere", "replacing": True}


def known_at(counter: Counter, server: str, *, name: str, **numbers: int) -> CustomerId:
    """Return a customer whom a server showed, with these numbers there."""
    customer_id = CustomerId(fresh())
    money = taka(numbers.get("balance", 0))
    record = RemoteCustomer(RemoteId(name), Profile(name), points=numbers.get("points", 0), balance=money)

    def write(session):
        rows = [(record, customer_id, b"")]
        session.mirror.insert(server, rows, generation=1, seen_at=counter.till.clock.now())

    counter.book.write(write)
    return customer_id


def found(counter: Counter, text: str) -> list[str]:
    hits = counter.book.read(lambda session: session.customers.find(text, 5)).hits
    return [one.customer.profile.name for one in hits]


def test_another_server_takes_the_place_and_the_first_stays_to_be_read(counter: Counter) -> None:
    first, vault = connected(counter, Server(EXTENDED))
    here = first.connection.id
    asha, binod = known_at(counter, here, name="Asha", balance=-500, points=7), known_at(counter, here, name="Binod")
    kept = counter.customer("Devi")
    counter.book.write(lambda session: session.operations.set_state(counter.operations()[0].operation.id, S.KEPT))
    made = connect(counter.till, vault, replace(FORM, **ELSEWHERE), open_api=Server(PLAIN))
    assert made.replaced is not None
    assert (made.replaced.name, made.replaced.parted) == ("pos.example", Parted(left=2, stayed=0))
    assert vault == {made.connection.secret_name: b"secret"}, "the first one's credential is forgotten"
    servers = counter.book.read(lambda session: session.settings.connections())
    assert [(one.api, one.primary) for one in servers] == [("selorax", True), ("pos", False)]
    assert counter.book.read(lambda session: session.mirror.checkpoint(here, HELD)) == Held.REPLACED
    assert (found(counter, "Asha"), found(counter, "Devi")) == ([], ["Devi"]), "who was never there stays"
    assert counter.operations()[0].state is S.KEPT, "nobody is sent by himself"
    numbers = counter.book.read(lambda session: [session.khata.standing(one) for one in (asha, binod, kept)])
    assert [one.balance for one in numbers] == [None, taka(0), taka(0)], "a debt there is no zero here"
    assert [one.points for one in numbers] == [None, 0, 0]
    back = connect(counter.till, vault, replace(FORM, replacing=True), open_api=Server(EXTENDED))
    assert (back.connection.id, found(counter, "Asha")) == (here, ["Asha"]), "with its server everybody is back"
    assert counter.balance(asha) == -500
    assert counter.book.read(lambda session: session.mirror.checkpoint(here, HELD)) is None


def test_work_that_waits_keeps_the_first_server(counter: Counter) -> None:
    first, _ = connected(counter, Server(EXTENDED))
    asha = known_at(counter, first.connection.id, name="Asha")
    counter.enter(asha, "payment", 100)
    payment = counter.operations()[0].operation.id
    for state in (S.PENDING, S.IN_FLIGHT, S.UNKNOWN, S.NEEDS_HUMAN):
        counter.book.write(lambda session, state=state: session.operations.set_state(payment, state))
        with pytest.raises(WorkWaiting):
            connected(counter, Server(), **ELSEWHERE)
    assert found(counter, "Asha") == ["Asha"]


def test_a_khata_is_not_torn_apart(counter: Counter) -> None:
    first, vault = connected(counter, Server(PLAIN))
    here = first.connection.id
    torn, whole = known_at(counter, here, name="Asha", balance=-5), known_at(counter, here, name="Binod")
    for one in (torn, whole):
        counter.enter(one, "charge", 100)
    with pytest.raises(KhataInTwoPlaces) as refused:
        connect(counter.till, vault, replace(FORM, **ELSEWHERE), open_api=Server(PLAIN))
    assert refused.value.params["count"] == 1
    assert list(vault) == [first.connection.secret_name]
    counter.enter(torn, "payment", 100)
    made = connect(counter.till, vault, replace(FORM, **ELSEWHERE), open_api=Server(PLAIN))
    assert made.replaced is not None
    assert made.replaced.parted == Parted(left=1, stayed=1)
    assert counter.balance(whole) == -100, "what this till keeps counts on"


def test_one_book_one_currency_once_money_is_in_it(counter: Counter) -> None:
    asha = counter.customer()
    connected(counter, Server(), currency="USD")
    change_shop(counter.till, {"currency": "BDT"})
    counter.sell(asha, 100)
    with pytest.raises(AnotherCurrency):
        connected(counter, Server(EXTENDED, settings()))
    vault = Vault()
    with pytest.raises(AnotherCurrency):
        connect(counter.till, vault, replace(FORM, currency="USD"), open_api=Server())
    assert vault == {}


def test_a_limit_outlives_the_change_of_currency(counter: Counter) -> None:
    """500.00 taka become 500.00 rupees and 500 yen; never no limit at all."""
    change_shop(counter.till, {"credit-limit": "500.00"})
    made, _ = connected(counter, Server(EXTENDED, settings()))
    assert made.shop.credit_limit is not None
    assert (made.shop.credit_limit.minor, made.shop.credit_limit.currency) == (50_000, "INR")
    assert change_shop(counter.till, {"currency": "JPY"}).credit_limit.minor == 500


def test_customers_of_before_go_out_with_what_was_typed_since(counter: Counter) -> None:
    asha = counter.customer("Asha", card_code="C-1", opening_balance=taka(500))
    edit_customer(counter.till, operation_id=fresh(), customer_id=asha, fields={"name": "Asha Devi", "phone": "01711"})
    edit_customer(
        counter.till, operation_id=fresh(), customer_id=asha, fields={"notes": "sweet"}, credit_limit=taka(900)
    )
    counter.enter(asha, "payment", 100)
    connected(counter, Server(EXTENDED))
    states = [(view.operation.kind, view.state) for view in counter.operations()]
    assert states == [
        (OperationKind.CUSTOMER_CREATE, S.PENDING),
        (OperationKind.OPENING, S.KEPT),
        (OperationKind.CUSTOMER_EDIT, S.PENDING),
        (OperationKind.CUSTOMER_EDIT, S.PENDING),
        (OperationKind.CUSTOMER_EDIT, S.KEPT),
        (OperationKind.PAYMENT, S.KEPT),
    ], "particulars go out in their order; the khata, the card and the limit stay"
    assert counter.balance(asha) == -400
    shown = counter.book.read(lambda session: session.customers.get(asha)).profile
    assert shown == Profile("Asha Devi", "01711", notes="sweet")


def test_who_was_deleted_before_is_erased_for_good(counter: Counter) -> None:
    asha = counter.customer("Asha")
    delete_customer(counter.till, operation_id=fresh(), customer_id=asha, confirmed=True)
    connected(counter, Server(EXTENDED))
    create, deleted = counter.operations()
    assert (create.state, deleted.state) == (S.PENDING, S.KEPT)
    assert counter.book.read(lambda session: session.operations.person(create.operation.id)) == {}, "so it is cancelled"
