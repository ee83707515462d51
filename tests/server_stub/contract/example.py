"""The documents' own example requests, and what is like the answer that stands beside them.

A request stands here word for word as its document has it. What only exists in the document (a customer 301, a
`<token>`) is named as it stands there, and beside it what stands for it in a stub that was just asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import get_args

from tests.support.stub import StubServer

Words = Mapping[str, str]


def no_words(_stub: StubServer) -> Words:
    """Return nothing: the example needs no other words than its own."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Example:
    """One example request of a document.

    Attributes:
        api: The API's name.
        title: As the document heads it.
        method: The HTTP method.
        path: Path and query.
        body: The body; None for none.
        headers: Those of the example; a request without `Authorization` and without `X-Client-Id` gets the store's.
        words: Prepares what the example takes for granted, and returns by each word of the document what stands for
            it here; they are put into path, headers and body. `<token>` is known without.
        status: The documented status of success.
        answer: What the answer is `like`; None where it is no JSON.
    """

    api: str
    title: str
    method: str
    path: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    words: Callable[[StubServer], Words] = no_words
    status: int = 200
    answer: object = None


def in_words(text: str, words: Words) -> str:
    """Return a text of a document with the words of this stub.

    Args:
        text: As the document has it.
        words: What stands for what.
    """
    for documented, here in words.items():
        text = text.replace(documented, here)
    return text


def assert_like(found: object, wanted: object, at: str = "answer") -> None:
    """Check that an answer is like a documented one.

    Args:
        found: Decoded JSON.
        wanted: A type or union stands for any value of it, a mapping for one that has at least its members, a list
            of one for a list of at least one such item; anything else for itself.
        at: Where it stands.
    """
    if isinstance(wanted, type | UnionType):
        assert type(found) in (get_args(wanted) or (wanted,)), f"{at} is {found!r}"
    elif isinstance(wanted, Mapping):
        assert isinstance(found, dict), f"{at} is {found!r}"
        assert set(wanted) <= set(found), f"{at} lacks {set(wanted) - set(found)}"
        for name, value in wanted.items():
            assert_like(found[name], value, f"{at}.{name}")
    elif isinstance(wanted, list) and len(wanted) == 1:
        assert isinstance(found, list), f"{at} is {found!r}"
        assert found, f"{at} is empty"
        for place, item in enumerate(found):
            assert_like(item, wanted[0], f"{at}[{place}]")
    else:
        assert found == wanted, f"{at} is {found!r}"
        assert type(found) is type(wanted), f"{at} is {found!r}"
