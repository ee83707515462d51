"""Acts at the till: sale, payment, charge and the other khata entries, redemption, reversal."""

from __future__ import annotations

import argparse

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Handler, Request
from posapp.cli.figures import (
    STATE_WORDS,
    amount_json,
    balance_words,
    points_words,
    recorded_json,
    sale_json,
)
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.khata import EntryForm, record_entry
from posapp.services.redemptions import preview, redeem
from posapp.services.reversals import reverse
from posapp.services.sales import SaleForm, preview_sale, record_sale
from posapp.services.till import Recorded

_ENTRY_COMMANDS = {
    "pay": (OperationKind.PAYMENT, N_("write down a payment on the khata")),
    "charge": (OperationKind.CHARGE, N_("put an amount on the khata")),
    "opening": (OperationKind.OPENING, N_("begin a khata: what she owes (negative: an advance)")),
    "return": (OperationKind.RETURN, N_("goods came back: credit on the khata")),
    "payout": (OperationKind.PAYOUT, N_("give an advance back")),
    "settle": (OperationKind.SETTLEMENT, N_("forgive the last of a debt")),
    "write-off": (OperationKind.WRITE_OFF, N_("write off a debt that will not be paid")),
}


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    for name, (kind, meaning) in _ENTRY_COMMANDS.items():
        parser = commands.add_parser(name, help=meaning, parents=[options])
        parser.add_argument("customer", metavar="CUSTOMER")
        parser.add_argument("amount", metavar="AMOUNT")
        parser.add_argument("--note", help=N_("for the statement"))
        parser.add_argument("--reference", help=N_("receipt or transaction number"))
        parser.add_argument("--on", metavar="DATE", help=N_("an earlier day; marked as backdated"))
        if name == "pay":
            parser.add_argument("--tender", choices=("cash", "card", "bank", "wallet"), default="cash")
        if name == "charge":
            parser.add_argument("--due", metavar="DATE", help=N_("by when it is to be paid"))
            parser.add_argument("--approve", action="store_true", help=N_("beyond the limit, by the manager's PIN"))
        parser.set_defaults(handler=_entry_handler(kind))
    _add_sale(commands, options)
    parser = commands.add_parser("redeem", help=N_("take points off a bill"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("points", metavar="POINTS", type=inputs.whole_number)
    parser.add_argument("--sale", metavar="ID", help=N_("the bill they go off"))
    parser.add_argument("--preview", action="store_true", help=N_("only say what it would do"))
    parser.set_defaults(handler=_redeem)
    parser = commands.add_parser("reverse", help=N_("undo a sale, a redemption or an entry"), parents=[options])
    parser.add_argument("entry", metavar="ENTRY")
    parser.add_argument("--reason", required=True)
    parser.set_defaults(handler=_reverse)


def _add_sale(commands: Commands, options: argparse.ArgumentParser) -> None:
    parser = commands.add_parser("sale", help=N_("write down a bill"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("total", metavar="TOTAL")
    parser.add_argument("--on-account", metavar="AMOUNT", help=N_("the part that goes on the khata"))
    parser.add_argument("--points", metavar="N", type=inputs.whole_number, default=0, help=N_("points taken off"))
    parser.add_argument("--receipt", metavar="NO")
    parser.add_argument("--on", metavar="DATE", help=N_("an earlier day; marked as backdated"))
    parser.add_argument("--preview", action="store_true", help=N_("only say what it would do"))
    parser.add_argument("--approve", action="store_true", help=N_("beyond the limit, by the manager's PIN"))
    parser.set_defaults(handler=_sale)


def _entry_handler(kind: OperationKind) -> Handler:
    def handle(request: Request) -> Answer:
        args = request.args
        form = EntryForm(
            operation_id=inputs.fresh_operation(),
            customer_id=inputs.customer(request),
            kind=kind,
            amount=inputs.amount(request, args.amount),
            on=inputs.day(request, args.on),
            tender=getattr(args, "tender", None),
            reference=args.reference,
            note=args.note,
            due_on=inputs.day(request, getattr(args, "due", None)),
            confirmed=request.confirmed,
            approved_by=inputs.approval(request),
        )
        recorded = record_entry(request.app.till, form)
        data = recorded_json(recorded, request.say) | {"amount": amount_json(abs(form.amount))}
        return Answer(data, _saved(request, recorded, abs(form.amount)))

    return handle


def _sale(request: Request) -> Answer:
    args = request.args
    total = inputs.amount(request, args.total)
    form = SaleForm(
        operation_id=inputs.fresh_operation(),
        customer_id=inputs.customer(request),
        total=total,
        on_account=inputs.optional_amount(request, args.on_account) or Money(0, total.currency),
        points=args.points,
        receipt_number=args.receipt,
        on=inputs.day(request, args.on),
        confirmed=request.confirmed,
        approved_by=inputs.approval(request),
    )
    if args.preview:
        would = preview_sale(request.app.till, form)
        if would.refusal is not None:
            raise would.refusal
        sale = would.sale
        seen: dict[str, object] = {"sale": sale_json(sale), "points": would.standing.points}
        words = request.say(N_("{paid} to pay, {points} points to earn"), paid=sale.paid, points=sale.points_earned)
        return Answer(seen, [words])
    result = record_sale(request.app.till, request.app.delivery() if form.points else None, form)
    data = recorded_json(result.recorded, request.say) | {"sale": sale_json(result.sale)}
    return Answer(data, _saved(request, result.recorded, result.sale.total))


def _redeem(request: Request) -> Answer:
    args = request.args
    customer_id = inputs.customer(request)
    shown = preview(request.app.till, customer_id, args.points, None)
    data: dict[str, object] = {
        "points_redeemed": shown.points,
        "discount": amount_json(shown.discount),
        "available": shown.available,
    }
    worth = request.say(
        N_("{points} points give {discount}; {remaining} remain"),
        points=shown.points,
        discount=shown.discount,
        remaining=shown.remaining,
    )
    if args.preview:
        return Answer(data | {"remaining": shown.remaining}, [worth])
    recorded = redeem(
        request.app.till,
        request.app.delivery(),
        operation_id=inputs.fresh_operation(),
        customer_id=customer_id,
        points=args.points,
        sale_id=inputs.uuid_text(args.sale),
    )
    return Answer(data | recorded_json(recorded, request.say), [worth, *_saved(request, recorded, shown.discount)])


def _reverse(request: Request) -> Answer:
    recorded = reverse(
        request.app.till,
        operation_id=inputs.fresh_operation(),
        entry_or_operation=request.args.entry,
        reason=request.args.reason,
    )
    return Answer(recorded_json(recorded, request.say), _saved(request, recorded, None))


def _saved(request: Request, recorded: Recorded, amount: Money | None) -> list[Text]:
    """Say what was saved, how far it has come and what the customer's numbers are now."""
    say = request.say
    name = recorded.customer.profile.name
    first = (
        say(N_("Saved for {name}: {amount}"), name=name, amount=amount)
        if amount is not None
        else say(N_("Saved for {name}"), name=name)
    )
    state = say(STATE_WORDS[recorded.state.value])
    balance = say(N_("khata: {balance}"), balance=balance_words(recorded.after.balance, say))
    points = say(N_("points: {points}"), points=points_words(recorded.after.points, say))
    return [
        Text(first, style="bold green"),
        Text(f"  {state}"),
        Text(f"  {balance}"),
        Text(f"  {points}"),
        Text(f"  {recorded.operation.id}", style="dim"),
    ]
