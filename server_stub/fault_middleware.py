"""Lets faults happen to requests, and puts the `Date` header on every answer.

It stands outside everything else. Dropping a connection needs the connection: `connection.FaultyProtocol` leaves its
transport in the scope. Where there is none (the application called in process) `faults.ConnectionDropped` is raised.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server_stub.connection import transport_of
from server_stub.faults import ConnectionDropped, Fault
from server_stub.runtime import Runtime

CAPTIVE_PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in to the network</title></head>"
    b"<body><h1>Welcome</h1><p>Accept the terms to use this network.</p></body></html>"
)

_SPARED = ("/__", "/healthz")
_SLOW_PIECES = 10
_HALF = 2


@dataclass
class _Whole:
    """An answer held back until it is complete."""

    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    async def send(self, message: Message) -> None:
        """Take a piece of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


class FaultMiddleware:
    """Wraps the application of a stub."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the faults that befall it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        spared = path.startswith(_SPARED)
        struck = [] if spared else self._runtime.faults.strike(scope["method"], path)
        skew = sum(fault.value for fault in struck if fault.effect == "skew_date")
        dated = self._dated(send, skew)
        struck = [fault for fault in struck if fault.effect != "skew_date"]
        if not struck:
            await self._app(scope, receive, dated)
            return
        await self._with_faults(struck, scope, receive, dated)

    async def _with_faults(self, struck: list[Fault], scope: Scope, receive: Receive, send: Send) -> None:
        """Let the faults that come before the application happen, then the application, then the others."""
        for fault in struck:
            if fault.effect == "delay_ms":
                await asyncio.sleep(fault.value / 1000)
            elif fault.effect == "drop_before":
                await _drain(receive)
                await _drop(scope, receive)
                return
            elif fault.effect == "status":
                await _drain(receive)
                await _answer_status(fault, send)
                return
            elif fault.effect == "html_200":
                await _drain(receive)
                await _answer(200, [(b"content-type", b"text/html; charset=utf-8")], CAPTIVE_PAGE, send)
                return
        after = {fault.effect: fault.value for fault in struck}
        if not after.keys() - {"delay_ms"}:
            await self._app(scope, receive, send)
            return
        whole = _Whole()
        await self._app(scope, receive, whole.send)
        await _send_spoilt(whole, after, scope, receive, send)

    def _dated(self, send: Send, skew: float) -> Send:
        moment = self._runtime.clock() + timedelta(seconds=skew)
        date = (b"date", format_datetime(moment, usegmt=True).encode())

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), date]}
            await send(message)

        return send_dated


async def _send_spoilt(whole: _Whole, after: dict[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
    if "drop_after" in after:
        await _drop(scope, receive)
        return
    body = bytes(whole.body)
    headers = whole.headers
    if "wrong_type" in after:
        body = _with_wrong_types(body)
        headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": whole.status, "headers": headers})
    if "truncate" in after:
        await send({"type": "http.response.body", "body": body[: len(body) // _HALF], "more_body": True})
        await _drop(scope, receive, abruptly=False)
        return
    if "slow_body" in after:
        size = max(1, -(-len(body) // _SLOW_PIECES))
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        for piece in pieces:
            await asyncio.sleep(after["slow_body"] / 1000 / len(pieces))
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": body})


async def _answer_status(fault: Fault, send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    if fault.retry_after is not None:
        headers.append((b"retry-after", str(fault.retry_after).encode()))
    body = msgspec.json.encode({"error": "fault", "message": f"This answer is a fault: {fault.value}."})
    await _answer(fault.value, headers, body, send)


async def _answer(status: int, headers: list[tuple[bytes, bytes]], body: bytes, send: Send) -> None:
    full = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": full})
    await send({"type": "http.response.body", "body": body})


async def _drain(receive: Receive) -> None:
    """Read the request to its end, so that the client has sent all of it before anything happens."""
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass


async def _drop(scope: Scope, receive: Receive, *, abruptly: bool = True) -> None:
    """Close the connection; without `abruptly` what was written still goes out.

    Raises:
        ConnectionDropped: There is no connection to close.
    """
    transport = transport_of(scope)
    if transport is None:
        raise ConnectionDropped
    if abruptly:
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _with_wrong_types(body: bytes) -> bytes:
    """Return a JSON body whose numbers have become texts; one without numbers has its texts become numbers."""
    try:
        content = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body
    spoilt = _numbers_as_texts(content)
    if spoilt == content:
        spoilt = _texts_as_numbers(content)
    return msgspec.json.encode(spoilt)


def _numbers_as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers_as_texts(item) for item in value] or {}
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _texts_as_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts_as_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts_as_numbers(item) for item in value]
    return len(value) if isinstance(value, str) else value
