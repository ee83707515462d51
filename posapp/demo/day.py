"""The demo's day, step by step; it ends by saying whether both books agree."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from posapp.app import TillApplication, open_till
from posapp.cli.application import Answer, Commands
from posapp.cli.figures import balance_words
from posapp.demo.comparison import Comparison, compare, on_till, read_stub
from posapp.demo.papers import one_of_each_script, write_papers
from posapp.demo.screens import choose_platform, picture_window, show_window
from posapp.domain.customer import Profile
from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.locale.translator import Translator
from posapp.services.connections import ConnectForm
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.services.lookup import card, explain_balance, find
from posapp.services.redemptions import RedemptionNeedsServer, redeem
from posapp.services.sales import SaleForm, record_sale
from posapp.services.status import status
from posapp.services.till import Till
from posapp.services.verification import verify_book

if TYPE_CHECKING:
    from server_stub.server import StubThread

STORE = "22"
DRAIN_CYCLES = 20


class DemoNeedsStub(PosError):
    """The server stub is not installed."""

    id = "demo_needs_stub"
    title = N_("The demo needs the server stub")
    message = N_("The packages that serve the practice server are not installed.")
    hint = N_('Install them: python -m pip install "posapp[stub]"')


@dataclass(slots=True)
class Day:
    """The demo's day: the till, the stub, the steps done so far and the payments taken."""

    app: TillApplication
    stub: StubThread
    say: Translator
    console: Console | None
    token: str
    plain: bool
    steps: list[dict[str, object]] = field(default_factory=list)
    payments: list[OperationId] = field(default_factory=list)

    @property
    def till(self) -> Till:
        """The till's use cases."""
        return self.app.till

    @property
    def currency(self) -> str:
        """The shop's currency."""
        return self.till.book.read(lambda session: session.settings.shop().currency)

    def money(self, major: int) -> Money:
        """Return an amount in major units."""
        return Money(major * 100, self.currency)

    def step(self, title: str, act: Callable[[], str]) -> None:
        """Do one step of the day, time it and print it."""
        started = time.perf_counter()
        detail = act()
        milliseconds = (time.perf_counter() - started) * 1000
        self.steps.append({"step": title, "milliseconds": round(milliseconds, 1), "detail": detail})
        if self.console is not None:
            self.console.print(Text(f"{milliseconds:9.1f} ms  ", style="cyan"), Text(title, style="bold"), end="  ")
            self.console.print(Text(detail))


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parser of the demo."""
    parser = commands.add_parser(
        "demo", help=N_("a whole day at the till against a practice server"), parents=[options]
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help=N_("where documents and pictures go"))
    parser.add_argument("--plain", action="store_true", help=N_("a server without any extension"))
    parser.add_argument("--customers", metavar="N", type=int, default=500)
    parser.add_argument("--no-window", action="store_true", help=N_("end after the day, also where there is a display"))
    parser.set_defaults(standalone=run_demo)


def run_demo(args: argparse.Namespace, say: Translator) -> Answer:
    """Run the day and answer whether the books agree.

    Raises:
        DemoNeedsStub: The stub's packages are not installed.
    """
    try:
        from server_stub.server import StubThread  # noqa: PLC0415 (an extra of the installation)
        from server_stub.settings import EXTENSIONS, Settings  # noqa: PLC0415
    except ImportError as error:
        raise DemoNeedsStub from error
    offered: frozenset[str] = frozenset() if args.plain else frozenset(EXTENSIONS)
    console = None if args.json else Console(soft_wrap=True, highlight=False)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="posapp-demo-", ignore_cleanup_errors=True)))
        settings = Settings(database_url="sqlite://", customers=max(50, args.customers), extensions=offered)
        stub = stack.enter_context(StubThread(settings))
        app = stack.enter_context(open_till(home, actor="demo", passphrase=new_uuid, keyring=False))
        day = Day(app, stub, say, console, stub.credentials["pos"][STORE]["token"], plain=args.plain)
        comparison = _play(day)
        seen = choose_platform()
        if args.out is not None:
            args.out.mkdir(parents=True, exist_ok=True)
            _show(day, args.out)
        answer = _answer(day, comparison)
        if args.out is not None:
            report = json.dumps(dict(answer.data), ensure_ascii=False, indent=2)
            (args.out / "demo.json").write_text(report + "\n", encoding="utf-8")
        if seen and not args.no_window and not args.json:
            show_window(app, say=say)
        return answer


def _play(day: Day) -> Comparison:
    day.step(day.say(N_("Connect")), lambda: _connect(day))
    day.step(day.say(N_("First sync")), lambda: _sync(day))
    asha = _customer_with_points(day, 200)
    ravi = _customer_with_points(day, 20, but=asha)
    day.step(day.say(N_("Look up")), lambda: _look_up(day, asha))
    day.step(day.say(N_("Sale with points")), lambda: _sale(day, asha, total=480, points=50))
    day.step(day.say(N_("Sale on account")), lambda: _sale(day, ravi, total=350, on_account=200))
    day.stub.stop()
    day.step(day.say(N_("The server goes away")), lambda: _sync(day))
    day.step(day.say(N_("Payment offline")), lambda: _pay(day, asha, 125))
    day.step(day.say(N_("Payment offline")), lambda: _pay(day, ravi, 75))
    day.step(day.say(N_("New customer offline")), lambda: _new_customer(day))
    day.step(day.say(N_("Look up offline")), lambda: _look_up(day, ravi))
    day.step(day.say(N_("Points offline")), lambda: _redeem_offline(day, ravi))
    day.stub.start()
    day.step(day.say(N_("The server comes back")), lambda: _drain(day))
    if day.plain:
        day.step(day.say(N_("Khatas that the list does not carry")), lambda: _fetch_khatas(day))
    day.step(day.say(N_("Explain a balance")), lambda: _explain(day, ravi))
    day.step(day.say(N_("Check the chain")), lambda: _verify(day))
    day.step(day.say(N_("Prove every khata")), lambda: _prove(day))
    outcome: list[Comparison] = []

    def prove() -> str:
        outcome.append(compare(day.till, day.stub.base_url(), day.token))
        return _comparison_words(day, outcome[0])

    day.step(day.say(N_("Proof: till and server side by side")), prove)
    return outcome[0]


def _show(day: Day, folder: Path) -> None:
    """Write the day's papers and pictures."""
    remotes = sorted(read_stub(day.stub.base_url(), day.token), key=lambda one: int(str(one.get("ledger_balance", 0))))
    customers = one_of_each_script(customer for one in remotes for customer in on_till(day.till, str(one["id"])))
    day.step(day.say(N_("Papers")), lambda: write_papers(day.app, customers, day.payments[0], folder, say=day.say))
    day.step(day.say(N_("Pictures")), lambda: picture_window(day.app, customers, folder, say=day.say))


def _connect(day: Day) -> str:
    form = ConnectForm(
        api="pos",
        base_url=day.stub.base_url(),
        store=None,
        name="stub",
        credential=day.token.encode(),
        currency="BDT",
        country="BD",
        time_zone="Asia/Dhaka",
    )
    connected = day.app.connect(form)
    return day.say(N_("{shop} in {currency}"), shop=connected.shop.name, currency=connected.shop.currency)


def _sync(day: Day) -> str:
    report = day.app.sync(full=False, connection=None, progress=None)
    if report.problem is not None:
        return day.say(N_("not reached; {waiting} acts wait"), waiting=report.waiting)
    return day.say(
        N_("{pulled} customers in {requests} requests, {pushed} acts taken"),
        pulled=report.pulled,
        requests=report.requests,
        pushed=report.pushed,
    )


def _drain(day: Day) -> str:
    cycles = 0
    while cycles < DRAIN_CYCLES:
        cycles += 1
        report = day.app.sync(full=False, connection=None, progress=None)
        if report.complete and not report.waiting:
            break
        time.sleep(0.2)
    counts = status(day.till).counts
    return day.say(
        N_("{cycles} cycles; {waiting} waiting, {inbox} in the inbox, {kept} kept on this till"),
        cycles=cycles,
        waiting=counts.waiting,
        inbox=counts.needs_attention,
        kept=counts.kept,
    )


def _fetch_khatas(day: Day) -> str:
    """Let the rolling pass go on until every khata was fetched once; a shop's till takes its time for this."""
    fetched = 0
    while True:
        report = day.app.sync(full=False, connection=None, progress=None)
        now = report.details.get("refreshed", 0)
        fetched += now
        if report.problem is not None or not now:
            return day.say(N_("{count} fetched one by one"), count=fetched)


def _customer_with_points(day: Day, points: int, *, but: CustomerId | None = None) -> CustomerId:
    for remote in read_stub(day.stub.base_url(), day.token):
        if int(str(remote["loyalty_points"])) >= points and remote["phone"]:
            hits = on_till(day.till, str(remote["id"]))
            if len(hits) == 1 and hits[0].id != but:
                day.app.refresh(hits[0].id)
                return hits[0].id
    raise AssertionError("the stub seeds customers with points")


def _look_up(day: Day, customer_id: CustomerId) -> str:
    profile = card(day.till, customer_id).customer.profile
    digits = "".join(char for char in profile.phone or "" if char.isdecimal())[-4:]
    hits = find(day.till, digits).hits
    return day.say(
        N_("…{digits} finds {count}, {name} among them: {yes}"),
        digits=digits,
        count=len(hits),
        name=profile.name,
        yes="✓" if any(hit.customer.id == customer_id for hit in hits) else "✗",
    )


def _sale(day: Day, customer_id: CustomerId, *, total: int, points: int = 0, on_account: int = 0) -> str:
    form = SaleForm(
        operation_id=OperationId(new_uuid()),
        customer_id=customer_id,
        total=day.money(total),
        on_account=day.money(on_account),
        points=points,
        confirmed=True,
    )
    result = record_sale(day.till, day.app.delivery() if points else None, form)
    return day.say(
        N_("bill {total}, {paid} paid, {points} points earned, khata: {balance}"),
        total=result.sale.total,
        paid=result.sale.paid,
        points=result.sale.points_earned,
        balance=balance_words(result.recorded.after.balance, day.say),
    )


def _pay(day: Day, customer_id: CustomerId, amount: int) -> str:
    form = EntryForm(
        operation_id=OperationId(new_uuid()),
        customer_id=customer_id,
        kind=OperationKind.PAYMENT,
        amount=day.money(amount),
        tender="cash",
        confirmed=True,
    )
    recorded = record_entry(day.till, form)
    day.payments.append(form.operation_id)
    return day.say(
        N_("saved {amount}; khata: {balance}"),
        amount=form.amount,
        balance=balance_words(recorded.after.balance, day.say),
    )


def _new_customer(day: Day) -> str:
    added = add_customer(
        day.till,
        operation_id=OperationId(new_uuid()),
        profile=Profile("Rahima Begum", phone="01711 234567", tags=("new",)),
    )
    _pay(day, added.recorded.customer.id, 40)
    return day.say(N_("saved {name} with an advance of 40"), name=added.recorded.customer.profile.name)


def _redeem_offline(day: Day, customer_id: CustomerId) -> str:
    try:
        redeem(
            day.till,
            day.app.delivery(),
            operation_id=OperationId(new_uuid()),
            customer_id=customer_id,
            points=5,
            sale_id=None,
        )
    except RedemptionNeedsServer as refused:
        return day.say.say(refused.detail)
    raise AssertionError("points came off without a server")


def _explain(day: Day, customer_id: CustomerId) -> str:
    day.app.refresh(customer_id)
    explained = explain_balance(day.till, customer_id)
    return day.say(
        N_("{lines} lines make it: {balance}"),
        lines=len(explained.lines),
        balance=balance_words(explained.standing.balance, day.say),
    )


def _verify(day: Day) -> str:
    result = verify_book(day.till)
    return day.say(N_("{count} acts, {faults} faults"), count=result.operations, faults=len(result.faults))


def _prove(day: Day) -> str:
    report = day.app.prove_khatas()
    assert report is not None, "the stub keeps khatas"
    return day.say(N_("{proven} of {count} khatas proven"), proven=report.proven, count=report.of)


def _comparison_words(day: Day, comparison: Comparison) -> str:
    if comparison.differences:
        return day.say(
            N_("{count} differences in {customers} customers"),
            count=len(comparison.differences),
            customers=comparison.customers,
        )
    return day.say(
        N_(
            "{customers} customers equal in particulars, points and balance; {kept} also hold entries kept on this till"
        ),
        customers=comparison.customers,
        kept=comparison.kept,
    )


def _answer(day: Day, comparison: Comparison) -> Answer:
    counts = status(day.till).counts
    agree = not comparison.differences and not counts.waiting
    data = {
        "steps": day.steps,
        "plain": day.plain,
        "agree": agree,
        "customers": comparison.customers,
        "differences": list(comparison.differences),
        "waiting": counts.waiting,
        "needs_attention": counts.needs_attention,
        "kept": counts.kept,
    }
    say = day.say
    if agree:
        return Answer(data, [Text(say(N_("The books agree.")), style="bold green")])
    table = Table(box=None)
    for difference in comparison.differences[:20]:
        table.add_row(Text(difference))
    error = {
        "id": "books_differ",
        "title": say(N_("The books differ")),
        "message": say(
            N_("{count} differences, {waiting} acts waiting"), count=len(comparison.differences), waiting=counts.waiting
        ),
        "hint": say(N_("This is a fault of the program; please report it with what is printed above.")),
    }
    return Answer(data, [Text(say(N_("The books differ.")), style="bold red"), table], exit_code=1, error=error)
