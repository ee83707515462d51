"""Something sends the till elsewhere, or to the same place without TLS: it does not go, and its token stays."""

from pathlib import Path

import pytest

from posapp.domain.errors import DomainError
from posapp.remote.credential import BearerToken
from posapp.remote.registry import open_api
from posapp.services.ports.writes import Outcome
from tests.faults.shop import a_shop, about_to_write
from tests.faults.wire import answers
from tests.remote.raw_server import RawServer, answer, answering

STATUSES = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("write", ["payment", "create", "redeem", "delete"])
def test_row_27_a_write_does_not_follow(tmp_path: Path, write: str, status: str) -> None:
    """The body reads as the answer to a deletion: of that one, nothing but its status says that it is none."""
    with RawServer(answering(answer(b"{}"))) as thief, about_to_write(tmp_path, "extended", write) as prepared:
        shop, customer_id, act = prepared
        away = answer(b'{"message": "gone"}', status=status, headers=[f"Location: {thief.url}/stolen"])
        shop.wire.next_write(answers(away, applied=False))
        operation_id = act()
        shop.cycle()
        assert thief.connections == 0
        first = shop.book.read(lambda session: session.operations.attempts(operation_id)[0])
        assert first.outcome == Outcome.AMBIGUOUS.value
        shop.holds(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("status", STATUSES)
def test_row_27_a_read_does_not_follow(tmp_path: Path, status: str) -> None:
    with RawServer(answering(answer(b"[]"))) as thief, a_shop(tmp_path) as shop:
        away = answer(b"[]", status=status, headers=[f"Location: {thief.url}/customers"])
        shop.wire.every(lambda asked: not asked.writes, answers(away, applied=False))
        assert shop.cycle(full=True).problem is not None
        assert thief.connections == 0
        assert all(one.status.value == "live" for one in shop.customers())


def test_row_27_no_address_without_tls_but_this_computers_own() -> None:
    for url in ("http://shop.example/pos", "http://192.168.1.7:8080", "http://127.0.0.1.evil.test"):
        with pytest.raises(DomainError):
            open_api("pos", base_url=url, credential=BearerToken("t"), currency="INR", name="main")
