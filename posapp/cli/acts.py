"""Acts at the till: sale, payment, charge and the other khata entries, redemption, reversal."""

from __future__ import annotations

import argparse
from dataclasses import replace

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
from posapp.domain.errors import SignInRequired
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.at_risk import give_in_doubt, redeem_at_risk
from posapp.services.khata import EntryForm, record_entry
from posapp.services.redemptions import RedemptionNeedsServer, RedemptionUnknown, preview, redeem
from posapp.services.reversals import reverse
from posapp.services.sales import SaleForm, SaleResult, preview_sale, record_sale
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
        _add_approval(parser)
        parser.set_defaults(handler=_entry_handler(kind))
    _add_sale(commands, options)
    parser = commands.add_parser("redeem", help=N_("take points off a bill"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("points", metavar="POINTS", type=inputs.whole_number)
    parser.add_argument("--sale", metavar="ID", help=N_("the bill they go off"))
    parser.add_argument("--preview", action="store_true", help=N_("only say what it would do"))
    _add_risk(parser)
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
    _add_risk(parser)
    parser.set_defaults(handler=_sale)


def _add_risk(parser: argparse.ArgumentParser) -> None:
    text = N_("where the server does not answer in time, give the discount at the shop's risk")
    parser.add_argument("--at-risk", action="store_true", help=text)
    _add_approval(parser)


def _add_approval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--approve", action="store_true", help=N_("let the manager's PIN allow what a rule forbids"))


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
    result, at_risk = _sold(request, form)
    data = recorded_json(result.recorded, request.say) | {"sale": sale_json(result.sale), "at_risk": at_risk}
    return Answer(data, _saved(request, result.recorded, result.sale.total, at_risk=at_risk))


def _sold(request: Request, form: SaleForm) -> tuple[SaleResult, bool]:
    """Sell, asking the server about points first; return whether their discount is at the shop's risk."""
    app, willing = request.app, request.args.at_risk
    try:
        return record_sale(app.till, app.delivery() if form.points else None, form), False
    except (RedemptionNeedsServer, SignInRequired):
        if not willing:
            raise
        at_risk = replace(form, operation_id=inputs.fresh_operation(), at_risk=True)
        return record_sale(app.till, None, at_risk), True
    except RedemptionUnknown:
        if not willing:
            raise
        recorded = give_in_doubt(app.till, form.operation_id, approved_by=form.approved_by)
        sale = app.till.book.read(lambda session: session.khata.sale(form.operation_id))
        assert sale is not None, "a sale in doubt has its bill"
        return SaleResult(recorded, sale), True


def _redeem(request: Request) -> Answer:
    args = request.args
    customer_id = inputs.customer(request)
    manager = inputs.approval(request)
    shown = preview(request.app.till, customer_id, args.points, None, approved_by=manager)
    if shown.refusal is not None:
        raise shown.refusal
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
    recorded, at_risk = _taken_off(request, customer_id, manager)
    data |= recorded_json(recorded, request.say) | {"at_risk": at_risk}
    return Answer(data, [worth, *_saved(request, recorded, shown.discount, at_risk=at_risk)])


def _taken_off(request: Request, customer_id: CustomerId, manager: str | None) -> tuple[Recorded, bool]:
    """Take points off, asking the server first; return whether the discount is at the shop's risk."""
    app, args, operation_id = request.app, request.args, inputs.fresh_operation()
    sale_id = inputs.uuid_text(args.sale)
    try:
        made = redeem(
            app.till,
            app.delivery(),
            operation_id=operation_id,
            customer_id=customer_id,
            points=args.points,
            sale_id=sale_id,
            approved_by=manager,
        )
    except (RedemptionNeedsServer, SignInRequired):
        if not args.at_risk:
            raise
        return redeem_at_risk(
            app.till,
            operation_id=inputs.fresh_operation(),
            customer_id=customer_id,
            points=args.points,
            sale_id=sale_id,
            bill=None,
            approved_by=manager,
        ), True
    except RedemptionUnknown:
        if not args.at_risk:
            raise
        return give_in_doubt(app.till, operation_id, approved_by=manager), True
    return made, False


def _reverse(request: Request) -> Answer:
    recorded = reverse(
        request.app.till,
        operation_id=inputs.fresh_operation(),
        entry_or_operation=request.args.entry,
        reason=request.args.reason,
    )
    return Answer(recorded_json(recorded, request.say), _saved(request, recorded, None))


def _saved(request: Request, recorded: Recorded, amount: Money | None, *, at_risk: bool = False) -> list[Text]:
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
    risk = say(N_("the discount is given at the shop's risk; the points are subject to confirmation"))
    return [
        Text(first, style="bold green"),
        Text(f"  {state}"),
        *([Text(f"  {risk}", style="bold yellow")] if at_risk else []),
        Text(f"  {balance}"),
        Text(f"  {points}"),
        Text(f"  {recorded.operation.id}", style="dim"),
    ]
