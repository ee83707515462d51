"""A till with its real book and its real connector, beside a running server stub."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posapp.domain.ids import RemoteId
from posapp.remote.credential import credential_from_bytes
from posapp.remote.registry import open_api
from posapp.services.ports.remote import Capabilities
from tests.support.stub import StubServer
from tests.sync.desk import SHOP, Desk, connection_of, quick_settings
from tests.sync.encrypted_book import fresh_book
from tests.sync.fake_clock import FakeClock

STORE = "7"


class StubDesk(Desk):
    def __init__(self, stub: StubServer, folder: Path, **settings: Any) -> None:
        self.clock = FakeClock(datetime.now(UTC))
        self.stub = stub
        self.api = self.new_api()
        self.connection = connection_of(self.clock, Capabilities())
        self.book = fresh_book(folder, SHOP, self.connection, self.clock)
        self.settings = quick_settings(**settings)
        self.server = self.api  # type: ignore[assignment]
        self.engine = self.new_engine()
        self.office = stub.client(STORE)

    def new_api(self) -> Any:
        token = credential_from_bytes(self.stub.token(STORE).encode())
        return open_api("pos", base_url=self.stub.base_url, credential=token, currency="INR", name="main")

    def close(self) -> None:
        self.office.close()
        self.api.close()
        self.book.close()

    # The office, working on the server itself

    def put_customer(self, name: str, **fields: Any) -> RemoteId:
        answer = self.office.post("/api/v1/customers", json={"name": name, **fields})
        answer.raise_for_status()
        return RemoteId(answer.json()["id"])

    def office_edits(self, remote_id: RemoteId, **fields: Any) -> None:
        self.office.put(f"/api/v1/customers/{remote_id}", json=fields).raise_for_status()

    def office_deletes(self, remote_id: RemoteId) -> None:
        self.office.delete(f"/api/v1/customers/{remote_id}").raise_for_status()

    def seen(self, remote_id: RemoteId) -> dict[str, Any]:
        answer = self.office.get(f"/api/v1/customers/{remote_id}")
        answer.raise_for_status()
        return dict(answer.json())

    def effects_of(self, operation_id: str) -> list[str]:
        return [effect["entity"] for effect in self.stub.effects() if effect["op"] == operation_id]

    def fault(self, method: str, path: str, **effect: Any) -> None:
        match = {"method": method, "path": path, "count": 1}
        self.stub.faults([{"match": match, "effect": effect}])
