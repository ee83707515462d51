"""What the descriptions of the `portal` routes share."""

from typing import Any

from server_stub.apis.portal.shapes import Refusal
from server_stub.documentation import FORM, JSON, Documentation, query

described = Documentation(
    "portal",
    Refusal,
    security={
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "authorized": {"type": "apiKey", "in": "header", "name": "Authorized", "description": "`Bearer` and the token"},
    },
)

TAKES = (FORM, JSON)

LIMIT = query("limit", "How many rows at most, cut to 250", required=True, type="integer", minimum=1)
OFFSET = query("offset", "How many rows to leave out", type="integer", minimum=0, default=0)
COUNT = query("count", "1 answers how many there are in place of the rows", type="integer", enum=[0, 1], default=0)
NAME = query("name", "A piece of the name", type="string")
EMAIL = query("email", "A piece of the e-mail", type="string")
STATUS = query("status", "1 active, 0 not", type="integer", enum=[0, 1])
GROUP = query("customerGroup", "A group's id or name", type="string")
DATE = query("date", "The day of creation in the store's time zone", type="string", format="date")
CUSTOMER = query("customerId", "Only this customer's", type="integer", minimum=1)


def route(summary: str, answer: Any, body: Any = None, *, either: bool = False, **more: Any) -> dict[str, Any]:
    """Return the keyword arguments of a route that describe it, as `Documentation.route` does.

    Args:
        summary: What it does.
        answer: The shape of its answer.
        body: The shape it takes, if it takes one.
        either: Whether the header `Authorized` lets a request in too.
        more: As `Documentation.route` takes them.
    """
    security = ("authorized", "bearer") if either else ("bearer",)
    return described.route(summary, answer, body, security=security, **more)
