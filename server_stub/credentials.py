"""Who may speak for which store: tokens derived from the random seed, kept and compared as hashes."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from server_stub.web_tokens import WebTokens

STORE_IDS: tuple[int, ...] = (22, 7)
"""The stores that always exist."""

READ, WRITE = "read:customers", "write:customers"

_NEVER = datetime(2100, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a credential allows.

    Attributes:
        store_id: The store it speaks for.
        scopes: What it may do there.
    """

    store_id: int
    scopes: frozenset[str] = frozenset({READ, WRITE})


def token_of(random_seed: int, api: str, store_id: int, kind: str = "") -> str:
    """Return a bearer token of a store.

    Args:
        random_seed: The stub's seed.
        api: The API it is for.
        store_id: The store it names.
        kind: What tells it from the API's other secrets.
    """
    mac = hmac.digest(str(random_seed).encode(), f"{api}{kind}:{store_id}".encode(), hashlib.sha256)
    return f"{api}{kind}_" + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def all_credentials(random_seed: int) -> dict[str, dict[str, dict[str, str]]]:
    """Return every credential by API and store, as `--print-credentials` shows them.

    Args:
        random_seed: The stub's seed.
    """
    return {
        "pos": {str(store): {"token": token_of(random_seed, "pos", store)} for store in STORE_IDS},
        "selorax": {str(store): _selorax(random_seed, store) for store in STORE_IDS},
        "modules": {str(store): {"token": token_of(random_seed, "modules", store)} for store in STORE_IDS},
        "portal": {str(store): _web_tokens(random_seed, "portal", store) for store in STORE_IDS},
        "siyahfy": {
            str(store): {**_web_tokens(random_seed, "siyahfy", store), "store": str(store)} for store in STORE_IDS
        },
    }


class Credentials:
    """Knows which credential allows what, without keeping any of them.

    Attributes:
        web_tokens: The tokens that carry their own claims.
    """

    def __init__(self, random_seed: int) -> None:
        self.web_tokens = WebTokens(random_seed)
        self._grants: dict[str, list[tuple[bytes, Grant]]] = {"pos": [], "selorax": [], "modules": [], "client": []}
        for store in STORE_IDS:
            grant, made = Grant(store_id=store), _selorax(random_seed, store)
            for api in ("pos", "modules"):
                self._grants[api].append((_digest(token_of(random_seed, api, store)), grant))
            reading = Grant(store_id=store, scopes=frozenset({READ}))
            self._grants["selorax"] += [(_digest(made["token"]), grant), (_digest(made["read_token"]), reading)]
            client = _joined(made["client_id"], made["client_secret"], made["store_id"])
            self._grants["client"].append((_digest(client), grant))

    def grant_of(self, api: str, token: str) -> Grant | None:
        """Return what a bearer token allows, or None; takes the same time for every token.

        Args:
            api: `pos`, `selorax` or `modules`.
            token: As presented.
        """
        presented = _digest(token)
        found = None
        for digest, grant in self._grants[api]:
            if hmac.compare_digest(digest, presented):
                found = grant
        return found

    def grant_of_client(self, client_id: str, secret: str, store_id: str) -> Grant | None:
        """Return what the credentials of a `selorax` app allow, or None.

        Args:
            client_id: As presented.
            secret: As presented.
            store_id: The store it asks for; another one than its own is nothing.
        """
        return self.grant_of("client", _joined(client_id, secret, store_id))


def bearer_of(request: Request, header: str = "authorization") -> str:
    """Return the bearer token of a request; empty where it has none.

    Args:
        request: The request.
        header: The header that carries it.
    """
    scheme, _, token = request.headers.get(header, "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _selorax(random_seed: int, store_id: int) -> dict[str, str]:
    return {
        "token": token_of(random_seed, "selorax", store_id),
        "read_token": token_of(random_seed, "selorax", store_id, "_read"),
        "client_id": token_of(random_seed, "selorax", store_id, "_app")[:32],
        "client_secret": token_of(random_seed, "selorax", store_id, "_secret"),
        "store_id": str(store_id),
    }


def _web_tokens(random_seed: int, api: str, store_id: int) -> dict[str, str]:
    signer = WebTokens(random_seed)

    def signed(expires: datetime) -> str:
        claims: dict[str, Any] = {"store": store_id, "sub": f"vendor-{store_id}", "iat": _LONG_AGO}
        return signer.sign(api, expires, **claims)

    return {"token": signed(_NEVER), "expired_token": signed(_LONG_AGO)}


def _joined(*parts: str) -> str:
    return "\x1f".join(parts)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
