"""The customer APIs that posapp speaks, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.domain.money import currency_of
from posapp.remote.connector import Connector
from posapp.remote.credential import Credential, credential_from_bytes
from posapp.remote.http import HttpClient
from posapp.remote.modules.api import ModulesApi
from posapp.remote.portal.api import PortalApi
from posapp.remote.pos.api import PosApi
from posapp.remote.selorax.api import SeloraxApi
from posapp.remote.siyahfy.api import SiyahfyApi
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.server_kinds import ServerKind, StoreMissing


class UnknownApi(DomainError):
    """There is no connector of that name."""

    id = "unknown_api"
    title = N_("Unknown kind of server")
    message = N_("“{name}” is no customer API that this till speaks. It speaks: {known}.")
    hint = N_("Choose one of these names.")


CONNECTORS: dict[str, type[Connector]] = {
    "pos": PosApi,
    "selorax": SeloraxApi,
    "modules": ModulesApi,
    "portal": PortalApi,
    "siyahfy": SiyahfyApi,
}


def server_kinds() -> Mapping[str, ServerKind]:
    """Return what a face asks for when one of the APIs is to be connected, by their names."""
    return {name: connector.kind for name, connector in CONNECTORS.items()}


def open_api(
    api_name: str,
    *,
    base_url: str,
    credential: Credential | bytes,
    currency: str,
    name: str,
    transport: httpx.BaseTransport | None = None,
    known: Capabilities | None = None,
    proxy: str | None = None,
    store: str | None = None,
    secret: Callable[[], bytes] = bytes,
) -> CustomerApi:
    """Return a connector; nothing is sent yet. Close it.

    Args:
        api_name: One of `CONNECTORS`.
        base_url: Of the server.
        credential: Or what the keychain keeps of it.
        currency: ISO 4217 code of the shop.
        name: Of the connection, for people.
        transport: Another way to a server, for the simulator.
        known: What the server was known to do, until it announces it again.
        proxy: URL of an http proxy, if the shop has one; the environment is not asked.
        store: The store's id, where the API's paths name it.
        secret: Gives this till's, to make a new customer's password of where the API demands one.

    Raises:
        UnknownApi, WrongAddress, InsecureAddress, WrongCredential: As given.
        StoreMissing: The API's paths name the store, and none is given.
    """
    connector = CONNECTORS.get(api_name)
    if connector is None:
        raise UnknownApi(name=api_name[:40], known=", ".join(sorted(CONNECTORS)))
    if connector.kind.store and not store:
        raise StoreMissing
    currency_of(currency)
    if isinstance(credential, bytes):
        credential = credential_from_bytes(credential)
    client = HttpClient(base_url, credential, transport=transport, proxy=proxy)
    return connector(client, currency, name, known, store=store or "", secret=secret)
