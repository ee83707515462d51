"""What a till tells the shop's other tills: facts, sealed line by line under the shop's exchange key.

    posapp-exchange 1 SHOP SOURCE ERASURES
    1 BASE64(seal)
    2 BASE64(seal)

SHOP is a fingerprint of the key, so that a file of another shop is told from a damaged one. SOURCE names the file; a
till has one, and takes a new one where its book was set back. Each line is sealed with shop, source and its own number
as context: none can be altered, moved, or put into another file. ERASURES counts how often the file was written anew
because a person's data had to go from it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.domain.operation import canonical_json
from posapp.domain.sealing import SealBroken, seal, unseal

_MAGIC: Final = "posapp-exchange"
_VERSION: Final = "1"
_HEADER_PARTS: Final = 5


class LineAltered(DomainError):
    """A line of an exchange file does not open, or does not say what this program understands."""

    id = "exchange_altered"
    title = N_("A till's file was altered")
    message = N_("Line {number} of the file of {till} was changed, or is not of this program's making.")
    hint = N_("Copy the file into the folder again; the other tills' files are read meanwhile.")


class LineMissing(DomainError):
    """Lines of an exchange file are missing between others."""

    id = "exchange_gap"
    title = N_("A till's file has a gap")
    message = N_("In the file of {till} line {number} is missing.")
    hint = N_("Copy the file into the folder again; the other tills' files are read meanwhile.")


class OtherShop(DomainError):
    """An exchange file belongs to another shop's tills, or to a program that this one does not know."""

    id = "exchange_other_shop"
    title = N_("A file of another shop")
    message = N_("The file of {till} is not of this shop's exchange.")
    hint = N_("Take it out of the folder, or join that shop's exchange with a new home.")


class OtherMoney(DomainError):
    """The tills of a shop count in one currency."""

    id = "exchange_other_currency"
    title = N_("A till with another currency")
    message = N_("The till {till} counts in another currency than this one.")
    hint = N_("Check that it is a till of this shop.")


class FactKind(StrEnum):
    """What a fact is about; a closed list.

    `TILL`: the till itself. `CUSTOMER`: who somebody is, on which servers. `ENTRY`, `POINTS`: a kept line. `CARD`,
    `LIMIT`: of a customer. `SETTING`: of the shop. `SAME`: two customers are one, or are not. `PAIR`: a kept entry is
    one with a server's, or is not.
    """

    TILL = "till"
    CUSTOMER = "customer"
    ENTRY = "entry"
    POINTS = "points"
    CARD = "card"
    LIMIT = "limit"
    SETTING = "setting"
    SAME = "same"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a till tells.

    Attributes:
        kind: What it is about.
        name: Of what exactly; a later fact of the same kind and name takes its place.
        at: When it became so.
        content: JSON values.
        gone: Whether it is no longer so (a line that is not kept after all).
    """

    kind: FactKind
    name: str
    at: datetime
    content: Mapping[str, object]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of an exchange file."""

    shop: str
    source: str
    erasures: int

    def line(self) -> bytes:
        """Return it as written."""
        return f"{_MAGIC} {_VERSION} {self.shop} {self.source} {self.erasures}\n".encode()


def shop_of(key: bytes) -> str:
    """Return the fingerprint of an exchange key."""
    return hashlib.blake2b(key, digest_size=8, person=b"posapp-exchange").hexdigest()


def read_header(line: bytes) -> Header | None:
    """Read a file's first line; None where it is none that this program knows."""
    parts = line.decode("utf-8", "replace").split()
    if len(parts) != _HEADER_PARTS or parts[:2] != [_MAGIC, _VERSION] or not parts[4].isdecimal():
        return None
    return Header(parts[2], parts[3], int(parts[4]))


def sealed_line(key: bytes, source: str, number: int, fact: Fact) -> bytes:
    """Return a fact as a line of a file.

    Args:
        key: The shop's exchange key.
        source: The file.
        number: The line's place in it, from 1.
        fact: What it says.
    """
    said = {
        "kind": fact.kind.value,
        "name": fact.name,
        "at": fact.at.isoformat(),
        "content": dict(fact.content),
        "gone": fact.gone,
    }
    sealed = seal(key, canonical_json(said).encode(), _context(key, source, number))
    return b"%d %s\n" % (number, base64.b64encode(sealed))


def number_of(line: bytes) -> int:
    """Return the number that a line bears; 0 for none."""
    number = line.partition(b" ")[0]
    return int(number) if number.isdigit() else 0


def opened_line(key: bytes, source: str, line: bytes) -> Fact:
    """Open a line and return what it says.

    Raises:
        SealBroken, ValueError, KeyError: It was changed, or says what this program does not understand.
    """
    sealed = base64.b64decode(line.partition(b" ")[2].rstrip(b"\n"), validate=True)
    said = json.loads(unseal(key, sealed, _context(key, source, number_of(line))))
    at = datetime.fromisoformat(said["at"])
    return Fact(FactKind(said["kind"]), str(said["name"]), at, said["content"], bool(said["gone"]))


UNREADABLE: Final = (SealBroken, binascii.Error, ValueError, KeyError, TypeError)
"""What `opened_line` raises for a line that was changed."""


def _context(key: bytes, source: str, number: int) -> bytes:
    return f"{_MAGIC} {shop_of(key)} {source} {number}".encode()
