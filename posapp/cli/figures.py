"""Amounts, balances, customers and acts as JSON objects and as words (contracts, section 4)."""

from __future__ import annotations

from datetime import date, datetime

from rich.text import Text

from posapp.domain.ageing import Ageing
from posapp.domain.exposure import Exposure
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.shop import Shop
from posapp.domain.words import PHONE_MISSING, PHONES_MISSING
from posapp.locale.translator import Translator
from posapp.services.dto import Customer, KhataLine, PointsLine, SaleRecord, Standing
from posapp.services.ports.proofs import ProofSummary
from posapp.services.ports.search import FoundCustomer
from posapp.services.till import Recorded

STATE_WORDS = {
    "pending": N_("saved, waits to be sent"),
    "in_flight": N_("being sent"),
    "unknown": N_("sent, no answer yet"),
    "acked": N_("accepted by the server"),
    "confirmed": N_("accepted and seen on the server"),
    "rejected": N_("refused by the server"),
    "needs_human": N_("needs a decision (inbox)"),
    "cancelled": N_("withdrawn"),
    "kept": N_("kept on this till"),
    "saved": N_("saved"),
    "sent": N_("sent"),
    "doubtful": N_("sent, no answer yet"),
    "server": N_("on the server"),
}

INBOX_WORDS = {
    "rejected": N_("refused by the server"),
    "unknown": N_("no answer; nobody knows whether it was done"),
    "conflict": N_("changed here and on the server"),
    "customer_gone": N_("the customer is not on the server"),
    "suspects": N_("many customers are missing on the server"),
    "server_restored": N_("the server was put back and lost acts"),
    "other_store": N_("the server shows another shop's customers"),
    "extension_broken": N_("the server does not keep what it announces"),
    "stalled": N_("fails again and again; it is still being tried"),
    "capability_gone": N_("the server does not take this any more"),
    "field_missing": N_("the server takes no customer without more particulars"),
    "khata_mismatch": N_("a khata differs from the server's"),
    "make_good": N_("a discount was given, and the server refused the points"),
    "chain_keychain": N_("the book is not what the keychain remembers"),
    "chain_second_copy": N_("the second copy has other acts than the book"),
    "chain_altered": N_("the book was altered"),
    "restored": N_("this till came back from a copy"),
    "pair": N_("a kept entry and a server's entry may be one"),
    "duplicate": N_("two customers may be one"),
    "card": N_("two tills gave one card away"),
}


def exposure_words(exposure: Exposure, say: Translator) -> str:
    """Say what points given without the server can still cost, and what of it is given already."""
    if not exposure.given:
        return say(N_("most that could be lost offline: {exposure}"), exposure=exposure.total)
    words = N_("most that could be lost offline: {exposure} ({given} given, {allowed} more allowed)")
    return say(words, exposure=exposure.total, given=exposure.given, allowed=exposure.allowed)


def waiting_words(count: int, say: Translator) -> str:
    """Say how many acts wait to go out."""
    if not count:
        return say(N_("nothing waits to be sent"))
    return say.plural(N_("{count} act waits to be sent"), N_("{count} acts wait to be sent"), count)


def proof_words(proof: ProofSummary, shop: Shop, say: Translator) -> str:
    """Say how many khatas are proven equal to the server's, and when."""
    values = {"proven": f"{proof.proven:,}", "of": f"{proof.of:,}", "count": f"{proof.held:,}"}
    if proof.held:
        return say(N_("{count} of {of} khatas differ from the server's: posapp inbox list"), **values)
    if proof.at is None:
        return say(N_("khatas: not proven yet"))
    return say(N_("{proven} of {of} khatas proven equal to the server's, last at {at}"), **values, at=shop.at(proof.at))


def inbox_words(count: int, say: Translator) -> str:
    """Say how many things need a person."""
    if not count:
        return say(N_("the inbox is empty"))
    return say.plural(
        N_("{count} item in the inbox needs a decision: posapp inbox list"),
        N_("{count} items in the inbox need a decision: posapp inbox list"),
        count,
    )


def amount_json(amount: Money) -> dict[str, object]:
    """Return an amount as the contract writes it."""
    return {"minor": amount.minor, "currency": amount.currency, "text": amount.text()}


def optional_amount(amount: Money | None) -> dict[str, object] | None:
    """Return an amount, or null for an unknown one."""
    return None if amount is None else amount_json(amount)


def balance_json(balance: Money | None, say: Translator) -> dict[str, object] | None:
    """Return a balance with its direction in words; null while it is unknown."""
    if balance is None:
        return None
    direction = "settled" if not balance else "owes" if balance.minor < 0 else "owed"
    return {
        "minor": balance.minor,
        "currency": balance.currency,
        "text": balance_words(balance, say),
        "direction": direction,
    }


def balance_words(balance: Money | None, say: Translator) -> str:
    """Return a balance as a shopkeeper reads it: the direction in words, never a bare minus."""
    if balance is None:
        return say(N_("khata not fetched yet"))
    if not balance:
        return say(N_("settled"))
    if balance.minor < 0:
        return say(N_("you will get {amount}"), amount=-balance)
    return say(N_("you will give {amount}"), amount=balance)


def points_words(points: int | None, say: Translator) -> str:
    """Return points as a cashier reads them; unknown never looks like zero, and too many used are no bare minus."""
    if points is None:
        return say(N_("not fetched yet"))
    return f"{points:,}" if points >= 0 else say(N_("{points} overdrawn"), points=f"{-points:,}")


def day_text(day: date | None) -> str | None:
    """Return a day as ISO 8601."""
    return None if day is None else day.isoformat()


def moment(at: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC with `Z`."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def standing_json(standing: Standing, say: Translator) -> dict[str, object]:
    """Return a customer's numbers with the parts that make them."""
    return {
        "balance": balance_json(standing.balance, say),
        "balance_confirmed": balance_json(standing.server_balance, say),
        "balance_as_of": moment(standing.balance_as_of),
        "balance_unsent": amount_json(standing.unsent_balance),
        "balance_kept": amount_json(standing.kept_balance),
        "points": standing.points,
        "points_confirmed": standing.server_points,
        "points_as_of": moment(standing.points_as_of),
        "points_unsent": standing.unsent_points,
        "points_kept": standing.kept_points,
        "total_spent": optional_amount(standing.total_spent),
        "total_orders": standing.total_orders,
    }


def customer_json(customer: Customer) -> dict[str, object]:
    """Return a customer's particulars."""
    profile = customer.profile
    return {
        "id": customer.id,
        "name": profile.name,
        "phone": profile.phone,
        "email": profile.email,
        "address": profile.address,
        "notes": profile.notes,
        "tags": list(profile.tags),
        "status": customer.status.value,
        "card_code": customer.card_code,
        "credit_limit": optional_amount(customer.credit_limit),
        "created_at": moment(customer.created_at),
    }


def found_json(found: FoundCustomer, say: Translator) -> dict[str, object]:
    """Return a hit of the search: whom, why, and the numbers a cashier looks for."""
    profile = found.customer.profile
    return {
        "id": found.customer.id,
        "remote_id": found.remote_id,
        "name": profile.name,
        "phone": profile.phone,
        "email": profile.email,
        "tags": list(profile.tags),
        "card_code": found.customer.card_code,
        "matched": found.matched,
        "kind": found.kind.name.lower(),
        "marks": [{"field": mark.field, "start": mark.start, "end": mark.end} for mark in found.marks],
        "points": found.standing.points,
        "balance": balance_json(found.standing.balance, say),
        "blacklisted": found.blacklisted,
    }


def phones_missing_words(count: int, say: Translator) -> list[Text]:
    """Return that some phones cannot be found yet; nothing where none is missing."""
    if not count:
        return []
    words = say.plural(PHONE_MISSING, PHONES_MISSING, count, shown=f"{count:,}")
    return [Text("  " + words, style="dim")]


def recorded_json(recorded: Recorded, say: Translator) -> dict[str, object]:
    """Return an act that was recorded, and what it left."""
    return {
        "operation": recorded.operation.id,
        "state": recorded.state.value,
        "kind": recorded.operation.kind.value,
        "customer": {"id": recorded.customer.id, "name": recorded.customer.profile.name},
        "balance": balance_json(recorded.after.balance, say),
        "points": recorded.after.points,
    }


def sale_json(sale: SaleRecord) -> dict[str, object]:
    """Return a bill."""
    return {
        "id": sale.id,
        "receipt_number": sale.receipt_number,
        "total": amount_json(sale.total),
        "discount": amount_json(sale.discount),
        "paid": amount_json(sale.paid),
        "on_account": amount_json(sale.on_account),
        "points_redeemed": sale.points_redeemed,
        "points_earned": sale.points_earned,
        "occurred_at": moment(sale.occurred_at),
    }


def line_json(line: KhataLine) -> dict[str, object]:
    """Return a line of a khata."""
    return {
        "id": line.entry_id,
        "operation": line.operation_id,
        "kind": line.kind.value if line.kind else None,
        "type": line.direction.value,
        "amount": amount_json(line.amount),
        "occurred_at": moment(line.occurred_at),
        "recorded_at": moment(line.recorded_at),
        "description": line.description,
        "reference": line.reference,
        "state": line.state.value,
        "counted": line.counted,
        "backdated": line.backdated,
        "reverses": line.reverses,
        "reversed_by": line.reversed_by,
        "till": line.till,
    }


def points_line_json(line: PointsLine) -> dict[str, object]:
    """Return a movement of points."""
    return {
        "operation": line.operation_id,
        "points": line.points,
        "occurred_at": moment(line.occurred_at),
        "description": line.description,
        "state": line.state.value,
        "counted": line.counted,
    }


def ageing_json(ageing: Ageing) -> dict[str, object]:
    """Return how old what is owed is: positive amounts by days past due."""
    names = ("current", "days_1_30", "days_31_60", "days_61_90", "over_90", "advance", "undated")
    return {
        "as_of": ageing.as_of.isoformat(),
        **{name: amount_json(getattr(ageing, name)) for name in names},
        "oldest_due": day_text(ageing.oldest_due),
    }
