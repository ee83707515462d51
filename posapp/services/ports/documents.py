"""Paper: statements and slips as finished files."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from posapp.domain.slip import Slip
from posapp.domain.statement import Statement
from posapp.locale.translator import Translator


class Paper(StrEnum):
    """What a document is printed on."""

    A4 = "a4"
    ROLL_80 = "80mm"


class Documents(Protocol):
    """Makes documents that a customer can be handed, as PDF."""

    def statements(self, statements: Sequence[Statement], *, say: Translator, paper: Paper) -> bytes:
        """Return statements as one file, each on pages of its own.

        Raises:
            DocumentError: It could not be made; nothing was written.
        """
        ...

    def slip(self, slip: Slip, *, say: Translator) -> bytes:
        """Return a slip for a roll of 80 mm.

        Raises:
            DocumentError: It could not be made.
        """
        ...
