"""Whether a recorded history keeps the promises, in the manner of Jepsen: pure functions over what was seen and found.

Each function returns sentences about what is wrong; an empty list is what must hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from posapp.domain.customer import PROFILE_FIELDS
from posapp.domain.digits import only_digits
from posapp.domain.operation import STAYS
from posapp.domain.phone import national_digits
from posapp.services.ports.remote import Capabilities
from tests.sim.history import Effect, History, Kept, Look, Numbers, Own, Recorded, Shown, TillEnd

APPLIED = frozenset({"acked", "confirmed"})
NOT_APPLIED = frozenset({"rejected", "cancelled"})
WAITING = frozenset({"pending", "in_flight", "unknown", "acked"})
LEDGER = frozenset({"opening", "charge", "payment", "return", "payout", "settlement", "write_off"})
ONCE = frozenset(
    {
        *((entity, "created") for entity in ("customer", "ledger_entry", "sale", "customer_log")),
        ("sale", "reversed"),
    }
)
"""Effects that an act may have once; so may it redeem, earn or adjust points. Setting a field again is no effect."""
MOVES_POINTS = frozenset({"redeem", "earn", "adjust"})
GONE = frozenset({"deleted", "anonymized"})
ZERO = Numbers(0, 0)


def check(history: History) -> list[str]:
    """Return everything that is wrong with a history."""
    return [
        *saved_exists(history),
        *at_most_once(history),
        *states_tell_the_truth(history),
        *sums_hold(history),
        *looks_are_explained(history),
        *kept_is_counted(history),
        *losses_were_shown(history),
        *nobody_falsely_gone(history),
        *equal_after_healing(history),
        *typing_stays(history),
        *nothing_waits(history),
    ]


def standing_effects(history: History) -> Iterator[Effect]:
    """Yield the effects that no restored backup took away."""
    return (one for index, one in enumerate(history.effects) if index not in history.lost)


def saved_exists(history: History) -> Iterator[str]:
    """Every act shown as saved stands in its till's book, and the book's chain is whole."""
    books = {till.name: {one.id: one for one in till.operations} for till in history.tills}
    for act in history.acts:
        if act.result == "saved" and act.operation not in books[act.till]:
            yield f"shown as saved, not in the book of {act.till}: {act.kind} {act.operation}"
    for till in history.tills:
        yield from (f"the book of {till.name} has a fault: {fault}" for fault in till.faults)


def at_most_once(history: History) -> Iterator[str]:
    """No act has two effects on the server."""
    counted = Counter((one.op, one.entity, one.change) for one in standing_effects(history) if one.op)
    for (op, entity, change), number in counted.items():
        once = (entity, change) in ONCE or (entity == "points" and change in MOVES_POINTS)
        if once and number > 1:
            yield f"{number} effects of one act: {entity} {change} by {op}"


def _made_in_vain(history: History) -> set[str]:
    """Return the acts that made customers whom somebody deleted on the server: a person may say that they are gone."""
    people = [one for one in standing_effects(history) if one.entity == "customer"]
    gone = {one.about for one in people if one.change in GONE}
    return {one.op for one in people if one.change == "created" and one.about in gone}


def states_tell_the_truth(history: History) -> Iterator[str]:
    """What a till says of an act is what happened on the server; what it cannot know is in the inbox.

    An edit ends refused where a person, seeing both values, settled its conflict: it may have stood there in between.
    """
    vain = _made_in_vain(history)
    happened = {one.op for one in standing_effects(history)} - vain
    lost = {history.effects[index].op for index in history.lost} - happened
    refused = {act.operation for act in history.acts if act.error in {"redeem_offline", "redeem_refused"}}
    for till in history.tills:
        asked = {operation for _, operation, _ in till.inbox}
        weighed = {one.intent["about"] for one in till.operations if one.intent.get("item_kind") == "conflict"}
        for one in till.operations:
            done = one.id in happened and one.id not in weighed
            seen = done or one.id in lost or one.kind in {"customer_edit", "customer_delete"}
            if one.state in APPLIED and not seen and one.id not in vain:
                yield f"{till.name} says {one.state}, nothing happened: {one.kind} {one.id}"
            if done and (one.state in NOT_APPLIED or one.state == "kept" or not one.attempts):
                yield f"{till.name} says {one.state}, it happened: {one.kind} {one.id}"
            if done and one.id in refused and one.state in NOT_APPLIED:
                yield f"{till.name} told a person that nothing was taken off: {one.id}"
            if one.state == "needs_human" and one.id not in asked and not in_doubt_of_the_server(till):
                yield f"{till.name} needs a person for what is not in the inbox: {one.kind} {one.id}"


def sums_hold(history: History) -> Iterator[str]:
    """The server's numbers are the sums of its lines, each line is one act's and of its amount, no points below 0."""
    for one in history.server.customers:
        if one.khata != one.numbers.balance:
            yield f"the server's balance of {one.remote} is {one.numbers.balance}, its lines make {one.khata}"
        if one.points_entries != one.numbers.points:
            yield f"the server's points of {one.remote} are {one.numbers.points}, its lines make {one.points_entries}"
    for remote, moments in history.moments.items():
        if any(numbers.points < 0 for _, numbers in moments):
            yield f"points below zero on the server: {remote}"
    known = {one.id: one for till in history.tills for one in till.operations}
    for entry in history.server.entries:
        act = known.get(entry.reference or "")
        if act is not None and money_of(act, known) != entry.amount:
            yield f"the server's khata has {entry.amount} for {act.kind} {act.id}, meant {money_of(act, known)}"


def money_of(one: Recorded, known: Mapping[str, Recorded]) -> int:
    """Return what an act is to do to the khata, negative for a debt."""
    if one.kind == "sale":
        return -int(str(one.intent["on_account"]))
    if one.kind == "reversal" and one.intent["of_kind"] == "sale":
        return -money_of(known[str(one.intent["sale_id"])], known)
    if "amount" not in one.intent:
        return 0
    return int(str(one.intent["amount"])) * (1 if one.intent["direction"] == "credit" else -1)


def looks_are_explained(history: History) -> Iterator[str]:
    """Every number shown is what the server had at one moment, plus this till's acts that were not in it then.

    The moment never goes back, but for a server that itself went back. An act that a person must decide may or may not
    be counted, for nobody knows.
    """
    applied: dict[str, int] = {}
    for one in history.effects:
        applied.setdefault(one.op, one.moment)
    servers = {till.name: till.server for till in history.tills}
    for field in ("balance", "points"):
        since: dict[tuple[str, str], int] = {}
        for look in history.looks:
            shown = getattr(look, field)
            if shown is None:
                continue
            if not _keeps(servers[look.till], field):
                if shown:
                    yield f"{look.till} showed a {field} of {shown} on a server that keeps none"
                continue
            key = (look.till, look.customer)
            found = _explained(history, look, field, applied, since.get(key, 0))
            if found is None:
                yield f"{look.till} showed an unexplained {field} of {shown}: {_evidence(history, look, field)}"
            else:
                since[key] = found


def _explained(history: History, look: Look, field: str, applied: Mapping[str, int], since: int) -> int | None:
    """Return the earliest moment that explains a number; None for none."""
    moments = history.moments.get(look.remote or "", [])
    starts = [(0, ZERO), *moments]
    if any(since < restored <= look.moment for restored in history.restored):
        since = 0
    first = max(bisect_right([moment for moment, _ in starts], since) - 1, 0)
    for moment, numbers in starts[first:]:
        if moment > look.moment:
            break
        certain = getattr(numbers, field) + sum(_part(own, field) for own in _open(look.own, applied, moment))
        doubtful = [_part(own, field) for own in look.own if own.state == "needs_human"]
        if getattr(look, field) in _sums(certain, doubtful):
            return max(moment, since)
    return None


def _open(own: Iterable[Own], applied: Mapping[str, int], moment: int) -> Iterator[Own]:
    """Yield the acts that the server did not have at a moment."""
    for one in own:
        ended = one.state in NOT_APPLIED or one.state == "needs_human"
        if not ended and applied.get(one.operation, moment + 1) > moment:
            yield one


def _part(own: Own, field: str) -> int:
    return own.money if field == "balance" else own.points


def _sums(base: int, parts: list[int]) -> set[int]:
    sums = {base}
    for part in parts[:8]:
        sums |= {one + part for one in sums}
    return sums


def _evidence(history: History, look: Look, field: str) -> str:
    had = [(moment, getattr(numbers, field)) for moment, numbers in history.moments.get(look.remote or "", [])]
    own = [(one.operation, one.state, _part(one, field)) for one in look.own]
    return f"customer {look.remote or look.customer} at moment {look.moment}, server {had[-8:]}, own {own}"


def _keeps(server: Capabilities, field: str) -> bool:
    return server.ledger if field == "balance" else server.points


def kept_is_counted(history: History) -> Iterator[str]:
    """What a till shows as kept is the sum of its acts that no server takes, whatever is done to the server."""
    for look in history.looks:
        counted = [one for one in look.kept if one.state not in NOT_APPLIED]
        for field in ("balance", "points"):
            shown, meant = getattr(look.kept_shown, field), sum(_part(one, field) for one in counted)
            if shown != meant:
                yield f"{look.till} showed a kept {field} of {shown} for {look.customer}, its acts make {meant}"


def losses_were_shown(history: History) -> Iterator[str]:
    """What was given at the shop's risk and refused in the end was never more than the figure on the screen."""
    happened = {one.op for one in history.effects}
    for look in history.risks:
        loss = sum(
            given for operation, state, given in look.acts if state not in NOT_APPLIED and operation not in happened
        )
        if loss > look.figure:
            yield f"{look.till} showed that points could cost {look.figure}, and they cost {loss}"


def nobody_falsely_gone(history: History) -> Iterator[str]:
    """Whom a till holds for gone is gone on the server, unless somebody at that till deleted the customer."""
    live = {one.remote for one in history.server.customers if one.live}
    for till in history.tills:
        deleting = {
            one.customer for one in till.operations if one.kind == "customer_delete" and one.state not in NOT_APPLIED
        }
        for shown in till.customers:
            if shown.status != "live" and shown.remote in live and shown.customer not in deleting:
                yield f"{till.name} holds {shown.remote} for {shown.status}, and the server has the customer"


def equal_after_healing(history: History) -> Iterator[str]:
    """Every till shows what the server has, customer by customer and field by field, but for what a person decides.

    Somebody gone there whom a manager dealt with here may stay, with what this till alone keeps.
    """
    live = {one.remote: one for one in history.server.customers if one.live}
    for till in history.tills:
        if in_doubt_of_the_server(till):
            continue
        held = held_customers(till)
        known: dict[str | None, list[Shown]] = {}
        for one in till.customers:
            known.setdefault(one.remote, []).append(one)
        for remote, theirs in live.items():
            ours = known.get(remote, [])
            if not any(one.customer in held for one in ours):
                yield from _differences(till, [one for one in ours if one.status == "live"], theirs)
        spared = held | {one.customer for one in till.operations if one.intent.get("item_kind") == "customer_gone"}
        for one in till.customers:
            known_here = one.status == "live" and one.remote is not None and one.customer not in spared
            if known_here and one.remote not in live:
                yield f"{till.name} shows {one.remote}, whom the server does not have"


def _differences(till: TillEnd, ours: list[Shown], theirs: Kept) -> Iterator[str]:
    """Yield in what a customer differs, of all that the server keeps."""
    if len(ours) != 1:
        yield f"{till.name} shows {len(ours)} customers for {theirs.remote}"
        return
    numbers = [name for name in ("balance", "points") if _keeps(till.server, name)]
    pairs = [(name, getattr(ours[0], name), getattr(theirs.numbers, name)) for name in numbers]
    pairs += [(name, ours[0].fields[name] or None, theirs.fields[name] or None) for name in till.server.fields]
    stays = _staying(till, ours[0].customer)
    for name, here, there in pairs:
        digits = name == "phone" and till.server.phone_digits and _same_digits(here, there)
        if here != there and not digits and (name, here, there) not in stays:
            yield f"{till.name} shows {name} {here!r} of {theirs.remote}, the server has {there!r}"


def _staying(till: TillEnd, customer: str) -> set[tuple[str, object, object]]:
    """Return what a person decided to keep here over what the server has: field, value here, value there."""
    decided = [one for one in till.operations if one.customer == customer and one.intent.get(STAYS)]
    return {(name, told.wanted or None, told.seen or None) for one in decided for name, told in one.typed.items()}


def _same_digits(here: str, there: str) -> bool:
    """Return whether two phones are one to a server that answers the digits alone."""
    mine = national_digits(here or "")
    return mine in {national_digits(there or ""), only_digits(there or "").lstrip("0")}


def typing_stays(history: History) -> Iterator[str]:
    """What no server keeps of a customer stands as it was typed last at this till; a refused edit may count or not."""
    for till in history.tills:
        local = [name for name in PROFILE_FIELDS if name not in till.server.fields]
        may_be: dict[tuple[str, str], set[object]] = {}
        for one in till.operations:
            for name in one.typed.keys() & set(local):
                values = may_be.setdefault((one.customer, name), {None})
                if one.state not in NOT_APPLIED:
                    values.clear()
                values.add(one.typed[name].wanted or None)
        for shown in till.customers if local else ():
            for name in local:
                value = shown.fields[name] or None
                if shown.status == "live" and value not in may_be.get((shown.customer, name), {None}):
                    yield f"{till.name} shows {name} {value!r} of {shown.customer}, who typed it?"


def in_doubt_of_the_server(till: TillEnd) -> bool:
    """Return whether a person still has to say what to do about the whole server: its item lists every act."""
    return bool({"server_restored", "other_store"} & {kind for kind, _, _ in till.inbox})


def held_customers(till: TillEnd) -> set[str | None]:
    """Return the customers of whom a person has something to decide at a till."""
    about = {customer for _, _, customer in till.inbox}
    return about | {one.customer for one in till.operations if one.state == "needs_human"}


def nothing_waits(history: History) -> Iterator[str]:
    """After healing nothing waits, unless a person decides about its customer or about the whole server."""
    for till in history.tills:
        if in_doubt_of_the_server(till):
            continue
        held = held_customers(till)
        for one in till.operations:
            if one.state in WAITING and one.customer not in held:
                yield f"{till.name}: {one.kind} {one.id} still waits ({one.state}, {one.attempts} attempts)"
