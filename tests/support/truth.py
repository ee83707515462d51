"""Who must be found, by reading every customer: what the search's recall is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from posapp.domain.customer import Profile
from posapp.domain.digits import only_digits
from posapp.domain.folding import fold, words
from posapp.domain.phone import query_forms, to_e164


class Read(NamedTuple):
    """A customer read for comparing: her words with a blank before each, her phone's digits, her mailbox."""

    words: str
    names: str
    digits: str
    mailbox: str


Test = Callable[[Read], bool]


def read(profile: Profile, country: str) -> Read:
    """Read a profile."""
    phone = profile.phone or ""
    digits = (to_e164(phone, country) or "")[1:] or only_digits(phone)
    mailbox = "".join(words((profile.email or "").partition("@")[0]))
    everything = words(" ".join((profile.name, profile.email or "", *profile.tags)))
    return Read("".join(f" {word}" for word in everything), " " + " ".join(words(profile.name)) + " ", digits, mailbox)


def begins(text: str) -> Test:
    """Every word typed begins one of hers."""
    asked = [f" {word}" for word in words(text)]
    return lambda one: all(word in one.words for word in asked)


def holds(text: str) -> Test:
    """The folded text stands inside one of her words, or her mailbox."""
    asked = "".join(words(text))
    return lambda one: asked in one.words or asked in one.mailbox


def phone_holds(text: str, country: str) -> Test:
    """The digits typed, in any of their forms, stand in her phone."""
    forms = {only_digits(text), *query_forms(only_digits(text), country)}
    return lambda one: any(form in one.digits for form in forms)


def phone_ends(text: str) -> Test:
    """Her phone ends with the digits typed."""
    return lambda one: one.digits.endswith(text)


def all_of(*tests: Test) -> Test:
    """She passes every test."""
    return lambda one: all(test(one) for test in tests)


def is_named(*names: str) -> Test:
    """Each name, as meant, is a word of hers."""
    asked = [f" {fold(name)} " for name in names]
    return lambda one: all(name in one.names for name in asked)


def recall(found: Sequence[int], truth: set[int], limit: int) -> float:
    """Return the share of those who must be found, or of a full list, that was found."""
    return len(truth.intersection(found)) / min(limit, len(truth)) if truth else 1.0
