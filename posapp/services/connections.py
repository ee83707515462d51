"""Connecting this till to the shop's customer server: check the credential, learn what the server does, remember it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from posapp.domain.errors import DomainError, RemoteRejected
from posapp.domain.ids import ConnectionId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import LOCAL, RESTORED, OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.services.dto import Connection
from posapp.services.ports.book import Session
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import ServerDescription, ServerSettings
from posapp.services.ports.secrets import Secrets
from posapp.services.shop import check_settings, refuse_other_currency
from posapp.services.till import Till, primary_connection

COUNTRY_OF_CURRENCY = {
    "INR": "IN", "BDT": "BD", "PKR": "PK", "NPR": "NP", "LKR": "LK", "USD": "US", "GBP": "GB", "AED": "AE", "SAR": "SA",
    "MYR": "MY", "IDR": "ID", "PHP": "PH", "KES": "KE", "NGN": "NG", "ZAR": "ZA", "JPY": "JP", "VND": "VN", "KWD": "KW",
    "BHD": "BH", "OMR": "OM",
}  # fmt: skip
"""The country whose phones a shop of that currency most likely means; `--country` says otherwise."""

ZONE_OF_COUNTRY = {
    "IN": "Asia/Kolkata", "BD": "Asia/Dhaka", "PK": "Asia/Karachi", "NP": "Asia/Kathmandu", "LK": "Asia/Colombo",
    "AE": "Asia/Dubai", "SA": "Asia/Riyadh", "MY": "Asia/Kuala_Lumpur", "ID": "Asia/Jakarta", "PH": "Asia/Manila",
    "GB": "Europe/London", "KE": "Africa/Nairobi", "NG": "Africa/Lagos", "ZA": "Africa/Johannesburg",
    "JP": "Asia/Tokyo", "VN": "Asia/Ho_Chi_Minh", "KW": "Asia/Kuwait", "BH": "Asia/Bahrain", "OM": "Asia/Muscat",
}  # fmt: skip
"""The zone of a country that has one; elsewhere the shop says its own."""


class NoConnection(DomainError):
    """There is no server to sync with."""

    id = "no_connection"
    title = N_("No server")
    message = N_("This till is not connected to a server.")
    hint = N_("Connect first: posapp connect API URL --token-stdin")


class ServerRefusesTill(RemoteRejected):
    """Something answers at the address, but not as a customer API that this token may use."""

    id = "server_refuses_till"
    title = N_("The server does not let this till in")
    message = N_("The server answers, but there are no customers at this address that the token may read.")
    hint = N_("Check the whole address, also what stands after the server's name, and what the token allows.")


class AnotherServer(DomainError):
    """The book belongs to a shop on another server."""

    id = "another_server"
    title = N_("This till works with another server")
    message = N_("This till is connected to {name} ({url}).")
    hint = N_("Use a new home for another server: posapp --home DIR connect …")


@dataclass(frozen=True, slots=True)
class ConnectForm:
    """What a person gave to connect.

    Attributes:
        api: Name of the API.
        base_url: Of the server.
        store: The store's id, where the API asks for one.
        name: How this connection is called on the screen; None for the server's host.
        credential: As kept in the keychain; where there is a `client_id`, its secret.
        country: ISO 3166 code; None to go by the currency.
        currency: ISO 4217 code, where the server does not tell it.
        time_zone: IANA name, where the server does not tell it.
        client_id: Of an app that signs in by its id and secret, for one store; None for a token.
    """

    api: str
    base_url: str
    store: str | None
    name: str | None
    credential: bytes
    country: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """A checked connection and the shop as it stands now."""

    connection: Connection
    shop: Shop
    clock_skew_seconds: float | None


def connect(till: Till, secrets: Secrets, form: ConnectForm, *, open_api: Callable[[str], CustomerApi]) -> Connected:
    """Check a credential with a signed request, keep it in the keychain and remember the server.

    Args:
        till: This till.
        secrets: Where the credential goes; nothing of it reaches the book.
        form: As typed.
        open_api: Gives a connector that counts money in a currency.

    Raises:
        RemoteError: The server was not reached, or refused the credential; nothing was kept.
        AnotherServer, AnotherCurrency: This book belongs to something else.
        SecretsUnavailable: The keychain does not take the credential.
    """
    existing, shop = till.book.read(lambda session: (primary_connection(session), session.settings.shop()))
    if existing is not None and (existing.api, existing.base_url, existing.store) != (
        form.api,
        form.base_url,
        form.store,
    ):
        raise AnotherServer(name=existing.name, url=existing.base_url)
    check_settings(shop, {"country": form.country, "currency": form.currency, "zone": form.time_zone})
    described = _describe(open_api, form.currency or shop.currency)
    connection = Connection(
        id=existing.id if existing else ConnectionId(new_uuid()),
        name=form.name or (existing.name if existing else _host(form.base_url)),
        api=form.api,
        base_url=form.base_url,
        store=form.store,
        primary=True,
        capabilities=described.capabilities,
        created_at=existing.created_at if existing else till.clock.now(),
        last_success_at=existing.last_success_at if existing else None,
        clock_skew_seconds=described.clock_skew_seconds,
    )

    def write(session: Session) -> Shop:
        adjusted = _adjusted_shop(session, form, described.settings)
        session.settings.save_shop(adjusted)
        session.settings.save_connection(connection)
        if existing is None:
            _release_kept(session)
        return adjusted

    till.book.read(lambda session: _adjusted_shop(session, form, described.settings))
    secrets.set(connection.secret_name, form.credential)
    shop = till.book.write(write)
    return Connected(connection, shop, described.clock_skew_seconds)


def _describe(open_api: Callable[[str], CustomerApi], currency: str) -> ServerDescription:
    api = open_api(currency)
    try:
        return api.describe()
    except RemoteRejected as error:
        raise ServerRefusesTill from error
    finally:
        api.close()


def _adjusted_shop(session: Session, form: ConnectForm, server: ServerSettings | None) -> Shop:
    """Return the shop's settings with what the server and the person say of them."""
    shop = session.settings.shop()
    currency = server.currency if server else form.currency or shop.currency
    refuse_other_currency(session, currency)
    changed = currency != shop.currency
    country = form.country or (COUNTRY_OF_CURRENCY.get(currency, shop.country) if changed else shop.country)
    zone = server.time_zone if server else form.time_zone
    if zone is None:
        zone = ZONE_OF_COUNTRY.get(country, shop.time_zone) if changed or form.country else shop.time_zone
    return replace(
        shop.in_currency(currency),
        name=server.store_name if server else shop.name,
        country=country,
        time_zone=form.time_zone or zone,
        earn_rate=server.earn_rate if server else shop.earn_rate,
        redemption_value=server.redemption_value if server else shop.redemption_value,
    )


def _release_kept(session: Session) -> None:
    """Let customers who were added before there was a server go out to it, with the edits typed since.

    Their khata, and what no server holds of them, stays where it was kept. Those that came back from a copy may have
    gone out before.
    """
    for view in session.operations.in_states({OperationState.KEPT}):
        kind = view.operation.kind
        edit = kind is OperationKind.CUSTOMER_EDIT and LOCAL not in view.operation.intent
        if edit or kind is OperationKind.CUSTOMER_CREATE:
            restored = RESTORED in view.evidence
            released = OperationState.UNKNOWN if restored else OperationState.PENDING
            session.operations.set_state(view.operation.id, released)


def _host(base_url: str) -> str:
    return base_url.split("//", 1)[-1].split("/", 1)[0]
