"""One authenticated request: reads and writes of its store, refusals in its API's words, repeats made safe."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.errors import ApiError, bad_request
from server_stub.idempotency import KeptAnswers, fingerprint_of
from server_stub.runtime import Runtime
from server_stub.store.writing import Writing

Shape = TypeVar("Shape")

_LONGEST_OP = 200


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request of a store that has shown its credential.

    Attributes:
        runtime: The stub.
        api: The API that was asked.
        store_id: The store the credential names.
        request: The request itself.
        body: Its body, as sent.
        error_body: Puts a refusal into the API's shape.
        customer_id: Whose own token it is, the integer id; None where the store itself asks.
    """

    runtime: Runtime
    api: str
    store_id: int
    request: Request
    body: bytes
    error_body: Callable[[ApiError], dict[str, object]]
    customer_id: int | None = None

    def decode(self, shape: type[Shape]) -> Shape:
        """Return the body as a shape, or refuse it.

        Args:
            shape: What it must be.
        """
        return payload.decode(self.body, shape)

    def read(self, work: Callable[[Connection], Answer]) -> Response:
        """Answer from one snapshot of the store.

        Args:
            work: Makes the answer.
        """
        try:
            with self.runtime.database.read() as connection:
                answer = work(connection)
        except ApiError as error:
            answer = self._refusal(error)
        return self._response(answer)

    def write(self, work: Callable[[Writing], Answer]) -> Response:
        """Change the store in one transaction and answer; under a key, at most once.

        Args:
            work: Makes the change and the answer; what it raises takes the change back.
        """
        try:
            key = self._key()
            answer = self._write_plainly(work) if key is None else self._write_once(work, key)
        except ApiError as error:
            answer = self._refusal(error)
        return self._response(answer)

    def _key(self) -> str | None:
        text = self.request.headers.get("idempotency-key")
        if text is None or not self.runtime.offers("idempotency-key"):
            return None
        key = payload.as_uuid(text)
        if key is None:
            raise bad_request("Idempotency-Key must be a uuid.")
        # A customer's keys are their own: nobody is shown another's answer, or learns that a key was used.
        return key if self.customer_id is None else str(uuid5(UUID(key), f"customer-{self.customer_id}"))

    def _write_plainly(self, work: Callable[[Writing], Answer]) -> Answer:
        with self.runtime.database.write() as connection:
            return work(begin(self.runtime, connection, self.store_id, api=self.api, request=self.request))

    def _write_once(self, work: Callable[[Writing], Answer], key: str) -> Answer:
        full_key = (self.api, self.store_id, key)
        query = self.request.url.query
        target = f"{self.request.url.path}?{query}" if query else self.request.url.path
        fingerprint = fingerprint_of(self.request.method, target, self.body)
        with self.runtime.running_keys.hold(full_key), self.runtime.database.write() as connection:
            kept = KeptAnswers(self.runtime.database, connection, full_key, self.runtime.now())
            first = kept.find(fingerprint)
            if first is not None:
                return first
            try:
                with connection.begin_nested():
                    answer = work(begin(self.runtime, connection, self.store_id, api=self.api, request=self.request))
            except ApiError as error:
                answer = self._refusal(error)
            kept.keep(fingerprint, answer)
            return answer

    def _refusal(self, error: ApiError) -> Answer:
        return json_answer(self.error_body(error), error.status, error.headers)

    def _response(self, answer: Answer) -> Response:
        announced = self.runtime.settings.announced(self.api)
        return answer.response({"X-Sync-Extensions": announced} if announced else {})


def begin(runtime: Runtime, connection: Connection, store_id: int, *, api: str, request: Request) -> Writing:
    """Queue up for a store and take the next moment.

    Args:
        runtime: The stub.
        connection: A writing transaction.
        store_id: The store to write.
        api: The API that was asked.
        request: The request, which may say what the change is (`X-Sim-Op`).
    """
    op = request.headers.get("x-sim-op")
    return Writing.begin(
        connection,
        store_id,
        clock=runtime.clock,
        api=api,
        op=op[:_LONGEST_OP] if op else None,
        random_seed=runtime.settings.random_seed,
    )


def tagged(call: Call, answer: Answer) -> Answer:
    """Return the answer that shows one customer with its strong `ETag`, where tags are offered.

    Args:
        call: The request.
        answer: All that is shown.
    """
    if call.runtime.offers("etag"):
        answer.headers["ETag"] = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    return answer


def unless_known(call: Call, answer: Answer) -> Answer:
    """Return the answer, or 304 to a caller who already has it.

    Args:
        call: The request.
        answer: As `tagged` made it.
    """
    tag = answer.headers.get("ETag")
    if tag is not None and _is_unchanged(call, tag):
        return Answer(status=HTTPStatus.NOT_MODIFIED, body=b"", headers=answer.headers)
    return answer


def check_etag(call: Call, current: Callable[[], str]) -> None:
    """Refuse a write whose `If-Match` names another state than the present one.

    Args:
        call: The request.
        current: Makes the present state's tag; asked only when it matters.

    Raises:
        ApiError: 412.
    """
    header = call.request.headers.get("if-match")
    if header is None or not call.runtime.offers("etag"):
        return
    wanted = [tag.strip() for tag in header.split(",")]
    if "*" not in wanted and current() not in wanted:
        raise ApiError(
            HTTPStatus.PRECONDITION_FAILED, "precondition_failed", "The customer has changed since it was read."
        )


def _is_unchanged(call: Call, tag: str) -> bool:
    header = call.request.headers.get("if-none-match")
    if header is None:
        return False
    known = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in known or tag in known
