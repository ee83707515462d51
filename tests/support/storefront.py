"""Customers of the `siyahfy` storefront for tests: how they sign up, what they are mailed, the token they hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from server_stub.web_tokens import WebTokens
from tests.support.stub import StubServer, as_json

PASSWORD = "correct horse battery"
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Shopper:
    """A customer with a token of their own.

    Attributes:
        id: As `siyahfy` shows it.
        uuid: As `pos` shows it.
    """

    id: int
    uuid: str
    email: str
    token: str


def new_email() -> str:
    """Return an e-mail that nobody has."""
    return f"{uuid4().hex}@example.com"


def visitor(stub: StubServer) -> httpx.Client:
    """Return a client of the storefront that shows no token; close it."""
    return httpx.Client(base_url=f"{stub.root_url}/siyahfy", trust_env=False, verify=False)


def post(client: httpx.Client, path: str, **body: Any) -> httpx.Response:
    """Ask an endpoint that names its store in the body: 22, unless another is given."""
    return client.post(f"/api/{path}", json={"store": "22", **body})


def sign_up(client: httpx.Client, email: str, **body: Any) -> httpx.Response:
    """Ask for an account."""
    return post(client, "vendor/customer/add", **{"name": "Ada", "email": email, "password": PASSWORD, **body})


def mailed(stub: StubServer, email: str) -> list[dict[str, Any]]:
    """Return what was mailed to an address, newest first."""
    with visitor(stub) as client:
        return list(as_json(client.get(f"{stub.root_url}/__mail", params={"email": email})))


def token_of(
    customer_id: int | str,
    *,
    store: int = 22,
    expires: datetime = NEVER,
    random_seed: int = 42,
    audience: str = "siyahfy",
) -> str:
    """Return the token that a customer would be given at login, or one that differs from it."""
    return WebTokens(random_seed).sign(audience, expires, store=store, sub=f"customer-{customer_id}")


def shopper(stub: StubServer, store: str = "22", **fields: Any) -> Shopper:
    """Return a new customer who is signed in, without the slow way over mail and password."""
    email = new_email()
    with stub.client(store) as pos, stub.client(store, api="siyahfy") as vendor:
        made = as_json(pos.post("/api/v1/customers", json={"name": "Ada Lovelace", "email": email, **fields}))
        [row] = as_json(vendor.get(f"/api/vendors/customers/{store}", params={"search": email}))["data"]
    return Shopper(id=row["id"], uuid=made["id"], email=email, token=token_of(row["id"], store=int(store)))
