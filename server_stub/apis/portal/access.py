"""Lets a request of the `portal` API in: a web token that names a store, in the header its document names."""

from typing import Annotated, TypeVar

from fastapi import Depends, Request

from server_stub import payload
from server_stub.apis.portal.shapes import error_body
from server_stub.calls import Call
from server_stub.credentials import STORE_IDS, bearer_of
from server_stub.errors import unauthorized
from server_stub.runtime import Runtime

Shape = TypeVar("Shape")


async def authenticated(request: Request) -> Call:
    """Return the call of a request that carries a valid token.

    Args:
        request: The request.

    Raises:
        ApiError: 401 without a valid token, 413 for too large a body.
    """
    return await _call_of(request, "authorization")


async def authenticated_either_way(request: Request) -> Call:
    """Return the call of a request with a valid token in `Authorized`, the document's one exception, or as usual.

    Args:
        request: The request.

    Raises:
        ApiError: As `authenticated`.
    """
    return await _call_of(request, "authorized" if "authorized" in request.headers else "authorization")


PortalCall = Annotated[Call, Depends(authenticated)]
EitherPortalCall = Annotated[Call, Depends(authenticated_either_way)]


def fields_of(call: Call, shape: type[Shape]) -> Shape:
    """Return the body, a form or JSON, as a shape, or refuse it.

    Args:
        call: The request.
        shape: What it must be.
    """
    return payload.decode_fields(call.body, call.request.headers.get("content-type", ""), shape)


async def _call_of(request: Request, header: str) -> Call:
    runtime: Runtime = request.app.state.runtime
    body = await payload.read_body(request)
    claims = runtime.credentials.web_tokens.read(bearer_of(request, header), "portal", runtime.clock())
    if claims is None or claims["store"] not in STORE_IDS:
        raise unauthorized()
    return Call(
        runtime=runtime, api="portal", store_id=claims["store"], request=request, body=body, error_body=error_body
    )
