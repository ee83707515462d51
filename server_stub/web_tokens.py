"""JSON Web Tokens of the APIs that use them: one algorithm, an audience, an end, the store's own claim."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

import jwt

_ALGORITHM = "HS256"
_REQUIRED = ["exp", "aud", "sub", "store"]


class WebTokens:
    """Signs tokens and reads them back."""

    def __init__(self, random_seed: int) -> None:
        self._secret = hmac.digest(str(random_seed).encode(), b"web tokens", hashlib.sha256)

    def sign(self, audience: str, expires: datetime, **claims: Any) -> str:
        """Return a token.

        Args:
            audience: Who it is for.
            expires: From when it is worth nothing.
            claims: At least `store` and `sub`.
        """
        return jwt.encode({"aud": audience, "exp": expires, **claims}, self._secret, _ALGORITHM)

    def read(self, token: str, audience: str, now: datetime) -> dict[str, Any] | None:
        """Return the claims of a token; None where it is forged, over, of another algorithm or for somebody else.

        Args:
            token: As presented.
            audience: Who it must be for.
            now: The stub's own present; the library would ask the machine's clock.
        """
        options: Any = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            claims = jwt.decode(token, self._secret, algorithms=[_ALGORITHM], audience=audience, options=options)
        except (jwt.InvalidTokenError, ValueError):
            return None
        ends = claims["exp"]
        over = isinstance(ends, bool) or not isinstance(ends, int | float) or ends <= now.timestamp()
        return None if over or not isinstance(claims["store"], int) else claims
