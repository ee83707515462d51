"""What proves to a server who we are. It joins a request only when that is sent, and shows itself nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

_TOKEN = re.compile(r"[!-~]{0,8192}")


class WrongCredential(DomainError):
    """The credential holds what no HTTP header can carry."""

    id = "wrong_credential"
    title = N_("Not a token")
    message = N_("The token holds blanks, line breaks or letters that no token has.")
    hint = N_("Copy the token again from the server's settings, alone and in one piece.")


class Credential(Protocol):
    """Anything that signs a request."""

    def headers(self) -> dict[str, str]:
        """Return the headers that sign a request; none where nothing is known, which the server answers with 401."""
        ...

    def to_bytes(self) -> bytes:
        """Return what the keychain keeps."""
        ...


@dataclass(frozen=True, slots=True)
class BearerToken:
    """A token that is sent as it is; empty where the keychain had none."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise WrongCredential

    def headers(self) -> dict[str, str]:
        """Return the `Authorization` header."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def to_bytes(self) -> bytes:
        """Return the token itself."""
        return self.token.encode("ascii")


def bearer_from_bytes(kept: bytes) -> BearerToken:
    """Return the credential that the keychain keeps.

    Raises:
        WrongCredential: It is no token.
    """
    try:
        return BearerToken(kept.decode("ascii"))
    except UnicodeDecodeError:
        raise WrongCredential from None  # the error's own text would hold the token
