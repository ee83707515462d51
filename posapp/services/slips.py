"""What a customer takes home after an act: its slip, made once the act is saved, in her words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from posapp.domain.digits import fold_digits
from posapp.domain.errors import DomainError
from posapp.domain.exposure import given_at_risk
from posapp.domain.ids import OperationId, short_id
from posapp.domain.ledger import Direction, LedgerEntry, signed
from posapp.domain.messages import N_, Message
from posapp.domain.money import Money
from posapp.domain.operation import Operation, OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.domain.slip import Slip, SlipLine
from posapp.domain.words import KIND_WORDS
from posapp.services.dto import OperationView, SaleRecord
from posapp.services.ports.book import Session
from posapp.services.till import Till, known_customer

_ENTRY_WORDS = {
    OperationKind.PAYMENT: (N_("Payment received"), N_("You paid")),
    OperationKind.CHARGE: (N_("Put on your account"), N_("Amount")),
    OperationKind.RETURN: (N_("Goods returned"), N_("Taken off what you owe")),
    OperationKind.PAYOUT: (N_("Advance given back"), N_("You received")),
    OperationKind.SETTLEMENT: (N_("Rest forgiven"), N_("You need not pay")),
    OperationKind.WRITE_OFF: (N_("Debt written off"), N_("You need not pay")),
}
_TITLES = {
    OperationKind.OPENING: N_("Opening balance"),
    OperationKind.SALE: N_("Your bill"),
    OperationKind.REDEEM: N_("Points taken off"),
    OperationKind.REVERSAL: N_("Taken back"),
}
_TENDER_WORDS = {"cash": N_("Cash"), "card": N_("Card"), "bank": N_("Bank"), "wallet": N_("Wallet")}
_CERTAIN = frozenset({OperationState.ACKED, OperationState.CONFIRMED})
_STATE_WORDS = {
    OperationState.PENDING: N_("Saved on this till; it goes to the server by itself."),
    OperationState.IN_FLIGHT: N_("Saved on this till; the server has not answered yet."),
    OperationState.UNKNOWN: N_("Saved on this till; the server has not answered yet."),
    OperationState.NEEDS_HUMAN: N_("Saved on this till; the shop is settling it with its server."),
    OperationState.ACKED: N_("Accepted by the server."),
    OperationState.CONFIRMED: N_("Accepted by the server."),
    OperationState.KEPT: N_("Saved on this till."),
}


class NoSlip(DomainError):
    """The act has nothing that a customer could take home."""

    id = "no_slip"
    title = N_("There is no slip for this")
    message = N_("Only money and points that were recorded and not refused have a slip.")
    hint = N_("Look at the ledger for the act that is meant.")


def slip_of(till: Till, operation_id: OperationId) -> Slip:
    """Return the slip of an act, with the customer's numbers after it.

    Raises:
        NoSlip: No such act is recorded, it was refused or withdrawn, or it moved neither money nor points.
    """
    return till.book.read(lambda session: _slip(session, operation_id))


def _slip(session: Session, operation_id: OperationId) -> Slip:
    view = session.operations.get(operation_id)
    if view is None or view.state not in _STATE_WORDS:
        raise NoSlip
    operation, shop = view.operation, session.settings.shop()
    customer = known_customer(session, operation.customer_id)
    sale = session.khata.sale(operation_id)
    title = _ENTRY_WORDS[operation.kind][0] if operation.kind in _ENTRY_WORDS else _TITLES.get(operation.kind)
    groups = (
        tuple(_act(session, shop, operation, sale)),
        tuple(_balance(session, operation)),
        tuple(_points(session, operation, sale)),
    )
    if title is None or not groups[0]:
        raise NoSlip
    return Slip(
        shop_name=shop.name,
        title=Message(title),
        customer_name=customer.profile.name,
        phone_end=_last_digits(customer.profile.phone),
        number=sale.receipt_number if sale and sale.receipt_number else short_id(operation_id),
        at=shop.at(operation.occurred_at),
        groups=tuple(group for group in groups if group),
        footer=(_state(session, shop, view), *_risk(session, view), Message(N_("Thank you."))),
    )


def _act(session: Session, shop: Shop, operation: Operation, sale: SaleRecord | None) -> Iterator[SlipLine]:
    """Yield what was done."""
    if sale is not None:
        yield from _sale(sale)
    elif operation.kind is OperationKind.REDEEM:
        points = -session.khata.points_of(operation.id)
        yield SlipLine(Message(N_("Points taken off")), points)
        yield SlipLine(Message(N_("Discount")), shop.terms.worth(points), strong=True)
    elif operation.kind is OperationKind.REVERSAL:
        yield from _reversal(operation, session.khata.entry_of(operation.id))
    else:
        entry = session.khata.entry_of(operation.id)
        if entry is not None:
            yield from _entry(operation, entry)


def _sale(sale: SaleRecord) -> Iterator[SlipLine]:
    yield SlipLine(Message(N_("Bill")), sale.total)
    if sale.points_redeemed:
        yield SlipLine(Message(N_("Discount for {points} points"), {"points": sale.points_redeemed}), sale.discount)
    yield SlipLine(Message(N_("You paid")), sale.paid, strong=not sale.on_account)
    if sale.on_account:
        yield SlipLine(Message(N_("Put on your account")), sale.on_account, strong=True)


def _entry(operation: Operation, entry: LedgerEntry) -> Iterator[SlipLine]:
    yield SlipLine(Message(_entry_label(operation.kind, entry.direction)), entry.amount, strong=True)
    intent = operation.intent
    tender = _TENDER_WORDS.get(str(intent.get("tender")))
    if tender is not None:
        yield SlipLine(Message(N_("By")), Message(tender))
    if intent.get("reference"):
        yield SlipLine(Message(N_("Reference")), str(intent["reference"]))
    if entry.description:
        yield SlipLine(Message(N_("For")), entry.description)
    if intent.get("due_on"):
        day = date.fromisoformat(str(intent["due_on"]))
        yield SlipLine(Message(N_("To be paid by")), Message(N_("{day}"), {"day": day}))


def _entry_label(kind: OperationKind, direction: Direction) -> str:
    if kind in _ENTRY_WORDS:
        return _ENTRY_WORDS[kind][1]
    return N_("You owe from before") if direction is Direction.DEBIT else N_("You have paid ahead")


def _reversal(operation: Operation, entry: LedgerEntry | None) -> Iterator[SlipLine]:
    yield SlipLine(Message(N_("What")), Message(KIND_WORDS[str(operation.intent["of_kind"])]), strong=True)
    if entry is not None:
        yield SlipLine(Message(N_("Amount")), entry.amount)
    yield SlipLine(Message(N_("Why")), str(operation.intent["reason"]))


def _balance(session: Session, operation: Operation) -> Iterator[SlipLine]:
    """Yield what she owed before the act and after it, as far as lines of this till came after it."""
    balance = session.khata.standing(operation.customer_id).balance
    if balance is None:
        yield SlipLine(Message(N_("Balance")), Message(N_("not known on this till yet")))
        return
    before = after = balance
    for line in session.khata.lines(operation.customer_id):
        if line.counted and line.till_seq is not None:
            effect = signed(line.direction, line.amount)
            after -= effect if line.till_seq > operation.till_seq else Money(0, balance.currency)
            before -= effect if line.till_seq >= operation.till_seq else Money(0, balance.currency)
    if before != after:
        yield _owed(before, N_("You owed before"), N_("We owed you before"))
    if before or after:
        yield _owed(after, N_("You owe now"), N_("We owe you now"), strong=True)


def _owed(balance: Money, owes: str, owed: str, *, strong: bool = False) -> SlipLine:
    """Return a balance with its direction in the customer's words."""
    return SlipLine(Message(owed if balance.minor > 0 else owes), abs(balance), strong=strong)


def _points(session: Session, operation: Operation, sale: SaleRecord | None) -> Iterator[SlipLine]:
    if sale is not None and sale.points_earned:
        yield SlipLine(Message(N_("Points earned")), sale.points_earned)
    now = session.khata.standing(operation.customer_id).points
    moved = sale is not None or session.khata.points_of(operation.id)
    if now is not None and (now or moved):
        words = N_("Points now") if now >= 0 else N_("Points used beyond what you had")
        yield SlipLine(Message(words), abs(now), strong=bool(moved))


def _risk(session: Session, view: OperationView) -> Iterator[Message]:
    """Say that points given at the shop's risk are not certain yet, and the code by which the act is found."""
    told = view.operation.intent.get("redeem_operation")
    awaited = view if told is None else session.operations.get(OperationId(str(told))) or view
    if awaited.state in _CERTAIN or given_at_risk(awaited.operation.intent, awaited.evidence) is None:
        return
    words = N_("The points are subject to confirmation by the shop's server: {code}.")
    yield Message(words, {"code": short_id(awaited.operation.id)})


def _state(session: Session, shop: Shop, view: OperationView) -> Message:
    """Say how far an act has come; where the server took it, when."""
    if view.state in _CERTAIN:
        ends = [one.finished_at for one in session.operations.attempts(view.operation.id) if one.outcome == "ok"]
        if ends and ends[-1] is not None:
            return Message(N_("Accepted by the server {at}."), {"at": shop.at(ends[-1])})
    return Message(_STATE_WORDS[view.state])


def _last_digits(phone: str | None) -> str | None:
    digits = "".join(char for char in fold_digits(phone or "") if char.isdigit())
    return digits[-4:] or None
