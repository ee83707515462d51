"""Serves a stub over HTTP: in this thread until a signal, or in a thread of its own that can go away and come back."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from server_stub.app import close_app, create_app
from server_stub.clock import Clock, system_clock
from server_stub.connection import FaultyProtocol
from server_stub.credentials import all_credentials
from server_stub.settings import Settings

_START_SECONDS = 30
_GRACE_SECONDS = 2
_BACKLOG = 2048


class _Server(uvicorn.Server):
    """A server that tells when it is ready."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=FaultyProtocol,
                lifespan="off",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                ws="none",
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self.ready = threading.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self.ready.set()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, named as TCP: asyncio sends small answers at once only on sockets that say so.

    Args:
        host: The address.
        port: The port; 0 for any free one.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the URL under which a socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; print one line once ready.

    Args:
        settings: The choices of this stub.
        host: The address.
        port: The port; 0 for any free one.
    """
    with listen(host, port) as listener:
        app = create_app(settings)
        server = _Server(app)

        def announce() -> None:
            server.ready.wait()
            print(f"serving {url_of(listener)}", flush=True)  # noqa: T201 - the line that callers wait for

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, server.handle_exit)
        threading.Thread(target=announce, daemon=True).start()
        try:
            server.run(sockets=[listener])
        finally:
            close_app(app)


class StubThread:
    """A stub served by a thread of this process, on a port of its own.

    Use it as a context manager. `stop` makes the server go away and `start` makes it come back on the same port with
    the same data, an in-memory database included; leaving the context ends it for good.

    Attributes:
        url: Where the stub stands, without any API's path.
        credentials: As `--print-credentials` shows them.
    """

    def __init__(
        self, settings: Settings | None = None, *, clock: Clock = system_clock, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.settings = settings or Settings(database_url="sqlite://")
        self.app = create_app(self.settings, clock)
        self.credentials = all_credentials(self.settings.random_seed)
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def running(self) -> bool:
        """Whether the server answers now."""
        return self._thread is not None

    def base_url(self, api: str = "pos") -> str:
        """Return the base URL of an API.

        Args:
            api: Its name.
        """
        return self.url + self.settings.prefix(api)

    def start(self) -> None:
        """Serve, on the same port as before if there was one; does nothing while it runs."""
        if self._thread is not None:
            return
        listener = listen(self._host, self._port)
        self.url = url_of(listener)
        self._port = listener.getsockname()[1]
        server = _Server(self.app)

        def run() -> None:
            with listener:
                server.run(sockets=[listener])

        self._server = server
        self._thread = threading.Thread(target=run, name="server-stub", daemon=True)
        self._thread.start()
        if not server.ready.wait(_START_SECONDS):
            raise TimeoutError("The stub did not start.")

    def stop(self) -> None:
        """Stop serving: connections are closed and new ones refused; the data stays."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join()
        self._server = self._thread = None

    def close(self) -> None:
        """Stop serving for good and close the database."""
        self.stop()
        close_app(self.app)
