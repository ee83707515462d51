"""What cashiers type, drawn from the customers themselves: the kinds of query that the search is measured with."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from posapp.domain.customer import Profile
from posapp.domain.digits import only_digits
from posapp.domain.folding import words
from tests.support import truth

LIMIT = 50
ADVERSARIAL = ("gmail", "880", "@gmail.com", "hotmail.com", "ahmed 880", "gmail yahoo", "com c00", "@yahoo.com soren")
SOUNDS = (
    ("raheem", "Rahim"), ("kareem", "Karim"), ("yousuf", "Yusuf"), ("osmaan", "Usman"), ("zaynab", "Zainab"),
    ("khadeeja", "Khadija"), ("mahmood", "Mahmud"), ("laxmi", "Lakshmi"), ("bikram", "Vikram"), ("tanveer", "Tanvir"),
    ("choudhury", "Chowdhury"), ("siddiqi", "Siddiqui"), ("kureshi", "Qureshi"), ("shaikh", "Sheikh"),
    ("mazumdar", "Majumder"), ("mukharji", "Mukherjee"), ("sarker", "Sarkar"), ("bishwas", "Biswas"),
    ("ইমরান", "Imran"), ("সালমান", "Salman"), ("বিলাল", "Bilal"), ("শাকিল", "Shakil"), ("মাহমুদ", "Mahmud"),
    ("बिलाल", "Bilal"), ("इमरान", "Imran"), ("यूसुफ", "Yusuf"), ("शकील", "Shakil"), ("عمران", "Imran"),
    ("سلمان", "Salman"), ("بلال", "Bilal"),
)  # fmt: skip
"""A spelling that nobody has, and the name that is meant."""


class Query(NamedTuple):
    """Something typed, and who must be found; `test` None where nothing certain can be said."""

    text: str
    test: truth.Test | None


def queries(people: Sequence[Profile], country: str, *, a_kind: int, seed: int = 101) -> dict[str, list[Query]]:
    """Draw queries of every kind.

    Args:
        people: Customers of the book, or a part of them.
        country: Of the shop.
        a_kind: How many of each kind.
        seed: For the draw.
    """
    rng = random.Random(seed)
    latin = [one for one in people if _is_latin(one)]
    native = [one for one in people if words(one.name)[0][0] > "\u0600"]
    mailed = [one for one in latin if one.email]

    def begins(text: str) -> Query:
        return Query(text, truth.begins(text))

    def two_words() -> Query:
        first, *_, last = words(rng.choice(latin).name)
        return begins(f"{last[:4]} {first[:3]}")

    def typo() -> Query:
        meant = words(rng.choice(latin).name)[:2]
        return Query(" ".join(_mistyped(rng, word) for word in meant), truth.is_named(*meant))

    def named_ending() -> Query:
        one = rng.choice(latin)
        word, ending = words(one.name)[-1], only_digits(one.phone or "")[-4:]
        return Query(f"{word} {ending}", truth.all_of(truth.begins(word), truth.phone_ends(ending)))

    def digits(first: int | None, last: int | None, test: Callable[[str], truth.Test]) -> Query:
        text = only_digits(rng.choice(people).phone or "")[first:last]
        return Query(text, test(text))

    def mailbox() -> Query:
        part = "".join(words((rng.choice(mailed).email or "").partition("@")[0]))[2:9]
        return Query(part, truth.holds(part))

    def middle() -> Query:
        part = words(rng.choice(latin).name)[-1][1:5]
        return Query(part, truth.holds(part))

    def in_phone(text: str) -> truth.Test:
        return truth.phone_holds(text, country)

    makers: dict[str, Callable[[], Query]] = {
        "1 letter": lambda: begins(words(rng.choice(latin).name)[-1][:1]),
        "2 letters": lambda: begins(rng.choice(words(rng.choice(latin).name))[:2]),
        "prefix 3": lambda: begins(rng.choice(words(rng.choice(latin).name))[:3]),
        "prefix 5": lambda: begins(rng.choice(words(rng.choice(latin).name))[:5]),
        "middle 4": middle,
        "two words": two_words,
        "typo": typo,
        "common": lambda: Query(rng.choice(ADVERSARIAL), None),
        "last 4 digits": lambda: digits(-4, None, truth.phone_ends),
        "middle digits": lambda: digits(3, 9, in_phone),
        "whole phone": lambda: digits(None, None, in_phone),
        "e-mail part": mailbox,
        "name + last 4": named_ending,
        "native script": lambda: begins(words(rng.choice(native).name)[0][: rng.choice((2, 3, 4))]),
        "no hit": lambda: Query(rng.choice(("xqz", "wvvx", "zzkj")) + "".join(rng.choices("qxzjvw", k=3)), None),
    }
    drawn = {kind: [make() for _ in range(a_kind)] for kind, make in makers.items()}
    drawn["sound"] = [Query(text, truth.is_named(meant)) for text, meant in SOUNDS[: max(a_kind, len(SOUNDS))]]
    return drawn


def _is_latin(profile: Profile) -> bool:
    found = words(profile.name)
    return all(word.isascii() and len(word) > 4 for word in found)


def _mistyped(rng: random.Random, word: str) -> str:
    """Swap two letters, take a wrong vowel or leave a letter out."""
    place = rng.randrange(1, len(word) - 1)
    before, one, other, after = word[:place], word[place], word[place + 1], word[place + 2 :]
    return before + rng.choice((other + one, rng.choice("aeiou") + other, other)) + after
