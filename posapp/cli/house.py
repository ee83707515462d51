"""Looking after the book on the command line: shop settings, recovery, doctor."""

from __future__ import annotations

import argparse
from decimal import Decimal

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import moment, optional_amount
from posapp.domain.messages import N_
from posapp.domain.money import Money, currency_of
from posapp.domain.shop import Shop
from posapp.locale.translator import Translator
from posapp.services.khata_till import khata_till
from posapp.services.shop import SETTINGS, change_shop


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("shop", help=N_("show or change the shop's settings"), parents=[options])
    for name in SETTINGS:
        parser.add_argument(f"--{name}", metavar="VALUE")
    parser.add_argument("--khata-till", metavar="yes|no", help=N_("whether this till keeps the shop's khata"))
    parser.set_defaults(handler=_shop)
    parser = commands.add_parser("second-copy", help=N_("where every act is copied to at once"), parents=[options])
    parser.add_argument(
        "folder", metavar="FOLDER", type=inputs.folder, nargs="?", help=N_("on another disk or a share")
    )
    parser.set_defaults(handler=_second_copy)
    parser = commands.add_parser("recover", help=N_("bring the keys back with the recovery code"), parents=[options])
    parser.set_defaults(handler=_recover)
    parser = commands.add_parser("pin", help=N_("choose or change the manager's PIN"), parents=[options])
    parser.add_argument("--change", action="store_true", help=N_("the old PIN comes first"))
    parser.set_defaults(handler=_pin)
    parser = commands.add_parser("doctor", help=N_("look at everything the till stands on"), parents=[options])
    parser.set_defaults(handler=_doctor)


def _shop(request: Request) -> Answer:
    given = {name: getattr(request.args, name.replace("-", "_")) for name in SETTINGS}
    changes = {name: text for name, text in given.items() if text is not None}
    khata = khata_till(request.app.till, request.args.khata_till)
    shop = change_shop(request.app.till, changes) if changes else inputs.shop_of(request)
    data = {
        "name": shop.name,
        "country": shop.country,
        "currency": shop.currency,
        "time_zone": shop.time_zone,
        "credit_limit": optional_amount(shop.credit_limit),
        "earn_rate": str(shop.earn_rate),
        "redemption_value": shop.redemption_value,
        "terms_days": shop.terms_days,
        "quarantine_seconds": shop.quarantine_seconds,
        "khata_till": khata,
        "tills": shop.tills,
        "redeem_cap": shop.redeem_cap,
        "redeem_soft": shop.redeem_soft,
        "redeem_count": shop.redeem_count,
        "redeem_total": shop.redeem_total,
        "redeem_age_hours": shop.redeem_age_hours,
    }
    say = request.say
    limit = N_("credit limit: {amount}") if shop.credit_limit is not None else N_("credit limit: none")
    lines = [
        say(N_("name: {name}"), name=shop.name),
        say(N_("country: {country}"), country=shop.country),
        say(N_("currency: {currency}"), currency=shop.currency),
        say(N_("time zone: {zone}"), zone=shop.time_zone),
        say(limit, amount=shop.credit_limit),
        say.plural(N_("debts are due: after {count} day"), N_("debts are due: after {count} days"), shop.terms_days)
        if shop.terms_days
        else say(N_("debts are due: on the day they are made")),
        say(
            N_("points earned for {amount}: {points}"),
            amount=Money(10 ** currency_of(shop.currency).decimals, shop.currency),
            points=_plain_number(shop.earn_rate * 10 ** currency_of(shop.currency).decimals / 100),
        ),
        say(N_("one point is worth: {amount}"), amount=Money(shop.redemption_value, shop.currency)),
        say(N_("rest before a doubtful act is looked up: {seconds} s"), seconds=f"{shop.quarantine_seconds:g}"),
        *_risk_words(shop, say),
        *([] if khata else [say(N_("khata: kept at another till of the shop"))]),
    ]
    return Answer({"shop": data}, [Text(line) for line in lines])


def _risk_words(shop: Shop, say: Translator) -> list[str]:
    """Say what the till may give away while the server is not reached."""
    if not shop.tills:
        return [say(N_("points without the server: never (--tills says how many tills share them)"))]
    return [
        say.plural(
            N_("points without the server: all of them at this one till"),
            N_("points without the server: shared among {count} tills"),
            shop.tills,
        ),
        say(
            N_("  at most {cap} in one act ({soft} without the manager), {total} in all"),
            cap=f"{shop.redeem_cap:,}",
            soft=f"{shop.redeem_soft:,}",
            total=f"{shop.redeem_total:,}",
        ),
        say(
            N_("  at most {count} acts a customer, on points read within {hours} hours"),
            count=shop.redeem_count,
            hours=shop.redeem_age_hours,
        ),
    ]


def _plain_number(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _second_copy(request: Request) -> Answer:
    folder = request.args.folder
    state = request.app.second_copy() if folder is None else request.app.move_second_copy(folder)
    say = request.say
    lines = [Text(say(N_("Every act is copied to {folder}"), folder=state.folder))]
    if state.same_disk:
        lines.append(Text(say(N_("This is the book's own disk; another one survives it.")), style="yellow"))
    if state.since is not None:
        lines.append(Text(say(N_("no second copy since {moment} UTC"), moment=state.since), style="bold yellow"))
    data = {"folder": str(state.folder), "missing_since": moment(state.since), "same_disk": state.same_disk}
    return Answer({"second_copy": data}, lines)


def _recover(request: Request) -> Answer:
    request.app.recover(inputs.secret_line(request, N_("Recovery code: ")))
    return Answer({"recovered": True}, [request.say(N_("The keys are back; the book opens."))])


def _pin(request: Request) -> Answer:
    old = inputs.secret_line(request, N_("Old PIN: ")) if request.args.change else None
    request.app.set_pin(old, inputs.secret_line(request, N_("New PIN (6 to 12 digits): ")))
    return Answer({"pin": "set"}, [request.say(N_("The manager's PIN is set."))])


def _doctor(request: Request) -> Answer:
    findings = request.app.check_up()
    say = request.say
    data = {
        "checks": [
            {
                "name": one.name,
                "ok": one.ok,
                "detail": say.say(one.detail),
                "optional": one.optional,
                "problem": one.problem,
            }
            for one in findings
        ]
    }
    good, bad = N_("good: {name}: {detail}"), N_("BAD:  {name}: {detail}")
    lines = [
        Text(say(good if one.ok else bad, name=one.name, detail=one.detail), style="green" if one.ok else "bold red")
        for one in findings
    ]
    broken = [one.name for one in findings if not one.ok and not one.optional]
    if not broken:
        return Answer(data, lines)
    error = {
        "id": "not_healthy",
        "title": say(N_("Something needs care")),
        "message": say(N_("Not as it should be: {names}"), names=", ".join(broken)),
        "hint": say(N_("Look at the lines marked as bad.")),
    }
    return Answer(data, lines, exit_code=5, error=error)
