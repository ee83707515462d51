"""Reading from a server: one request, one declared shape, or one of our errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.remote.errors import error_of
from posapp.remote.http import Answer, Failure, HttpClient
from posapp.remote.server_text import said
from posapp.remote.strict_json import WrongShape, decoded

Shape = TypeVar("Shape")
Result = TypeVar("Result")

_GONE = frozenset({404, 410})


class Reader:
    """Reads for one connector."""

    def __init__(self, http: HttpClient, name: str, learn: Callable[[Answer], None]) -> None:
        """Remember what to read with.

        Args:
            http: The client.
            name: Of the connection.
            learn: Is handed each signed answer of the right shape, for what its headers announce.
        """
        self._http = http
        self._name = name
        self._learn = learn

    def read(
        self,
        path: str,
        shape: type[Shape],
        convert: Callable[[Shape, Answer], Result],
        *,
        params: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Return an answer in the house's own types.

        Args:
            path: Below the base URL.
            shape: The wire's.
            convert: From the wire's shape; raises `WrongShape` for values that no server may tell.
            params: The query.
            timeout: Total seconds.

        Raises:
            RemoteError: As the port says.
        """
        result = self._http.get(path, params, timeout)
        return self._taken(result, lambda answer: convert(decoded(answer, shape), answer))

    def ask(
        self,
        path: str,
        question: object,
        take: Callable[[Answer], Result],
        *,
        accept: str = "application/json",
        timeout: float | None = None,
    ) -> Result:
        """Return the answer to a POST that changes nothing.

        Args:
            path: Below the base URL.
            question: What is asked; it becomes JSON.
            take: Reads the answer; raises `WrongShape` for what no server may tell.
            accept: The content type of the answer.
            timeout: Total seconds.

        Raises:
            RemoteError: As the port says.
        """
        body = msgspec.json.encode(question, order="deterministic")
        return self._taken(self._http.ask(path, body, accept, timeout), take)

    def _taken(self, result: Answer | Failure, take: Callable[[Answer], Result]) -> Result:
        error = error_of(result, self._name)
        if error is not None:
            if isinstance(error, RemoteRejected) and isinstance(result, Answer):
                self._check_readable(result)
            raise error
        assert isinstance(result, Answer), "a failure is always an error"
        try:
            value = take(result)
        except WrongShape as wrong:
            raise RemoteProtocolError(status=result.status) from wrong
        self._learn(result)
        return value

    def read_or_gone(
        self, path: str, shape: type[Shape], convert: Callable[[Shape, Answer], Result], **options: Any
    ) -> Result | None:
        """Return an answer as `read` does; None where the API itself, not somebody in between, says 404 or 410."""
        try:
            return self.read(path, shape, convert, **options)
        except RemoteRejected as error:
            if error.params.get("status") in _GONE:
                return None
            raise

    def read_absence(self, path: str, shape: type[Shape]) -> Shape | None:
        """Return what the API's own 404 or 410 tells; None where it tells nothing of the shape, or the path is there.

        Args:
            path: Below the base URL.
            shape: The wire's.

        Raises:
            RemoteError: As the port says.
        """
        result = self._http.get(path)
        error = error_of(result, self._name)
        if error is not None and not isinstance(error, RemoteRejected):
            raise error
        if not isinstance(result, Answer) or result.status not in _GONE:
            return None
        try:
            return decoded(result, shape)
        except WrongShape:
            return None

    @staticmethod
    def _check_readable(answer: Answer) -> None:
        """Let a 404 count only in the API's own words: the page of a proxy or of a wrong path proves nothing gone."""
        if answer.status in _GONE and not said(answer).readable:
            raise RemoteProtocolError(status=answer.status)
