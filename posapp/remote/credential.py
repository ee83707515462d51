"""What proves to a server who we are. It joins a request only when that is sent, and shows itself nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

_TOKEN = re.compile(r"[!-~]{0,8192}")
_CLIENT = "client"


class WrongCredential(DomainError):
    """The credential holds what no HTTP header can carry."""

    id = "wrong_credential"
    title = N_("Not a token")
    message = N_("The token holds blanks, line breaks or letters that no token has.")
    hint = N_("Copy the token again from the server's settings, alone and in one piece.")


class WrongClient(WrongCredential):
    """The id, the secret or the store holds what no HTTP header can carry."""

    id = "wrong_client"
    title = N_("Not a client's id and secret")
    message = N_("The client's id, its secret or the store's id is empty, or holds blanks, line breaks or odd letters.")
    hint = N_("Copy each of them again from the server's settings, alone and in one piece.")


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


@dataclass(frozen=True, slots=True)
class ClientCredential:
    """An app's id and secret, with the store that it speaks for."""

    client_id: str
    client_secret: str = field(repr=False)
    store: str

    def __post_init__(self) -> None:
        if not all(part and _TOKEN.fullmatch(part) for part in self._parts()):
            raise WrongClient

    def headers(self) -> dict[str, str]:
        """Return the three headers that name the app, prove it, and say for whom it asks."""
        return {"X-Client-Id": self.client_id, "X-Client-Secret": self.client_secret, "X-Store-Id": self.store}

    def to_bytes(self) -> bytes:
        """Return the parts on lines of their own, below a word: no token holds a line break."""
        return "\n".join((_CLIENT, *self._parts())).encode("ascii")

    def _parts(self) -> tuple[str, str, str]:
        return self.client_id, self.client_secret, self.store


def credential_from_bytes(kept: bytes) -> Credential:
    """Return the credential that the keychain keeps: a client's, or a token as it is.

    Raises:
        WrongCredential: It is neither.
    """
    try:
        text = kept.decode("ascii")
    except UnicodeDecodeError:
        raise WrongCredential from None  # the error's own text would hold the token
    match text.split("\n"):
        case [word, client_id, client_secret, store] if word == _CLIENT:
            return ClientCredential(client_id, client_secret, store)
        case _:
            return BearerToken(text)
