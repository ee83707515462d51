"""One change of one store: its transaction, its moment, its effects.

Every writer first moves its store's `last_stamp`. That row lock lets writers of a store in one after the other, and
the stamp is later than every earlier one. So times rise strictly in the order of commits: a client that asks for
everything since the last `updated_at` it saw misses nothing that was committed after it.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import Connection, Row, case, insert, update

from server_stub import tables
from server_stub.clock import Clock, to_micros
from server_stub.store.shops import Shop, shop_of

INTEGER_IDS = frozenset({"selorax", "portal", "siyahfy"})
"""The APIs that show customers by their integer id; the others show the uuid."""


@dataclass(kw_only=True)
class Writing:
    """A store's writer, holding its row until the transaction ends.

    Attributes:
        connection: The transaction.
        shop: The store that is written.
        stamp: The moment of this change, in microseconds.
        api: The API through which the change came.
        op: What the caller says the change is, for the effect log; the logic ignores it.
    """

    connection: Connection
    shop: Shop
    stamp: int
    api: str
    op: str | None
    random_seed: int
    _made: int = field(default=0, init=False)

    @classmethod
    def begin(
        cls, connection: Connection, store_id: int, *, clock: Clock, api: str, op: str | None, random_seed: int
    ) -> Self:
        """Queue up for a store and take the next moment.

        Args:
            connection: A writing transaction.
            store_id: The store to write.
            clock: The present.
            api: The API through which the change comes.
            op: The caller's own name for it.
            random_seed: The stub's seed, which identifiers are made from.
        """
        now = to_micros(clock())
        last = tables.store.c.last_stamp
        row = connection.execute(
            update(tables.store)
            .where(tables.store.c.id == store_id)
            .values(last_stamp=case((last >= now, last + 1), else_=now))
            .returning(*tables.store.c)
        ).one()
        return cls(
            connection=connection,
            shop=shop_of(row),
            stamp=row.last_stamp,
            api=api,
            op=op,
            random_seed=random_seed,
        )

    @property
    def store_id(self) -> int:
        """The store that is written."""
        return self.shop.id

    def new_uuid(self) -> str:
        """Return a new identifier; later ones of a store sort after earlier ones."""
        self._made += 1
        name = f"{self.store_id}:{self.stamp}:{self._made}".encode()
        return ordered_uuid(self.stamp, hmac.digest(str(self.random_seed).encode(), name, "sha256"))

    def record_customer(self, row: Row[Any], change: str) -> None:
        """Put what happened to a customer into the log, under the id that the API in use shows.

        Args:
            row: The customer.
            change: What happened.
        """
        self.record("customer", str(row.id) if self.api in INTEGER_IDS else row.uuid, change)

    def record(self, entity: str, entity_id: str, change: str) -> None:
        """Put an effect into the log, in the transaction of the effect itself.

        Args:
            entity: What changed.
            entity_id: Its id as the API in use shows it.
            change: What happened to it.
        """
        self.record_all(entity, [entity_id], change)

    def record_all(self, entity: str, entity_ids: Sequence[str], change: str) -> None:
        """Put the same effect on several things into the log.

        Args:
            entity: What changed.
            entity_ids: Their ids as the API in use shows them; at least one.
            change: What happened to each.
        """
        same = {"at": self.stamp, "api": self.api, "store_id": self.store_id, "op": self.op}
        self.connection.execute(
            insert(tables.effect),
            [{**same, "entity": entity, "entity_id": entity_id, "change": change} for entity_id in entity_ids],
        )


def ordered_uuid(micros: int, tail: bytes) -> str:
    """Return a version 7 uuid whose text sorts by the time in it.

    Args:
        micros: The time, to the microsecond.
        tail: At least eight bytes that make it unique.
    """
    millis, rest = divmod(micros, 1000)
    number = (millis & (1 << 48) - 1) << 80 | 7 << 76 | (rest << 2) << 64 | 2 << 62
    digits = f"{number | int.from_bytes(tail[:8], 'big') >> 2:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def content_hash(*parts: object) -> str:
    """Return a digest of a request's meaning, by which a repeat is told from another request under the same id.

    Args:
        parts: What the request says, in a fixed order.
    """
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
