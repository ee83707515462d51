"""A till with its real book and its real connector, beside a running server stub."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posapp.domain.ids import RemoteId
from posapp.remote.credential import credential_from_bytes
from posapp.remote.registry import open_api
from posapp.services.ports.remote import Capabilities
from server_stub.credentials import all_credentials
from server_stub.store.writing import INTEGER_IDS
from tests.support.stub import StubServer
from tests.sync.desk import SHOP, Desk, connection_of, quick_settings
from tests.sync.encrypted_book import fresh_book
from tests.sync.fake_clock import FakeClock

STORE = "7"


class StubDesk(Desk):
    """A till at one of the stub's APIs; the office works on the server itself, always through `pos`."""

    def __init__(self, stub: StubServer, folder: Path, *, api_name: str = "pos", **settings: Any) -> None:
        self.clock = FakeClock(datetime.now(UTC))
        self.stub = stub
        self.api_name = api_name
        self.api = self.new_api()
        self.connection = replace(connection_of(self.clock, Capabilities()), api=api_name)
        self.book = fresh_book(folder, SHOP, self.connection, self.clock)
        self.settings = quick_settings(**settings)
        self.server = self.api  # type: ignore[assignment]
        self.engine = self.new_engine()
        self.office = stub.client(STORE)

    @property
    def url(self) -> str:
        """Where the till finds its server."""
        return self.stub.base_url if self.api_name == "pos" else f"{self.stub.root_url}/{self.api_name}"

    def new_api(self) -> Any:
        token = all_credentials(self.stub.random_seed)[self.api_name][STORE]["token"]
        return open_api(
            self.api_name,
            base_url=self.url,
            credential=credential_from_bytes(token.encode()),
            currency="INR",
            name="main",
            store=STORE,
            secret=lambda: bytes(32),
        )

    def close(self) -> None:
        self.office.close()
        self.api.close()
        self.book.close()

    # The office, working on the server itself

    def put_customer(self, name: str, **fields: Any) -> RemoteId:
        answer = self.office.post("/api/v1/customers", json={"name": name, **fields})
        answer.raise_for_status()
        return self.shown(answer.json()["id"])

    def office_edits(self, remote_id: RemoteId, **fields: Any) -> None:
        self.office.put(self._in_the_office(remote_id), json=fields).raise_for_status()

    def office_deletes(self, remote_id: RemoteId) -> None:
        self.office.delete(self._in_the_office(remote_id)).raise_for_status()

    def seen(self, remote_id: RemoteId) -> dict[str, Any]:
        answer = self.office.get(self._in_the_office(remote_id))
        answer.raise_for_status()
        return dict(answer.json())

    def shown(self, uuid: str) -> RemoteId:
        """Return the id of a live customer as the till's API shows it."""
        return RemoteId(str(self.stub.number_of(uuid, int(STORE))) if self.api_name in INTEGER_IDS else uuid)

    def uuid_of(self, remote_id: str) -> str:
        """Return a live customer's id as the office shows it."""
        return self.stub.uuid_of(remote_id, int(STORE)) if self.api_name in INTEGER_IDS else remote_id

    def _in_the_office(self, remote_id: RemoteId) -> str:
        return f"/api/v1/customers/{self.uuid_of(remote_id)}"

    def effects_of(self, operation_id: str) -> list[str]:
        return [effect["entity"] for effect in self.stub.effects() if effect["op"] == operation_id]

    def fault(self, method: str, path: str, **effect: Any) -> None:
        match = {"method": method, "path": path, "count": 1}
        self.stub.faults([{"match": match, "effect": effect}])
