"""What needs a person, on the command line: what came up, what can be chosen, and choosing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import INBOX_WORDS, amount_json, moment
from posapp.cli.output import Fitting
from posapp.cli.waiting import operation_json
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.inbox import FoundItem, open_items, settled_items, the_item
from posapp.services.lookup import the_one
from posapp.services.resolving.decision import DECIDED, Choice, Decision, Offer
from posapp.services.resolving.lost_words import lost_acts
from posapp.services.resolving.resolve import resolve
from posapp.services.resolving.targets import Target

_ID_WIDTH = 36
_MOST_SETTLED = 200


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    group = commands.add_parser("inbox", help=N_("what needs a decision"), parents=[options])
    inner = group.add_subparsers(dest="inbox_command", metavar="list|show|resolve", required=True)
    parser = inner.add_parser("list", help=N_("everything that is open"), parents=[options])
    parser.add_argument("--all", action="store_true", help=N_("settled ones too"))
    parser.set_defaults(handler=_list)
    parser = inner.add_parser(
        "show", help=N_("one item with its particulars, and what can be chosen"), parents=[options]
    )
    parser.add_argument("id", metavar="ID")
    parser.set_defaults(handler=_show)
    parser = inner.add_parser("resolve", help=N_("settle an item"), parents=[options])
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--as", dest="choice", required=True, choices=[choice.value for choice in Choice])
    parser.add_argument("--reason", metavar="TEXT", default="")
    parser.add_argument("--to", metavar="TARGET", default="", help=N_("what it is linked to: an id that show names"))
    parser.add_argument(
        "--value", metavar="TEXT", default="", help=N_("the phone or e-mail that is sent instead (--as another)")
    )
    parser.add_argument("--pin-stdin", action="store_true", help=N_("read the manager's PIN from standard input"))
    parser.set_defaults(handler=_resolve)


def _list(request: Request) -> Answer:
    till, say = request.app.till, request.say
    found = open_items(till)
    settled = settled_items(till, _MOST_SETTLED) if request.args.all else ()
    data = {"items": [_item_json(one) for one in (*found, *settled)], "count": len(found)}
    shown: list[RenderableType] = [_open_table(request, found)] if found else [say(N_("The inbox is empty."))]
    if settled:
        shown += [Text(say(N_("Settled")), style="bold"), *(_settled_line(request, one) for one in settled)]
    return Answer(data, shown)


def _open_table(request: Request, found: tuple[FoundItem, ...]) -> Fitting:
    say, shop = request.say, inputs.shop_of(request)
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    for heading in (N_("Since"), N_("What"), N_("Server said"), N_("Id")):
        wide.add_column(say(heading), no_wrap=heading == "Id")
    for heading in (N_("Since"), N_("What"), N_("Server said")):
        narrow.add_column(say(heading), min_width=_ID_WIDTH if heading == "What" else None)
    for one in found:
        item = one.item
        since = f"{shop.at(item.opened_at):%Y-%m-%d %H:%M}"
        what, said, key = _kind_words(request, item), Text(item.server_said[:60]), Text(item.id, style="dim")
        wide.add_row(since, what, said, key)
        narrow.add_row(since, Text.assemble(what, "\n", key), said)
    return Fitting(wide, narrow)


def _settled_line(request: Request, found: FoundItem) -> Text:
    item, say = found.item, request.say
    at = inputs.shop_of(request).at(item.resolved_at or item.opened_at)
    who = say(N_("by {name}"), name=item.decided_by) if item.decided_by else ""
    boss = say(N_("allowed by {name}"), name=item.approved_by) if item.approved_by else ""
    why = f"“{item.reason}”" if item.reason else ""
    words = (_kind_words(request, item), _decided(request, item), who, boss, why)
    return Text(f"  {at:%Y-%m-%d %H:%M}  " + " · ".join(word for word in words if word))


def _kind_words(request: Request, item: InboxItem) -> str:
    known = INBOX_WORDS.get(item.kind)
    return item.kind if known is None else request.say(known)


def _decided(request: Request, item: InboxItem) -> str:
    known = DECIDED.get(item.resolution or "")
    return item.resolution or "" if known is None else request.say(known)


def _show(request: Request) -> Answer:
    found, say = the_item(request.app.till, request.args.id), request.say
    item = found.item
    act = item.operation_id
    view = request.app.till.book.read(lambda session: session.operations.get(act)) if act else None
    data = _item_json(found) | {"act": operation_json(view) if view else None}
    lines = [Text(_kind_words(request, item), style="bold")]
    lines += [Text(f"  {name}: {value}") for name, value in _plain(item.meant).items()]
    if item.server_said:
        lines.append(Text("  " + say(N_("The server said: “{text}”"), text=item.server_said)))
    currency = inputs.shop_of(request).currency
    lines += [Text("  " + say.say(one)) for one in lost_acts(item.evidence, currency)]
    evidence = {name: value for name, value in item.evidence.items() if name != "acts"}
    lines += [Text(f"  {name}: {value}", style="dim") for name, value in _plain(evidence).items()]
    if item.resolved_at is not None:
        lines.append(_settled_line(request, found))
    if found.offers:
        lines += [Text(say(N_("What can be chosen")), style="bold"), *_offered(request, found)]
        lines.append(Text(say(N_("Choose: posapp inbox resolve {id} --as …"), id=item.id), style="dim"))
    return Answer(data, lines)


def _offered(request: Request, found: FoundItem) -> Iterator[Text]:
    say = request.say
    for offer in found.offers:
        needs = [say(N_("needs a reason"))] if offer.needs_reason else []
        needs += [say(N_("needs the manager's PIN"))] if offer.needs_approval else []
        needs += [say(N_("needs --value"))] if offer.field else []
        asked = f"  ({', '.join(needs)})" if needs else ""
        yield Text.assemble("  ", (offer.choice.value, "bold"), f"  {say(offer.label)}{asked}")
        yield Text(f"      {say(offer.effect)}")
        if offer.wants_target:
            for target in found.targets[offer.choice]:
                yield Text(f"      --to {target.id}  {_target_words(target)}", style="dim")
        if offer.any_customer:
            yield Text("      " + say(N_("--to takes any customer: an id, a phone, a card, a name")), style="dim")


def _target_words(target: Target) -> str:
    if target.line is not None:
        return f"{target.line.occurred_at:%Y-%m-%d}  {target.line.amount.text()}  {target.line.description}"
    return "" if target.profile is None else f"{target.profile.name}  {target.profile.phone or ''}"


def _resolve(request: Request) -> Answer:
    args, till, say = request.args, request.app.till, request.say
    found = the_item(till, args.id)
    choice = Choice(args.choice)
    offer = next((one for one in found.offers if one.choice is choice), None)
    decision = Decision(choice, args.reason, _target(request, offer), _approval(request, offer), args.value)
    settled = resolve(till, found.item.id, decision)
    data = _item_json(the_item(till, settled.item.id)) | {
        "recorded": settled.operation.id if settled.operation else None
    }
    what, decided = _kind_words(request, settled.item), _decided(request, settled.item)
    return Answer(data, [say(N_("Settled: {what} · {decided}"), what=what, decided=decided)])


def _target(request: Request, offer: Offer | None) -> str:
    """Return what a link points to: an id that was shown, else the one customer whom the text names."""
    text = str(request.args.to)
    if offer is None or not text or text in offer.targets or not offer.any_customer:
        return text
    found: CustomerId = the_one(request.app.till, text)
    return found


def _approval(request: Request, offer: Offer | None) -> str | None:
    """Return who allows a decision that needs it, once the PIN was right; None where nobody was asked."""
    wanted = offer is not None and offer.needs_approval
    if not wanted or not (request.args.pin_stdin or request.interactive):
        return None
    return request.app.approve(inputs.secret_line(request, N_("Manager's PIN: ")))


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _item_json(found: FoundItem) -> dict[str, object]:
    item = found.item
    return {
        "id": item.id,
        "kind": item.kind,
        "operation": item.operation_id,
        "customer": item.customer_id,
        "meant": dict(item.meant),
        "server_said": item.server_said,
        "evidence": dict(item.evidence),
        "opened_at": moment(item.opened_at),
        "resolved_at": moment(item.resolved_at),
        "resolution": item.resolution,
        "decided_by": item.decided_by,
        "approved_by": item.approved_by,
        "reason": item.reason,
        "target": item.target,
        "offers": [_offer_json(offer, found.targets.get(offer.choice, ())) for offer in found.offers],
    }


def _offer_json(offer: Offer, targets: tuple[Target, ...]) -> dict[str, object]:
    return {
        "choice": offer.choice.value,
        "label": offer.label,
        "effect": offer.effect,
        "needs_reason": offer.needs_reason,
        "needs_approval": offer.needs_approval,
        "danger": offer.danger,
        "any_customer": offer.any_customer,
        "field": offer.field,
        "targets": [_target_json(target) for target in targets],
    }


def _target_json(target: Target) -> dict[str, object]:
    if target.line is not None:
        line = target.line
        return {"id": target.id, "amount": amount_json(line.amount), "on": moment(line.occurred_at)}
    profile = target.profile
    return {"id": target.id, "name": profile.name if profile else None, "phone": profile.phone if profile else None}
