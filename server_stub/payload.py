"""Reads what a request carries, strictly: the body as JSON of a known shape, query parameters as numbers and times.

Whatever a database could not keep (NUL, half of a surrogate pair, a number beyond 64 bits) ends here as a 400.
"""

import io
import re
from typing import TypeVar
from urllib.parse import unquote_plus

import msgspec
from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request

from server_stub.clock import DAY_MICROS, parse_date, parse_timestamp
from server_stub.errors import ApiError, bad_request

LARGEST_BODY = 5 * 1024 * 1024
LARGEST_INTEGER = 2**63 - 1

_DRAINED = 64 * 1024 * 1024
_NUMBER = re.compile(r"\d{1,19}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

FLAGS = {"true": True, "1": True, "false": False, "0": False}
"""How yes and no are written."""

Shape = TypeVar("Shape")


async def read_body(request: Request) -> bytes:
    """Return a request's body.

    Args:
        request: The request.

    Raises:
        ApiError: 413 when it is too large; what is left of it is read and dropped, so that the answer arrives.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= LARGEST_BODY:
                chunks.append(chunk)
            else:
                chunks.clear()
            if size > _DRAINED:
                break
    except ClientDisconnect as error:
        raise ApiError(400, "invalid_request", "The client went away before its request was whole.") from error
    if size > LARGEST_BODY:
        raise ApiError(413, "payload_too_large", "The body is larger than 5 MiB.")
    return b"".join(chunks)


def decode(body: bytes, shape: type[Shape]) -> Shape:
    """Return a body as a shape; unknown members are ignored.

    Args:
        body: JSON in UTF-8.
        shape: What it must be.

    Raises:
        ApiError: It is no JSON, not of that shape, or carries what cannot be kept.
    """
    try:
        decoded = msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise bad_request(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request("The body is not valid JSON.") from error
    if b"\\u0000" in body and _holds_nul(msgspec.to_builtins(decoded)):
        raise bad_request("The body holds a NUL character.")
    return decoded


def decode_fields(body: bytes, content_type: str, shape: type[Shape]) -> Shape:
    """Return a form as a shape, its texts read as the numbers and flags that the shape asks for; JSON is taken too.

    Args:
        body: A form, urlencoded or multipart, or JSON in UTF-8.
        content_type: The request's header.
        shape: What it must be.

    Raises:
        ApiError: As `decode`.
    """
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return decode(body, shape)
    try:
        return msgspec.convert(form_fields(body, content_type), type=shape, strict=False)
    except msgspec.ValidationError as error:
        raise bad_request(str(error)) from error


def form_fields(body: bytes, content_type: str) -> dict[str, str | list[str]]:
    """Return the fields of a form; a field that comes several times is a list.

    Args:
        body: Urlencoded or multipart.
        content_type: The request's header; urlencoded where it names none of the two.

    Raises:
        ApiError: It is no form, or holds what cannot be kept.
    """
    found: dict[str, list[str]] = {}

    def on_field(field: Field) -> None:
        name, value = ((part or b"").decode() for part in (field.field_name, field.value))
        if not multipart:
            name, value = (unquote_plus(part, errors="strict") for part in (name, value))
        found.setdefault(name, []).append(value)

    multipart = content_type.partition(";")[0].strip().lower() == "multipart/form-data"
    header = content_type if multipart else "application/x-www-form-urlencoded"
    try:
        parse_form({"Content-Type": header.encode("latin-1")}, io.BytesIO(body), on_field, lambda _: None)
    except (FormParserError, UnicodeError, ValueError) as error:
        raise bad_request("The body is not a valid form.") from error
    if any(_holds_nul(name) or _holds_nul(values) for name, values in found.items()):
        raise bad_request("The body holds a NUL character.")
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def as_integer_id(text: str) -> int | None:
    """Return an integer id out of a path or a query, or None when the text is none."""
    return int(text) if _NUMBER.fullmatch(text) and int(text) <= LARGEST_INTEGER else None


def as_uuid(text: str) -> str | None:
    """Return a uuid in lower case, or None when the text is none.

    Args:
        text: The usual form with hyphens.
    """
    return text.lower() if _UUID.fullmatch(text) else None


def required_uuid(text: str, name: str) -> str:
    """Return a uuid out of a body in lower case.

    Args:
        text: As given.
        name: The member it stood in.

    Raises:
        ApiError: It is none.
    """
    found = as_uuid(text)
    if found is None:
        raise bad_request(f"{name} must be a uuid.")
    return found


def optional_moment(text: str | None, name: str) -> int | None:
    """Return a moment out of a body in microseconds, or None when it is absent.

    Args:
        text: As given.
        name: The member it stood in.

    Raises:
        ApiError: It is no timestamp.
    """
    if text is None:
        return None
    moment = parse_timestamp(text)
    if moment is None:
        raise bad_request(f"{name} must be an ISO 8601 timestamp.")
    return moment


def whole_number(query: QueryParams, name: str, default: int, *, smallest: int = 1, largest: int = 2**40) -> int:
    """Return a query parameter that is a whole number.

    Args:
        query: The query string.
        name: The parameter.
        default: Its value when it is absent.
        smallest: What it may not be below.
        largest: What larger numbers are cut to.

    Raises:
        ApiError: It is no number or too small.
    """
    text = query.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or int(text) < smallest:
        raise bad_request(f"{name} must be a whole number from {smallest}.")
    return min(int(text), largest)


def page_of(query: QueryParams, *, default: int, largest: int) -> tuple[int, int]:
    """Return offset and limit as `page` and `limit` ask for them.

    Args:
        query: The query string.
        default: The limit when it is absent.
        largest: What a larger limit is cut to.

    Raises:
        ApiError: One of them is no number or below 1.
    """
    limit = whole_number(query, "limit", default, largest=largest)
    return (whole_number(query, "page", 1) - 1) * limit, limit


def plain_text(query: QueryParams, name: str) -> str:
    """Return a query parameter that is free text; empty when it is absent.

    Args:
        query: The query string.
        name: The parameter.

    Raises:
        ApiError: It holds what no text may hold.
    """
    text = query.get(name) or ""
    if _holds_nul(text) or any("\ud800" <= char <= "\udfff" for char in text):
        raise bad_request(f"{name} is not valid text.")
    return text


def flag(query: QueryParams, name: str) -> bool | None:
    """Return a query parameter that is yes or no; None when it is absent.

    Args:
        query: The query string.
        name: The parameter.

    Raises:
        ApiError: It is neither `true` or `1` nor `false` or `0`.
    """
    text = query.get(name)
    if text is None:
        return None
    if text.lower() not in FLAGS:
        raise bad_request(f"{name} must be true or false.")
    return FLAGS[text.lower()]


def timestamp(query: QueryParams, name: str) -> int | None:
    """Return a query parameter that is a moment, in microseconds; None when it is absent.

    Args:
        query: The query string.
        name: The parameter.

    Raises:
        ApiError: It is no timestamp.
    """
    return optional_moment(query.get(name), name)


def bound(query: QueryParams, name: str, *, end: bool = False) -> int | None:
    """Return a query parameter that is a date or a moment and bounds a time, in microseconds; None when it is absent.

    Args:
        query: The query string.
        name: The parameter; a bare date is the whole day in UTC.
        end: Whether it is the last that counts; what is answered then is the first moment after it.

    Raises:
        ApiError: It is neither.
    """
    text = query.get(name)
    if text is None:
        return None
    day = parse_date(text)
    if day is not None:
        return day + DAY_MICROS if end else day
    moment = parse_timestamp(text)
    if moment is None:
        raise bad_request(f"{name} must be a date or an ISO 8601 timestamp.")
    return moment + 1 if end else moment


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return False
