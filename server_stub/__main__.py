"""The program `posapp-stub`: options in, a server on a port or credentials on stdout out."""

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from server_stub.app import close_app, create_app
from server_stub.credentials import all_credentials
from server_stub.errors import ApiError
from server_stub.faults import parse_fault
from server_stub.payload import FLAGS
from server_stub.server import serve
from server_stub.settings import DEFAULT_DATABASE_URL, EXTENSIONS, SERVED_APIS, Settings

_LARGEST_PORT = 65_535
_NUMBERS = {
    "CUSTOMERS_VIP_ORDER_THRESHOLD": "vip_order_threshold",
    "CUSTOMERS_VIP_SPEND_THRESHOLD": "vip_spend_threshold",
    "CUSTOMERS_PER_PAGE": "customers_per_page",
    "CUSTOMERS_MAX_PER_PAGE": "customers_max_per_page",
}
_CONSENT = "CUSTOMERS_ENABLE_MARKETING_CONSENT"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Args:
        arguments: The command line without the program; that of this process when not given.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        faults = () if options.faults is None else _read_faults(options.faults)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, ApiError) as error:
        parser.error(f"--faults {options.faults}: {error}")
    try:
        configured = _configured(os.environ)
    except ValueError as error:
        parser.error(str(error))
    settings = Settings(
        database_url=options.database_url,
        api=options.api,
        customers=options.customers,
        random_seed=options.random_seed,
        extensions=frozenset() if options.plain else frozenset(EXTENSIONS),
        faults=faults,
        **configured,
    )
    try:
        if options.print_credentials:
            close_app(create_app(settings))
            print(json.dumps(all_credentials(settings.random_seed), indent=2))  # noqa: T201 - what was asked for
        else:
            serve(settings, options.host, options.port)
    except (OSError, SQLAlchemyError) as error:
        print(f"posapp-stub: {error}", file=sys.stderr)  # noqa: T201 - for whoever started it
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="posapp-stub", description="Serve the customer APIs of a shop.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8765, help="0 takes any free port")
    parser.add_argument("--database-url", default=DEFAULT_DATABASE_URL, help="any SQLAlchemy URL")
    parser.add_argument("--api", type=_api, default="all", help=f"all or one of {', '.join(SERVED_APIS)}")
    parser.add_argument("--customers", type=_count, default=0, help="fill empty stores with so many")
    parser.add_argument("--random-seed", type=int, default=42)
    parser.add_argument("--plain", action="store_true", help="offer only what the documents describe")
    parser.add_argument("--faults", type=Path, help="a TOML file of faults")
    parser.add_argument("--print-credentials", action="store_true", help="print them as JSON and exit")
    return parser


def _configured(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the choices that the document of `modules` leaves to environment variables."""
    chosen: dict[str, Any] = {}
    for variable, name in _NUMBERS.items():
        if variable in environment:
            text = environment[variable]
            if not (text.isascii() and text.isdecimal() and int(text)):
                raise ValueError(f"{variable} must be a whole number from 1")
            chosen[name] = int(text)
    if _CONSENT in environment:
        if environment[_CONSENT].lower() not in FLAGS:
            raise ValueError(f"{_CONSENT} must be true or false")
        chosen["marketing_consent"] = FLAGS[environment[_CONSENT].lower()]
    return chosen


def _api(text: str) -> str:
    if text != "all" and text not in SERVED_APIS:
        raise argparse.ArgumentTypeError(f"unknown API {text}")
    return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"no such port: {text}")
    return port


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return count


def _read_faults(path: Path) -> tuple[dict[str, object], ...]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    faults = content.get("faults", [])
    if not isinstance(faults, list):
        raise ValueError("faults must be an array of tables")  # noqa: TRY004 - a value in a file, not a type in code
    for fault in faults:
        parse_fault(fault)
    return tuple(faults)


if __name__ == "__main__":
    sys.exit(main())
