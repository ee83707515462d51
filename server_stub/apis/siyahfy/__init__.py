"""The Siyahfy API: what a store's vendor does, and what its customers do on the storefront."""

from fastapi import APIRouter

from server_stub.apis.api import Api
from server_stub.apis.siyahfy import addresses, bulk, customers, exchange, lists, storefront
from server_stub.apis.siyahfy.description import described
from server_stub.apis.siyahfy.shapes import error_body

_DOCUMENTED = (lists, customers, addresses, bulk, exchange, storefront)


def router(extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API.

    Args:
        extensions: What is offered beyond the document.
    """
    routes = APIRouter(prefix="/api", tags=["siyahfy"])
    if "tombstones" in extensions:
        routes.include_router(lists.tombstones)
    for documented in _DOCUMENTED:
        routes.include_router(documented.router)
    return routes


API = Api(name="siyahfy", router=router, error_body=error_body, components=described.components)
