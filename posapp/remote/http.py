"""The one HTTP client: every request to a customer server goes through here, and nothing is raised for the weather.

What happened is a value, an `Answer` or a `Failure`: for reads `errors` makes a `RemoteError` of it, for writes
`outcomes` says what is certain. Redirects are never followed, cookies never kept, the environment never asked.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import httpx

from posapp.remote.address import checked_address
from posapp.remote.body import BadBody, read_body
from posapp.remote.credential import Credential
from posapp.remote.exchange import Exchange
from posapp.remote.transport import DeadlineTransport

log = logging.getLogger(__name__)

READ_SECONDS: Final = 15.0
WRITE_SECONDS: Final = 30.0
LARGEST_ANSWER: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; its headers and body are not shown by `repr`, they hold what customers told the shop.

    Attributes:
        status: HTTP status.
        headers: Names in any case.
        body: Decoded; empty where `spoilt`.
        at: This till's clock half-way through the exchange.
        spoilt: Why the body could not be taken whole; None where it was.
    """

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime
    spoilt: Exception | None = None

    @property
    def success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 (HTTP's own numbers)


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer came.

    Attributes:
        error: Why.
        sent: False only if certainly no byte of the request left the till.
        heard: Whether something came back, if only nonsense.
    """

    error: Exception
    sent: bool
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may take at most: seconds for all of it, bytes of its decoded answer."""

    read_seconds: float = READ_SECONDS
    write_seconds: float = WRITE_SECONDS
    largest_answer: int = LARGEST_ANSWER


class HttpClient:
    """Requests to one server; safe to use from several threads."""

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        *,
        transport: httpx.BaseTransport | None = None,
        limits: Limits | None = None,
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """Check the address; nothing is opened yet.

        Args:
            base_url: Of the server.
            credential: Joins each request as it is sent.
            transport: Another way to a server, for the simulator.
            limits: What a request may take.
            proxy: URL of an http proxy.
            tls: Whom to trust, for a server whose certificate no public authority signed.
            now: The till's wall clock.

        Raises:
            WrongAddress, InsecureAddress: As the address is.
        """
        self.base_url = checked_address(base_url)
        self._credential = credential
        self._limits = limits or Limits()
        self._now = now or (lambda: datetime.now(UTC))
        if transport is None and tls is None and self.base_url.startswith("https:"):
            tls = httpx.create_ssl_context(trust_env=False)
        self._watched = transport is None
        self._transport = transport or DeadlineTransport(tls=tls, proxy=proxy)
        self._requests = 0
        self._counting = threading.Lock()

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        return self._requests

    def get(self, path: str, params: Mapping[str, str] | None = None, timeout: float | None = None) -> Answer | Failure:
        """Read; once more, at once, where a kept connection had died in the meantime.

        Args:
            path: Below the base URL.
            params: The query; it may hold a name or a phone number and is never logged.
            timeout: Total seconds; None for the limit.
        """
        exchange = Exchange(self._limits.read_seconds if timeout is None else timeout)
        query = f"?{urlencode(params)}" if params else ""
        result = self._exchange(exchange, "GET", path, query=query)
        if isinstance(result, Failure) and exchange.stale and not isinstance(result.error, httpx.TimeoutException):
            result = self._exchange(exchange, "GET", path, query=query)
        return result

    def ask(self, path: str, body: bytes, accept: str, timeout: float | None = None) -> Answer | Failure:
        """Read by a POST that changes nothing; once more, at once, where a kept connection had died in the meantime.

        Args:
            path: Below the base URL.
            body: What is asked, as JSON.
            accept: The content type of the answer.
            timeout: Total seconds; None for the limit.
        """
        exchange = Exchange(self._limits.read_seconds if timeout is None else timeout)
        headers = {"Accept": accept, "Content-Type": "application/json"}
        result = self._exchange(exchange, "POST", path, body=body, headers=headers)
        if isinstance(result, Failure) and exchange.stale and not isinstance(result.error, httpx.TimeoutException):
            result = self._exchange(exchange, "POST", path, body=body, headers=headers)
        return result

    def write(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], timeout: float | None = None
    ) -> Answer | Failure:
        """Send a write, once, on a connection of its own.

        Args:
            method: Anything but GET.
            path: Below the base URL.
            body: The exact bytes.
            headers: Further ones; never a credential.
            timeout: Total seconds; None for the limit.
        """
        assert method != "GET", "a GET changes nothing"
        exchange = Exchange(self._limits.write_seconds if timeout is None else timeout)
        return self._exchange(exchange, method, path, body=body, headers={**headers, "Connection": "close"})

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _exchange(
        self,
        exchange: Exchange,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | Failure:
        with self._counting:
            self._requests += 1
        started, asked_at = time.monotonic(), self._now()
        every = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "posapp", **(headers or {})}
        try:
            request = httpx.Request(
                method,
                f"{self.base_url}{path}{query}",
                headers={**every, **self._credential.headers()},
                content=body,
                extensions={"exchange": exchange},
            )
            response = self._transport.handle_request(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.debug("%s %s: %s", method, path, type(error).__name__)
            return Failure(error, sent=exchange.written or not self._watched, heard=exchange.received)
        at = asked_at + timedelta(seconds=(time.monotonic() - started) / 2)
        answer = self._whole(response, exchange, at)
        log.debug("%s %s: %s", method, path, answer.status)
        return answer

    def _whole(self, response: httpx.Response, exchange: Exchange, at: datetime) -> Answer:
        try:
            body = read_body(response, exchange, self._limits.largest_answer)
        except (httpx.HTTPError, BadBody) as error:
            return Answer(response.status_code, response.headers, b"", at, spoilt=error)
        finally:
            with suppress(httpx.HTTPError):
                response.close()
        return Answer(response.status_code, response.headers, body, at)
