"""The engines of a till: one for each server that it is connected with, made when it is first asked for."""

from __future__ import annotations

import threading
from contextlib import ExitStack

from posapp.home import TillHome
from posapp.keychain.book_key import load_or_create_deriving_key
from posapp.practice import PracticeStaysHere
from posapp.remote.registry import open_api
from posapp.services.connections import NoConnection
from posapp.services.dto import Connection
from posapp.services.ports.clock import Clock
from posapp.sync.context import InFlight
from posapp.sync.engine import SyncEngine


class Engines:
    """Makes the engines of a till and keeps them. Safe to use from several threads."""

    def __init__(self, home: TillHome, *, clock: Clock, practice: bool) -> None:
        """Name the till.

        Args:
            home: Its folder, with the book and the servers' credentials.
            clock: The till's clock.
            practice: Whether nothing of this till may ever reach a server.
        """
        self._home = home
        self._clock = clock
        self._practice = practice
        self._made: dict[str, SyncEngine] = {}
        self._deriving: bytes | None = None
        self._in_flight = InFlight()
        self._closing = ExitStack()
        self._making = threading.RLock()

    def primary(self) -> SyncEngine | None:
        """Return the engine of the primary server; None where the till has no server."""
        connection = self._connection(None)
        return None if connection is None else self._of(connection)

    def of(self, name: str | None) -> SyncEngine:
        """Return the engine of the primary server, if its name is the one that was asked for, or none was.

        Raises:
            NoConnection: There is no such server, or it is not used any more.
        """
        connection = self._connection(name)
        if connection is None:
            raise NoConnection
        return self._of(connection)

    def renew(self) -> None:
        """Make every engine and its connections anew when it is next asked for, beside one that still works."""
        with self._making:
            self._made.clear()

    def close(self) -> None:
        """Close every connection that was made."""
        self.renew()
        self._closing.close()

    def _connection(self, name: str | None) -> Connection | None:
        connections = self._home.book().read(lambda session: session.settings.connections())
        return next((one for one in connections if one.primary and name in {None, one.name}), None)

    def _of(self, connection: Connection) -> SyncEngine:
        with self._making:
            engine = self._made.get(connection.id)
            if engine is None:
                engine = self._made[connection.id] = self._make(connection)
            return engine

    def _make(self, connection: Connection) -> SyncEngine:
        if self._practice:
            raise PracticeStaysHere
        credential = self._home.keychain().get(connection.secret_name)
        book = self._home.book()
        api = open_api(
            connection.api,
            base_url=connection.base_url,
            credential=credential or b"",
            currency=book.read(lambda session: session.settings.shop()).currency,
            name=connection.name,
            known=connection.capabilities,
            store=connection.store,
            secret=self._deriving_key,
        )
        self._closing.callback(api.close)
        return SyncEngine(book, api, connection, self._clock, in_flight=self._in_flight)

    def _deriving_key(self) -> bytes:
        """Return the key that passwords are derived from; most servers demand none, so it is drawn when one does."""
        with self._making:
            if self._deriving is None:
                self._deriving = load_or_create_deriving_key(self._home.keychain())
            return self._deriving
