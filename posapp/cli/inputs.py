"""Reading what a person typed on the command line: amounts, days, ids; each with a sentence where it is wrong."""

from __future__ import annotations

import argparse
import errno
import getpass
import re
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from posapp.cli.application import Request
from posapp.domain.digits import fold_digits
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.money import Money, parse_amount
from posapp.domain.shop import Shop
from posapp.domain.statement import WrongPeriod
from posapp.services.lookup import the_one
from posapp.services.ports.book import Session

_REFRESH_SECONDS = 1.5
_EARLIEST = date(1970, 1, 1)
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_HALF_SIGN = re.compile("[\ud800-\udfff\x00]")


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


class TooLongAgo(WrongDate):
    """A day before any paper book that still counts: a slip of the finger."""

    id = "too_long_ago"
    title = N_("That day is too long ago")
    message = N_("{day} is before {earliest}.")
    hint = N_("Check the year.")


def typed(value: object) -> object:
    """Return an argument without the halves of signs that a shell hands on where the bytes are no text.

    Paths stay as they are: a file may have any name.
    """
    if isinstance(value, str):
        return _HALF_SIGN.sub("�", value)
    if isinstance(value, list):
        return [typed(part) for part in value]
    return value


def folder(text: str) -> Path:
    """Return a folder that was named; an empty name is a mistake, never the folder in which one happens to stand."""
    if not text.strip():
        raise argparse.ArgumentTypeError(N_("the name of the folder is empty"))
    return _possible(Path(text))


def file(text: str) -> Path:
    """Return a file that was named."""
    if not text.strip():
        raise argparse.ArgumentTypeError(N_("the name of the file is empty"))
    return _possible(Path(text))


def _possible(path: Path) -> Path:
    try:
        path.lstat()
    except ValueError as error:  # a zero byte
        raise argparse.ArgumentTypeError(N_("nothing can have this name")) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise argparse.ArgumentTypeError(N_("this name is too long")) from error
    return path


def whole_number(text: str) -> int:
    """Return a whole number as a person types it, in digits of any script."""
    number = fold_digits(text).strip().replace("−", "-")
    if not _WHOLE.fullmatch(number):
        raise argparse.ArgumentTypeError(N_("this is not a whole number"))
    return int(number)


def how_many(text: str) -> int:
    """Return a whole number above zero."""
    number = whole_number(text)
    if number < 1:
        raise argparse.ArgumentTypeError(N_("this must be one or more"))
    return number


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
        named = date.fromisoformat(word)
    except ValueError:
        raise WrongDate(text=text[:40]) from None
    if named < _EARLIEST:
        raise TooLongAgo(day=named, earliest=_EARLIEST)
    return named


def period(request: Request, first: str | None, last: str | None) -> tuple[date | None, date | None]:
    """Return the two ends of a period of the shop's days; None for an open one."""
    begin, end = day(request, first), day(request, last)
    if begin is not None and end is not None and begin > end:
        raise WrongPeriod(first=begin, last=end)
    return begin, end


def customer(request: Request) -> CustomerId:
    """Return the id of the one customer that the argument names."""
    return the_one(request.app.till, str(request.args.customer))


def refresh(request: Request, customers: Iterable[CustomerId]) -> None:
    """Read khatas anew from the server for as long as it answers at once; the till works without."""
    delivery = request.app.delivery()
    if delivery is None:
        return
    for one in customers:
        if not delivery.refresh_customer(one, deadline_seconds=_REFRESH_SECONDS):
            return


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
    if request.interactive:
        return getpass.getpass(request.say(prompt)).strip()
    line = "" if sys.stdin is None else sys.stdin.readline()
    return _HALF_SIGN.sub("�", line).strip()


def approval(request: Request) -> str | None:
    """Return who allows what the rules forbid, once the PIN was right; None where nobody was asked."""
    if not getattr(request.args, "approve", False):
        return None
    return request.app.approve(secret_line(request, N_("Manager's PIN: ")))
