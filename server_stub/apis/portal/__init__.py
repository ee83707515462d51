"""The API of an eCommerce portal: customers and their groups."""

from fastapi import APIRouter

from server_stub.apis.api import Api
from server_stub.apis.portal import activity, customers, editing, exports, groups
from server_stub.apis.portal.description import described
from server_stub.apis.portal.shapes import error_body


def router(extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API.

    Args:
        extensions: What is offered beyond the document.
    """
    routes = APIRouter(prefix="/api", tags=["portal"])
    if "tombstones" in extensions:
        routes.include_router(customers.tombstones)
    for documented in (customers, exports, activity, editing, groups):
        routes.include_router(documented.router)
    return routes


API = Api(name="portal", router=router, error_body=error_body, components=described.components)
