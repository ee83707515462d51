"""The way between tills and server: an httpx transport that calls the stub, and everything that can go wrong on it.

A fault is drawn for each request. What happens to the request and what happens to its answer are independent: both may
be lost, and a request that its till has given up may land a minute later.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from tests.sim.server import Reply, ShopServer, Wire
from tests.sim.time import WorldClock, whole_ticks

LATEST = 90.0
"""Seconds after its till gave it up that a request may still land (research/sync, section 6, row 16)."""
LATEST_NATURAL = 85.0
"""The same for a write whose repeat is checked by reading alone, once, when the quarantine of 90 s is over."""

FAULTS: Mapping[str, float] = {
    "refused": 3,
    "lost request": 2,
    "lost answer": 5,
    "reset before": 1,
    "reset after": 3,
    "late": 3,
    "twice": 3,
    "error before": 2,
    "error after": 3,
    "too many": 1,
    "portal": 1,
    "cut": 2,
    "wrong type": 1,
    "slow": 2,
    "expired": 1,
}
_DRAWN = (tuple(FAULTS), tuple(FAULTS.values()))
LATE_WRITES = 0.2
"""Share of the faulty writes that land after all, beside those drawn: the rarest fault, and the most dangerous one."""
OUTAGES = ("refused", "lost request", "portal", "error before", "expired", "too many")
"""What every request meets for as long as an outage lasts."""

_KEYLESS = ("/customers", "/api/customer", "/bulkinsertcustomers", "/customer/log", "/redeem")
"""Ends of the paths of creates, notes and redemptions, which nothing but a key of the request tells from each other."""

_PAGE = b"<!DOCTYPE html><html><body><h1>Welcome</h1><p>Accept the terms to use this network.</p></body></html>"
_JSON = ((b"content-type", b"application/json"),)


class Link(httpx.BaseTransport):
    """One till's way to the server.

    Attributes:
        weather: Share of requests that a fault befalls.
        outage: The fault that befalls every request; None for none.
    """

    def __init__(self, network: Network, till: str, before: Callable[[], None], after: Callable[[], None]) -> None:
        self.weather = 0.0
        self.outage: str | None = None
        self._network = network
        self._till = till
        self._before = before
        self._after = after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        limit = whole_ticks(request.extensions["exchange"].left)
        wire = Wire(
            request.method,
            request.url.raw_path.decode("ascii"),
            tuple((name.decode(), value.decode()) for name, value in request.headers.raw),
            request.read(),
        )
        self._before()
        reply = self._network.carry(self, self._till, wire, limit)
        self._after()
        return httpx.Response(reply.status, headers=list(reply.headers), stream=httpx.ByteStream(reply.body))


class Network:
    """Everything between the tills and the server.

    Attributes:
        requests: How many left the tills.
        faults: What befell them.
    """

    def __init__(
        self,
        clock: WorldClock,
        server: ShopServer,
        draw: random.Random,
        tell: Callable[[str, str], None],
        meanwhile: Callable[[], None],
    ) -> None:
        self.requests = 0
        self.faults: Counter[str] = Counter()
        self._clock = clock
        self._server = server
        self._draw = draw
        self._tell = tell
        self._meanwhile = meanwhile
        self._kinds = {name: getattr(self, "_" + name.replace(" ", "_")) for name in FAULTS}

    def carry(self, link: Link, till: str, wire: Wire, limit: float) -> Reply:
        """Bring a request to the server and its answer back, or not."""
        self.requests += 1
        kind = self._fault(link, wire)
        if kind is None:
            return self._told(till, wire, "", lambda: self._plainly(wire, limit))
        self.faults[kind] += 1
        return self._told(till, wire, kind, lambda: self._kinds[kind](wire, limit))

    def _fault(self, link: Link, wire: Wire) -> str | None:
        if link.outage is not None:
            return link.outage
        if self._draw.random() >= link.weather:
            return None
        reads = wire.reads
        kind = "late" if not reads and self._draw.random() < LATE_WRITES else self._draw.choices(*_DRAWN)[0]
        if kind in {"late", "twice"} and (reads or (kind == "twice" and not self._harmless_twice(wire))):
            return "lost request" if kind == "late" else "lost answer"
        return kind

    def _harmless_twice(self, wire: Wire) -> bool:
        """Whether any client could be safe from a proxy that delivers this twice: under a key, or as a plain value."""
        if wire.header("idempotency-key") is not None and "idempotency-key" in self._server.extensions:
            return True
        return wire.sets or not wire.target.endswith(_KEYLESS)

    def _told(self, till: str, wire: Wire, kind: str, go: Callable[[], Reply]) -> Reply:
        op = wire.header("x-sim-op")
        said = f"{wire.method} {wire.target}" + (f" for {op}" if op else "")
        try:
            reply = go()
        except httpx.HTTPError as error:
            self._tell(till, f"{said} → {type(error).__name__} [{kind}]")
            raise
        self._tell(till, f"{said} → {reply.status}" + (f" [{kind}]" if kind else ""))
        return reply

    # What can happen

    def _plainly(self, wire: Wire, limit: float) -> Reply:
        there, back = self._draw.choice((0.0, 0.25, 0.5)), self._draw.choice((0.0, 0.25))
        self._meanwhile()
        if there >= limit:
            return self._late(wire, limit)
        self._clock.pass_time(there)
        reply = self._server.call(wire)
        self._meanwhile()
        if there + back >= limit:
            self._clock.pass_time(limit - there)
            raise httpx.ReadTimeout("nothing came")
        self._clock.pass_time(back)
        return reply

    def _refused(self, wire: Wire, limit: float) -> Reply:
        raise httpx.ConnectError("refused")

    def _lost_request(self, wire: Wire, limit: float) -> Reply:
        self._clock.pass_time(limit)
        raise httpx.ReadTimeout("nothing came")

    def _lost_answer(self, wire: Wire, limit: float) -> Reply:
        self._server.call(wire)
        self._meanwhile()
        self._clock.pass_time(limit)
        raise httpx.ReadTimeout("nothing came")

    def _reset_before(self, wire: Wire, limit: float) -> Reply:
        raise httpx.ReadError("reset")

    def _reset_after(self, wire: Wire, limit: float) -> Reply:
        self._server.call(wire)
        raise httpx.ReadError("reset")

    def _late(self, wire: Wire, limit: float) -> Reply:
        if not wire.reads:
            latest = LATEST_NATURAL if wire.sets else LATEST
            self._land_later(wire, limit + self._draw.uniform(0.25, latest))
        self._clock.pass_time(limit)
        raise httpx.ReadTimeout("nothing came")

    def _twice(self, wire: Wire, limit: float) -> Reply:
        self._land_later(wire, self._draw.uniform(0, LATEST_NATURAL))
        return self._plainly(wire, limit)

    def _land_later(self, wire: Wire, seconds: float) -> None:
        def land() -> None:
            reply = self._server.call(wire)
            self._tell("net", f"late: {wire.method} {wire.target} for {wire.header('x-sim-op')} → {reply.status}")

        self._clock.later(seconds, land)

    def _error_before(self, wire: Wire, limit: float) -> Reply:
        return _said(self._draw.choice((500, 502, 503, 504)))

    def _error_after(self, wire: Wire, limit: float) -> Reply:
        self._server.call(wire)
        return _said(self._draw.choice((500, 502, 503, 504)))

    def _too_many(self, wire: Wire, limit: float) -> Reply:
        wait = self._draw.choice((None, "1", "7", "30", "0", "-3", "999999999", "soon", "date"))
        if wait == "date":
            wait = format_datetime(self._clock.now() + timedelta(seconds=20), usegmt=True)
        return _said(429, {} if wait is None else {"retry-after": wait, "date": self._date()})

    def _date(self) -> str:
        return format_datetime(self._clock.now(), usegmt=True)

    def _portal(self, wire: Wire, limit: float) -> Reply:
        return Reply(200, ((b"content-type", b"text/html; charset=utf-8"),), _PAGE)

    def _cut(self, wire: Wire, limit: float) -> Reply:
        reply = self._plainly(wire, limit)
        return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])

    def _wrong_type(self, wire: Wire, limit: float) -> Reply:
        reply = self._plainly(wire, limit)
        try:
            body = json.dumps(_numbers_as_texts(json.loads(reply.body))).encode()
        except ValueError:
            return reply
        headers = tuple(pair for pair in reply.headers if pair[0].lower() != b"content-length")
        return Reply(reply.status, headers, body)

    def _slow(self, wire: Wire, limit: float) -> Reply:
        there, back = self._draw.uniform(0, 20), self._draw.uniform(0, 20)
        if there >= limit:
            self._land_later(wire, there)
            self._clock.pass_time(limit)
            raise httpx.ReadTimeout("nothing came")
        self._clock.pass_time(there)
        reply = self._server.call(wire)
        self._meanwhile()
        self._clock.pass_time(min(back, limit - there))
        if there + back >= limit:
            raise httpx.ReadTimeout("nothing came")
        return reply

    def _expired(self, wire: Wire, limit: float) -> Reply:
        return _said(401)


def _said(status: int, headers: Mapping[str, str] | None = None) -> Reply:
    more = tuple((name.encode(), value.encode()) for name, value in (headers or {}).items())
    body = json.dumps({"error": "fault", "message": f"This answer is a fault: {status}."}).encode()
    return Reply(status, (*_JSON, *more), body)


def _numbers_as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers_as_texts(item) for item in value] or {}
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
