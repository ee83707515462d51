"""A customer's particulars: the fields people type, how they are checked and how they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

MAX_NAME = 255
MAX_TEXT = 2000
MAX_TAG = 50
MAX_TAGS = 50


class NameMissing(DomainError):
    """A customer has no name."""

    id = "name_missing"
    title = N_("A name is missing")
    message = N_("A customer needs a name.")
    hint = N_("Type the name as she says it; everything else can follow later.")


class WrongEmail(DomainError):
    """The e-mail cannot be one."""

    id = "wrong_email"
    title = N_("Not an e-mail address")
    message = N_("“{text}” is not an e-mail address.")
    hint = N_("An address looks like name@example.com. It may stay empty.")


class WrongPhone(DomainError):
    """The phone holds too few digits or too much else to be one."""

    id = "wrong_phone"
    title = N_("Not a phone number")
    message = N_("“{text}” is not a phone number.")
    hint = N_("Type at least 4 digits. It may stay empty.")


class TextTooLong(DomainError):
    """A field is longer than any server takes."""

    id = "text_too_long"
    title = N_("Too long")
    message = N_("The field {field} holds more than {limit} characters.")
    hint = N_("Shorten the text.")


@dataclass(frozen=True, slots=True)
class Profile:
    """What people type about a customer; every server keeps some or all of it.

    Attributes:
        name: As she says it; never empty.
        phone: As typed.
        email: As typed.
        address: One line.
        notes: Free text, lines.
        tags: In the order in which they were added, without doubles.
    """

    name: str
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()


PROFILE_FIELDS = tuple(field.name for field in fields(Profile))
"""The names of the fields of a `Profile`, in order."""

FieldValue = str | tuple[str, ...] | None
"""What a field of a profile may hold."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a profile as a person saw it and as the person wants it."""

    seen: FieldValue
    wanted: FieldValue


def cleaned(profile: Profile) -> Profile:
    """Return a profile without stray blanks and doubled tags, checked.

    Raises:
        NameMissing, WrongEmail, WrongPhone, TextTooLong: The field named by the error cannot stand so.
    """
    name = " ".join(_text(profile.name).split())
    if not name:
        raise NameMissing
    email = _text(profile.email).strip() or None
    if email is not None and ("@" not in email.strip("@") or any(char.isspace() for char in email)):
        raise WrongEmail(text=email)
    phone = _text(profile.phone).strip() or None
    if phone is not None and not _plausible_phone(phone):
        raise WrongPhone(text=phone)
    result = Profile(
        name=name,
        phone=phone,
        email=email,
        address=_text(profile.address).strip() or None,
        notes=_text(profile.notes).strip() or None,
        tags=tuple(dict.fromkeys(tag for tag in (_text(tag).strip() for tag in profile.tags) if tag)),
    )
    _check_lengths(result)
    return result


def changes_between(seen: Profile, wanted: Profile) -> dict[str, FieldChange]:
    """Return the fields in which two profiles differ."""
    pairs = ((name, getattr(seen, name), getattr(wanted, name)) for name in PROFILE_FIELDS)
    return {name: FieldChange(before, after) for name, before, after in pairs if before != after}


def with_fields(profile: Profile, values: Mapping[str, FieldValue]) -> Profile:
    """Return the profile with some fields replaced; unknown field names are a bug and raise `TypeError`."""
    return replace(profile, **dict(values))  # type: ignore[arg-type]


def merged_tags(*groups: Iterable[str]) -> tuple[str, ...]:
    """Return the union of tags in the order in which they first appear."""
    return tuple(dict.fromkeys(tag for group in groups for tag in group))


def _text(value: str | None) -> str:
    """Drop what no keyboard types and no server stores: NUL and lone surrogates."""
    return "".join(char for char in value or "" if char != "\x00" and not "\ud800" <= char <= "\udfff")


def _plausible_phone(phone: str) -> bool:
    digits = sum(char.isdecimal() for char in phone)
    return 4 <= digits <= 20 and len(phone) <= 40  # noqa: PLR2004 (short codes to E.164 with an extension)


def _check_lengths(profile: Profile) -> None:
    limits = {"name": MAX_NAME, "email": MAX_NAME, "address": MAX_TEXT, "notes": MAX_TEXT}
    for name, limit in limits.items():
        if len(getattr(profile, name) or "") > limit:
            raise TextTooLong(field=name, limit=limit)
    if len(profile.tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in profile.tags):
        raise TextTooLong(field="tags", limit=MAX_TAG)
