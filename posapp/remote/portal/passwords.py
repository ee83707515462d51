"""The password that the portal demands of every new customer: made at sending, the same for every repeat, kept nowhere.

A prepared request lies in the book, so it holds a mark in the place of the password. What stands there when it leaves
follows from the till's secret and the operation's id alone: a repeat sends the same bytes, before and after a restart,
and who has the book or the server's credential has no password.
"""

from __future__ import annotations

import base64
import hmac
from typing import Final

MARK: Final = b"<password>"
"""No value of a form looks like this: urlencoded, `<` is `%3C`."""

_BYTES: Final = 12
_EVERY_KIND: Final = "Aa1-"
"""A capital, a small letter, a digit and a sign, for servers that want one of each."""


def filled(body: bytes, secret: bytes, operation_id: str) -> tuple[bytes, str]:
    """Return a body with the password in the place of its mark, and the password.

    Args:
        body: As prepared.
        secret: Of this till.
        operation_id: Of the create.

    Raises:
        ValueError: There is no secret: anybody could work the password out.
    """
    if not secret:
        raise ValueError("no secret to make a password of")
    digest = hmac.digest(secret, b"portal password " + operation_id.encode(), "sha256")
    password = _EVERY_KIND + base64.urlsafe_b64encode(digest[:_BYTES]).decode("ascii")
    return body.replace(MARK, password.encode("ascii")), password
