"""What an API is to the rest of the stub: its routes, its way to refuse, what its description refers to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from server_stub.errors import ApiError


@dataclass(frozen=True, kw_only=True)
class Api:
    """One of the customer APIs.

    Attributes:
        name: As the command line and the effect log have it.
        router: Makes its routes, at the document's own paths, for the extensions that are on.
        error_body: Puts a refusal into its shape.
        components: Makes the OpenAPI components that its routes' descriptions refer to.
    """

    name: str
    router: Callable[[frozenset[str]], APIRouter]
    error_body: Callable[[ApiError], dict[str, object]]
    components: Callable[[], dict[str, Any]]
