"""The loyalty and ledger POS API."""

from fastapi import APIRouter

from server_stub.apis.api import Api
from server_stub.apis.pos import customers, ledger, loyalty, sales, sync
from server_stub.apis.pos.description import described
from server_stub.apis.pos.shapes import error_body


def router(extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API.

    Args:
        extensions: What is offered beyond the document.
    """
    offered = {
        "tombstones": sync.tombstones,
        "ledger-write": ledger.writes,
        "sales": sales.router,
        "settings": sync.settings,
    }
    routes = APIRouter(prefix="/api/v1", tags=["pos"])
    for name, part in offered.items():
        if name in extensions:
            routes.include_router(part)
    if "reversals" in extensions:
        routes.include_router(sales.reversing)
        routes.include_router(loyalty.adjustments)
    for documented in (customers, ledger, loyalty):
        routes.include_router(documented.router)
    return routes


API = Api(name="pos", router=router, error_body=error_body, components=described.components)
