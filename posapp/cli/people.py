"""Customers on the command line: finding, showing, adding, editing, deleting."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from posapp.cli import inputs
from posapp.cli.application import Answer, Commands, Request
from posapp.cli.figures import (
    STATE_WORDS,
    balance_words,
    customer_json,
    found_json,
    moment,
    optional_amount,
    phones_missing_words,
    points_words,
    recorded_json,
    sale_json,
    standing_json,
)
from posapp.cli.output import Fitting
from posapp.domain.customer import FieldValue, Profile
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.words import MISMATCH_WORDS
from posapp.locale.translator import Translator
from posapp.services.customers import add_customer, delete_customer, edit_customer
from posapp.services.dto import Customer
from posapp.services.lookup import card, find, phones_missing
from posapp.services.ports.proofs import KhataProof
from posapp.services.ports.remote import Traits
from posapp.services.ports.search import FoundCustomer
from posapp.services.trait_marks import BLACKLIST_MEANS, blacklist_words, trait_marks

_MOST_FOUND = 200
_FIELDS = ("name", "phone", "email", "address", "notes")


def add_commands(commands: Commands, options: argparse.ArgumentParser) -> None:
    """Add the parsers of these commands."""
    parser = commands.add_parser("find", help=N_("find customers"), parents=[options])
    parser.add_argument("text", metavar="TEXT", nargs="+")
    parser.add_argument("--limit", metavar="N", type=inputs.how_many, default=20, help=N_("at most so many"))
    parser.set_defaults(handler=_find)
    group = commands.add_parser("customer", help=N_("show, add, edit or delete a customer"), parents=[options])
    inner = group.add_subparsers(dest="customer_command", metavar="show|add|edit|delete", required=True)
    parser = inner.add_parser("show", help=N_("her card: particulars, khata, points, bills"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.set_defaults(handler=_show)
    parser = inner.add_parser("add", help=N_("a new customer"), parents=[options])
    _add_fields(parser, name_required=True)
    parser.add_argument("--opening-balance", metavar="AMOUNT", help=N_("what she owes (negative: an advance)"))
    parser.set_defaults(handler=_add)
    parser = inner.add_parser("edit", help=N_("change what is known of her"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    _add_fields(parser, name_required=False)
    parser.add_argument("--add-tag", action="append", default=[], metavar="TAG")
    parser.add_argument("--remove-tag", action="append", default=[], metavar="TAG")
    parser.set_defaults(handler=_edit)
    parser = inner.add_parser("delete", help=N_("delete her, where nothing is open"), parents=[options])
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.set_defaults(handler=_delete)


def _add_fields(parser: argparse.ArgumentParser, *, name_required: bool) -> None:
    parser.add_argument("--name", required=name_required)
    for field in _FIELDS[1:]:
        parser.add_argument(f"--{field}", help=None if name_required else N_("an empty text clears it"))
    parser.add_argument("--tag", action="append", default=[], metavar="TAG", help=N_("may be given several times"))
    parser.add_argument("--card", metavar="CODE", help=N_("code of the loyalty card; stays on this till"))
    parser.add_argument("--credit-limit", metavar="AMOUNT", help=N_("0 for no credit; stays on this till"))


def _find(request: Request) -> Answer:
    found = find(request.app.till, " ".join(request.args.text), limit=min(request.args.limit, _MOST_FOUND))
    say, missing = request.say, phones_missing(request.app.till)
    data = {
        "customers": [found_json(hit, say) for hit in found.hits],
        "count": len(found.hits),
        "searched": found.searched,
        "phones_missing": missing,
    }
    shown: list[RenderableType] = []
    if found.hits:
        shown.append(_found_table(request, found.hits))
    else:
        shown.append(say(N_("Nobody found. Try fewer letters, or the last digits of the phone.")))
    if found.more:
        shown.append(Text(say(N_("There may be more: type more letters, or a larger --limit.")), style="dim"))
    return Answer(data, [*shown, *phones_missing_words(missing, say)])


def _found_table(request: Request, hits: Sequence[FoundCustomer]) -> Fitting:
    say = request.say
    wide, narrow = (Table(box=None, padding=(0, 2, 0, 0)) for _ in range(2))
    for heading in (N_("Name"), N_("Phone"), N_("Matched"), N_("Points"), N_("Khata"), N_("Id")):
        wide.add_column(say(heading), justify="right" if heading == "Points" else "left", no_wrap=heading != "Name")
        if heading not in {"Matched", "Id"}:
            narrow.add_column(say(heading), justify="right" if heading == "Points" else "left")
    for hit in hits:
        profile, key = hit.customer.profile, Text(hit.customer.id, style="dim")
        name, phone = _marked_name(hit, say), Text(profile.phone or "")
        points, khata = points_words(hit.standing.points, say), balance_words(hit.standing.balance, say)
        wide.add_row(name, phone, hit.matched, points, khata, key)
        narrow.add_row(name, phone, points, khata)
    return Fitting(wide, narrow)


def _marked_name(hit: FoundCustomer, say: Translator) -> Text:
    name = Text(hit.customer.profile.name)
    return name.append(" " + say(N_("(blacklisted)")), style="bold red") if hit.blacklisted else name


def _show(request: Request) -> Answer:
    shown = card(request.app.till, inputs.customer(request))
    say = request.say
    data = {
        "customer": customer_json(shown.customer) | {"remote_id": shown.remote_id},
        "traits": {**asdict(shown.traits), "last_order_at": moment(shown.traits.last_order_at)},
        "segment": shown.segment,
        **standing_json(shown.standing, say),
        "credit_limit": optional_amount(shown.limit),
        "sales": [sale_json(sale) for sale in shown.sales],
        "proof": _proof_json(shown.proof),
    }
    profile = shown.customer.profile
    lines = [Text(profile.name, style="bold"), *_blacklist_lines(shown.traits, say)]
    lines += [Text(f"  {text}") for text in (profile.phone, profile.email, profile.address, profile.notes) if text]
    if profile.tags:
        lines.append(Text("  " + ", ".join(profile.tags)))
    if marks := [say.say(mark.text) for mark in trait_marks(shown.traits, shown.segment)]:
        lines.append(Text("  " + " · ".join(marks)))
    lines.append(Text(f"  {shown.customer.id}", style="dim"))
    lines.append(Text("  " + say(N_("khata: {balance}"), balance=balance_words(shown.standing.balance, say))))
    lines.append(Text("  " + say(N_("points: {points}"), points=points_words(shown.standing.points, say))))
    if shown.standing.balance_as_of:
        seen = inputs.shop_of(request).at(shown.standing.balance_as_of)
        lines.append(Text("  " + say(N_("as of {moment}"), moment=seen), style="dim"))
    return Answer(data, [*lines, *_proof_lines(request, shown.proof)])


def _blacklist_lines(traits: Traits, say: Translator) -> list[Text]:
    barred = blacklist_words(traits)
    if barred is None:
        return []
    return [Text("  " + say.say(barred), style="bold red"), Text("  " + say(BLACKLIST_MEANS), style="red")]


def _proof_json(proof: KhataProof | None) -> dict[str, object] | None:
    if proof is None:
        return None
    return {"state": proof.state.value, "at": moment(proof.proven_at), "current": proof.current, "held": proof.held}


def _proof_lines(request: Request, proof: KhataProof | None) -> list[Text]:
    """Return whether a khata is proven equal to the server's; nothing where that one keeps none."""
    if proof is None:
        return []
    say = request.say
    if proof.held and proof.difference is not None:
        what = say(MISMATCH_WORDS[str(proof.difference["kind"])])
        return [Text("  " + say(N_("held, nothing new goes on account: {what}"), what=what), style="bold red")]
    if proof.proven_at is None:
        return [Text("  " + say(N_("khata: not proven yet")), style="dim")]
    words = N_("khata proven equal to the server's {moment}") if proof.current else N_("khata last proven {moment}")
    return [Text("  " + say(words, moment=inputs.shop_of(request).at(proof.proven_at)), style="dim")]


def _add(request: Request) -> Answer:
    args = request.args
    profile = Profile(
        name=args.name,
        phone=args.phone,
        email=args.email,
        address=args.address,
        notes=args.notes,
        tags=tuple(args.tag),
    )
    added = add_customer(
        request.app.till,
        operation_id=inputs.fresh_operation(),
        profile=profile,
        opening_balance=inputs.optional_amount(request, args.opening_balance),
        confirmed=request.confirmed,
        card_code=args.card,
        credit_limit=inputs.optional_amount(request, args.credit_limit),
    )
    say = request.say
    customer = added.recorded.customer
    data = recorded_json(added.recorded, say) | {
        "customer": customer_json(customer),
        "alike": [{"id": one.id, "name": one.profile.name, "phone": one.profile.phone} for one in added.alike],
    }
    lines = [
        Text(say(N_("Saved: {name}"), name=customer.profile.name), style="bold green"),
        Text("  " + say(STATE_WORDS[added.recorded.state.value])),
        Text(f"  {customer.id}", style="dim"),
    ]
    lines += [Text("  " + say(N_("Like her: {name} ({id})"), name=_title(one), id=one.id)) for one in added.alike]
    return Answer(data, lines)


def _title(customer: Customer) -> str:
    profile = customer.profile
    return f"{profile.name}, {profile.phone}" if profile.phone else profile.name


def _edit(request: Request) -> Answer:
    args = request.args
    customer_id = inputs.customer(request)
    recorded = edit_customer(
        request.app.till,
        operation_id=inputs.fresh_operation(),
        customer_id=customer_id,
        fields=_edited_fields(request, customer_id),
        card_code=args.card,
        credit_limit=inputs.optional_amount(request, args.credit_limit),
    )
    say = request.say
    data = recorded_json(recorded, say) | {"customer": customer_json(recorded.customer)}
    return Answer(
        data,
        [
            Text(say(N_("Saved: {name}"), name=recorded.customer.profile.name), style="bold green"),
            Text("  " + say(STATE_WORDS[recorded.state.value])),
        ],
    )


def _edited_fields(request: Request, customer_id: CustomerId) -> dict[str, FieldValue]:
    """Return the fields that were given; an empty text clears one, tags are set, added or taken away."""
    args = request.args
    fields: dict[str, FieldValue] = {
        name: getattr(args, name) or None for name in _FIELDS if getattr(args, name) is not None
    }
    if "name" in fields:
        fields["name"] = fields["name"] or ""
    if args.tag or args.add_tag or args.remove_tag:
        current = card(request.app.till, customer_id).customer.profile.tags
        chosen = [*(args.tag or current), *args.add_tag]
        fields["tags"] = tuple(tag for tag in dict.fromkeys(chosen) if tag not in args.remove_tag)
    return fields


def _delete(request: Request) -> Answer:
    recorded = delete_customer(
        request.app.till,
        operation_id=inputs.fresh_operation(),
        customer_id=inputs.customer(request),
        confirmed=request.confirmed,
    )
    say = request.say
    return Answer(
        recorded_json(recorded, say),
        [Text(say(N_("Deleted. {state}"), state=say(STATE_WORDS[recorded.state.value])), style="bold")],
    )
