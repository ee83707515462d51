"""From acts to requests."""

from datetime import UTC, datetime

import pytest

from posapp.domain.customer import FieldChange, Profile
from posapp.domain.ids import CustomerId, OperationId, RemoteId, TillId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, Operation, OperationKind
from posapp.services.ports.abilities import able, needed_ability
from posapp.services.ports.operations import Attempt
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    PostEntry,
    PostSale,
    PreparedRequest,
    RedeemPoints,
    Repeat,
    ReverseSale,
)
from posapp.sync.writes import Aim, changes_of, key_for, keyless, write_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REMOTE = RemoteId("r1")
K = OperationKind


def operation(kind, intent=None, reverses=None):
    return Operation(
        OperationId("op"), TillId("t"), 1, kind, CustomerId("c"), intent or {}, "asha", NOW, NOW, "", "", None, reverses
    )


def written(kind, intent=None, person=None, reverses=None):
    return write_of(operation(kind, intent, reverses), Aim(REMOTE, "INR", person or {}))


@pytest.mark.parametrize("kind", sorted(LEDGER_KINDS))
def test_a_khata_act_is_an_entry_under_its_own_id(kind):
    write = written(kind, {"amount": 500, "direction": "debit", "description": "rice"})
    assert write == PostEntry(REMOTE, "op", Direction.DEBIT, Money(500, "INR"), "rice", NOW)


def test_particulars():
    fields = {"name": "Asha", "phone": None, "email": "a@b", "tags": ["vip"]}
    create = written(K.CUSTOMER_CREATE, person={"profile": fields})
    assert create == CreateCustomer(Profile("Asha", email="a@b", tags=("vip",)))
    changes = {"tags": {"seen": [], "wanted": ["vip"]}, "password": {"seen": "", "wanted": "x"}}
    edit = written(K.CUSTOMER_EDIT, person={"changes": changes})
    assert edit == EditCustomer(REMOTE, {"tags": ("vip",)})
    assert changes_of({"changes": changes}) == {"tags": FieldChange((), ("vip",))}
    assert changes_of({}) == {}
    assert written(K.CUSTOMER_DELETE) == DeleteCustomer(REMOTE)


def test_sales_and_points():
    sale = {"total": 900, "on_account": 100, "points_redeemed": 5, "receipt_number": "A1"}
    assert written(K.SALE, sale) == PostSale(REMOTE, "op", Money(900, "INR"), Money(100, "INR"), 5, "A1", NOW)
    assert written(K.REDEEM, {"points": 5, "sale_id": "s"}) == RedeemPoints(REMOTE, 5, "s")


def test_reversals():
    reason = {"reason": "typo"}
    assert written(K.REVERSAL, {"of_kind": "sale", "sale_id": "s", **reason}) == ReverseSale(REMOTE, "s", "op", "typo")
    assert written(K.REVERSAL, {"of_kind": "sale", **reason}, reverses="s") == ReverseSale(REMOTE, "s", "op", "typo")
    assert written(K.REVERSAL, {"of_kind": "redeem", "points": 5, **reason}) == AdjustPoints(REMOTE, "op", 5, "typo")
    entry = written(K.REVERSAL, {"of_kind": "payment", "amount": 5, "direction": "debit", **reason})
    assert entry == PostEntry(REMOTE, "op", Direction.DEBIT, Money(5, "INR"), "", NOW)


@pytest.mark.parametrize("amount", [None, "5", 5.0, True])
def test_an_amount_that_is_no_whole_number_is_never_sent(amount):
    with pytest.raises(ValueError, match="whole number"):
        written(K.PAYMENT, {"amount": amount, "direction": "credit"})


def test_a_create_without_a_profile_is_never_sent():
    with pytest.raises(ValueError, match="profile"):
        written(K.CUSTOMER_CREATE)


@pytest.mark.parametrize(
    ("kind", "intent", "ability"),
    [
        (K.CUSTOMER_CREATE, {}, None),
        (K.CUSTOMER_EDIT, {}, None),
        (K.PAYMENT, {}, "ledger_write"),
        (K.SALE, {}, "sales"),
        (K.REDEEM, {}, "points"),
        (K.REVERSAL, {"of_kind": "payment"}, "ledger_write"),
        (K.REVERSAL, {"of_kind": "sale"}, "reversals"),
        (K.REVERSAL, {"of_kind": "redeem"}, "reversals"),
    ],
)
def test_what_an_act_needs(kind, intent, ability):
    made = operation(kind, intent)
    assert needed_ability(made) == ability
    assert able(made, Capabilities()) == (ability is None)
    assert ability is None or able(made, Capabilities(**{ability: True}))


def test_without_a_key_the_servers_own_keys_count():
    plain, unique = Capabilities(), Capabilities(redeem_unique=True)
    redeem = RedeemPoints(REMOTE, 5, "s")
    assert keyless(redeem, plain) is Repeat.NEVER
    assert keyless(redeem, unique) is Repeat.UNIQUE
    assert keyless(AdjustPoints(REMOTE, "op", 5, ""), plain) is Repeat.UNIQUE
    assert keyless(CreateCustomer(Profile("A")), plain) is Repeat.PROBE
    assert keyless(DeleteCustomer(REMOTE), plain) is Repeat.NATURAL


def test_the_same_bytes_keep_their_key_and_others_get_a_new_one():
    made = operation(K.CUSTOMER_EDIT)
    request = PreparedRequest("PUT", "/x", b"1", "application/json", "op", {"If-Match": "a"})
    last = Attempt(1, made.id, 1, NOW, "PUT", "/x", b"1", "application/json", "op", {"If-Match": "a"})
    assert key_for(made, None, request) == "op"
    assert key_for(made, last, request) == "op"
    other = PreparedRequest("PUT", "/x", b"1", "application/json", "op", {"If-Match": "b"})
    assert key_for(made, last, other) not in {"op", ""}
