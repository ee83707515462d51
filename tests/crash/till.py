"""The till's process: does seeded acts, prints each id once it is saved, syncs beside them, may die at any moment."""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from posapp.app import TillApplication, open_till
from posapp.demo.comparison import compare
from posapp.domain.customer import Profile
from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.connections import ConnectForm
from posapp.services.customers import add_customer, edit_customer
from posapp.services.dto import CustomerStatus
from posapp.services.khata import EntryForm, record_entry
from posapp.services.lookup import card
from posapp.services.redemptions import redeem
from posapp.services.reversals import reverse
from posapp.services.sales import SaleForm, record_sale
from posapp.services.shop import change_shop
from posapp.services.till import Till
from posapp.services.verification import verify_book

DRAIN_SECONDS = 90


def say(word: str, **fields: object) -> None:
    """Print one line that the parent can trust once it reads it whole."""
    sys.stdout.write(json.dumps({"word": word, **fields}) + "\n")
    sys.stdout.flush()


def customers(till: Till) -> list[CustomerId]:
    """Return customers who can be served, in a fixed order."""
    found = till.book.read(lambda session: session.customers.find("a", 200)).hits
    return sorted(hit.customer.id for hit in found if hit.customer.status is CustomerStatus.LIVE)


def act(app: TillApplication, number: int, seed: int, operation_id: OperationId) -> str:
    """Do the act of this number; the same number draws the same act."""
    rng = random.Random(f"{seed}/{number}")
    till = app.till
    people = customers(till)
    kind = rng.choices(
        ("add", "pay", "charge", "sale", "points", "redeem", "edit", "reverse"), (2, 5, 3, 4, 2, 2, 2, 1)
    )[0]
    if kind == "add" or len(people) < 3:
        profile = Profile(f"Anis {number} {rng.choice(('Asha', 'Ravi', 'রহিম', 'फ़ातिमा'))}", phone=f"0171{number:07d}")
        add_customer(till, operation_id=operation_id, profile=profile)
        return "add"
    customer_id = rng.choice(people)
    currency = till.book.read(lambda session: session.settings.shop().currency)
    amount = Money(rng.randrange(100, 50_000), currency)
    if kind in {"pay", "charge"}:
        operation = OperationKind.PAYMENT if kind == "pay" else OperationKind.CHARGE
        record_entry(till, EntryForm(operation_id, customer_id, operation, amount, confirmed=True))
    elif kind in {"sale", "points"}:
        points = rng.randrange(1, 20) if kind == "points" else 0
        on_account = Money(amount.minor // 3, currency)
        form = SaleForm(operation_id, customer_id, amount, on_account, points=points, confirmed=True)
        record_sale(till, app.delivery() if points else None, form)
    elif kind == "redeem":
        points = rng.randrange(1, 10)
        redeem(
            till,
            app.delivery(),
            operation_id=operation_id,
            customer_id=customer_id,
            points=points,
            sale_id=None,
        )
    elif kind == "edit":
        tag = f"t{rng.randrange(5)}"
        tags = tuple(dict.fromkeys([*card(till, customer_id).customer.profile.tags, tag]))
        edit_customer(till, operation_id=operation_id, customer_id=customer_id, fields={"tags": tags})
    else:
        lines = till.book.read(lambda session: session.khata.lines(customer_id))
        mine = [line for line in lines if line.operation_id and line.counted and line.reverses is None]
        if not mine:
            return "nothing"
        chosen = rng.choice(mine)
        assert chosen.operation_id is not None
        reverse(till, operation_id=operation_id, entry_or_operation=chosen.operation_id, reason="crash test")
    return kind


def sync_forever(app: TillApplication, stop: threading.Event) -> None:
    """Run cycles one after the other."""
    while not stop.is_set():
        app.sync(full=False, connection=None, progress=None)
        stop.wait(0.2)


def work(app: TillApplication, options: argparse.Namespace) -> None:
    """Do the day's acts beside a running sync."""
    stop = threading.Event()
    worker = threading.Thread(target=sync_forever, args=(app, stop), daemon=True)
    worker.start()
    for number in range(options.first, options.acts):
        operation_id = OperationId(new_uuid())
        say("begun", number=number, operation=operation_id)
        try:
            kind = act(app, number, options.seed, operation_id)
        except PosError as refused:
            say("refused", number=number, operation=operation_id, error=refused.id)
        else:
            say("saved" if kind != "nothing" else "skipped", number=number, operation=operation_id, kind=kind)
    stop.set()
    worker.join()


def drain(app: TillApplication, options: argparse.Namespace) -> None:
    """Sync until nothing waits, and say how the book stands."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        report = app.sync(full=False, connection=None, progress=None)
        if report.problem is None and report.waiting == 0 and not report.details.get("refreshed"):
            break
        time.sleep(0.1)
    till = app.till
    views = till.book.read(lambda session: session.operations.in_states(frozenset(OperationState)))
    inbox = till.book.read(lambda session: session.inbox.items())
    verified = verify_book(till)
    say(
        "book",
        operations=[
            {
                "id": view.operation.id,
                "kind": view.operation.kind.value,
                "state": view.state.value,
                "intent": dict(view.operation.intent),
            }
            for view in views
        ],
        inbox=[{"operation": item.operation_id, "kind": item.kind} for item in inbox],
        faults=[fault.kind for fault in verified.faults],
        differences=list(compare(till, options.url, options.token).differences),
        waiting=till.book.read(lambda session: session.operations.counts()).waiting,
    )


def connect(app: TillApplication, options: argparse.Namespace) -> None:
    """Connect to the stub; short quarantine, as tests do."""
    form = ConnectForm(
        api="pos",
        base_url=options.url,
        store=None,
        name="stub",
        credential=options.token.encode(),
        country="BD",
        currency="BDT",
        time_zone="Asia/Dhaka",
    )
    app.connect(form)
    change_shop(app.till, {"quarantine": "2"})
    app.sync(full=False, connection=None, progress=None)
    say("connected")


def flush_less(connection: Any, _record: object, *, mode: str) -> None:
    """Take from the book what it promises about flushing; the product has no such switch."""
    connection.execute(f"PRAGMA synchronous = {mode}").fetchall()


def main() -> None:
    """Run one life of the till."""
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=("connect", "work", "drain"))
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--url", default="")
    parser.add_argument("--token", default="")
    parser.add_argument("--synchronous", default="FULL", help="how much the book flushes; less shows what that costs")
    options = parser.parse_args()
    if options.synchronous != "FULL":
        sa.event.listen(sa.Engine, "connect", partial(flush_less, mode=options.synchronous))
    with open_till(options.home, actor="crash", passphrase=lambda: "only for tests", keyring=False) as app:
        {
            "connect": lambda: connect(app, options),
            "work": lambda: work(app, options),
            "drain": lambda: drain(app, options),
        }[options.mode]()


if __name__ == "__main__":
    main()
