"""What people do: at the tills through the services, in the office on the server itself."""

from __future__ import annotations

import random
from collections.abc import Callable

from posapp.domain.customer import FieldValue, Profile
from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.at_risk import redeem_at_risk
from posapp.services.customers import add_customer, delete_customer, edit_customer
from posapp.services.dto import Customer
from posapp.services.khata import EntryForm, record_entry
from posapp.services.redemptions import redeem
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import offers, resolve
from posapp.services.reversals import reverse
from posapp.services.sales import SaleForm, record_sale
from tests.sim.history import Act
from tests.sim.server import ShopServer
from tests.sim.till import SimTill

KINDS = {
    "add": 2,
    "edit": 4,
    "pay": 6,
    "charge": 4,
    "sale": 5,
    "points sale": 2,
    "redeem": 3,
    "give": 2,
    "reverse": 2,
    "delete": 1,
}
PEOPLE = {"add": 5, "edit": 10, "delete": 2}
"""How much more often people are changed where the server keeps nothing but them."""

Press = Callable[[], object]
"""What a press of a dialog's button does."""

OFFICE = {"pay": 5, "charge": 3, "sale": 2, "redeem": 2, "gift": 2, "edit": 4, "add": 1, "delete": 0.6}
OFFICE_OF_PEOPLE = {"edit": 8, "merge": 1}
"""How much more often the office changes people where the tills see nothing but them; merging is no word of `pos`."""

_NAMES = ("Asha", "Ravi", "Rahim", "রহিম", "फ़ातिमा", "Meena", "Imran", "John")


def amount(draw: random.Random) -> int:
    return draw.randrange(101, 20_000)


def a_phone(draw: random.Random) -> str:
    """Draw a phone as people write it: mostly its ten digits."""
    return f"{draw.choice(('', '', '', '', '', '+91 ', '0'))}98{draw.randrange(10**8):08d}"


def an_email(draw: random.Random, who: str) -> str:
    return f"{who}.{draw.randrange(1000)}@example.org"


def hot(draw: random.Random, count: int) -> int:
    """Return an index, mostly a low one: several tills serve the same few customers."""
    return min(int(draw.expovariate(0.5)), count - 1)


def act(till: SimTill, draw: random.Random) -> tuple[str, OperationId, Press] | None:
    """Draw an act at a till; None where there is nobody to serve.

    Returns:
        Its kind, its operation's id, and what a person's press of the button does.
    """
    kinds = KINDS if till.connection.capabilities.ledger else KINDS | PEOPLE
    kind = draw.choices(list(kinds), list(kinds.values()))[0]
    operation_id = OperationId(new_uuid())
    if kind == "add":
        return kind, operation_id, _add(till, operation_id, draw)
    people = till.customers()
    if not people:
        return None
    customer = people[hot(draw, len(people))]
    make = _MAKERS[kind](till, operation_id, customer, draw)
    return None if make is None else (kind, operation_id, make)


def perform(till: SimTill, kind: str, operation_id: OperationId, press: Press) -> Act:
    """Let a person press the button, and say what the screen showed.

    Raises:
        Killed: The till died; what it had shown is in the exception's `args`.
    """
    try:
        press()
    except PosError as refused:
        return Act(operation_id, till.name, kind, "refused", refused.id)
    return Act(operation_id, till.name, kind, "saved")


def _add(till: SimTill, operation_id: OperationId, draw: random.Random) -> Press:
    """Let somebody add a customer, mostly with what the server demands; a family may share a phone."""
    required = till.connection.capabilities.required
    phone = a_phone(draw) if draw.random() < 0.8 or ("phone" in required and draw.random() < 0.5) else None
    known = [one.profile.phone for one in till.customers() if one.profile.phone]
    if known and draw.random() < 0.1:
        phone = draw.choice(known)
    email = an_email(draw, till.name) if draw.random() < (0.9 if "email" in required else 0.2) else None
    profile = Profile(f"{draw.choice(_NAMES)} {draw.randrange(1000)}", phone=phone, email=email)
    return lambda: add_customer(till.till, operation_id=operation_id, profile=profile)


def _edit(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press:
    fields = edited(draw, customer.profile.tags, customer.profile.notes or "", till.name)
    return lambda: edit_customer(till.till, operation_id=operation_id, customer_id=customer.id, fields=fields)


def edited(draw: random.Random, tags: tuple[str, ...], notes: str, who: str) -> dict[str, FieldValue]:
    """Draw what somebody changes of a customer."""
    fields: dict[str, FieldValue] = {}
    known_by = draw.choice(("name", "phone"))  # with both new at once nobody could tell who a doubtful create became
    for name in draw.sample((known_by, "email", "address", "notes", "tags"), draw.choice((1, 1, 2))):
        word = f"{who} {draw.randrange(1000)}"
        if name in {"phone", "email", "address"} and draw.random() < 0.1:
            fields[name] = None
        elif name == "tags":
            kept = [tag for tag in tags if draw.random() < 0.7]
            fields[name] = tuple(dict.fromkeys([*kept, f"t{draw.randrange(6)}"]))
        elif name == "notes":
            fields[name] = f"{notes}\n{word}".strip()
        elif name == "phone":
            fields[name] = a_phone(draw)
        elif name == "email":
            fields[name] = an_email(draw, who)
        else:
            fields[name] = f"{draw.choice(_NAMES)} {word}" if name == "name" else f"{word} Road"
    return fields


def _entry(kind: OperationKind) -> Callable[..., Press]:
    def make(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press:
        form = EntryForm(
            operation_id, customer.id, kind, Money(amount(draw), "INR"), confirmed=True, approved_by="boss"
        )
        return lambda: record_entry(till.till, form)

    return make


def _sale(*, with_points: bool) -> Callable[..., Press]:
    def make(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press:
        total = amount(draw)
        part = draw.choice((0, 0, total // 3, total // 2))
        points = draw.randrange(1, 30) if with_points else 0
        form = SaleForm(
            operation_id,
            customer.id,
            Money(total, "INR"),
            Money(part, "INR"),
            points=points,
            confirmed=True,
            approved_by="boss",
        )
        return lambda: record_sale(till.till, till.engine if points else None, form)

    return make


def _redeem(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press:
    points = draw.choice((1, 3, 10, 25, 60))
    return lambda: redeem(
        till.till, till.engine, operation_id=operation_id, customer_id=customer.id, points=points, sale_id=None
    )


def _give(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press:
    points, approved_by = draw.choice((1, 5, 20, 50)), draw.choice((None, "boss"))
    return lambda: redeem_at_risk(
        till.till,
        operation_id=operation_id,
        customer_id=customer.id,
        points=points,
        sale_id=None,
        bill=None,
        approved_by=approved_by,
    )


def _reverse(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press | None:
    mine = [own.operation for own in till.look(CustomerId(customer.id), 0).own]
    if not mine:
        return None
    undone = draw.choice(mine)
    return lambda: reverse(till.till, operation_id=operation_id, entry_or_operation=undone, reason="a mistake")


def _delete(till: SimTill, operation_id: OperationId, customer: Customer, draw: random.Random) -> Press:
    return lambda: delete_customer(till.till, operation_id=operation_id, customer_id=customer.id, confirmed=True)


_MAKERS: dict[str, Callable[..., Press | None]] = {
    "edit": _edit,
    "pay": _entry(OperationKind.PAYMENT),
    "charge": _entry(OperationKind.CHARGE),
    "sale": _sale(with_points=False),
    "points sale": _sale(with_points=True),
    "redeem": _redeem,
    "give": _give,
    "reverse": _reverse,
    "delete": _delete,
}


DONE = frozenset({Choice.ARRIVED, Choice.LINK})
"""What an honest manager says only of what the server has."""
NOT_DONE = frozenset({Choice.SEND_AS_NEW, Choice.KEEP, Choice.DROP, Choice.WRITE_OFF, Choice.GOODWILL, Choice.CHARGE})
"""What an honest manager says only of what the server does not have."""


def decide(till: SimTill, draw: random.Random, happened: Callable[[str | None], bool]) -> str | None:
    """Let a manager, who looks before deciding, settle something of a till's inbox; return what, for the story."""
    items = till.inbox()
    if not items:
        return None
    item = draw.choice(items)
    wrong = NOT_DONE if happened(item.operation_id) else DONE
    acts = item.evidence.get("acts")
    if isinstance(acts, list) and any(happened(act["operation"]) for act in acts):
        wrong = frozenset({Choice.REPLAY})  # somebody deleted these customers: the server lost nothing
    honest = [offer for offer in offers(till.till, item.id) if offer.choice not in wrong]
    if not honest:
        return f"can decide nothing about {item.kind} {item.operation_id}"
    offer = draw.choice(honest)
    target = draw.choice(offer.targets) if offer.targets else ""
    value = {"phone": a_phone(draw), "email": an_email(draw, till.name)}.get(offer.field, "")
    try:
        resolve(till.till, item.id, Decision(offer.choice, "looked into it", target, "boss", value))
    except PosError as refused:
        return f"{item.kind} {item.operation_id}: {offer.choice} refused {refused.id}"
    return f"decides {offer.choice} {target} about {item.kind} {item.operation_id}"


def office_act(server: ShopServer, draw: random.Random) -> str | None:
    """Let somebody in the office or another channel change the server; return what, for the story."""
    kinds = OFFICE if server.api == "pos" else OFFICE | OFFICE_OF_PEOPLE
    kind = draw.choices(list(kinds), list(kinds.values()))[0]
    if kind == "add":
        return f"adds: {new_customer(server, draw)}"
    people = server.live()
    if not people:
        return None
    remote = people[hot(draw, len(people))]
    path = f"/api/v1/customers/{remote}"
    if kind in {"pay", "charge"}:
        way = "credit" if kind == "pay" else "debit"
        body = {"type": way, "amount": amount(draw), "description": "office", "reference_id": new_uuid()}
        status, _ = server.office("POST", f"{path}/ledger", body)
    elif kind == "sale":
        total = amount(draw)
        bill = {"id": new_uuid(), "customer_id": remote, "total": total, "on_account": draw.choice((0, total // 2))}
        status, _ = server.office("POST", "/api/v1/sales", bill)
    elif kind == "redeem":
        gone = {"points": draw.choice((1, 5, 20, 50)), "sale_id": new_uuid()}
        status, _ = server.office("POST", f"{path}/loyalty/redeem", gone)
    elif kind == "gift":
        gift = {"reference_id": new_uuid(), "points": draw.randrange(10, 200), "reason": "a gift"}
        status, _ = server.office("POST", f"{path}/loyalty/adjust", gift)
    elif kind == "edit":
        _, now = server.office("GET", path)
        fields = edited(draw, tuple(now["tags"]), now["notes"] or "", "office")
        status, _ = server.office("PUT", path, fields)
    elif kind == "merge":
        pair = {"primary_id": remote, "secondary_id": draw.choice(people)}
        status, _ = server.office("POST", "/api/v1/customers/merge", pair, api="modules")
    else:
        status, _ = server.office("DELETE", path)
    return f"{kind} {remote} → {status}"


def new_customer(server: ShopServer, draw: random.Random) -> str:
    """Add a customer in the office and return her id."""
    profile = {"name": f"{draw.choice(_NAMES)} {draw.randrange(1000)}", "phone": a_phone(draw)}
    _, made = server.office("POST", "/api/v1/customers", profile)
    return str(made["id"])
