"""What the storefront of the `siyahfy` API takes and answers beside the shapes it shares with the vendor's side."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from server_stub.apis.siyahfy.shapes import AddressFields, Id

Email = Annotated[str, Meta(max_length=254, extra_json_schema={"format": "email"})]
NewPassword = Annotated[str, Meta(min_length=8, max_length=256, extra_json_schema={"format": "password"})]


class Asked(Struct, kw_only=True):
    """What every request without a token says: which store, and whose e-mail."""

    store: int | str
    email: Email


class SignUp(Asked, kw_only=True):
    """A customer who wants an account."""

    name: str
    phone: str | None = None
    password: NewPassword


class Verification(Asked, kw_only=True):
    """The code that was mailed at sign-up."""

    otp: str


class Login(Asked, kw_only=True):
    """A customer who signs in."""

    password: str


class PasswordReset(Asked, kw_only=True):
    """The code that was mailed on request, and the password to be."""

    otp: str
    password: NewPassword


class Mailed(Struct):
    """Where a code goes, if it goes anywhere: the answer is the same for every e-mail."""

    email: str


class Session(Struct):
    """The token of a customer who has signed in."""

    token: str


class Nothing(Struct):
    """Nothing more to say."""


class DetailChange(Struct):
    """What customers change about themselves; what is absent stays."""

    name: str | UnsetType = UNSET
    phone: str | UnsetType | None = UNSET


class OwnAddressChange(AddressFields, kw_only=True):
    """What changes in one of the customer's own addresses."""

    address_id: Id


class DefaultAddress(Struct):
    """Which address becomes the default."""

    address_id: Id
