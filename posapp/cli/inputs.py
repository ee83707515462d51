"""Reading what a person typed on the command line: amounts, days, ids; each with a sentence where it is wrong."""

from __future__ import annotations

import getpass
import sys
from datetime import date, timedelta
from uuid import UUID

from posapp.cli.application import Request
from posapp.domain.digits import fold_digits
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.money import Money, parse_amount
from posapp.domain.shop import Shop
from posapp.services.lookup import the_one
from posapp.services.ports.book import Session


class WrongDate(DomainError):
    """The text is no day."""

    id = "wrong_date"
    title = N_("Not a date")
    message = N_("“{text}” is not a date.")
    hint = N_("Write it as 2026-05-31, or today, or yesterday.")


class WrongId(DomainError):
    """The text is no id that a server would take."""

    id = "wrong_id"
    title = N_("Not an id")
    message = N_("“{text}” is not an id.")
    hint = N_("An id looks like 0197f4c2-…; copy it from an earlier answer.")


def shop_of(request: Request) -> Shop:
    """Return the shop's settings."""
    return request.app.till.book.read(_read_shop)


def _read_shop(session: Session) -> Shop:
    return session.settings.shop()


def amount(request: Request, text: str) -> Money:
    """Return an amount of the shop's currency."""
    return parse_amount(text, shop_of(request).currency)


def optional_amount(request: Request, text: str | None) -> Money | None:
    """Return an amount, or None where none was given."""
    return None if text is None else amount(request, text)


def day(request: Request, text: str | None) -> date | None:
    """Return a day of the shop; None where none was given."""
    if text is None:
        return None
    today = shop_of(request).day_of(request.app.till.clock.now())
    word = fold_digits(text).strip().lower()
    if word == "today":
        return today
    if word == "yesterday":
        return today - timedelta(days=1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise WrongDate(text=text[:40]) from None


def customer(request: Request) -> CustomerId:
    """Return the id of the one customer that the argument names."""
    return the_one(request.app.till, str(request.args.customer))


def fresh_operation() -> OperationId:
    """Return the id of an act that begins now."""
    return OperationId(new_uuid())


def uuid_text(text: str | None) -> str | None:
    """Return a uuid in its canonical form."""
    if text is None:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        raise WrongId(text=text[:40]) from None


def secret_line(request: Request, prompt: str) -> str:
    """Return a secret that a person types unseen, or a script gives as a line on standard input."""
    typed = getpass.getpass(request.say(prompt)) if request.interactive else sys.stdin.readline()
    return typed.strip()


def approval(request: Request) -> str | None:
    """Return who allows what the rules forbid, once the PIN was right; None where nobody was asked."""
    if not getattr(request.args, "approve", False):
        return None
    return request.app.approve(secret_line(request, N_("Manager's PIN: ")))
