"""Lets a request of the `selorax` API in: a bearer token, or an app's id and secret with the store they are for.

A request that carries a bearer token is judged by it alone.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from server_stub.apis.selorax.shapes import error_body
from server_stub.calls import Call
from server_stub.credentials import READ, WRITE, Credentials, Grant, bearer_of
from server_stub.errors import ApiError
from server_stub.payload import read_body
from server_stub.runtime import Runtime


def _let_in(scope: str) -> Callable[[Request], Awaitable[Call]]:
    """Return the dependency of the routes that need a scope."""

    async def authenticated(request: Request) -> Call:
        runtime: Runtime = request.app.state.runtime
        body = await read_body(request)
        grant = _grant(runtime.credentials, request)
        if grant is None:
            message, headers = "Token is expired or invalid.", {"WWW-Authenticate": "Bearer"}
            raise ApiError(HTTPStatus.UNAUTHORIZED, "invalid_token", message, headers=headers)
        if scope not in grant.scopes:
            announced = runtime.settings.announced("selorax")
            message, headers = f"App does not have {scope} scope.", {"X-Sync-Extensions": announced}
            raise ApiError(HTTPStatus.FORBIDDEN, "insufficient_scope", message, headers=headers if announced else None)
        return Call(
            runtime=runtime,
            api="selorax",
            store_id=grant.store_id,
            request=request,
            body=body,
            error_body=error_body,
        )

    return authenticated


def _grant(credentials: Credentials, request: Request) -> Grant | None:
    headers = request.headers
    if "authorization" in headers:
        return credentials.grant_of("selorax", bearer_of(request))
    names = ("x-client-id", "x-client-secret", "x-store-id")
    return credentials.grant_of_client(*(headers.get(name, "") for name in names))


ReadCall = Annotated[Call, Depends(_let_in(READ))]
WriteCall = Annotated[Call, Depends(_let_in(WRITE))]
