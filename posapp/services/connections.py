"""Connecting this till to the shop's customer server: check the credential, learn what the server does, remember it.

One server a till. Another one takes its place only when somebody says so, and only once nothing waits for the first:
no act on its way, none not yet seen in its data, nothing in the inbox. What it means is the least that can go wrong:

- The first server stays in the book as one that is not used any more, with its records as they were last seen; its
  credential leaves the keychain. Every act, with what was sent and answered, stays to be read.
- Nothing of it is sent to the new server by itself, and none of its figures counts as the new one's. Its customers
  leave the search, and the new server's come as it shows them. Nobody is taken for somebody else by a name or a phone:
  the two may bear different khatas.
- Whoever has a khata or points kept on this till alone stays, as a customer of this till. Where the first server bears
  another part of them the sum would fall apart, so then the till refuses, and a new home is the way.
- Back at the first server, its customers are found again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from posapp.domain.errors import DomainError, RemoteRejected
from posapp.domain.ids import ConnectionId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import LOCAL, RESTORED, OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.services.dto import Connection
from posapp.services.ports.book import Parted, Session
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.mirror import HELD, Held
from posapp.services.ports.remote import ServerDescription, ServerSettings
from posapp.services.ports.secrets import Secrets
from posapp.services.shop import check_settings, refuse_other_currency
from posapp.services.till import Till

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


WHAT_REPLACING_MEANS = N_(
    "{name} will not be used any more. Its customers leave the search; who has a khata or points kept on this till "
    "alone stays. All acts stay to be read, and nothing is sent to the new server by itself."
)
"""What a person says yes to before another server takes the place of the one called `name`."""


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
    hint = N_("Put the new server in its place with --replace, or use a new home: posapp --home DIR connect …")


class WorkWaiting(DomainError):
    """Something of the first server is not settled: with another one in its place nobody could settle it."""

    id = "work_waiting"
    title = N_("Work waits for the first server")
    message = N_("{waiting} acts wait for {name}, and {asked} things wait in the inbox.")
    hint = N_("Send and settle them first: posapp sync, posapp inbox list. Then replace the server.")


class KhataInTwoPlaces(DomainError):
    """Replacing the server would leave a part of somebody's khata or points out of the sum."""

    id = "khata_in_two_places"
    title = N_("Khatas would fall apart")
    message = N_("{count} customers have a part of their khata or points with {name}, and a part on this till alone.")
    hint = N_("Settle these first, or use a new home for the other server: posapp --home DIR connect …")


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
        replacing: Whether another server that the till works with now makes room for this one.
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
    replacing: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """The server that made room for another, and what became of its customers."""

    name: str
    parted: Parted


@dataclass(frozen=True, slots=True)
class Connected:
    """A checked connection and the shop as it stands now; `replaced` is None where no other server made room."""

    connection: Connection
    shop: Shop
    clock_skew_seconds: float | None
    replaced: Replaced | None = None


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
        WorkWaiting, KhataInTwoPlaces: The other server cannot make room now.
        SecretsUnavailable: The keychain does not take the credential.
    """
    connections, shop = till.book.read(lambda session: (session.settings.connections(), session.settings.shop()))
    known = next((one for one in connections if _place(one) == _place(form)), None)
    first = next((one for one in connections if one.primary and one is not known), None)
    if first is not None:
        if not form.replacing:
            raise AnotherServer(name=first.name, url=first.base_url)
        till.book.read(partial(_check_done, first=first))
    check_settings(shop, {"country": form.country, "currency": form.currency, "zone": form.time_zone})
    described = _describe(open_api, form.currency or shop.currency)
    connection = _connection(till, form, described, known)
    till.book.read(lambda session: _adjusted_shop(session, form, described.settings))
    secrets.set(connection.secret_name, form.credential)
    try:
        connected = till.book.write(lambda session: _take_up(session, form, described, connection, first=first))
    except DomainError:
        if known is None:
            secrets.delete(connection.secret_name)
        raise
    for one in connections:
        if one.id != connection.id:
            secrets.delete(one.secret_name)
    return connected


def _connection(till: Till, form: ConnectForm, described: ServerDescription, known: Connection | None) -> Connection:
    """Return the connection as it will stand in the book; a server that is known keeps its id."""
    return Connection(
        id=known.id if known else ConnectionId(new_uuid()),
        name=form.name or (known.name if known else _host(form.base_url)),
        api=form.api,
        base_url=form.base_url,
        store=form.store,
        primary=True,
        capabilities=described.capabilities,
        created_at=known.created_at if known else till.clock.now(),
        last_success_at=known.last_success_at if known else None,
        clock_skew_seconds=described.clock_skew_seconds,
    )


def _take_up(
    session: Session,
    form: ConnectForm,
    described: ServerDescription,
    connection: Connection,
    *,
    first: Connection | None,
) -> Connected:
    """Write shop and connection; the first server of a till gets what waited for one, another one nothing."""
    beginning = not session.settings.connections()
    shop = _adjusted_shop(session, form, described.settings)
    replaced = None if first is None else _part(session, first)
    session.settings.save_shop(shop)
    session.settings.save_connection(connection)
    if beginning:
        _release_kept(session)
    if replaced is not None:
        session.customers.come_back(connection.id)
        session.mirror.set_checkpoint(connection.id, HELD, None)
    return Connected(connection, shop, described.clock_skew_seconds, replaced)


def _place(server: Connection | ConnectForm) -> tuple[str, str, str | None]:
    """Return what makes a server this one and no other."""
    return server.api, server.base_url, server.store


def _check_done(session: Session, first: Connection) -> None:
    """Refuse to leave a server while something of it waits, or is asked about."""
    counts = session.operations.counts()
    asked = max(counts.needs_attention, len(session.operations.in_states({OperationState.NEEDS_HUMAN})))
    if counts.waiting or asked:
        raise WorkWaiting(name=first.name, waiting=counts.waiting, asked=asked)


def _part(session: Session, first: Connection) -> Replaced:
    """Let the customers of the server that makes room leave; checked again: a sale may have come between."""
    _check_done(session, first)
    parted = session.customers.part(first.id)
    if parted.torn:
        raise KhataInTwoPlaces(name=first.name, count=parted.torn)
    session.mirror.set_checkpoint(first.id, HELD, Held.REPLACED.value)  # an engine of it may still be at work
    return Replaced(first.name, parted)


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
