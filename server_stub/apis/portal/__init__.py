"""The `portal` API."""

from fastapi import APIRouter

from server_stub.apis.api import Api
from server_stub.apis.pos.shapes import error_body


def router(_extensions: frozenset[str]) -> APIRouter:
    """Return the routes of this API."""
    return APIRouter()


API = Api(name="portal", router=router, error_body=error_body, components=dict)
