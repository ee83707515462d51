"""Turning messages into sentences of a language, the one way for every layer.

The English text is the key in the gettext catalogue; a language without a catalogue speaks English.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from posapp.domain.messages import Message
from posapp.domain.money import Money

DOMAIN = "posapp"


def languages() -> tuple[str, ...]:
    """Return the languages that there is a catalogue for, English first."""
    folders = (entry for entry in files("posapp.locale").iterdir() if entry.is_dir())
    found = (one.name for one in folders if (one / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file())
    return ("en", *sorted(name for name in found if name != "en"))


class Translator:
    """Says messages in one language."""

    def __init__(self, language: str = "en") -> None:
        catalogues = files("posapp.locale")
        self.language = language
        self._texts = gettext.translation(DOMAIN, Path(str(catalogues)), [language], fallback=True)

    def __call__(self, text: str, /, **params: object) -> str:
        """Return a sentence: `text` is its marked English form, `params` fill its named places."""
        return self.say(Message(text, params))

    def say(self, message: Message) -> str:
        """Return a message as a sentence of this language."""
        return self._fill(self._texts.gettext(message.text), message.params)

    def plural(self, one: str, many: str, count: int, /, **params: object) -> str:
        """Return the form of a sentence that fits a count; `{count}` is filled with it."""
        return self._fill(self._texts.ngettext(one, many, count), {"count": count, **params})

    def _fill(self, text: str, params: Mapping[str, object]) -> str:
        return text.format_map(_Places({name: self._shown(value) for name, value in params.items()}))

    def _shown(self, value: object) -> str:
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, Money):
            return value.text()
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        return str(value)


class _Places(dict[str, str]):
    """Named places of a sentence; one that nobody filled stays visible instead of raising at the worst moment."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
