"""What the descriptions of the `siyahfy` routes share."""

from functools import partial

from server_stub.apis.siyahfy.shapes import Refusal
from server_stub.documentation import Documentation, query

_TOKEN = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

described = Documentation("siyahfy", Refusal, security={"vendor": _TOKEN, "customer": _TOKEN})

vendor_route = partial(described.route, security=("vendor",))
"""Describes a route for the store's vendor; `also` names 403, a customer's token, among the statuses."""

customer_route = partial(described.route, security=("customer",))
"""Describes a route for a customer; `also` names 403, a vendor's token, among the statuses."""

PAGE = query("page", "Page number", type="integer", minimum=1, default=1)
LIMIT = query("limit", "Customers per page, cut to 100", type="integer", minimum=1, default=20)
