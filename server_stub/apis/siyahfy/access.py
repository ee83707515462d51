"""Lets a request of the `siyahfy` API in: a JSON Web Token of a vendor, or of one of the store's customers."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from server_stub.apis.siyahfy.shapes import error_body
from server_stub.calls import Call
from server_stub.credentials import bearer_of
from server_stub.errors import ApiError, unauthorized
from server_stub.payload import as_integer_id, read_body
from server_stub.runtime import Runtime
from server_stub.store import customers

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


def _customer_of(runtime: Runtime, store_id: int, subject: str) -> int:
    """Return the integer id of the customer whose token it is: verified, not deleted and not blacklisted."""
    customer_id = as_integer_id(subject.removeprefix("customer-")) if subject.startswith("customer-") else None
    if customer_id is None:
        raise unauthorized()
    with runtime.database.read() as connection:
        row = customers.find(connection, store_id, customer_id, by="id")
    if row is None or row.blacklisted or not row.verified:
        raise unauthorized()
    return customer_id


def _forbidden(message: str) -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, "forbidden", message)
