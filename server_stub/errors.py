"""Refusals: raised anywhere below a route, put into the words of the API that was asked at the edge."""

from http import HTTPStatus


class ApiError(Exception):
    """A request that the stub refuses.

    Attributes:
        status: The HTTP status.
        code: A word that a program can branch on.
        message: A sentence for a person.
        details: More members of the answer, such as `available`.
        headers: Headers of the answer, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details or {}
        self.headers = headers or {}


def bad_request(message: str, code: str = "invalid_request") -> ApiError:
    """Return the refusal of a request that is malformed or breaks a rule."""
    return ApiError(HTTPStatus.BAD_REQUEST, code, message)


def unauthorized() -> ApiError:
    """Return the refusal of a request without a valid credential."""
    return ApiError(
        HTTPStatus.UNAUTHORIZED,
        "unauthorized",
        "A valid bearer token is required.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def not_found(what: str = "Customer") -> ApiError:
    """Return the refusal of a request for something that is not there, or is another store's."""
    return ApiError(HTTPStatus.NOT_FOUND, "not_found", f"{what} not found.")


def conflict(code: str, message: str, **details: object) -> ApiError:
    """Return the refusal of a request that what is already there stands against."""
    return ApiError(HTTPStatus.CONFLICT, code, message, details=details)


def in_progress() -> ApiError:
    """Return the refusal of a repeat whose first request is still running."""
    return ApiError(
        HTTPStatus.CONFLICT,
        "in_progress",
        "The first request with this key is still running.",
        headers={"Retry-After": "1"},
    )


def key_reused(message: str = "This key was used before with other content.") -> ApiError:
    """Return the refusal of a key or reference that already stands for something else."""
    return conflict("key_reused", message)


def insufficient_points(available: int) -> ApiError:
    """Return the refusal of a deduction larger than the balance."""
    return conflict("insufficient_points", "The customer does not have that many points.", available=available)
