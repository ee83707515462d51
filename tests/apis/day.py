"""The day itself: a till's commands, and what happens on the server meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from server_stub.credentials import all_credentials
from tests.support.stub import StubServer

PASSPHRASE = "only for this day"
QUARANTINE = 2
MOST_CYCLES = 40
CREATES = {
    "pos": "/pos/api/v1/customers",
    "selorax": "/selorax/api/apps/v1/customers",
    "modules": "/modules/api/v1/customers",
    "portal": "/portal/api/customer",
    "siyahfy": "/siyahfy/api/bulkinsertcustomers",
}
"""Where each API takes a new customer."""


class Refused(Exception):
    """A command was not done."""


class Day:
    """One till at one API.

    Attributes:
        requests: How many requests its syncs made.
        seconds: How long its syncs took.
        expected: By remote id, the name that till and server must show in the end.
        gone: Remote ids of whoever was deleted on the server.
        created: Names of those who were made here, each to be there once.
        paid: Minor units of khata payments that stay here.
        redeemed: Whether points could be redeemed.
    """

    def __init__(self, stub: StubServer, api: str, home: Path) -> None:
        self.stub = stub
        self.api = api
        self.home = home
        self.requests = 0
        self.seconds = 0.0
        self.expected: dict[str, str] = {}
        self.gone: set[str] = set()
        self.created: list[str] = []
        self.paid = 0
        self.redeemed = False

    def work(self) -> None:
        """Work the day through."""
        self._connect()
        self._read_everybody()
        here, there, leaver, collector = self._people()
        self.command("customer", "edit", here, "--name", "Edited Here")
        self.expected[here] = "Edited Here"
        self._office(there, "PUT", {"name": "Edited There"})
        self.expected[there] = "Edited There"
        self._office(leaver, "DELETE")
        self.gone.add(leaver)
        self._create_with_the_answer_lost()
        self.command("pay", here, "12.50")
        self.paid = 0 if self._takes_khata() else 1250
        self._redeem(collector)
        self._settle()

    def command(self, *words: str, **options: Any) -> Any:
        """Run a command and return what it printed.

        Raises:
            Refused: It was not done.
        """
        done = subprocess.run(
            [sys.executable, "-m", "posapp", "--home", str(self.home), "--json", "--yes", *words],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={**os.environ, "POSAPP_VAULT_PASSPHRASE": PASSPHRASE, "POSAPP_LANG": "en"},
            **options,
        )
        try:
            told = json.loads(done.stdout)
        except ValueError:
            raise Refused(f"{words[0]}: {done.stdout[-300:]} {done.stderr[-300:]}") from None
        if not told["ok"]:
            raise Refused(f"{words[0]}: {told['error']['id']}")
        return told

    def sync(self, *words: str) -> Any:
        """Run one cycle and count it."""
        told = self.command("sync", *words)
        self.requests += told["requests"]
        self.seconds += told["seconds"]
        return told

    def _connect(self) -> None:
        token = all_credentials(self.stub.random_seed)[self.api]["22"]["token"]
        url = f"{self.stub.root_url}/{self.api}"
        self.command("connect", self.api, url, "--store", "22", "--currency", "BDT", "--token-stdin", input=token)
        self.command("shop", "--quarantine", str(QUARANTINE))

    def _read_everybody(self) -> None:
        """Sync until nobody is left to be read alone."""
        told = self.sync()
        for _ in range(MOST_CYCLES):
            if not told["details"].get("refreshed"):
                return
            told = self.sync("--full")

    def _people(self) -> tuple[str, str, str, str]:
        """Return four customers of the server: to be edited here, edited there, deleted there, and one with points."""
        with self.stub.client() as office:
            rows = office.get("/api/v1/customers", params={"limit": 250, "sort": "loyalty_points"}).json()
        whole = [row for row in rows if row["phone"] and row["email"]]
        bare = [row for row in reversed(whole) if not row["total_orders"]]
        return self._shown(whole[1]), self._shown(whole[2]), self._shown(bare[0]), self._shown(whole[0])

    def _shown(self, row: dict[str, Any]) -> str:
        """Return a customer's id as this API shows it."""
        if self.api in {"pos", "modules"}:
            return str(row["id"])
        return str(self.stub.number_of(row["id"]))

    def _office(self, shown: str, method: str, body: dict[str, Any] | None = None) -> None:
        """Change a customer on the server, through another API."""
        with self.stub.client() as office:
            answer = office.request(method, f"/api/v1/customers/{self.stub.uuid_of(shown)}", json=body)
        answer.raise_for_status()

    def _create_with_the_answer_lost(self) -> None:
        lost = {"match": {"method": "POST", "path": CREATES[self.api], "count": 1}, "effect": {"drop_after": True}}
        self.stub.faults([lost])
        name = "Created Here"
        self.command("customer", "add", "--name", name, "--phone", "01755123456", "--email", "created@example.com")
        self.created.append(name)
        self.sync()
        self.stub.clear_faults()

    def _takes_khata(self) -> bool:
        return self.api == "pos" and bool(self.stub.thread.settings.extensions)

    def _redeem(self, collector: str) -> None:
        """Redeem where the server keeps points; elsewhere nobody has any to redeem."""
        try:
            self.command("redeem", collector, "5")
        except Refused:
            return
        self.redeemed = True

    def _settle(self) -> None:
        """Sync until nothing waits: a doubt rests first."""
        for _ in range(10):
            told = self.sync("--full")
            if not told["waiting"]:
                break
            time.sleep(QUARANTINE + 0.5)
        self.sync()
