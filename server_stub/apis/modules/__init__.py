"""The customers module's API: profiles, addresses, segments, merges, tags."""

from fastapi import APIRouter

from server_stub.apis.api import Api
from server_stub.apis.modules import addresses, bulk, customers, lists
from server_stub.apis.modules.description import described
from server_stub.apis.modules.refusals import error_body


def router(extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API; those with a word where others have an id come first.

    Args:
        extensions: What is offered beyond the document.
    """
    routes = APIRouter(prefix="/api/v1", tags=["modules"])
    if "tombstones" in extensions:
        routes.include_router(lists.tombstones)
    for documented in (lists, bulk, customers, addresses):
        routes.include_router(documented.router)
    return routes


API = Api(name="modules", router=router, error_body=error_body, components=described.components)
