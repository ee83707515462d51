"""Finds what a request of the `siyahfy` API names: the store, a customer, several of them, an address."""

from sqlalchemy import ColumnElement, Connection

from server_stub.apis.siyahfy.shapes import invalid
from server_stub.calls import Call
from server_stub.errors import not_found
from server_stub.payload import LARGEST_INTEGER, as_integer_id
from server_stub.store import addresses, customers, listing
from server_stub.store.addresses import AddressRow
from server_stub.store.customers import CustomerRow
from server_stub.tables import customer


def check_store(call: Call, store: str) -> None:
    """Refuse a path that names another store than the token does.

    Args:
        call: The request.
        store: As it stands in the path.

    Raises:
        ApiError: 404.
    """
    if store != str(call.store_id):
        raise not_found("Store")


def query_id(call: Call, name: str) -> int | None:
    """Return an id out of the query string; None where it is of the wrong form, which no row has.

    Args:
        call: The request.
        name: The parameter.

    Raises:
        ApiError: 400 when it is absent.
    """
    text = call.request.query_params.get(name)
    if text is None:
        raise invalid(name, f"{name} is required.")
    return as_integer_id(text)


def required(connection: Connection, call: Call, customer_id: int | None) -> CustomerRow:
    """Return a customer of the caller's store.

    Args:
        connection: The transaction.
        call: The request.
        customer_id: As asked for; None for an id of the wrong form.

    Raises:
        ApiError: 404, also for another store's customer.
    """
    row = None
    if customer_id is not None and _may_be(customer_id):
        row = customers.find(connection, call.store_id, customer_id, by="id")
    if row is None:
        raise not_found()
    return row


def required_address(connection: Connection, call: Call, address_id: int | None) -> AddressRow:
    """Return an address of a live customer of the caller's store.

    Args:
        connection: The transaction.
        call: The request.
        address_id: As asked for; None for an id of the wrong form.

    Raises:
        ApiError: 404, also for another store's address.
    """
    row = None
    if address_id is not None and _may_be(address_id):
        row = addresses.find(connection, call.store_id, address_id, by="id")
    if row is None or customers.find(connection, call.store_id, row.customer_id, by="id") is None:
        raise not_found("Address")
    return row


def known(connection: Connection, call: Call, ids: list[int]) -> list[CustomerRow]:
    """Return those of some customers that the caller's store has, each once, in the order asked for.

    Args:
        connection: The transaction.
        call: The request.
        ids: As asked for.
    """
    wanted = listing.Wanted(also=(among(ids),))
    rows = listing.page_of_customers(connection, call.store_id, wanted, offset=0, limit=len(ids))
    by_id = {row.id: row for row in rows}
    return [by_id[one] for one in dict.fromkeys(ids) if one in by_id]


def among(ids: list[int]) -> ColumnElement[bool]:
    """Return the condition that a customer is one of some.

    Args:
        ids: As asked for; what no id can be is left out.
    """
    return customer.c.id.in_([one for one in ids if _may_be(one)])


def _may_be(one: int) -> bool:
    return 0 < one <= LARGEST_INTEGER
