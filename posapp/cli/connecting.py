"""Connecting a customer server on the command line: what signs the till in is read unseen, checked, and kept."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.server import abilities_json, connection_json
from posapp.domain.errors import DomainError
from posapp.domain.messages import N_, Message
from posapp.services.connections import WHAT_REPLACING_MEANS, AnotherServer, Connected, ConnectForm, Replaced


class CredentialMissing(DomainError):
    """Nothing to sign in with."""

    id = "credential_missing"
    title = N_("A token is missing")
    message = N_("The server needs a token.")
    hint = N_("Give it on standard input: posapp connect … --token-stdin")


class ClientIdMissing(DomainError):
    """A secret without the id of the app whose it is."""

    id = "client_id_missing"
    title = N_("The client's id is missing")
    message = N_("A client's secret signs nothing without the client's id.")
    hint = N_("Give both: posapp connect … --store ID --client-id ID --client-secret-stdin")


class ClientSecretMissing(DomainError):
    """The id of an app without its secret."""

    id = "client_secret_missing"
    title = N_("The client's secret is missing")
    message = N_("A client's id signs nothing without the client's secret.")
    hint = N_("Give the secret on standard input: posapp connect … --store ID --client-id ID --client-secret-stdin")


def add_commands(commands: Commands, options: argparse.ArgumentParser, *, apis: Sequence[str]) -> None:
    """Add the parser of this command.

    Args:
        commands: Of the command line.
        options: That every command has.
        apis: Names of the customer APIs that can be connected.
    """
    parser = commands.add_parser("connect", help=N_("connect the shop's customer server"), parents=[options])
    parser.add_argument("api", metavar="API", help=N_("the kind of server: {names}").format(names=", ".join(apis)))
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--store", metavar="ID", help=N_("the store, where the server asks for one"))
    parser.add_argument("--name", metavar="NAME")
    parser.add_argument("--primary", action="store_true", help=N_("writes go there (the first one is it anyway)"))
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--token-stdin", action="store_true", help=N_("read the token from standard input"))
    parser.add_argument("--client-id", metavar="ID", help=N_("sign in as an app, by its id and secret, for one store"))
    secret.add_argument(
        "--client-secret-stdin", action="store_true", help=N_("read the client's secret from standard input")
    )
    parser.add_argument("--country", metavar="CC", help=N_("for phones without a country code: IN, BD, PK, …"))
    parser.add_argument("--currency", metavar="CODE", help=N_("where the server does not tell it"))
    parser.add_argument("--zone", metavar="NAME", help=N_("time zone, where the server does not tell it"))
    parser.add_argument(
        "--replace", action="store_true", help=N_("in the place of the server of now, once nothing waits for it")
    )
    parser.set_defaults(handler=_connect)


def _connect(request: Request) -> Answer:
    args = request.args
    form = ConnectForm(
        api=args.api,
        base_url=args.url.rstrip("/"),
        store=args.store,
        name=args.name,
        credential=_secret(request).encode(),
        country=args.country.upper() if args.country else None,
        currency=args.currency.upper() if args.currency else None,
        time_zone=args.zone,
        client_id=args.client_id,
        replacing=args.replace,
    )
    connected = _connected(request, form)
    shop, abilities = connected.shop, abilities_json(connected.connection)
    data = {
        "connection": connection_json(connected.connection),
        "shop": {
            "name": shop.name,
            "currency": shop.currency,
            "country": shop.country,
            "time_zone": shop.time_zone,
        },
        "capabilities": abilities,
        "fields": list(connected.connection.capabilities.fields),
        "replaced": _replaced_json(connected.replaced),
    }
    return Answer(data, _words(request, connected, [name for name, on in abilities.items() if on]))


def _connected(request: Request, form: ConnectForm) -> Connected:
    """Connect; a person at a terminal is asked what becomes of a server that the till works with already."""
    try:
        return request.app.connect(form)
    except AnotherServer as other:
        if not request.interactive:
            raise
        say = request.say
        for sentence in (other.detail, Message(WHAT_REPLACING_MEANS, other.params)):
            print(say.say(sentence), file=sys.stderr)
        print(say(N_("Replace it? Type yes: ")), end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().casefold() != say(N_("yes")):
            raise
        return request.app.connect(replace(form, replacing=True))


def _replaced_json(replaced: Replaced | None) -> dict[str, object] | None:
    if replaced is None:
        return None
    return {"name": replaced.name, "left": replaced.parted.left, "stayed": replaced.parted.stayed}


def _words(request: Request, connected: Connected, abilities: Sequence[str]) -> list[Text]:
    say, shop = request.say, connected.shop
    if abilities:
        can = say(N_("This server can: {abilities}"), abilities=", ".join(abilities))
    else:
        can = say(N_("This server keeps customers; khata and points stay on this till"))
    place = say(N_("{shop}, {currency}, {zone}"), shop=shop.name, currency=shop.currency, zone=shop.time_zone)
    return [
        Text(say(N_("Connected to {name}"), name=connected.connection.name), style="bold green"),
        *(Text("  " + line) for line in (*_parting(request, connected.replaced), place, can)),
        Text("  " + say(N_("Next: posapp sync"))),
    ]


def _parting(request: Request, replaced: Replaced | None) -> list[str]:
    if replaced is None:
        return []
    words = N_("{name} is not used any more; {left} of its customers left the search, {stayed} stay on this till")
    return [request.say(words, name=replaced.name, left=replaced.parted.left, stayed=replaced.parted.stayed)]


def _secret(request: Request) -> str:
    """Return the token, or the secret of the client that was named.

    Raises:
        CredentialMissing, ClientIdMissing, ClientSecretMissing: There is none, or half of one.
    """
    args = request.args
    if args.client_id is None and args.client_secret_stdin:
        raise ClientIdMissing
    if args.client_id is not None and args.token_stdin:
        raise ClientSecretMissing
    given = args.token_stdin or args.client_secret_stdin or request.interactive
    prompt = N_("Token: ") if args.client_id is None else N_("Client secret: ")
    secret = inputs.secret_line(request, prompt) if given else ""
    if not secret:
        raise CredentialMissing if args.client_id is None else ClientSecretMissing
    return secret
