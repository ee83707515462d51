"""The SeloraX apps API."""

from fastapi import APIRouter

from server_stub.apis.api import Api
from server_stub.apis.selorax import customers, sync
from server_stub.apis.selorax.description import described
from server_stub.apis.selorax.shapes import error_body


def router(extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API.

    Args:
        extensions: What is offered beyond the document.
    """
    routes = APIRouter(prefix="/api/apps/v1", tags=["selorax"])
    if "tombstones" in extensions:
        routes.include_router(sync.tombstones)
    routes.include_router(customers.router)
    return routes


API = Api(name="selorax", router=router, error_body=error_body, components=described.components)
