"""Makes a write that carries an `Idempotency-Key` happen once, however often its request arrives.

The first answer lies in the database, committed with the effect it tells of: no crash can part the two. While the
first request runs, its key is locked, in this process and over all processes that share a PostgreSQL.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from server_stub.answers import Answer
from server_stub.clock import DAY_MICROS
from server_stub.database import Database
from server_stub.errors import in_progress, key_reused
from server_stub.tables import idempotency

KEPT_MICROS = 7 * DAY_MICROS
"""How long an answer is kept."""

NOT_KEPT = frozenset({401, 403, 429})
"""Refusals that say nothing about the request itself."""


class RunningKeys:
    """The keys whose first request is running in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[tuple[str, int, str]] = set()

    @contextmanager
    def hold(self, key: tuple[str, int, str]) -> Iterator[None]:
        """Hold a key for the length of a request.

        Args:
            key: API, store and key.

        Raises:
            ApiError: Another request holds it: `in_progress`.
        """
        with self._lock:
            if key in self._running:
                raise in_progress()
            self._running.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(key)


class KeptAnswers:
    """The answers kept for one key, seen from inside the transaction of its request."""

    def __init__(self, database: Database, connection: Connection, key: tuple[str, int, str], now: int) -> None:
        self._connection = connection
        self._key = key
        self._now = now
        if not database.try_lock(connection, _number(key)):
            raise in_progress()

    def find(self, fingerprint: str) -> Answer | None:
        """Return the first answer, marked as replayed, or None when this request is the first.

        Args:
            fingerprint: Of the request.

        Raises:
            ApiError: The key stands for another request: `key_reused`.
        """
        row = self._connection.execute(
            select(idempotency).where(self._mine, idempotency.c.created_at > self._now - KEPT_MICROS)
        ).one_or_none()
        if row is None:
            return None
        if row.fingerprint != fingerprint:
            raise key_reused("This Idempotency-Key was used before for another request.")
        headers = msgspec.json.decode(row.headers, type=dict[str, str])
        return Answer(status=row.status, body=row.body, headers={**headers, "Idempotency-Replayed": "true"})

    def keep(self, fingerprint: str, answer: Answer) -> None:
        """Keep the first answer, if it is one that counts, and drop what has grown old.

        Args:
            fingerprint: Of the request.
            answer: What it is answered with.

        Raises:
            ApiError: Another process was faster: `in_progress`.
        """
        if answer.status in NOT_KEPT:
            return
        api, store_id, key = self._key
        self._connection.execute(delete(idempotency).where(idempotency.c.created_at <= self._now - KEPT_MICROS))
        try:
            self._connection.execute(
                insert(idempotency).values(
                    api=api,
                    store_id=store_id,
                    key=key,
                    fingerprint=fingerprint,
                    status=answer.status,
                    headers=msgspec.json.encode(answer.headers),
                    body=answer.body,
                    created_at=self._now,
                )
            )
        except IntegrityError as error:
            raise in_progress() from error

    @property
    def _mine(self) -> ColumnElement[bool]:
        api, store_id, key = self._key
        return (idempotency.c.api == api) & (idempotency.c.store_id == store_id) & (idempotency.c.key == key)


def fingerprint_of(method: str, target: str, body: bytes) -> str:
    """Return a digest of all that a request asks.

    Args:
        method: The HTTP method.
        target: Path and query.
        body: As sent.
    """
    digest = hashlib.sha256(f"{method} {target}\n".encode("utf-8", "surrogatepass"))
    digest.update(body)
    return digest.hexdigest()


def _number(key: tuple[str, int, str]) -> int:
    return int.from_bytes(hashlib.sha256(repr(key).encode()).digest()[:8], "big", signed=True)
