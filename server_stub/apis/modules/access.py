"""Lets a request of the `modules` API in: a bearer token that names a store."""

from typing import Annotated

from fastapi import Depends, Request

from server_stub.apis.modules.refusals import error_body
from server_stub.calls import Call
from server_stub.credentials import bearer_of
from server_stub.errors import unauthorized
from server_stub.payload import read_body
from server_stub.runtime import Runtime


async def authenticated(request: Request) -> Call:
    """Return the call of a request that carries a valid token.

    Args:
        request: The request.

    Raises:
        ApiError: 401 without a valid token, 413 for too large a body.
    """
    runtime: Runtime = request.app.state.runtime
    body = await read_body(request)
    grant = runtime.credentials.grant_of("modules", bearer_of(request))
    if grant is None:
        raise unauthorized()
    return Call(
        runtime=runtime, api="modules", store_id=grant.store_id, request=request, body=body, error_body=error_body
    )


ModulesCall = Annotated[Call, Depends(authenticated)]
