"""No request outlives its deadline, whatever the other side does with its bytes."""

import time
from collections.abc import Callable
from itertools import repeat

import pytest

from posapp.domain.errors import RemoteUnavailable
from posapp.services.ports.writes import Outcome
from tests.remote.conftest import Start
from tests.remote.raw_server import Conversation, answer
from tests.remote.samples import CUSTOMER, ID, REDEEM, as_bytes

SECONDS = 0.4
SLACK = 0.5


def drip_status_line(talk: Conversation) -> None:
    talk.request()
    talk.drip((bytes([byte]) for byte in b"HTTP/1.1 200 " + b"O" * 500), 0.05)


def drip_headers(talk: Conversation) -> None:
    talk.request()
    talk.send(b"HTTP/1.1 200 OK\r\n")
    talk.drip(repeat(b"X-Slow: 1\r\n", 500), 0.05)


def drip_informational(talk: Conversation) -> None:
    talk.request()
    talk.drip(repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 500), 0.05)


def drip_body(talk: Conversation) -> None:
    talk.request()
    talk.send(answer(b"", length=500))
    talk.drip(repeat(b" ", 500), 0.05)


def drip_chunks(talk: Conversation) -> None:
    talk.request()
    talk.send(answer(b"", length=None, headers=["Transfer-Encoding: chunked"]))
    talk.drip(repeat(b"1\r\n \r\n", 500), 0.05)


def drip_gzip(talk: Conversation) -> None:
    talk.request()
    talk.send(answer(b"", length=None, headers=["Content-Encoding: gzip"]))
    talk.drip(repeat(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"[:1], 1), 0.05)
    talk.wait()


def silent(talk: Conversation) -> None:
    talk.wait()


SLOW = [drip_status_line, drip_headers, drip_informational, drip_body, drip_chunks, drip_gzip, silent]


@pytest.mark.parametrize("behaviour", SLOW, ids=lambda behaviour: behaviour.__name__)
def test_a_slow_read_is_unavailable_in_time(start: Start, behaviour: Callable[[Conversation], None]) -> None:
    _, api = start(behaviour, seconds=SECONDS)
    began = time.monotonic()
    with pytest.raises(RemoteUnavailable):
        api.customer(ID)
    assert SECONDS * 0.9 <= time.monotonic() - began < SECONDS + SLACK


@pytest.mark.parametrize("behaviour", SLOW, ids=lambda behaviour: behaviour.__name__)
def test_a_slow_write_is_ambiguous_in_time(start: Start, behaviour: Callable[[Conversation], None]) -> None:
    _, api = start(behaviour, seconds=SECONDS)
    began = time.monotonic()
    result = api.send(api.prepare(REDEEM, "k"), operation_id="o")
    assert time.monotonic() - began < SECONDS + SLACK
    assert result.outcome is Outcome.AMBIGUOUS
    assert result.error_kind == "ReadTimeout"


def test_the_callers_timeout_wins_over_the_connections(start: Start) -> None:
    _, api = start(silent, seconds=30)
    began = time.monotonic()
    with pytest.raises(RemoteUnavailable):
        api.customer(ID, timeout=0.2)
    with pytest.raises(RemoteUnavailable):
        api.ledger(ID, timeout=0.2)
    assert api.send(api.prepare(REDEEM, "k"), operation_id="o", timeout=0.2).outcome is Outcome.AMBIGUOUS
    assert time.monotonic() - began < 2


def test_a_reader_who_never_reads_does_not_hold_a_large_write(start: Start) -> None:
    def deaf(talk: Conversation) -> None:
        time.sleep(1)

    _, api = start(deaf, seconds=SECONDS)
    big = api.prepare(REDEEM, "k")
    big = type(big)(big.method, big.path, b" " * 30_000_000 + big.body, big.content_type)
    began = time.monotonic()
    result = api.send(big, operation_id="o")
    assert time.monotonic() - began < SECONDS + SLACK
    assert (result.outcome, result.error_kind) == (Outcome.AMBIGUOUS, "WriteTimeout")


def test_each_request_on_a_kept_connection_has_its_own_deadline(start: Start) -> None:
    def steady(talk: Conversation) -> None:
        while talk.request():
            time.sleep(0.2)
            talk.send(answer(as_bytes(CUSTOMER)))

    server, api = start(steady, seconds=SECONDS)
    for _ in range(4):
        assert api.customer(ID) is not None
    assert server.connections == 1


def test_no_time_at_all_sends_nothing(start: Start) -> None:
    server, api = start(silent)
    assert api.send(api.prepare(REDEEM, "k"), operation_id="o", timeout=0).outcome is Outcome.NOT_SENT
    with pytest.raises(RemoteUnavailable):
        api.customer(ID, timeout=-1)
    assert server.requests == []
