"""The table of outcomes, every status and every failure (design, section 5)."""

from datetime import UTC, datetime

import httpx
import pytest

from posapp.remote.body import BadBody
from posapp.remote.connector import parser_of
from posapp.remote.http import Answer, Failure
from posapp.remote.outcomes import classify
from posapp.remote.pos.answers import ROUTES
from posapp.remote.pos.requests import prepared
from posapp.services.ports.writes import Outcome, WriteAnswer, WriteResult
from tests.remote.samples import EXTENDED, WRITES, as_bytes

NOW = datetime(2026, 3, 1, tzinfo=UTC)
JSON = {"content-type": "application/json"}
SHAPES = {
    "right": Answer(0, httpx.Headers(JSON), as_bytes(WRITES["redeem"][2]), NOW),
    "refusal": Answer(0, httpx.Headers(JSON), b'{"error": "some_code", "message": "Words"}', NOW),
    "in progress": Answer(0, httpx.Headers(JSON), b'{"error": "in_progress", "message": "Wait"}', NOW),
    "html": Answer(0, httpx.Headers({"content-type": "text/html"}), b"<html>in_progress", NOW),
    "empty": Answer(0, httpx.Headers(), b"", NOW),
    "wrong shape": Answer(0, httpx.Headers(JSON), b"[1]", NOW),
    "half": Answer(0, httpx.Headers(JSON), b"", NOW, spoilt=httpx.RemoteProtocolError("cut")),
    "slow": Answer(0, httpx.Headers(JSON), b"", NOW, spoilt=httpx.ReadTimeout("slow")),
    "bomb": Answer(0, httpx.Headers(JSON), b"", NOW, spoilt=BadBody("too_large")),
}
READABLE = {"right", "refusal", "in progress"}


def parse(answer: Answer) -> WriteAnswer:
    request = prepared(WRITES["redeem"][0], "k", "INR", EXTENDED)
    return parser_of(ROUTES, request)(request, answer, "INR")


def classified(status: int, shape: str) -> WriteResult:
    sample = SHAPES[shape]
    return classify(Answer(status, sample.headers, sample.body, NOW, sample.spoilt), parse)


def expected(status: int, shape: str) -> Outcome:
    """The table in the words of the design, told apart from how it is built."""
    if 200 <= status <= 299 and shape == "right":
        return Outcome.OK
    if status == 401:
        return Outcome.SIGN_IN
    if status in {425, 429} or (status == 409 and shape == "in progress"):
        return Outcome.LATER
    if status == 408 or not 400 <= status <= 499:
        return Outcome.AMBIGUOUS
    if status == 409 and shape not in READABLE:
        return Outcome.AMBIGUOUS
    return Outcome.REFUSED


@pytest.mark.parametrize("shape", SHAPES)
def test_every_status(shape: str) -> None:
    for status in range(100, 600):
        result = classified(status, shape)
        assert result.outcome is expected(status, shape), (status, shape)
        assert result.status == status
        assert (result.answer is not None) is (result.outcome is Outcome.OK)


def test_a_refusal_carries_the_servers_words() -> None:
    result = classified(409, "refusal")
    assert (result.code, result.server_text, result.error_kind) == ("some_code", "Words", "")


@pytest.mark.parametrize(
    ("shape", "kind"), [("html", "not_json"), ("half", "RemoteProtocolError"), ("bomb", "too_large")]
)
def test_a_refusal_in_other_words_says_so_and_quotes_nothing(shape: str, kind: str) -> None:
    result = classified(403, shape)
    assert (result.outcome, result.code, result.server_text, result.error_kind) == (Outcome.REFUSED, "", "", kind)


NEVER_LEFT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol", "InvalidURL"}


def every_failure() -> list[type[Exception]]:
    found: list[type[Exception]] = [httpx.InvalidURL]
    waiting: list[type[Exception]] = [httpx.HTTPError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return [kind for kind in found if kind is not httpx.HTTPStatusError]


@pytest.mark.parametrize("kind", every_failure(), ids=lambda kind: kind.__name__)
def test_every_failure(kind: type[Exception]) -> None:
    for sent in (True, False):
        result = classify(Failure(kind("words of a library"), sent=sent), parse)
        certain = kind.__name__ in NEVER_LEFT or not sent
        assert result == WriteResult(Outcome.NOT_SENT if certain else Outcome.AMBIGUOUS, error_kind=kind.__name__)


@pytest.mark.parametrize("status", [425, 429])
@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), (None, None), ("soon", None), ("999999", 3600.0)])
def test_later_says_when(status: int, text: str | None, seconds: float | None) -> None:
    headers = httpx.Headers({**JSON, **({"retry-after": text} if text else {})})
    result = classify(Answer(status, headers, b'{"error": "rate_limited"}', NOW), parse)
    assert (result.outcome, result.retry_after) == (Outcome.LATER, seconds)


def test_in_progress_says_when() -> None:
    headers = httpx.Headers({**JSON, "retry-after": "2"})
    result = classify(Answer(409, headers, b'{"code": "in_progress"}', NOW), parse)
    assert (result.outcome, result.retry_after) == (Outcome.LATER, 2.0)
