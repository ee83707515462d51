"""The way to a real server: httpx's interface over httpcore's connections, with sockets that keep the deadline.

Reads share kept connections. Every write goes out on a fresh one: a kept connection may die just as the request leaves,
and nobody could tell whether the server saw it.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from posapp.remote.exchange import CurrentExchange, Exchange
from posapp.remote.sockets import DeadlineBackend

MAX_CONNECTIONS = 8
KEPT_SECONDS = 30.0

_SHORTEST = 0.001

logging.getLogger("httpcore").setLevel(logging.INFO)  # its debug lines quote the headers of every answer


@contextmanager
def _translated() -> Iterator[None]:
    """Let httpcore's errors appear as httpx's of the same name.

    One about the protocol quotes bytes that were sent or came, a credential or a customer: its words go no further.
    """
    try:
        yield
    except (httpcore.ProtocolError, httpcore.ProxyError) as error:
        raise _namesake(error)("the other side does not speak HTTP as it should") from None
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.UnsupportedProtocol) as error:
        raise _namesake(error)(str(error)) from error


def _namesake(error: Exception) -> type[httpx.TransportError]:
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__, httpx.TransportError)
    return kind


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        stream = self._response.stream
        assert isinstance(stream, Iterable), "a pool without asyncio answers with plain iterables"
        with _translated():
            yield from stream

    def close(self) -> None:
        with _translated():
            self._response.close()


class DeadlineTransport(httpx.BaseTransport):
    """Carries requests that hold their `Exchange` under `extensions["exchange"]`."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, proxy: str | None = None) -> None:
        """Make the pools; nothing is opened yet.

        Args:
            tls: For https; it must verify.
            proxy: URL of an http proxy; None to go straight, whatever the environment says.
        """
        if tls is not None and (tls.verify_mode is not ssl.CERT_REQUIRED or not tls.check_hostname):
            raise ValueError("a server's certificate is always verified")
        self._current = CurrentExchange()
        self._reads = self._pool(tls, proxy, kept=MAX_CONNECTIONS)
        self._writes = self._pool(tls, proxy, kept=0)

    def _pool(self, tls: ssl.SSLContext | None, proxy: str | None, *, kept: int) -> httpcore.ConnectionPool:
        backend = DeadlineBackend(self._current)
        if proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=tls,
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=kept,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=backend,
            )
        return httpcore.HTTPProxy(
            proxy,
            ssl_context=tls,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=kept,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer as soon as the head of it is there."""
        exchange: Exchange = request.extensions["exchange"]
        self._current.exchange = exchange
        pool = self._reads if request.method == "GET" else self._writes
        assert isinstance(request.stream, httpx.SyncByteStream), "requests are bytes"
        core = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": {"pool": max(exchange.left, _SHORTEST)}},
        )
        with _translated():
            response = pool.handle_request(core)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Close all connections."""
        self._reads.close()
        self._writes.close()
