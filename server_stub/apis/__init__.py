"""One package an API: its wire shapes and its routes, over the shared domain store."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from server_stub.apis import pos
from server_stub.apis.pos.documentation import components as pos_components
from server_stub.apis.pos.shapes import error_body as pos_error_body
from server_stub.errors import ApiError


def router_of(api: str, extensions: frozenset[str]) -> APIRouter:
    """Return the routes of an API, at the document's own paths.

    Args:
        api: Its name.
        extensions: What is offered beyond the document.
    """
    return {"pos": pos.router}[api](extensions)


def error_body_of(api: str | None) -> Callable[[ApiError], dict[str, object]]:
    """Return what puts a refusal into an API's shape.

    Args:
        api: Its name; None for a path outside every API.
    """
    return {"pos": pos_error_body}.get(api or "", pos_error_body)


def components_of(api: str) -> dict[str, Any]:
    """Return the OpenAPI components that the descriptions of an API refer to.

    Args:
        api: Its name.
    """
    return {"pos": pos_components}[api]()
