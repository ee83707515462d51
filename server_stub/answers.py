"""What a request is answered with, before it becomes bytes on a connection."""

from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec
from starlette.responses import Response


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A status, a body already encoded, and headers; small enough to be kept and repeated word for word.

    The body is JSON unless a `Content-Type` among the headers says otherwise.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, extra: dict[str, str]) -> Response:
        """Return the HTTP response.

        Args:
            extra: More headers.
        """
        headers = {**self.headers, **extra}
        if self.status == HTTPStatus.NOT_MODIFIED:
            return Response(status_code=self.status, headers=headers)
        media_type = None if "Content-Type" in headers or not self.body else "application/json"
        return Response(self.body, self.status, headers, media_type=media_type)


def json_answer(content: object, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None) -> Answer:
    """Return the answer that carries some content as JSON.

    Args:
        content: Anything msgspec encodes.
        status: The HTTP status.
        headers: Headers beside the usual ones.
    """
    return Answer(status=int(status), body=msgspec.json.encode(content), headers=headers or {})
