"""Sockets that keep to the deadline of their exchange: look-up, connecting, TLS, every read and every write."""

from __future__ import annotations

import queue
import select
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from posapp.remote.exchange import CurrentExchange, Exchange

_Address = tuple[socket.AddressFamily, Any]


@contextmanager
def _mapped(timeout: type[Exception], failure: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise timeout(str(error)) from error
    except (OSError, ValueError, OverflowError) as error:  # a host or port that no look-up takes
        raise failure(str(error)) from error


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every step ends with its exchange's deadline; the timeouts that are handed in do not count."""

    def __init__(self, sock: socket.socket, current: CurrentExchange) -> None:
        self._sock = sock
        self._current = current

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (the exchange's counts)
        """Return what came, at most `max_bytes`; nothing at the end."""
        exchange = self._current.required()
        with _mapped(httpcore.ReadTimeout, httpcore.ReadError):
            self._sock.settimeout(exchange.remaining())
            data = self._sock.recv(max_bytes)
        exchange.received = exchange.received or bool(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 (as above)
        """Send all of `buffer`."""
        exchange = self._current.required()
        exchange.written = True
        left = memoryview(buffer)
        with _mapped(httpcore.WriteTimeout, httpcore.WriteError):
            while left:
                self._sock.settimeout(exchange.remaining())
                left = left[self._sock.send(left) :]

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 (as above)
    ) -> httpcore.NetworkStream:
        """Return the connection under TLS; an end without TLS's own goodbye is an error, never an end of data."""
        try:
            with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._sock.settimeout(self._current.required().remaining())
                ssl_context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # some builds of Python set it
                secured = ssl_context.wrap_socket(
                    self._sock, server_hostname=server_hostname, suppress_ragged_eofs=False
                )
        except BaseException:
            self.close()
            raise
        return DeadlineStream(secured, self._current)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks of a connection: whether an idle one has something to read, which means its end."""
        match info:
            case "ssl_object":
                return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
            case "is_readable":
                return self._readable()
            case "socket":
                return self._sock
            case _:
                return None

    def _readable(self) -> bool:
        number = self._sock.fileno()
        if number < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([number], [], [], 0)[0])
        poller = select.poll()
        poller.register(number, select.POLLIN)
        return bool(poller.poll(0))


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections within the deadline of the thread's exchange."""

    def __init__(self, current: CurrentExchange) -> None:
        self._current = current

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the exchange's counts)
        local_address: str | None = None,  # noqa: ARG002 (never asked for)
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 (never asked for)
    ) -> httpcore.NetworkStream:
        """Return a new connection."""
        exchange = self._current.required()
        with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
            sock = _connected(_addresses(host, port, exchange), exchange)
        exchange.opened = True
        return DeadlineStream(sock, self._current)


def _addresses(host: str, port: int, exchange: Exchange) -> list[_Address]:
    """Look a host up, in a thread that is left behind when the deadline passes: no look-up can be interrupted."""
    answers: queue.SimpleQueue[list[_Address] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except Exception as error:  # noqa: BLE001 (handed to the thread that waits)
            answers.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=exchange.remaining())
    except queue.Empty:
        raise TimeoutError("the look-up of the host took too long") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _connected(addresses: list[_Address], exchange: Exchange) -> socket.socket:
    """Connect to the first address that answers; a silent one takes its share of the time alone."""
    last: OSError = OSError("the host has no address")
    for number, (family, address) in enumerate(addresses):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(exchange.remaining() / (len(addresses) - number))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            last = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise last
