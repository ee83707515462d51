"""Customers' own accounts: signing up, and the codes by mail that prove whose an e-mail is.

A code is checked in three steps, so that no process holds a store while it computes a slow hash and no refusal takes
the count back: `attempt` counts the try and commits, the caller compares, `spend` uses the code up together with what
it was for. Of two that hold the same right code one spends it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, Self

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from server_stub import passwords, tables
from server_stub.errors import ApiError
from server_stub.store import customers
from server_stub.store.customers import CustomerRow
from server_stub.store.search import fold
from server_stub.store.writing import Writing

CodeRow = Row[Any]
Purpose = Literal["sign_up", "reset"]

CODE_LIFE_MICROS = 10 * 60_000_000
ATTEMPTS = 5
REQUESTS = 5
REQUEST_WINDOW_MICROS = 60 * 60_000_000

_SUBJECTS: Mapping[Purpose, str] = {"sign_up": "Confirm your e-mail", "reset": "Reset your password"}


@dataclass(frozen=True, kw_only=True)
class Code:
    """A new one-time code.

    Attributes:
        text: Six digits, for the mail alone.
        hashed: As it is stored.
    """

    text: str
    hashed: str

    @classmethod
    def draw(cls) -> Self:
        """Return a code that nobody can foresee."""
        text = f"{secrets.randbelow(1_000_000):06d}"
        return cls(text=text, hashed=passwords.hashed(text))


def find(connection: Connection, store_id: int, email: str) -> CustomerRow | None:
    """Return whose account an e-mail is, or None.

    Where several customers share the e-mail (no API but this one demands that it is unique) it is the oldest of those
    with a password, else the oldest.

    Args:
        connection: Any transaction.
        store_id: The store.
        email: As given, in either case.
    """
    customer = tables.customer
    mine = (
        customer.c.store_id == store_id,
        customer.c.standing == tables.LIVE,
        customer.c.email_key == fold(email),
    )
    order = (customer.c.password_hash.is_(None), customer.c.id)
    return connection.execute(select(customer).where(*mine).order_by(*order).limit(1)).one_or_none()


def sign_up(
    writing: Writing, *, name: str, email: str, phone: str | None, password_hash: str, code: Code
) -> CustomerRow | None:
    """Create an account that waits for its code and mail that; a known e-mail changes nothing.

    Args:
        writing: The change this is part of.
        name: Not empty.
        email: As given.
        phone: As given.
        password_hash: As `passwords.hashed` made it.
        code: Drawn in any case, so that a known e-mail takes no less time.

    Returns:
        The new customer, not yet verified; None where the e-mail is known.
    """
    if find(writing.connection, writing.store_id, email) is not None:
        return None
    row = customers.create(writing, name=name, email=email, phone=phone, password_hash=password_hash, verified=False)
    _mail(writing, row, "sign_up", code)
    return row


def request_reset(writing: Writing, email: str, code: Code) -> None:
    """Mail the code that lets whoever reads an e-mail set the password of its account.

    Args:
        writing: The change this is part of.
        email: Known or not.
        code: Drawn in any case, so that an unknown e-mail takes no less time.

    Raises:
        ApiError: 429 when this e-mail has been asked for too often within an hour, known or not.
    """
    _count_request(writing, fold(email))
    row = find(writing.connection, writing.store_id, email)
    if row is not None:
        _mail(writing, row, "reset", code)


def attempt(writing: Writing, email: str, purpose: Purpose) -> CodeRow | None:
    """Count one attempt at the live code of an e-mail and return the code.

    Args:
        writing: A change that commits whether the attempt succeeds or not.
        email: As given, in either case.
        purpose: What the code is for.

    Returns:
        None where no code is live or its attempts are used up.
    """
    code = tables.one_time_code
    return writing.connection.execute(
        update(code)
        .where(
            code.c.store_id == writing.store_id,
            code.c.email_key == fold(email),
            code.c.purpose == purpose,
            code.c.attempts < ATTEMPTS,
            code.c.expires_at > writing.stamp,
        )
        .values(attempts=code.c.attempts + 1)
        .returning(*code.c)
    ).one_or_none()


def spend(writing: Writing, code: CodeRow) -> CustomerRow | None:
    """Use a code up and return the customer it was mailed to.

    Args:
        writing: The change this is part of.
        code: As `attempt` returned it, found to be the right one.

    Returns:
        None where somebody else was faster, a newer code took its place, or the customer is gone or has another e-mail.
    """
    mine = tables.one_time_code.c.id == code.id
    if writing.connection.execute(delete(tables.one_time_code).where(mine)).rowcount == 0:
        return None
    row = customers.find(writing.connection, writing.store_id, code.customer_id, by="id")
    return row if row is not None and row.email_key == code.email_key else None


def prove_email(writing: Writing, row: CustomerRow, **columns: object) -> CustomerRow:
    """Note that a customer reads the mail of their e-mail, and return the customer.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
        columns: What else changes with it, by column.
    """
    return customers.change(writing, row, {"verified": True, "email_verified": True, **columns})


def _mail(writing: Writing, row: CustomerRow, purpose: Purpose, code: Code) -> None:
    """Mail a code to the e-mail on file: the one that was typed may only look the same."""
    stored = tables.one_time_code
    mine = (stored.c.email_key == row.email_key) & (stored.c.purpose == purpose)
    over = stored.c.expires_at <= writing.stamp
    writing.connection.execute(delete(stored).where(stored.c.store_id == writing.store_id, mine | over))
    writing.connection.execute(
        insert(stored).values(
            store_id=writing.store_id,
            customer_id=row.id,
            email_key=row.email_key,
            purpose=purpose,
            code_hash=code.hashed,
            expires_at=writing.stamp + CODE_LIFE_MICROS,
        )
    )
    writing.connection.execute(
        insert(tables.mail).values(
            store_id=writing.store_id,
            email=row.email,
            subject=f"{writing.shop.name}: {_SUBJECTS[purpose]}",
            text=f"Your code is {code.text}. It holds for 10 minutes. If you did not ask for it, do nothing.",
            code=code.text,
            created_at=writing.stamp,
        )
    )


def _count_request(writing: Writing, email_key: str) -> None:
    request = tables.code_request
    past = request.c.created_at <= writing.stamp - REQUEST_WINDOW_MICROS
    writing.connection.execute(delete(request).where(request.c.store_id == writing.store_id, past))
    mine = (request.c.store_id == writing.store_id) & (request.c.email_key == email_key)
    count, first = writing.connection.execute(select(func.count(), func.min(request.c.created_at)).where(mine)).one()
    if count >= REQUESTS:
        wait = -(-(first + REQUEST_WINDOW_MICROS - writing.stamp) // 1_000_000)
        raise ApiError(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many_requests",
            "Too many codes were asked for. Try again later.",
            headers={"Retry-After": str(wait)},
        )
    writing.connection.execute(
        insert(request).values(store_id=writing.store_id, email_key=email_key, created_at=writing.stamp)
    )
