"""How customers come in on the storefront of the `siyahfy` API: sign up, prove the e-mail, sign in, new password.

No answer tells whether an e-mail is known, neither by its words nor by its time: every request computes as many slow
hashes whether there is an account or not.
"""

import re
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from server_stub import passwords
from server_stub.apis.siyahfy import storefront_shapes as shapes
from server_stub.apis.siyahfy.access import AUDIENCE
from server_stub.apis.siyahfy.customers import check_name_and_email
from server_stub.apis.siyahfy.description import described
from server_stub.apis.siyahfy.shapes import Success, invalid, success
from server_stub.apis.siyahfy.visits import SomeVisit, Visit
from server_stub.errors import ApiError, bad_request
from server_stub.store import accounts
from server_stub.store.accounts import CodeRow, Purpose
from server_stub.store.customers import CustomerRow
from server_stub.store.writing import Writing

SESSION = timedelta(days=7)

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")

Asked = TypeVar("Asked", bound=shapes.Asked)

router = APIRouter()

_open_route = partial(described.route, security=())
_Session = Success[shapes.Session]
_Mailed = Success[shapes.Mailed]


@router.post(
    "/vendor/customer/add", **_open_route("Sign up by e-mail", _Mailed, shapes.SignUp, status=201, also=(404,))
)
def sign_up(visit: SomeVisit) -> Response:
    """Create an account that waits for its code; a known e-mail is answered alike and changes nothing."""
    asked, store_id = _asked(visit, shapes.SignUp)
    check_name_and_email(asked.name, asked.email)
    password_hash, code = passwords.hashed(asked.password), accounts.Code.draw()
    with visit.writing(store_id) as writing:
        accounts.sign_up(
            writing, name=asked.name, email=asked.email, phone=asked.phone, password_hash=password_hash, code=code
        )
    message = "If this e-mail is new here, a code is on its way to it."
    return success(shapes.Mailed(asked.email), message, status=HTTPStatus.CREATED).response({})


@router.post(
    "/verify-otp-and-update",
    **_open_route("Verify the code of the sign-up", _Session, shapes.Verification, also=(403, 404)),
)
def verify_sign_up(visit: SomeVisit) -> Response:
    """Activate the account whose code this is, and sign its customer in."""
    asked, store_id = _asked(visit, shapes.Verification)
    code = _right_code(visit, store_id, asked.email, "sign_up", asked.otp)
    with visit.writing(store_id) as writing:
        row = _spent(writing, code)
        if row.blacklisted:
            raise _barred("This account is blocked.")
        accounts.prove_email(writing, row)
    return _signed_in(visit, row)


@router.post(
    "/vendor/customer/login",
    **_open_route("Sign in by e-mail and password", _Session, shapes.Login, also=(401, 403, 404)),
)
def sign_in(visit: SomeVisit) -> Response:
    """Answer a token to whoever knows the password."""
    asked, store_id = _asked(visit, shapes.Login)
    with visit.reading() as connection:
        row = accounts.find(connection, store_id, asked.email)
    known = passwords.matches(None if row is None else row.password_hash, asked.password)
    if row is None or not known:
        raise ApiError(
            HTTPStatus.UNAUTHORIZED,
            "unauthorized",
            "The e-mail or the password is wrong.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if row.blacklisted:
        raise _barred("This account is blocked.")
    if not row.verified:
        raise _barred("This account waits for the code that was mailed.")
    return _signed_in(visit, row)


@router.post(
    "/forgot-password-get-otp",
    **_open_route("Ask for the code to set a new password", _Mailed, shapes.Asked, also=(404, 429)),
)
def request_reset(visit: SomeVisit) -> Response:
    """Mail a code to a known e-mail; an unknown one is answered alike."""
    asked, store_id = _asked(visit, shapes.Asked)
    code = accounts.Code.draw()
    with visit.writing(store_id) as writing:
        accounts.request_reset(writing, asked.email, code)
    return success(shapes.Mailed(asked.email), "If this e-mail is known, a code is on its way to it.").response({})


@router.post(
    "/forgot-password-verify-otp",
    **_open_route("Set a new password by a code", Success[shapes.Nothing], shapes.PasswordReset, also=(404,)),
)
def reset_password(visit: SomeVisit) -> Response:
    """Set the password of the account whose code this is; whoever reads the mail has proven the e-mail too."""
    asked, store_id = _asked(visit, shapes.PasswordReset)
    code = _right_code(visit, store_id, asked.email, "reset", asked.otp)
    password_hash = passwords.hashed(asked.password)
    with visit.writing(store_id) as writing:
        accounts.prove_email(writing, _spent(writing, code), password_hash=password_hash)
    return success(shapes.Nothing(), "The new password is set.").response({})


def _asked(visit: Visit, shape: type[Asked]) -> tuple[Asked, int]:
    """Return what is asked and of which store."""
    asked = visit.decode(shape)
    if not _EMAIL.fullmatch(asked.email):
        raise invalid("email", "email must be an e-mail address.")
    return asked, visit.store_id(asked.store)


def _right_code(visit: Visit, store_id: int, email: str, purpose: Purpose, otp: str) -> CodeRow:
    """Count an attempt for good, then compare: the count holds though the request may be refused."""
    with visit.writing(store_id) as writing:
        code = accounts.attempt(writing, email, purpose)
    right = passwords.matches(None if code is None else code.code_hash, otp)
    if code is None or not right:
        raise _wrong_code()
    return code


def _spent(writing: Writing, code: CodeRow) -> CustomerRow:
    row = accounts.spend(writing, code)
    if row is None:
        raise _wrong_code()
    return row


def _signed_in(visit: Visit, row: CustomerRow) -> Response:
    expires = visit.runtime.clock() + SESSION
    signer = visit.runtime.credentials.web_tokens
    token = signer.sign(AUDIENCE, expires, store=row.store_id, sub=f"customer-{row.id}")
    return success(shapes.Session(token)).response({"Cache-Control": "no-store"})


def _wrong_code() -> ApiError:
    return bad_request("The code is wrong, was used before or has expired.")


def _barred(message: str) -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, "forbidden", message)
