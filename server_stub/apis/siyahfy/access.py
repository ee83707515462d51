"""Lets a request of the `siyahfy` API in: a JSON Web Token of a vendor, or of one of the store's customers."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from server_stub.apis.siyahfy.shapes import error_body
from server_stub.calls import Call
from server_stub.credentials import bearer_of
from server_stub.errors import ApiError, unauthorized
from server_stub.payload import as_integer_id, read_body
from server_stub.runtime import Runtime
from server_stub.store import customers
from server_stub.store.customers import CustomerRow

AUDIENCE = "siyahfy"

Body = Annotated[bytes, Depends(read_body)]


def anybody(request: Request, body: Body) -> Call:
    """Return the call of a request that carries a vendor's or a customer's token.

    Args:
        request: The request.
        body: Its body.

    Raises:
        ApiError: 401 without a valid token, or with one of a customer who may not come in any more.
    """
    runtime: Runtime = request.app.state.runtime
    claims = runtime.credentials.web_tokens.read(bearer_of(request), AUDIENCE, runtime.clock())
    if claims is None:
        raise unauthorized()
    store_id: int = claims["store"]
    customer_id = None
    if claims["sub"] != f"vendor-{store_id}":
        customer_id = _customer_of(runtime, store_id, str(claims["sub"]))
    return Call(
        runtime=runtime,
        api="siyahfy",
        store_id=store_id,
        request=request,
        body=body,
        error_body=error_body,
        customer_id=customer_id,
    )


AnyCall = Annotated[Call, Depends(anybody)]


def vendor(call: AnyCall) -> Call:
    """Return the call of a vendor.

    Args:
        call: The request.

    Raises:
        ApiError: 403 with a customer's token.
    """
    if call.customer_id is not None:
        raise _forbidden("This is for the store's vendor.")
    return call


def customer(call: AnyCall) -> Call:
    """Return the call of a customer, whose `customer_id` is set.

    Args:
        call: The request.

    Raises:
        ApiError: 403 with a vendor's token.
    """
    if call.customer_id is None:
        raise _forbidden("This is for the store's customers.")
    return call


SiyahfyCall = Annotated[Call, Depends(vendor)]
CustomerCall = Annotated[Call, Depends(customer)]


def own_row(connection: Connection, call: Call) -> CustomerRow:
    """Return the customer whose token it is, as they stand in this transaction.

    Args:
        connection: The transaction.
        call: A customer's.

    Raises:
        ApiError: 401 when the customer was deleted or blacklisted just now.
    """
    return _admitted(connection, call.store_id, call.customer_id)


def _customer_of(runtime: Runtime, store_id: int, subject: str) -> int:
    """Return the integer id of the customer whose token it is."""
    customer_id = as_integer_id(subject.removeprefix("customer-")) if subject.startswith("customer-") else None
    with runtime.database.read() as connection:
        found: int = _admitted(connection, store_id, customer_id).id
    return found


def _admitted(connection: Connection, store_id: int, customer_id: int | None) -> CustomerRow:
    """Return a customer who may come in: verified, not deleted and not blacklisted."""
    row = None if customer_id is None else customers.find(connection, store_id, customer_id, by="id")
    if row is None or row.blacklisted or not row.verified:
        raise unauthorized()
    return row


def _forbidden(message: str) -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, "forbidden", message)
