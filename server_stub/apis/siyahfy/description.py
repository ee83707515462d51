"""What the descriptions of the `siyahfy` routes share."""

from functools import partial
from typing import Any

from server_stub.apis.siyahfy.shapes import Refusal
from server_stub.documentation import Documentation, query

_TOKEN = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

described = Documentation("siyahfy", Refusal, security={"vendor": _TOKEN, "customer": _TOKEN})

vendor_route = partial(described.route, security=("vendor",))
"""Describes a route for the store's vendor; `also` names 403, a customer's token, among the statuses."""

customer_route = partial(described.route, security=("customer",))
"""Describes a route for a customer; `also` names 403, a vendor's token, among the statuses."""


def an_id(name: str, what: str) -> dict[str, Any]:
    """Return the query parameter that names one thing by its integer id.

    Args:
        name: The parameter.
        what: What it names.
    """
    return query(name, what, required=True, type="integer", format="int64", minimum=1)
