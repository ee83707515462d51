"""What a face knows of an API before anything is connected: how it is called, and what signing in there takes."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_


class StoreMissing(DomainError):
    """Signing in names the store, or the API's paths do, and none was given."""

    id = "store_missing"
    title = N_("The store is missing")
    message = N_("This server is asked for one store, and no store is named.")
    hint = N_("Name the store by its id, as the server shows it: posapp connect … --store ID")


@dataclass(frozen=True, slots=True)
class ServerKind:
    """A kind of customer server.

    Attributes:
        title: What a shopkeeper calls it.
        store: Whether it is asked for a store by its id.
        client: Whether an app may sign in there by its id and secret, for one store; a token always may.
    """

    title: str
    store: bool = False
    client: bool = False
