"""HTTP connections that a fault can really close."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_KEY = "server_stub.transport"

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class FaultyProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 protocol, which also shows the application the connection it answers on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection and remember it for the application."""
        super().connection_made(transport)
        app: Any = self.app

        async def with_transport(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[_KEY] = transport
            await app(scope, receive, send)

        self.app = with_transport


def transport_of(scope: MutableMapping[str, Any]) -> asyncio.Transport | None:
    """Return the connection a request came on, or None when the application was called in process.

    Args:
        scope: The request's ASGI scope.
    """
    transport = scope.get("extensions", {}).get(_KEY)
    return transport if isinstance(transport, asyncio.Transport) else None
