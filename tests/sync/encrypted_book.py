"""The till's real book for the engine's tests."""

from pathlib import Path

import sqlalchemy as sa

from posapp.domain.ids import CustomerId
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Customer
from posapp.store.book import LocalBook, create_book
from posapp.store.tables import CUSTOMER, FIELD_HISTORY
from tests.sync.fake_clock import FakeClock


def fresh_book(folder: Path, shop: Shop, connection: Connection, clock: FakeClock) -> LocalBook:
    book = create_book(folder / "book.db", bytes(32), clock=clock, shop=shop)
    book.write(lambda session: session.settings.save_connection(connection))
    return book


def customers_of(book: LocalBook) -> list[Customer]:
    ids = book.read(lambda session: list(session.customers._sql.execute(sa.select(CUSTOMER.c.id)).scalars()))
    found = [book.read(lambda session, one=one: session.customers.get(CustomerId(one))) for one in ids]
    return [one for one in found if one is not None]


def kept_values(book: LocalBook, customer_id: CustomerId) -> list[tuple[str, object, str]]:
    query = sa.select(FIELD_HISTORY.c.field, FIELD_HISTORY.c.value, FIELD_HISTORY.c.source)
    return [tuple(row) for row in book.read(lambda session: session.customers._sql.execute(query).all())]
