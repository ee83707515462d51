"""Sentences for people as data, so that each can be said in every language.

A sentence is an English text with named places, `"{name} owes {balance}"`, which is also its key in the gettext
catalogues. Code marks it with `N_` where it is written and hands the parameters along; a `Translator` puts the two
together where a person reads them. Nothing is ever glued from pieces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def N_(text: str) -> str:  # noqa: N802 (the name that gettext's extractors look for)
    """Mark a sentence for translation where it is defined; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with its parameters, not yet in any language.

    Attributes:
        text: The English sentence with `{named}` places, marked by `N_` where it was written.
        params: A value for each place: text, int, `Money`, a date or an aware datetime.
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict)
