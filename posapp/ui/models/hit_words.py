"""What a row of hits says: the name and its marks, why it matched, and her numbers with their direction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.ports.search import FoundCustomer, MatchKind
from posapp.ui.wording import Said, balance_said, points_said

_TAG = "tag:"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the stretches of it that matched, counted in characters."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HitWords:
    """A hit in words.

    Attributes:
        name: Hers.
        below: Her phone, then why she was found where that is not plain to see.
        balance: With its direction.
        points: With their word.
        warning: That the shop does not serve her; empty where it does.
    """

    name: Marked
    below: tuple[Marked, ...]
    balance: Said
    points: str
    warning: str = ""

    def spoken(self) -> str:
        """Return all of it as a screen reader says it."""
        below = [part.text for part in self.below]
        said = [self.name.text, self.warning, *below, self.balance.caption, self.balance.value, self.points]
        return ", ".join(part for part in said if part)


def words_of(say: Translator, found: FoundCustomer) -> HitWords:
    """Return what the row of a hit says."""
    profile = found.customer.profile
    phone = Marked(profile.phone, _marks(found, "phone")) if profile.phone else Marked(say(N_("no phone")))
    points = found.standing.points
    return HitWords(
        name=Marked(profile.name, _marks(found, "name")),
        below=(phone, *_reasons(say, found)),
        balance=balance_said(say, found.standing.balance),
        points=say(N_("points {points}"), points=points_said(say, points))
        if points is None
        else say.plural(N_("{count} point"), N_("{count} points"), points, count=points_said(say, points)),
        warning=say(N_("blacklisted")) if found.blacklisted else "",
    )


def _reasons(say: Translator, found: FoundCustomer) -> Iterable[Marked]:
    """Yield why she was found, beyond the letters marked in her name and phone."""
    customer = found.customer
    if marks := _marks(found, "card"):
        yield _inside(say(N_("card {code}"), code=customer.card_code), customer.card_code or "", marks)
    if marks := _marks(found, "email"):
        yield Marked(customer.profile.email or "", marks)
    for place, tag in enumerate(customer.profile.tags):
        if marks := _marks(found, f"{_TAG}{place}"):
            yield _inside(say(N_("tag {tag}"), tag=tag), tag, marks)
    if found.kind is MatchKind.SOUND:
        yield Marked(say(N_("sounds alike")))
    elif found.kind is MatchKind.TYPO:
        yield Marked(say(N_("spelled nearly so")))


def _marks(found: FoundCustomer, field: str) -> tuple[tuple[int, int], ...]:
    return tuple((mark.start, mark.end) for mark in found.marks if mark.field == field)


def _inside(sentence: str, text: str, marks: tuple[tuple[int, int], ...]) -> Marked:
    """Return a sentence that holds a text, with the marks where the text stands in it."""
    at = sentence.rfind(text)
    return Marked(sentence, tuple((start + at, end + at) for start, end in marks))
