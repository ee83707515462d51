"""Every scenario of the engine runs over the book in memory and over the till's real one."""

import pytest

from tests.sync.desk import Desk
from tests.sync.encrypted_book import fresh_book


@pytest.fixture(params=["memory", "encrypted"])
def any_book(request, tmp_path):
    """Decide which book a `Desk` gets."""
    if request.param == "memory":
        yield
        return
    books = []

    def make(shop, connection, clock):
        books.append(fresh_book(tmp_path / str(len(books)), shop, connection, clock))
        return books[-1]

    Desk.make_book = staticmethod(make)
    yield
    Desk.make_book = None
    for book in books:
        book.close()
