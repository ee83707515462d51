"""The wire between a till and a server: it loses, holds, doubles and spoils what goes over it, as a test says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from tests.remote.raw_server import Conversation, RawServer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def writes(self) -> bool:
        """Whether it asks for a change; one API reads by POST as well."""
        return self.method != "GET" and not self.path.endswith(_READ_BY_POST)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it goes back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def wire(self) -> bytes:
        """Return its bytes, with the length that its body has."""
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _FRAMING}
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in kept.items())]
        return (
            "\r\n".join([*lines, f"Content-Length: {len(self.body)}", "Connection: close", "", ""]).encode() + self.body
        )


_READ_BY_POST = ("/api/export-customers", "/api/fetchCustomersById")

_FRAMING = {"content-length", "transfer-encoding", "connection", "content-encoding"}

Fate = Callable[["Wire", Conversation, Asked], None]
"""What becomes of one request."""


@dataclass
class Wire:
    """Stands before a server; use it in a `with` statement.

    Attributes:
        server: Root URL of the server behind it.
        asked: Every request that came over it.
    """

    server: str
    asked: list[Asked] = field(default_factory=list)
    _fates: list[tuple[Callable[[Asked], bool], Fate]] = field(default_factory=list)
    _held: list[Asked] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._front = RawServer(self._talk)
        self._front.__enter__()
        self._back = httpx.Client(base_url=self.server, trust_env=False, timeout=60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._front.__exit__(kind, error, trace)
        self._back.close()

    @property
    def url(self) -> str:
        """Where the till finds the server through this wire."""
        return f"http://127.0.0.1:{self._front.port}" + urlsplit(self.server).path

    def next_write(self, fate: Fate, *, times: int = 1) -> None:
        """Decide what becomes of the next writes."""
        self._fates += [(lambda asked: asked.writes, fate)] * times

    def next_read(self, fate: Fate, path: str = "") -> None:
        """Decide what becomes of the next read whose path holds some text."""
        self._fates.append((lambda asked: not asked.writes and path in asked.path, fate))

    def next_of(self, wanted: Callable[[Asked], bool], fate: Fate) -> None:
        """Decide what becomes of the next request of a kind."""
        self._fates.append((wanted, fate))

    def every(self, wanted: Callable[[Asked], bool], fate: Fate) -> None:
        """Decide what becomes of all requests of a kind from now on, until `clear`."""
        self._fates += [(wanted, fate)] * 10_000

    def clear(self) -> None:
        """Let everything pass from now on."""
        self._fates.clear()

    def forward(self, asked: Asked) -> Answered:
        """Carry a request to the server and return its answer."""
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in {"host", "connection"}}
        answer = self._back.request(asked.method, self._behind(asked.path), headers=headers, content=asked.body)
        return Answered(answer.status_code, dict(answer.headers), answer.content)

    def hold(self, asked: Asked) -> None:
        """Keep a request for `land`."""
        with self._lock:
            self._held.append(asked)

    def land(self) -> int:
        """Carry what was held to the server, whose answers nobody hears; return how many requests those were."""
        with self._lock:
            held, self._held = self._held, []
        for asked in held:
            self.forward(asked)
        return len(held)

    def _behind(self, path: str) -> str:
        prefix = urlsplit(self.server).path
        return path.removeprefix(prefix)

    def _talk(self, conversation: Conversation) -> None:
        raw = conversation.request()
        if not raw:
            return
        asked = _parsed(raw)
        with self._lock:
            self.asked.append(asked)
            place = next((at for at, (wanted, _) in enumerate(self._fates) if wanted(asked)), None)
            fate = passes if place is None else self._fates.pop(place)[1]
        try:
            fate(self, conversation, asked)
        except httpx.TransportError:  # the server hung up: so does the wire
            conversation.reset()


def passes(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The request arrives and its answer comes back."""
    conversation.send(wire.forward(asked).wire())


def request_lost(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The request never arrives; the connection ends."""
    conversation.reset()


def answer_lost(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The request arrives and has its effect; the connection ends."""
    wire.forward(asked)
    conversation.reset()


def lands_late(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The till gives up, and the request arrives at the next `land`."""
    wire.hold(asked)
    conversation.reset()


def arrives_twice(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The request arrives two times; the first answer comes back."""
    first = wire.forward(asked)
    wire.forward(asked)
    conversation.send(first.wire())


def answers(answer: bytes, *, applied: bool) -> Fate:
    """Something in between answers, after the effect or instead of it."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        if applied:
            wire.forward(asked)
        conversation.send(answer)

    return fate


def cut(share: float) -> Fate:
    """The answer ends in its middle, after the length of the whole was promised."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        whole = wire.forward(asked).wire()
        head, _, body = whole.partition(b"\r\n\r\n")
        conversation.send(head + b"\r\n\r\n" + body[: int(len(body) * share)])

    return fate


def _parsed(raw: bytes) -> Asked:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    return Asked(method, path, {name.strip(): value.strip() for name, _, value in pairs}, body)


def closed_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
