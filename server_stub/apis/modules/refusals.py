"""How the `modules` API refuses: always a message, and by field what is wrong where a field is to blame."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from msgspec import ValidationError

from server_stub.apis.modules.shapes import AN_EMAIL, NOT_BLANK
from server_stub.calls import Call
from server_stub.errors import ApiError

Shape = TypeVar("Shape")

_RULES = {
    f"Expected `str` matching regex {NOT_BLANK!r}": "must not be blank",
    f"Expected `str` matching regex {AN_EMAIL!r}": "must be an e-mail address",
}
_MISSING = re.compile(r"Object missing required field `(\w+)`")


def error_body(error: ApiError) -> dict[str, object]:
    """Return a refusal in the API's shape.

    Args:
        error: What is refused, and why.
    """
    body = {"message": error.message, **(error.details or {"errors": {}})}
    return {**body, "code": error.code} if error.status == HTTPStatus.CONFLICT else body


def invalid(field: str, message: str) -> ApiError:
    """Return the refusal of a body whose field breaks a rule.

    Args:
        field: The field, with dots for what is inside another.
        message: What is wrong with it.
    """
    return _blaming(field, message, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def decode(call: Call, shape: type[Shape]) -> Shape:
    """Return the body of a request as a shape.

    Args:
        call: The request.
        shape: What it must be.

    Raises:
        ApiError: 422 with the field when it is not of that shape; 400 when it is no JSON.
    """
    try:
        return call.decode(shape)
    except ApiError as error:
        if isinstance(error.__cause__, ValidationError):
            raise _named(str(error.__cause__)) from error
        raise


def asked(call: Call, read: Callable[..., Shape], name: str, *arguments: object, **options: object) -> Shape:
    """Return a query parameter, and name it in the refusal.

    Args:
        call: The request.
        read: A function of `payload` that takes the query string, the name and what follows here.
        name: The parameter.
        arguments: More for `read`.
        options: More for `read`.
    """
    try:
        return read(call.request.query_params, name, *arguments, **options)
    except ApiError as error:
        raise _blaming(name, error.message, status=error.status) from error


def _named(said: str) -> ApiError:
    """Return the refusal that msgspec's words stand for, such as "Expected `str`, got `int` - at `$.tags[0]`"."""
    problem, _, path = said.partition(" - at `$")
    where = re.findall(r"\w+", path)
    if missing := _MISSING.fullmatch(problem):
        field = ".".join([*where, missing[1]])
        return invalid(field, f"{field} is required.")
    field = ".".join(where) or "body"
    return invalid(field, f"{field} {_RULES[problem]}." if problem in _RULES else f"{field}: {problem}.")


def _blaming(field: str, message: str, *, status: int) -> ApiError:
    return ApiError(status, "invalid_request", message, details={"errors": {field: [message]}})
