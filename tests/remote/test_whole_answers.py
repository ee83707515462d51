"""An answer counts whole, in its declared shape, or not at all: for reads an error, for writes a doubt."""

import gzip
import json
import tracemalloc
from functools import cache
from typing import Any

import pytest

from posapp.domain.errors import RemoteError, RemoteProtocolError, RemoteUnavailable
from posapp.services.ports.writes import Outcome
from tests.remote.conftest import Start
from tests.remote.raw_server import Conversation, answer, answering
from tests.remote.samples import CUSTOMER, ID, REDEEM, WRITES, as_bytes

GOOD_READ = as_bytes(CUSTOMER)
GOOD_WRITE = as_bytes(WRITES["redeem"][2])
CAP = 1 << 20
CHUNKED = "Transfer-Encoding: chunked"


@cache
def wrong_answers(good: bytes) -> dict[str, tuple[bytes, type[RemoteError], str]]:
    """Return what goes over the wire instead of `good`, the error of a read, the evidence of a write."""
    zipped = gzip.compress(good)
    deep = b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    bomb = gzip.compress(b" " * (64 << 20))
    protocol, weather = RemoteProtocolError, RemoteUnavailable

    def encoded(body: bytes, encoding: str = "gzip") -> bytes:
        return answer(body, headers=[f"Content-Encoding: {encoding}"])

    return {
        "half by length": (answer(good[:20], length=len(good)), weather, "RemoteProtocolError"),
        "nothing by length": (answer(b"", length=len(good)), weather, "RemoteProtocolError"),
        "half of a chunk": (
            answer(b"ff\r\n" + good[:20], length=None, headers=[CHUNKED]),
            weather,
            "RemoteProtocolError",
        ),
        "no last chunk": (
            answer(b"%x\r\n%s\r\n" % (len(good), good), length=None, headers=[CHUNKED]),
            weather,
            "RemoteProtocolError",
        ),
        "bad chunk": (answer(b"zz\r\nx", length=None, headers=[CHUNKED]), weather, "RemoteProtocolError"),
        "half until the end": (answer(good[:-20], length=None), protocol, "bad_json"),
        "half of a gzip": (encoded(zipped[:-9]), weather, "cut"),
        "two gzips": (encoded(zipped + zipped), protocol, "bad_encoding"),
        "no gzip": (encoded(good), protocol, "bad_encoding"),
        "unknown encoding": (encoded(good, "br"), protocol, "bad_encoding"),
        "gzip bomb": (encoded(bomb), protocol, "too_large"),
        "announced too large": (answer(b"[", length=CAP + 1), protocol, "too_large"),
        "too large": (answer(b" " * (CAP + 10), length=None), protocol, "too_large"),
        "html": (answer(b"<!DOCTYPE html><p>Sign in", content_type="text/html"), protocol, "html"),
        "html as json": (answer(b"\n<html><p>Sign in"), protocol, "html"),
        "good in html": (answer(good, content_type="text/html"), protocol, "html"),
        "text": (answer(good, content_type="text/plain"), protocol, "content_type"),
        "no content type": (answer(good, content_type=None), protocol, "content_type"),
        "latin-1": (answer(good, content_type="application/json; charset=iso-8859-1"), protocol, "charset"),
        "empty": (answer(b""), protocol, "bad_json"),
        "no content": (answer(b"", status="204 No Content", content_type=None, length=None), protocol, "content_type"),
        "bom": (answer(b"\xef\xbb\xbf" + good), protocol, "bad_json"),
        "utf-16": (answer(good.decode().encode("utf-16")), protocol, "bad_json"),
        "not utf-8": (answer(good[:-1] + b', "x": "\xff"}'), protocol, "bad_json"),
        "lone surrogate": (answer(good[:-1] + rb', "x": "\ud800"}'), protocol, "bad_json"),
        "NaN": (answer(good[:-1] + b', "x": NaN}'), protocol, "bad_json"),
        "Infinity": (answer(good[:-1] + b', "x": -Infinity}'), protocol, "bad_json"),
        "1e400": (answer(good[:-1] + b', "x": 1e400}'), protocol, "bad_json"),
        "member named twice": (answer(good[:-1] + b', "x": 1, "x": 1}'), protocol, "bad_json"),
        "two documents": (answer(good + good), protocol, "bad_json"),
        "deep": (answer(deep), protocol, "bad_json"),
        "deep and cut": (answer(b"[" * 500_000), protocol, "bad_json"),
        "endless integer": (answer(good[:-1] + b', "x": ' + b"9" * 10_000 + b"}"), protocol, "bad_json"),
        "null": (answer(b"null"), protocol, "wrong_shape"),
        "a list": (answer(b"[" + good + b"]"), protocol, "wrong_shape"),
        "an error in 200": (answer(b'{"error": "x", "message": "y"}'), protocol, "wrong_shape"),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_answers(GOOD_READ))
def test_a_read_takes_nothing_of_it(start: Start, name: str) -> None:
    wire, error, _ = wrong_answers(GOOD_READ)[name]
    _, api = start(answering(wire), cap=CAP)
    with pytest.raises(error):
        api.customer(ID)


@pytest.mark.parametrize("name", wrong_answers(GOOD_WRITE))
def test_a_write_is_in_doubt(start: Start, name: str) -> None:
    wire, _, kind = wrong_answers(GOOD_WRITE)[name]
    _, api = start(answering(wire), cap=CAP)
    result = api.send(api.prepare(REDEEM, "k"), operation_id="o")
    assert (result.outcome, result.error_kind, result.answer) == (Outcome.AMBIGUOUS, kind, None)


GOOD_ANSWERS = {
    "by length": answer(GOOD_READ),
    "until the end": answer(GOOD_READ, length=None),
    "chunked": answer(b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD_READ), GOOD_READ), length=None, headers=[CHUNKED]),
    "gzip": answer(gzip.compress(GOOD_READ), headers=["Content-Encoding: gzip"]),
    "charset": answer(GOOD_READ, content_type='Application/JSON; charset="UTF-8"'),
    "problem+json": answer(GOOD_READ, content_type="application/vnd.shop+json"),
    "more members": answer(GOOD_READ[:-1] + b', "new": {"a": [1.5, null]}}'),
    "after a 100": b"HTTP/1.1 100 Continue\r\n\r\n" + answer(GOOD_READ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_ANSWERS)
def test_every_honest_framing_is_read(start: Start, name: str) -> None:
    _, api = start(answering(GOOD_ANSWERS[name]))
    record = api.customer(ID)
    assert record is not None
    assert record.points == 450


def test_a_bomb_costs_little_memory(start: Start) -> None:
    bomb = gzip.compress(b" " * (300 << 20), compresslevel=1)
    _, api = start(answering(answer(bomb, headers=["Content-Encoding: gzip"])), cap=4 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(RemoteProtocolError):
            api.customer(ID)
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()


WRONG_VALUES: dict[str, tuple[str, Any]] = {
    "points as text": ("loyalty_points", "450"),
    "points as float": ("loyalty_points", 450.0),
    "points as bool": ("loyalty_points", True),
    "negative points": ("loyalty_points", -1),
    "absurd points": ("loyalty_points", 10**16),
    "money as float": ("ledger_balance", -50.5),
    "absurd money": ("ledger_balance", 10**30),
    "time without zone": ("created_at", "2025-01-15T10:00:00"),
    "time as number": ("created_at", 1736935200),
    "time before time": ("created_at", "0001-01-01T00:00:00+23:59"),
    "name missing": ("name", None),
    "phone as number": ("phone", 1234567890),
    "tags as text": ("tags", "vip"),
    "tags of numbers": ("tags", [1]),
    "empty id": ("id", ""),
    "long id": ("id", "a" * 65),
    "id that climbs": ("id", ".."),
    "id with slash": ("id", "a/b"),
    "another's record": ("id", "0198c5f0-0000-7000-8000-00000000ffff"),
    "anonymized as text": ("anonymized", "true"),
}


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_a_wrong_value_is_never_a_silent_zero(start: Start, name: str) -> None:
    member, value = WRONG_VALUES[name]
    _, api = start(answering(answer(as_bytes({**CUSTOMER, member: value}))))
    with pytest.raises(RemoteProtocolError):
        api.customer(ID)


def test_what_is_missing_is_unknown(start: Start) -> None:
    _, api = start(answering(answer(b'{"id": "%s", "name": "Jane", "phone": ""}' % ID.encode())))
    record = api.customer(ID)
    assert record is not None
    numbers = (record.points, record.balance, record.total_spent, record.total_orders, record.created_at, record.etag)
    assert numbers == (None,) * 6
    assert record.profile.phone is None


PAGES = {
    "more rows than asked for": [{**CUSTOMER, "id": f"id-{number}"} for number in range(251)],
    "one customer twice": [CUSTOMER, {**CUSTOMER, "name": "Other"}],
    "an envelope": {"data": [CUSTOMER]},
    "one row wrong": [CUSTOMER, {**CUSTOMER, "id": "b", "loyalty_points": "1"}],
}


@pytest.mark.parametrize("name", PAGES)
def test_a_wrong_page_is_refused_whole(start: Start, name: str) -> None:
    _, api = start(answering(answer(as_bytes(PAGES[name]))))
    with pytest.raises(RemoteProtocolError):
        api.oldest_first(1)


def test_gone_is_only_what_the_api_itself_calls_gone(start: Start) -> None:
    in_its_words = answer(b'{"error": "not_found", "message": "No."}', status="404 Not Found")
    page = answer(b"<html>nginx", status="404 Not Found", content_type="text/html")
    _, api = start(answering(in_its_words, page))
    assert api.customer(ID) is None
    with pytest.raises(RemoteProtocolError):
        api.customer(ID)


def test_garbage_before_the_head_is_no_http(start: Start) -> None:
    def behave(talk: Conversation) -> None:
        talk.request()
        talk.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    _, api = start(behave)
    with pytest.raises(RemoteProtocolError):
        api.customer(ID)
    assert api.send(api.prepare(REDEEM, "k"), operation_id="o").outcome is Outcome.AMBIGUOUS


def test_endless_headers_are_cut_off(start: Start) -> None:
    def behave(talk: Conversation) -> None:
        talk.request()
        talk.send(b"HTTP/1.1 200 OK\r\n" + b"X-More: 1\r\n" * 100_000)

    _, api = start(behave)
    with pytest.raises(RemoteProtocolError):
        api.customer(ID)


def test_the_samples_are_json() -> None:
    assert json.loads(GOOD_READ)["id"] == ID
