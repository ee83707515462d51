"""Tells OpenAPI what the `pos` routes take and answer, from the very shapes they decode and encode."""

from http import HTTPStatus
from typing import Any

import msgspec

from server_stub.apis.pos.shapes import Refusal

_REF = "#/components/schemas/{name}"
_shapes: list[Any] = [Refusal]


def query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """Return a query parameter as OpenAPI writes it.

    Args:
        name: Its name.
        description: What it does.
        schema: Its JSON schema.
    """
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


PAGE = query("page", "Page number", type="integer", minimum=1, default=1)
LIMIT = query("limit", "Items per page, cut to 250", type="integer", minimum=1, default=20)

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a repeat safe, where `X-Sync-Extensions` announces it",
    "schema": {"type": "string", "format": "uuid"},
}


def documented(
    summary: str,
    answer: Any,
    body: Any = None,
    *,
    status: int = 200,
    also: tuple[int, ...] = (),
    writes: bool = False,
    parameters: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    """Return the keyword arguments of a route that describe it.

    Args:
        summary: What it does.
        answer: The shape of its answer.
        body: The shape it takes, if it takes one.
        status: The status of success.
        also: Other statuses, beside 401, 413 and, for a body or parameters, 400.
        writes: Whether it changes anything and so takes a key.
        parameters: Query parameters.
    """
    refusals = {401, 413, *also} | ({400} if writes or parameters else set()) | ({409} if writes else set())
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": "Success", "content": _json(answer)},
        **{code: _other(code, answer) for code in sorted(refusals - {status})},
    }
    extra: dict[str, Any] = {"security": [{"bearer": []}], "parameters": [*parameters, *([_KEY] if writes else [])]}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": _json(body)}
    return {"summary": summary, "status_code": status, "responses": responses, "openapi_extra": extra}


def components() -> dict[str, Any]:
    """Return the components that the descriptions refer to."""
    _, schemas = msgspec.json.schema_components(_shapes, ref_template=_REF)
    return {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}


def _json(shape: Any) -> dict[str, Any]:
    _shapes.append(shape)
    [schema], _ = msgspec.json.schema_components([shape], ref_template=_REF)
    return {"application/json": {"schema": schema}}


def _other(code: int, answer: Any) -> dict[str, Any]:
    phrase = HTTPStatus(code).phrase
    if code == HTTPStatus.NOT_MODIFIED:
        return {"description": phrase}
    repeated = code < HTTPStatus.BAD_REQUEST
    return {
        "description": "The first answer again" if repeated else phrase,
        "content": _json(answer if repeated else Refusal),
    }
