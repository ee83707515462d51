"""The colours of the portal's customer groups: a list of customers tells the names of the groups alone."""

from __future__ import annotations

from typing import Final

from posapp.domain.errors import RemoteError
from posapp.remote.portal import wire
from posapp.remote.portal.convert import Colors, colors_of
from posapp.remote.portal.envelope import required
from posapp.remote.reading import Reader
from posapp.remote.recent import Recent

GROUPS: Final = "/api/customer-group"
MOST: Final = 250

_SECONDS: Final = 300.0


class GroupColors:
    """Reads the groups when a list first names one, and again after some minutes."""

    def __init__(self, reader: Reader) -> None:
        """Remember what to read with; nothing is read yet."""
        self._reader = reader
        self._recent = Recent[Colors](_SECONDS, most=1)

    def known(self) -> Colors:
        """Return the colours as far as they were read lately, without asking."""
        return self._recent.get(GROUPS) or {}

    def read(self) -> Colors:
        """Return the colours; none where the server will not tell them, for no list fails over a colour."""
        kept = self._recent.get(GROUPS)
        if kept is None:
            try:
                kept = self._reader.read(GROUPS, object, _colors, params={"limit": str(MOST)})
            except RemoteError:
                kept = {}
            self._recent.keep(GROUPS, kept)
        return kept


def _colors(told: object, _answer: object) -> Colors:
    return colors_of(required(told, list[wire.Group]))
