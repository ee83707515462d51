"""The loyalty and ledger POS API."""

from fastapi import APIRouter

from server_stub.apis.pos import customers, ledger, loyalty


def router(extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API.

    Args:
        extensions: What is offered beyond the document.
    """
    routes = APIRouter(prefix="/api/v1", tags=["pos"])
    for part in (customers, ledger, loyalty):
        routes.include_router(part.router)
    return routes
