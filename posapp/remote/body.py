"""The body of an answer, whole or not at all: within the deadline, never larger than the cap, never cut unnoticed."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import httpx

from posapp.remote.exchange import Exchange

_BODILESS = frozenset({204, 304})
_GZIP = 31


class BadBody(Exception):
    """The body cannot be taken; `kind` says why: `too_large`, `bad_encoding`, `cut`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def read_body(response: httpx.Response, exchange: Exchange, cap: int) -> bytes:
    """Return the decoded body of an answer.

    Args:
        response: Its head is there, its body is not.
        exchange: For the deadline, also where the transport is not ours.
        cap: Most bytes, as sent and decoded.

    Raises:
        BadBody: It is too large, wrongly encoded or shorter than announced.
        httpx.TransportError: The connection failed or was too slow.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > cap:
        raise BadBody("too_large")
    decoder = _decoder(response.headers.get("content-encoding", "").strip().lower())
    body = bytearray()
    sent = 0
    assert isinstance(response.stream, httpx.SyncByteStream), "the client is synchronous"
    for piece in response.stream:
        if exchange.left <= 0:
            raise httpx.ReadTimeout("the deadline of the whole request has passed")
        sent += len(piece)
        body += decoder.decode(piece, cap + 1 - len(body))
        if max(sent, len(body)) > cap:
            raise BadBody("too_large")
    if response.status_code not in _BODILESS and announced.isdecimal() and int(announced[:20]) != sent:
        raise BadBody("cut")
    if sent:
        decoder.finish()
    return bytes(body)


class _Plain:
    def decode(self, piece: bytes, room: int) -> bytes:
        return piece[:room]

    def finish(self) -> None:
        """Nothing is pending."""


class _Gzip:
    def __init__(self) -> None:
        self._inflating = zlib.decompressobj(_GZIP)

    def decode(self, piece: bytes, room: int) -> bytes:
        try:
            return self._inflating.decompress(piece, room)
        except zlib.error as error:
            raise BadBody("bad_encoding") from error

    def finish(self) -> None:
        if not self._inflating.eof:
            raise BadBody("cut")
        if self._inflating.unused_data:
            raise BadBody("bad_encoding")


_DECODERS: dict[str, Callable[[], _Plain | _Gzip]] = {"": _Plain, "identity": _Plain, "gzip": _Gzip}


def _decoder(encoding: str) -> _Plain | _Gzip:
    make = _DECODERS.get(encoding)
    if make is None:
        raise BadBody("bad_encoding")
    return make()
