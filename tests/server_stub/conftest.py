"""Stubs for the contract tests: each on SQLite and on PostgreSQL, extended and plain."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.postgres import PostgresServer, PostgresUnavailable, running_postgres
from tests.support.stub import StubServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    try:
        with running_postgres() as server:
            yield server
    except PostgresUnavailable as error:
        pytest.skip(f"PostgreSQL: {error}")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'stub.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


StartStub = Callable[..., StubServer]


@pytest.fixture
def start_stub(database_url: str) -> Iterator[StartStub]:
    with ExitStack() as stack:

        def start(**options: Any) -> StubServer:
            return stack.enter_context(StubServer(**{"database_url": database_url, **options}))

        yield start


@pytest.fixture(scope="session", params=["sqlite-extended", "sqlite-plain", "postgres-extended", "postgres-plain"])
def any_stub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StubServer]:
    """Every combination in turn; shared by tests that only look at customers of their own making."""
    backend, kind = request.param.split("-")
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('stub') / 'stub.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").new_database()
    with StubServer(database_url=url, customers=60, plain=kind == "plain") as stub:
        yield stub


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def stub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StubServer]:
    """A stub with every extension, on both databases; shared like `any_stub`."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('stub') / 'stub.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").new_database()
    with StubServer(database_url=url, customers=60) as server:
        yield server


@pytest.fixture
def any_client(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client() as client:
        yield client


@pytest.fixture
def client(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client() as client:
        yield client
