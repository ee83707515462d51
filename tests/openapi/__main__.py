"""Draws requests from the stub's OpenAPI, of all five APIs, and checks each answer against what is described.

    python -m tests.openapi [--examples N] [--api NAME …]

No answer may be a 5xx, have an undescribed status, another content type or another shape. Every endpoint is asked on
SQLite and on PostgreSQL, with a token that lets it in; exit 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server_stub import tables
from server_stub.app import close_app, create_app
from server_stub.credentials import all_credentials
from server_stub.settings import SERVED_APIS, Settings
from server_stub.store.writing import INTEGER_IDS
from tests.support.postgres import PostgresUnavailable, running_postgres

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SEED, STORE = 42, 22
CUSTOMERS = 12


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Yield the URL of each database there is; PostgreSQL is left out, with a word, where it cannot be started."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="openapi-"))
        found = {"sqlite": f"sqlite:///{Path(folder) / 'stub.sqlite3'}"}
        try:
            found["postgres"] = stack.enter_context(running_postgres()).new_database()
        except PostgresUnavailable as error:
            print(f"PostgreSQL is left out: {error}")
        yield found


def signed(api: str) -> dict[str, str]:
    """Return the headers that let a request in."""
    bearer = f"Bearer {all_credentials(SEED)[api]['22']['token']}"
    return {"Authorization": bearer, "Authorized": bearer}


def ask(api: str, url: str, examples: int) -> tuple[int, int, list[str]]:
    """Ask every endpoint of an API; return how many endpoints and requests there were, and what was wrong."""
    app = create_app(Settings(database_url=url, api=api, customers=CUSTOMERS, random_seed=SEED))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    wrong: list[str] = []
    endpoints = requests = 0
    try:
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path == "/healthz":
                continue
            endpoints += 1
            made, trouble = drawn(operation, signed(api), real_ids(app, api), examples)
            requests += made
            wrong += trouble
    finally:
        close_app(app)
    return endpoints, requests, wrong


def real_ids(app: Any, api: str) -> dict[str, str]:
    """Return, by the names that paths give them, ids that there are: drawn ones would only ever be unknown."""
    customer, group = tables.customer.c, tables.customer_group.c
    with app.state.runtime.database.read() as connection:
        mine = (customer.store_id == STORE) & (customer.standing == tables.LIVE)
        one = connection.execute(sa.select(customer.id, customer.uuid).where(mine).order_by(customer.id)).first()
        some_group = connection.execute(sa.select(group.id).where(group.store_id == STORE)).scalars().first()
    if one is None:
        return {}
    shown = str(one.id) if api in INTEGER_IDS else one.uuid
    return {**dict.fromkeys(("customer_id", "user_id"), shown), "group_id": str(some_group), "store": str(STORE)}


def drawn(operation: Any, headers: dict[str, str], known: dict[str, str], examples: int) -> tuple[int, list[str]]:
    """Send drawn requests to one endpoint, every other one about what there is.

    Returns:
        How many were sent, and what was wrong with the answers.
    """
    made = 0

    @given(case=operation.as_strategy())
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        nonlocal made
        made += 1
        if made % 2 and case.path_parameters:
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        send()
    except (Failure, FailureGroup, AssertionError) as error:
        return made, [f"{operation.method.upper()} {operation.path}: {error}"]
    return made, []


def main() -> int:
    """Ask what was asked for; 0 if every answer was as described."""
    parser = argparse.ArgumentParser(prog="python -m tests.openapi", description=__doc__)
    parser.add_argument("--examples", type=int, default=20, help="requests drawn for an endpoint")
    parser.add_argument("--api", action="append", choices=SERVED_APIS, help="this one alone")
    options = parser.parse_args()
    failed = 0
    with databases() as urls:
        for database, url in urls.items():
            for api in options.api or SERVED_APIS:
                began = time.monotonic()
                endpoints, requests, wrong = ask(api, url, options.examples)
                failed += len(wrong)
                took = time.monotonic() - began
                counted = f"{endpoints:3} endpoints {requests:6} requests {len(wrong):3} wrong"
                print(f"{database:8} {api:8} {counted} {took:6.1f} s", flush=True)
                for line in wrong:
                    print(f"    {line}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
