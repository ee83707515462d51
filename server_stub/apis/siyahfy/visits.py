"""Lets a request of the `siyahfy` storefront in that shows no token yet: its body names the store.

Such requests carry passwords and codes. So they take no `Idempotency-Key` and announce no extension: a kept answer
would give a token out again and keep a fast hash of the secret in the body. Each is safe to repeat as it is.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Connection, select

from server_stub import payload, tables
from server_stub.apis.siyahfy.access import Body
from server_stub.calls import begin
from server_stub.errors import not_found
from server_stub.runtime import Runtime
from server_stub.store.writing import Writing

Shape = TypeVar("Shape")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request of nobody in particular.

    Attributes:
        runtime: The stub.
        request: The request itself.
        body: Its body, as sent.
    """

    runtime: Runtime
    request: Request
    body: bytes

    def decode(self, shape: type[Shape]) -> Shape:
        """Return the body as a shape, or refuse it.

        Args:
            shape: What it must be.
        """
        return payload.decode(self.body, shape)

    def store_id(self, store: int | str) -> int:
        """Return the store that the body names.

        Args:
            store: As given.

        Raises:
            ApiError: 404 for one that is not there.
        """
        with self.reading() as connection:
            stores: Sequence[int] = connection.scalars(select(tables.store.c.id)).all()
        for one in stores:
            if str(one) == str(store):
                return one
        raise not_found("Store")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one snapshot of the stores."""
        with self.runtime.database.read() as connection:
            yield connection

    @contextmanager
    def writing(self, store_id: int) -> Iterator[Writing]:
        """Open one change of a store, which is committed at the end of the block; what is raised takes it back.

        Args:
            store_id: A store that exists.
        """
        with self.runtime.database.write() as connection:
            yield begin(self.runtime, connection, store_id, api="siyahfy", request=self.request)


def _visit(request: Request, body: Body) -> Visit:
    return Visit(runtime=request.app.state.runtime, request=request, body=body)


SomeVisit = Annotated[Visit, Depends(_visit)]
