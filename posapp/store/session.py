"""One transaction as the use cases and the engine see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import sqlalchemy as sa

from posapp.domain.ids import OperationId
from posapp.services.ports.book import Customers, Inbox, Settings
from posapp.services.ports.clock import Clock
from posapp.services.ports.khata import Khata
from posapp.services.ports.mirror import Mirror
from posapp.services.ports.operations import Operations
from posapp.services.ports.peers import Peers
from posapp.services.ports.proofs import Proofs
from posapp.services.ports.receivables import Receivables
from posapp.services.ports.risk import RiskBook
from posapp.store.customers import CustomersRepository
from posapp.store.exchange.peers import PeersRepository
from posapp.store.inbox import InboxRepository
from posapp.store.khata import KhataRepository
from posapp.store.mirror import MirrorRepository
from posapp.store.operations import OperationsRepository
from posapp.store.proofs import ProofsRepository
from posapp.store.receivables import ReceivablesRepository
from posapp.store.risk import RiskRepository
from posapp.store.scope import Scope
from posapp.store.settings import SettingsRepository


class LocalSession:
    """`Session` of the book's port, over one open transaction."""

    def __init__(self, connection: sa.Connection, clock: Clock) -> None:
        self._scope = Scope(connection, clock)

    @property
    def index_stale(self) -> bool:
        """Whether this transaction left the search index to be filled anew."""
        return self._scope.index_stale

    @property
    def erased(self) -> bool:
        """Whether this transaction erased somebody, of whom the log still holds old pages."""
        return self._scope.erased

    @property
    def recorded(self) -> Sequence[OperationId]:
        """The operations that this transaction recorded."""
        return self._scope.recorded

    @cached_property
    def settings(self) -> Settings:
        """The shop, this till and its servers."""
        return SettingsRepository(self._scope)

    @cached_property
    def customers(self) -> Customers:
        """Customers and the search."""
        return CustomersRepository(self._scope)

    @cached_property
    def operations(self) -> Operations:
        """Acts and their delivery."""
        return OperationsRepository(self._scope)

    @cached_property
    def khata(self) -> Khata:
        """Money and points."""
        return KhataRepository(self._scope)

    @cached_property
    def mirror(self) -> Mirror:
        """What the server last said."""
        return MirrorRepository(self._scope)

    @cached_property
    def inbox(self) -> Inbox:
        """What a person must decide."""
        return InboxRepository(self._scope)

    @cached_property
    def proofs(self) -> Proofs:
        """Which khatas are proven equal to the server's."""
        return ProofsRepository(self._scope)

    @cached_property
    def peers(self) -> Peers:
        """The shop's other tills."""
        return PeersRepository(self._scope)

    @cached_property
    def receivables(self) -> Receivables:
        """Who owes, and the statements handed out."""
        return ReceivablesRepository(self._scope)

    @cached_property
    def risk(self) -> RiskBook:
        """Points given at the shop's risk."""
        return RiskRepository(self._scope)
