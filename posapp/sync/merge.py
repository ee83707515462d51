"""Two people edited one customer: whose value stands, field by field (design, section 6).

Pure: what a person saw (base), what the person wants (ours) and what the server holds now (theirs) go in; one value
comes out, with what it displaced, so that nobody's typing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posapp.domain.customer import PROFILE_FIELDS, FieldChange, FieldValue, Profile, merged_tags, with_fields

ASKS = frozenset({"phone", "email"})
"""They identify somebody: a person decides, theirs stands until then."""


@dataclass(frozen=True, slots=True)
class Loser:
    """A value that a merge displaced; `side` is `ours` or `theirs`."""

    field: str
    value: FieldValue
    side: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge.

    Attributes:
        profile: The record as it should stand.
        losers: Values that it displaced.
        ask: Fields that a person must decide; `profile` holds theirs.
    """

    profile: Profile
    losers: tuple[Loser, ...] = ()
    ask: tuple[str, ...] = ()


def merge(changes: Mapping[str, FieldChange], theirs: Profile) -> Merged:
    """Return the record that an edit and the server's record make together.

    Args:
        changes: Each edited field as it was seen and as it is wanted.
        theirs: The server's record now.
    """
    values: dict[str, FieldValue] = {}
    losers: list[Loser] = []
    ask: list[str] = []
    for name, change in changes.items():
        value, loser = merge_field(name, change.seen, change.wanted, getattr(theirs, name))
        values[name] = value
        if loser is not None:
            losers.append(loser)
            if loser.side == "ours":
                ask.append(name)
    return Merged(with_fields(theirs, values), tuple(losers), tuple(ask))


def merge_field(name: str, base: FieldValue, ours: FieldValue, theirs: FieldValue) -> tuple[FieldValue, Loser | None]:
    """Return the value that stands for one field, and the one it displaced, if any.

    Args:
        name: The field.
        base: What the person saw.
        ours: What the person wants.
        theirs: What the server holds now.
    """
    if same(ours, theirs) or same(ours, base):
        return theirs, None
    if same(theirs, base):
        return ours, None
    if name == "tags":
        return _tags(_as_tags(base), _as_tags(ours), _as_tags(theirs)), None
    if name == "notes":
        return _lines(_as_text(base), _as_text(ours), _as_text(theirs)), None
    if name in ASKS:
        return theirs, Loser(name, ours, "ours")
    return ours, Loser(name, theirs, "theirs")


def same(one: FieldValue, other: FieldValue) -> bool:
    """Return whether two values say the same: no text and empty text do, and the order of tags does not matter."""
    if isinstance(one, tuple) or isinstance(other, tuple):
        return set(_as_tags(one)) == set(_as_tags(other))
    return (one or "") == (other or "")


def overlaid(theirs: Profile, edits: Iterable[Mapping[str, FieldChange]]) -> Profile:
    """Return the server's record with edits that it does not hold yet on top: what the screen shows."""
    shown = theirs
    for changes in edits:
        shown = merge(changes, shown).profile
    return shown


def differing(wanted: Profile, theirs: Profile) -> dict[str, FieldValue]:
    """Return the fields, by name, in which a record differs from the server's."""
    pairs = ((name, getattr(wanted, name), getattr(theirs, name)) for name in PROFILE_FIELDS)
    return {name: ours for name, ours, now in pairs if not same(ours, now)}


def _tags(base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    added = tuple(tag for tag in ours if tag not in base)
    removed = {tag for tag in base if tag not in ours}
    return tuple(tag for tag in merged_tags(theirs, added) if tag not in removed)


def _lines(base: str, ours: str, theirs: str) -> str:
    """Return their lines and after them the lines that we typed; a second merge of the result changes nothing."""
    known = theirs.splitlines()
    before = {*base.splitlines(), *known}
    return "\n".join([*known, *(line for line in dict.fromkeys(ours.splitlines()) if line not in before)])


def _as_tags(value: FieldValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _as_text(value: FieldValue) -> str:
    return value if isinstance(value, str) else ""
