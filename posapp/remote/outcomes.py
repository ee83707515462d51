"""Writes: the one table that says what is certain after an attempt (design, section 5).

Whatever is not provably applied or provably not applied is `AMBIGUOUS`, and somebody finds out before it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx

from posapp.remote.body import BadBody
from posapp.remote.http import Answer, Failure
from posapp.remote.server_text import Said, plain_text, said
from posapp.remote.server_time import retry_after
from posapp.remote.strict_json import WrongShape
from posapp.services.ports.writes import Outcome, WriteAnswer, WriteResult

NEVER_LEFT: tuple[type[Exception], ...] = (
    httpx.ConnectError,  # refused, unknown host, TLS: the request itself comes after
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,  # the proxy opened no tunnel
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
"""Failures before the first byte of a request. Every other one may have come after the server got it."""

STATUS_OUTCOMES = {
    401: Outcome.SIGN_IN,
    408: Outcome.AMBIGUOUS,  # the server gave up waiting: for which part is not known
    425: Outcome.LATER,
    429: Outcome.LATER,
}
"""The statuses from 400 to 499 that are no plain refusal; 409 goes by its code."""

CONFLICT = 409
IN_PROGRESS = "in_progress"


class NotDone(Exception):
    """A success that says, in the API's own words, that nothing was done: a refusal by content, not by status."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def classify(result: Answer | Failure, parse: Callable[[Answer], WriteAnswer]) -> WriteResult:
    """Return what is certain.

    Args:
        result: What happened.
        parse: Reads a successful answer; raises `WrongShape` where it is not what this write is answered with, and
            `NotDone` where it says that nothing was done.
    """
    if isinstance(result, Failure):
        never = not result.sent or isinstance(result.error, NEVER_LEFT)
        outcome = Outcome.NOT_SENT if never else Outcome.AMBIGUOUS
        return WriteResult(outcome, error_kind=type(result.error).__name__)
    if result.success:
        return _of_success(result, parse)
    words = said(result)
    outcome = _of_status(result.status, words)
    return WriteResult(
        outcome,
        result.status,
        code=words.code,
        server_text=words.text,
        retry_after=retry_after(result) if outcome is Outcome.LATER else None,
        error_kind=_oddity(result, words),
    )


def _of_success(answer: Answer, parse: Callable[[Answer], WriteAnswer]) -> WriteResult:
    try:
        return WriteResult(Outcome.OK, answer.status, answer=parse(answer))
    except WrongShape as wrong:
        return WriteResult(Outcome.AMBIGUOUS, answer.status, error_kind=wrong.kind)
    except NotDone as refused:
        return WriteResult(Outcome.REFUSED, answer.status, code=refused.code[:64], server_text=plain_text(refused.text))


def _of_status(status: int, words: Said) -> Outcome:
    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)
        return Outcome.AMBIGUOUS
    if status != CONFLICT:
        return STATUS_OUTCOMES.get(status, Outcome.REFUSED)
    if not words.readable:
        return Outcome.AMBIGUOUS  # it may have said `in_progress`: then the first attempt is being applied
    return Outcome.LATER if words.code == IN_PROGRESS else Outcome.REFUSED


def _oddity(answer: Answer, words: Said) -> str:
    """Return how a refusal was not in the API's own words, for the evidence; empty if it was."""
    if words.readable:
        return ""
    if answer.spoilt is not None:
        return answer.spoilt.kind if isinstance(answer.spoilt, BadBody) else type(answer.spoilt).__name__
    return "not_json"
