"""A running server stub for tests: in a thread, or as a process that can be killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import sqlalchemy as sa

from server_stub import tables
from server_stub.clock import Clock, system_clock
from server_stub.credentials import all_credentials
from server_stub.server import StubThread
from server_stub.settings import EXTENSIONS, Settings

_PLAIN_HTTP: dict[str, Any] = {"trust_env": False, "verify": False, "timeout": 60}  # no certificates: 25 ms a client


class _Controlled:
    """What both kinds of stub offer once they serve."""

    root_url: str
    random_seed: int
    api: str

    @property
    def base_url(self) -> str:
        """The base URL of the `pos` API, such as http://127.0.0.1:1234/pos."""
        return self.root_url + ("/pos" if self.api == "all" else "")

    def token(self, store: str = "22") -> str:
        """Return a store's bearer token for the `pos` API."""
        return all_credentials(self.random_seed)["pos"][store]["token"]

    def client(self, store: str = "22", *, api: str = "pos", token: str = "", **options: Any) -> httpx.Client:
        """Return a client of an API, signed in as a store unless another token is given; close it."""
        signed = token or all_credentials(self.random_seed)[api][store]["token"]
        base_url = self.root_url + (f"/{api}" if self.api == "all" else "")
        headers = {"Authorization": f"Bearer {signed}"}
        return httpx.Client(base_url=base_url, headers=headers, **{**_PLAIN_HTTP, **options})

    def faults(self, faults: Sequence[dict[str, Any]]) -> None:
        """Replace all faults by these, each `{"match": {…}, "effect": {…}}`."""
        self._control("PUT", "/__faults", json={"faults": list(faults)})

    def clear_faults(self) -> None:
        """End all faults."""
        self._control("DELETE", "/__faults")

    def effects(self) -> list[dict[str, Any]]:
        """Return what changed on the server, oldest first."""
        return list(self._control("GET", "/__effects").json())

    def _control(self, method: str, path: str, **options: Any) -> httpx.Response:
        with httpx.Client(base_url=self.root_url, **_PLAIN_HTTP) as client:
            response = client.request(method, path, **options)
        response.raise_for_status()
        return response


class StubServer(_Controlled):
    """A stub in a thread of this process; in memory unless another database is named."""

    def __init__(
        self,
        *,
        database_url: str = "sqlite://",
        api: str = "all",
        customers: int = 0,
        random_seed: int = 42,
        plain: bool = False,
        extensions: frozenset[str] | None = None,
        clock: Clock = system_clock,
    ) -> None:
        offered = frozenset() if plain else frozenset(EXTENSIONS) if extensions is None else extensions
        self.api = api
        self.random_seed = random_seed
        self.thread = StubThread(
            Settings(
                database_url=database_url,
                api=api,
                customers=customers,
                random_seed=random_seed,
                extensions=offered,
            ),
            clock=clock,
        )

    @property
    def root_url(self) -> str:  # type: ignore[override]
        """Where the stub stands, without any API's path."""
        return self.thread.url

    def live_rows(self, store: int = 22) -> list[Any]:
        """Return a store's live customers as its table has them, oldest first."""
        customer = tables.customer
        query = sa.select(customer).where(customer.c.store_id == store, customer.c.standing == tables.LIVE)
        with self.thread.app.state.runtime.database.read() as connection:
            return list(connection.execute(query.order_by(customer.c.id)))

    def number_of(self, uuid: str, store: int = 22) -> int:
        """Return the integer id of a live customer."""
        return next(int(row.id) for row in self.live_rows(store) if row.uuid == uuid)

    def uuid_of(self, shown: str, store: int = 22) -> str:
        """Return the uuid of a live customer by either id."""
        return next(str(row.uuid) for row in self.live_rows(store) if shown in {row.uuid, str(row.id)})

    def stop(self) -> None:
        """Make the server go away; its data stays."""
        self.thread.stop()

    def start(self) -> None:
        """Make the server come back on the same port."""
        self.thread.start()

    def __enter__(self) -> Self:
        self.thread.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.thread.__exit__(kind, error, trace)


class StubProcess(_Controlled):
    """A stub as a process of its own, for tests that kill it or run two on one database."""

    def __init__(
        self,
        *,
        database_url: str,
        api: str = "all",
        customers: int = 0,
        random_seed: int = 42,
        plain: bool = False,
        port: int = 0,
        cwd: Path | None = None,
    ) -> None:
        self.api = api
        self.random_seed = random_seed
        self._cwd = cwd
        self._process: subprocess.Popen[str] | None = None
        self._port = port
        self._options = [
            *("--database-url", database_url, "--api", api, "--customers", str(customers)),
            *("--random-seed", str(random_seed)),
            *(["--plain"] if plain else []),
        ]

    def start(self) -> None:
        """Start, on the same port as before if there was one, and wait until it serves."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server_stub", "--port", str(self._port), *self._options],
            stdout=subprocess.PIPE,
            text=True,
            cwd=self._cwd,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("serving "), f"the stub did not start: {line!r}"
        self.root_url = line.removeprefix("serving ").strip()
        self._port = int(self.root_url.rsplit(":", 1)[1])

    def kill(self) -> None:
        """End the process without a warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End the process as an operator does and return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        code = process.wait(20)
        assert process.stdout is not None
        process.stdout.close()
        return code

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def as_json(response: httpx.Response) -> Any:
    """Return the JSON of an answer that must be a success."""
    assert response.is_success, f"{response.status_code}: {response.text}"
    return json.loads(response.content)
