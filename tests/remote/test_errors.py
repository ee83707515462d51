"""What a read says when it fails: one of our errors, the cause chained, nothing of the answer in it."""

import ssl
from datetime import UTC, datetime

import httpx
import pytest

from posapp.domain.errors import (
    RemoteError,
    RemoteProtocolError,
    RemoteRejected,
    RemoteUnavailable,
    SignInRequired,
)
from posapp.remote.body import BadBody
from posapp.remote.errors import CertificateRefused, error_of
from posapp.remote.http import Answer, Failure

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def answered(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, httpx.Headers(named), b"{}", NOW)


def kind_of(status: int) -> type[RemoteError] | None:
    if 200 <= status <= 299:
        return None
    if status == 401:
        return SignInRequired
    if status in {408, 425, 429} or status >= 500:
        return RemoteUnavailable
    return RemoteRejected if status >= 400 else RemoteProtocolError


def test_every_status() -> None:
    for status in range(100, 600):
        error = error_of(answered(status), "Shop")
        assert (None if error is None else type(error)) is kind_of(status), status
        if error is not None:
            assert error.params["status"] == status


def test_sign_in_names_the_connection() -> None:
    error = error_of(answered(401), "Shop")
    assert error is not None
    assert error.params["name"] == "Shop"


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_is_passed_on(status: int) -> None:
    error = error_of(answered(status, retry_after="12"), "Shop")
    assert error is not None
    assert error.params["retry_after"] == 12.0
    without = error_of(answered(status), "Shop")
    assert without is not None
    assert "retry_after" not in without.params


FAILURES: list[tuple[Exception, bool, type[RemoteError]]] = [
    (httpx.ConnectError("x"), False, RemoteUnavailable),
    (httpx.ConnectTimeout("x"), False, RemoteUnavailable),
    (httpx.ReadTimeout("x"), True, RemoteUnavailable),
    (httpx.WriteTimeout("x"), False, RemoteUnavailable),
    (httpx.PoolTimeout("x"), False, RemoteUnavailable),
    (httpx.ReadError("x"), True, RemoteUnavailable),
    (httpx.WriteError("x"), False, RemoteUnavailable),
    (httpx.ProxyError("x"), True, RemoteUnavailable),
    (httpx.RemoteProtocolError("x"), False, RemoteUnavailable),
    (httpx.RemoteProtocolError("x"), True, RemoteProtocolError),
    (httpx.LocalProtocolError("x"), False, RemoteProtocolError),
    (httpx.UnsupportedProtocol("x"), False, RemoteUnavailable),
    (httpx.DecodingError("x"), True, RemoteProtocolError),
    (httpx.InvalidURL("x"), False, RemoteProtocolError),
]


@pytest.mark.parametrize(("cause", "heard", "kind"), FAILURES, ids=lambda value: getattr(value, "__name__", None))
def test_every_failure(cause: Exception, heard: bool, kind: type[RemoteError]) -> None:
    error = error_of(Failure(cause, sent=True, heard=heard), "Shop")
    assert type(error) is kind
    assert error.__cause__ is cause


def test_a_refused_certificate_is_told_apart() -> None:
    cause = httpx.ConnectError("x")
    cause.__cause__ = OSError()
    cause.__cause__.__cause__ = ssl.SSLCertVerificationError(1, "self-signed")
    assert type(error_of(Failure(cause, sent=False), "Shop")) is CertificateRefused


@pytest.mark.parametrize(
    ("spoilt", "kind"),
    [
        (httpx.ReadError("x"), RemoteUnavailable),
        (httpx.ReadTimeout("x"), RemoteUnavailable),
        (httpx.RemoteProtocolError("x"), RemoteUnavailable),
        (BadBody("cut"), RemoteUnavailable),
        (BadBody("too_large"), RemoteProtocolError),
        (BadBody("bad_encoding"), RemoteProtocolError),
    ],
)
def test_a_spoilt_body(spoilt: Exception, kind: type[RemoteError]) -> None:
    error = error_of(Answer(200, httpx.Headers(), b"", NOW, spoilt), "Shop")
    assert type(error) is kind
    assert error.__cause__ is spoilt
