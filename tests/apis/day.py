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
from server_stub.store.writing import INTEGER_IDS
from tests.support.stub import StubServer

PASSPHRASE = "only for this day"
QUARANTINE = 2
PAID = 1250
REDEEMED = 5
MOST_CYCLES = 40
CREATES = {
    "pos": "/pos/api/v1/customers",
    "selorax": "/selorax/api/apps/v1/customers",
    "modules": "/modules/api/v1/customers",
    "portal": "/portal/api/customer",
    "siyahfy": "/siyahfy/api/bulkinsertcustomers",
}
"""Where each API takes a new customer."""


class NotDone(Exception):
    """A command did not work."""


class Refused(NotDone):
    """A command was refused, in so many words."""


class Day:
    """One till at one API.

    Attributes:
        requests: How many requests its syncs made.
        seconds: How long its syncs took.
        expected: By remote id, the name that till and server must show in the end.
        gone: Remote ids of whoever was deleted on the server.
        created: Names of those who were made here, each to be there once.
        kept: Minor units of khata payments that stay here.
        balances: By remote id, the minor units that the server's khata must show in the end.
        points: By remote id, the points there before any were redeemed.
        redeemable: By remote id, what the till said can be redeemed, before it was.
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
        self.kept = 0
        self.balances: dict[str, int] = {}
        self.points: dict[str, int] = {}
        self.redeemable: dict[str, int] = {}
        self._can: dict[str, bool] = {}

    def work(self) -> None:
        """Work the day through.

        Raises:
            NotDone: A command was not done that must be.
        """
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
        self._pay(here)
        self._redeem(collector)
        self._settle()

    def command(self, *words: str, **options: Any) -> Any:
        """Run a command and return what it printed.

        Raises:
            NotDone: It was not done.
        """
        done = subprocess.run(
            [sys.executable, "-m", "posapp", "--home", str(self.home), "--json", "--yes", *words],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            env={**os.environ, "POSAPP_VAULT_PASSPHRASE": PASSPHRASE, "POSAPP_LANG": "en"},
            **options,
        )
        try:
            told = json.loads(done.stdout)
        except ValueError:
            raise NotDone(f"{words[0]}: {done.stdout[-300:]} {done.stderr[-300:]}") from None
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
        words = ("connect", self.api, f"{self.stub.root_url}/{self.api}", "--store", "22", "--currency", "BDT")
        self._can = self.command(*words, "--token-stdin", input=token)["capabilities"]
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
        rows = sorted(self.stub.live_rows(), key=lambda row: -row.points)
        whole = [row for row in rows if row.phone and row.email]
        bare = [row for row in reversed(whole) if not row.total_orders]
        return self._shown(whole[1]), self._shown(whole[2]), self._shown(bare[0]), self._shown(whole[0])

    def _shown(self, row: Any) -> str:
        """Return a customer's id as this API shows it."""
        return str(row.id if self.api in INTEGER_IDS else row.uuid)

    def _row(self, shown: str) -> Any:
        """Return a customer as the server's table has it now."""
        return next(row for row in self.stub.live_rows() if self._shown(row) == shown)

    def _office(self, shown: str, method: str, body: dict[str, Any] | None = None) -> None:
        """Change a customer on the server, through another API."""
        with self.stub.client() as office:
            answer = office.request(method, f"/api/v1/customers/{self._row(shown).uuid}", json=body)
        answer.raise_for_status()

    def _create_with_the_answer_lost(self) -> None:
        lost = {"match": {"method": "POST", "path": CREATES[self.api], "count": 1}, "effect": {"drop_after": True}}
        self.stub.faults([lost])
        name = "Created Here"
        self.command("customer", "add", "--name", name, "--phone", "01755123456", "--email", "created@example.com")
        self.created.append(name)
        self.sync()
        self.stub.clear_faults()

    def _pay(self, payer: str) -> None:
        """Take a payment: it reaches a server that takes khata entries, and stays here elsewhere."""
        self.command("pay", payer, f"{PAID / 100:.2f}")
        there = PAID if self._can["ledger-write"] else 0
        self.kept = PAID - there
        self.balances[payer] = self._row(payer).ledger_balance + there

    def _redeem(self, collector: str) -> None:
        """Redeem where the server keeps points; elsewhere nobody has any to redeem, and the till says so."""
        self.points[collector] = self._row(collector).points
        try:
            self.redeemable[collector] = self.command("redeem", collector, str(REDEEMED))["available"]
        except Refused:
            if self._can["points"]:
                raise

    def _settle(self) -> None:
        """Sync until nothing waits: a doubt rests first."""
        for _ in range(10):
            told = self.sync("--full")
            if not told["waiting"]:
                break
            time.sleep(QUARANTINE + 0.5)
        self.sync()
