"""What is indexed of a customer: two lines of folded text, from which both indexes are filled and hits are graded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from posapp.domain.customer import Profile
from posapp.domain.folding import words
from posapp.store.phones import indexed

VERSION: Final = "1"
"""Changes with everything here that changes an entry: folding, phones, sounds. An older index is filled anew."""

BEGINNING: Final = "\ue001"
"""Before the digits of a phone: a sign of the private area, which no folded word holds."""
ENDING: Final = "\ue002"
"""Before the digits of a phone in reverse."""
AFTER_NAME: Final = "|"


@dataclass(frozen=True, slots=True)
class Entry:
    """The indexed text of one customer.

    Attributes:
        words: Words of the name, `|`, then those of card, e-mail and tags and the phone from both ends.
        middles: What may be found inside: name, card, e-mail before the @ without its dots, tags, digits of the phone.
    """

    words: str
    middles: str

    @property
    def names(self) -> list[str]:
        """The words of the name."""
        return self.words.partition(AFTER_NAME)[0].split()


def entry_of(profile: Profile, card_code: str | None, country: str) -> Entry:
    """Return what the index holds of a customer.

    Args:
        profile: Hers.
        card_code: Of her loyalty card.
        country: ISO 3166 code of the shop's country, for phones.
    """
    name = words(profile.name)
    card = words(card_code or "")
    whole_card = "".join(card)
    mailbox, _, domain = (profile.email or "").partition("@")
    local = words(mailbox)
    tags = [word for tag in profile.tags for word in words(tag)]
    phone = indexed(profile.phone, country)
    ends = [BEGINNING + phone.beginning, ENDING + phone.digits[::-1]] if phone.digits else []
    others = dict.fromkeys([*card, whole_card, *local, *words(domain), *tags, *ends])
    others.pop("", None)
    inside = [*name, whole_card, "".join(local), *tags, phone.digits]
    return Entry(
        " ".join([*dict.fromkeys(name), AFTER_NAME, *others]), " ".join(part for part in dict.fromkeys(inside) if part)
    )


def row_entry(row: Any, country: str) -> Entry:
    """Return what the index must hold of a row of `customer` read without types."""
    profile = Profile(name=row.name, phone=row.phone, email=row.email, tags=tuple(json.loads(row.tags)))
    return entry_of(profile, row.card_code, country)
