"""Tells OpenAPI what routes take and answer, from the very shapes they decode and encode."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a repeat safe, where `X-Sync-Extensions` announces it",
    "schema": {"type": "string", "format": "uuid"},
}


def query(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    """Return a query parameter as OpenAPI writes it.

    Args:
        name: Its name.
        description: What it does.
        required: Whether the document demands it.
        schema: Its JSON schema.
    """
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


class Documentation:
    """Describes the routes of one API.

    The names of its shapes carry the API's name in front, so that five APIs can stand in one description.
    """

    def __init__(
        self,
        api: str,
        refusal: Any,
        *,
        security: Mapping[str, dict[str, Any]],
        invalid: int = HTTPStatus.BAD_REQUEST,
    ) -> None:
        """Remember what all its routes share.

        Args:
            api: The API's name.
            refusal: The shape of a refusal.
            security: The OpenAPI security schemes, any one of which lets a request in.
            invalid: The status of a body that breaks a rule.
        """
        self._api = api
        self._refusal = refusal
        self._security = dict(security)
        self._invalid = int(invalid)
        self._shapes: list[Any] = [refusal]

    def route(
        self,
        summary: str,
        answer: Any,
        body: Any = None,
        *,
        status: int = 200,
        also: tuple[int, ...] = (),
        writes: bool = False,
        parameters: tuple[dict[str, Any], ...] = (),
        takes: tuple[str, ...] = (JSON,),
        answers: str = JSON,
        example: object = None,
        answered: object = None,
        security: tuple[str, ...] | None = None,
        needs_body: bool = True,
    ) -> dict[str, Any]:
        """Return the keyword arguments of a route that describe it.

        Args:
            summary: What it does.
            answer: The shape of its answer; None for one without a body.
            body: The shape it takes, if it takes one.
            status: The status of success.
            also: Other statuses, beside 401, 413 and, for a body or parameters, the one of what is not valid.
            writes: Whether it changes anything and so takes a key.
            parameters: Query parameters.
            takes: The content types of the body.
            answers: The content type of the answer.
            example: A body as the document shows it.
            answered: An answer as the document shows it.
            security: The schemes that let a request in; all of the API's when not said, none when empty.
            needs_body: Whether a request without a body is refused.
        """
        refusals = {413, *also} | ({400} if writes or parameters else set()) | ({409} if writes else set())
        if security != ():
            refusals.add(401)
        if body is not None:
            refusals.add(self._invalid)
        responses: dict[int | str, dict[str, Any]] = {
            status: _described("Success", self._content(answer, (answers,), answered)),
            **{code: self._other(code, answer) for code in sorted(refusals - {status})},
        }
        schemes = self._names(security if security is not None else tuple(self._security))
        extra: dict[str, Any] = {"security": schemes, "parameters": [*parameters, *([_KEY] if writes else [])]}
        if body is not None:
            extra["requestBody"] = {"required": needs_body, "content": self._content(body, takes, example)}
        return {"summary": summary, "status_code": status, "responses": responses, "openapi_extra": extra}

    def components(self) -> dict[str, Any]:
        """Return the components that the descriptions refer to."""
        _, schemas = msgspec.json.schema_components(self._shapes, ref_template=self._ref)
        named = {self._scheme(name): scheme for name, scheme in self._security.items()}
        return {"schemas": {f"{self._api}.{name}": one for name, one in schemas.items()}, "securitySchemes": named}

    @property
    def _ref(self) -> str:
        return f"#/components/schemas/{self._api}.{{name}}"

    def _scheme(self, name: str) -> str:
        return f"{self._api}.{name}"

    def _names(self, schemes: tuple[str, ...]) -> list[dict[str, list[str]]]:
        """Return which schemes let a request in; names joined by `+` are needed together."""
        return [{self._scheme(part): [] for part in re.split(r"\+", name)} for name in schemes]

    def _content(self, shape: Any, types: tuple[str, ...], example: object = None) -> dict[str, Any]:
        if shape is None:
            return {}
        if shape is bytes:
            return {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
        self._shapes.append(shape)
        [schema], _ = msgspec.json.schema_components([shape], ref_template=self._ref)
        shown = {} if example is None else {"example": example}
        return {one: {"schema": schema, **shown} for one in types}

    def _other(self, code: int, answer: Any) -> dict[str, Any]:
        phrase = HTTPStatus(code).phrase
        if code == HTTPStatus.NOT_MODIFIED:
            return {"description": phrase}
        repeated = code < HTTPStatus.BAD_REQUEST
        return _described(
            "The first answer again" if repeated else phrase,
            self._content(answer if repeated else self._refusal, (JSON,)),
        )


def _described(description: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, **({"content": content} if content else {})}
