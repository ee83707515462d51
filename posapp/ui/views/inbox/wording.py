"""How an item of the inbox is said: what happened, what was meant, what is known, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from posapp.domain.ids import short_id
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator
from posapp.services.inbox import FoundItem
from posapp.services.resolving.decision import DECIDED
from posapp.services.resolving.targets import Target
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.pairs import Pairs
from posapp.ui.wording import day_said, full_moment_said


@dataclass(frozen=True, slots=True)
class KindLook:
    """How a kind of item is shown.

    Attributes:
        icon: Before it.
        title: What happened.
        text: What that means.
        urgent: Whether the whole till waits for it, not one act.
    """

    icon: str
    title: str
    text: str
    urgent: bool = False

    @property
    def tone(self) -> Tone:
        """How loud it is: a list of many things to decide is no wall of red."""
        return Tone.BAD if self.urgent else Tone.WARN


KINDS = {
    "rejected": KindLook(
        "ban",
        N_("Refused by the server"),
        N_("The server did not do this. Its own words are below."),
    ),
    "unknown": KindLook(
        "clock-alert",
        N_("Nobody knows whether the server did it"),
        N_("It was sent, the answer was lost, and the server cannot say what became of it. It was not sent again."),
    ),
    "conflict": KindLook(
        "users",
        N_("Changed here and on the server"),
        N_("Somebody changed the same field on the server. Nobody's typing is lost: both values are kept."),
    ),
    "customer_gone": KindLook(
        "user",
        N_("The customer is not on the server any more"),
        N_("What is still to be settled for this customer stays safe on this till."),
    ),
    "suspects": KindLook(
        "triangle-alert",
        N_("Many customers are missing on the server"),
        N_("The server's list is much shorter than this till's. Nobody was taken off this till."),
    ),
    "server_restored": KindLook(
        "triangle-alert",
        N_("The server was put back to an older state"),
        N_("It lost acts of this till that it had taken. Nothing is sent until a manager decides about them."),
        urgent=True,
    ),
    "other_store": KindLook(
        "triangle-alert",
        N_("The server shows another shop's customers"),
        N_("None of this till's customers is there. Nothing was taken over or sent; check the address and the token."),
        urgent=True,
    ),
    "pair": KindLook(
        "copy",
        N_("Perhaps keyed in twice"),
        N_("A till keeps this entry, and the server has one like it that somebody may have keyed in by hand."),
    ),
    "duplicate": KindLook(
        "users",
        N_("Perhaps one customer twice"),
        N_("Another till has a customer of the same phone or name. Nobody was taken for somebody else."),
    ),
    "card": KindLook(
        "credit-card",
        N_("One card for two customers"),
        N_("Two tills gave the same card away. It stays with the customer who had it first."),
    ),
    "stalled": KindLook(
        "hourglass",
        N_("It fails again and again"),
        N_("The server does not manage this act. It is safe on this till and is still being tried."),
    ),
    "khata_mismatch": KindLook(
        "scale",
        N_("A khata differs from the server's"),
        N_("Until this is settled nothing new goes on account here. Payments work as always."),
    ),
    "capability_gone": KindLook(
        "server-off",
        N_("The server does not take this"),
        N_("This server has no place for it, or does not let this till do it. It stays on this till."),
    ),
    "field_missing": KindLook(
        "user",
        N_("The server needs more particulars"),
        N_("It takes nobody without what is named below. Add it on the card and send; the khata works meanwhile."),
    ),
    "extension_broken": KindLook(
        "server-off",
        N_("The server does not keep what it announces"),
        N_("The till does without it from now on, and works as before, only more slowly. What was seen is below."),
    ),
    "make_good": KindLook(
        "gift",
        N_("Points refused after the discount was given"),
        N_("The customer has the discount. Nothing is taken back by itself: decide who bears it."),
    ),
    "lost_effect": KindLook(
        "circle-alert",
        N_("Taken by the server, but not to be seen there"),
        N_("The server took this, but its own data do not show it."),
    ),
    "restored": KindLook(
        "undo-2",
        N_("This till came back from a copy"),
        N_("What may have reached the server since the copy was made is asked about, and never sent again blindly."),
    ),
    "original_open": KindLook(
        "hourglass",
        N_("It stands on something that is not settled"),
        N_("What it takes back, or the points it used, are not settled with the server yet."),
    ),
    "chain_keychain": KindLook(
        "triangle-alert",
        N_("The book is not what the keychain remembers"),
        N_("Acts are missing, or others stand in their place. Bring them back before you go on: posapp rescue FILE"),
        urgent=True,
    ),
    "chain_second_copy": KindLook(
        "triangle-alert",
        N_("The second copy has acts that the book lacks"),
        N_("Its file was kept. Bring its acts back into the book before you go on: posapp rescue FILE"),
        urgent=True,
    ),
    "chain_altered": KindLook(
        "triangle-alert",
        N_("The book was altered"),
        N_("Acts are not as they were recorded. Make a backup as it is, and ask for help: posapp verify names them."),
        urgent=True,
    ),
}
_OTHER = KindLook("inbox", N_("Needs a look"), N_("This came up while the till worked with its server."))

_COUNTS = {
    True: N_("It counts on this till until it is settled."),
    False: N_("It does not count on this till."),
}
_WAYS = {Direction.DEBIT.value: N_("Owes the shop"), Direction.CREDIT.value: N_("Paid ahead")}
_MONEY = {
    "amount": N_("Amount"),
    "total": N_("Bill"),
    "discount": N_("Discount"),
    "paid": N_("Paid"),
    "on_account": N_("On account"),
}
_NUMBERS = {
    "points": N_("Points"),
    "points_redeemed": N_("Points used"),
    "points_earned": N_("Points earned"),
}
_TEXTS = {
    "receipt_number": N_("Receipt"),
    "reference": N_("Reference"),
    "description": N_("Text"),
    "due_on": N_("Due on"),
    "reason": N_("Reason"),
}
FIELDS = {
    "name": N_("Name"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "notes": N_("Notes"),
    "tags": N_("Tags"),
}
"""What a customer's fields are called."""


def look_of(kind: str) -> KindLook:
    """Return how a kind is shown; one that is not known yet is shown all the same."""
    return KINDS.get(kind, _OTHER)


def headline(say: Translator, found: FoundItem, currency: str) -> str:
    """Return the act in a few words: *payment of ₹500.00*."""
    kind = KIND_WORDS.get(str(found.item.meant.get("kind")))
    if kind is None:
        return ""
    words = say(kind)
    amount = _amount(found.item.meant, currency)
    words = words[:1].upper() + words[1:]
    return words if amount is None else say(N_("{what}: {amount}"), what=words, amount=amount)


def meant(say: Translator, found: FoundItem, currency: str) -> Pairs:
    """Return what somebody meant to do, in words and amounts."""
    return tuple(_meant(say, found, currency))


def counting(say: Translator, found: FoundItem) -> str:
    """Return whether the act counts on this till while it waits; empty where it is about no act, or is settled."""
    if found.state is None or found.item.resolved_at is not None:
        return ""
    return say(_COUNTS[found.state not in {OperationState.REJECTED, OperationState.CANCELLED}])


def decided(say: Translator, found: FoundItem, shop: Shop) -> Pairs:
    """Return how an item was settled, by whom, when and why; nothing while it is open."""
    item = found.item
    if item.resolved_at is None:
        return ()
    pairs = (
        (N_("Decision"), decision_words(say, item.resolution)),
        (N_("When"), full_moment_said(say, item.resolved_at, shop)),
        (N_("By"), item.decided_by),
        (N_("Allowed by"), item.approved_by),
        (N_("Why"), item.reason),
        (N_("Linked to"), item.target),
    )
    return tuple((say(name), value) for name, value in pairs if value)


def decision_words(say: Translator, resolution: str | None) -> str:
    """Return what was chosen, as it is said afterwards."""
    known_as = DECIDED.get(resolution or "")
    return (resolution or "") if known_as is None else say(known_as)


def target_words(say: Translator, target: Target, shop: Shop) -> str:
    """Return what a link may point to: a name with its phone, or a line with its day."""
    if target.line is not None:
        line = target.line
        day = day_said(shop.day_of(line.occurred_at))
        words = say(N_("{day} · {what}"), day=day, what=line.amount.text())
        return f"{words} · {line.description}" if line.description else words
    if target.profile is None:
        return say(N_("{id} on the server"), id=short_id(target.id))
    phone = target.profile.phone
    return f"{target.profile.name} · {phone}" if phone else target.profile.name


def _amount(values: Mapping[str, object], currency: str) -> str | None:
    for name in ("amount", "total"):
        minor = values.get(name)
        if isinstance(minor, int):
            return abs(Money(minor, currency)).text()
    points = values.get("points")
    return f"{abs(points):,}" if isinstance(points, int) else None


def _meant(say: Translator, found: FoundItem, currency: str) -> Iterator[tuple[str, str]]:
    values = found.item.meant
    undone = KIND_WORDS.get(str(values.get("of_kind")))
    if undone is not None:
        yield say(N_("Takes back")), say(undone)
    if values.get("kind") == OperationKind.OPENING and (way := _WAYS.get(str(values.get("direction")))):
        yield say(N_("Which way")), say(way)
    for name, words in _MONEY.items():
        minor = values.get(name)
        if isinstance(minor, int) and (minor or name in {"amount", "total"}):
            yield say(words), abs(Money(minor, currency)).text()
    for name, words in _NUMBERS.items():
        count = values.get(name)
        if isinstance(count, int) and count:
            yield say(words), f"{abs(count):,}"
    for name, words in _TEXTS.items():
        if values.get(name):
            yield say(words), str(values[name])
    yield from _typed(say, found.person)


def _typed(say: Translator, person: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a customer that somebody typed, or changed from what was seen."""
    profile, changes = person.get("profile"), person.get("changes")
    for name, words in FIELDS.items():
        if isinstance(profile, Mapping) and profile.get(name):
            yield say(words), plain(say, profile[name])
        change = changes.get(name) if isinstance(changes, Mapping) else None
        if isinstance(change, Mapping):
            seen, wanted = plain(say, change.get("seen")), plain(say, change.get("wanted"))
            yield say(words), say(N_("“{before}” becomes “{after}”"), before=seen, after=wanted)


def plain(say: Translator, value: object) -> str:
    """Return a value as it is read: fields by their names, numbers in groups, a list in one line."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(say(FIELDS[one]) if one in FIELDS else str(one) for one in value)
    return f"{value:,}" if type(value) is int else str(value)
