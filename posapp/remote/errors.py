"""Reads: what happened, said as one of our errors. The only place where a foreign error becomes a `RemoteError`.

Parameters hold statuses, waits and the connection's name alone: a path or a body may hold a person.
"""

from __future__ import annotations

import ssl

import httpx

from posapp.domain.errors import (
    RemoteError,
    RemoteProtocolError,
    RemoteRejected,
    RemoteUnavailable,
    SignInRequired,
)
from posapp.domain.messages import N_
from posapp.remote.body import BadBody
from posapp.remote.http import Answer, Failure
from posapp.remote.server_time import retry_after

_WAIT = frozenset({408, 425, 429})


class CertificateRefused(RemoteUnavailable):
    """The server could not prove who it is; nothing was sent, and nothing lets anybody carry on regardless."""

    id = "certificate_refused"
    title = N_("The server's identity is not proven")
    message = N_("The certificate of the customer server is not valid. Somebody may be in between.")
    hint = N_("Check this computer's date and the network. If both are right, tell whoever runs the server.")


def error_of(result: Answer | Failure, name: str) -> RemoteError | None:
    """Return what is wrong with the outcome of a read; None for a whole answer of status 2xx.

    Args:
        result: What happened.
        name: Of the connection, for the person who must sign in again.
    """
    if isinstance(result, Failure):
        return _caused_by(_of_failure(result), result.error)
    error = _of_status(result, name)
    if error is not None:
        return error
    if result.spoilt is None:
        return None
    return _caused_by(_of_spoilt(result.spoilt), result.spoilt)


def _caused_by(error: RemoteError, cause: Exception) -> RemoteError:
    error.__cause__ = cause
    return error


def _of_failure(failure: Failure) -> RemoteError:
    """Most specific first."""
    error = failure.error
    if _is_certificate(error):
        return CertificateRefused()
    if isinstance(error, httpx.RemoteProtocolError) and not failure.heard:
        return RemoteUnavailable()  # it hung up without a word
    if isinstance(error, httpx.ProtocolError | httpx.DecodingError | httpx.TooManyRedirects | httpx.InvalidURL):
        return RemoteProtocolError()
    return RemoteUnavailable()


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _of_status(answer: Answer, name: str) -> RemoteError | None:
    status = answer.status
    if answer.success:
        return None
    if status == 401:  # noqa: PLR2004 (HTTP's own number)
        return SignInRequired(name=name, status=status)
    if status in _WAIT or status >= 500:  # noqa: PLR2004 (HTTP's own number)
        wait = retry_after(answer)
        return RemoteUnavailable(status=status) if wait is None else RemoteUnavailable(status=status, retry_after=wait)
    if status >= 400:  # noqa: PLR2004 (HTTP's own number)
        return RemoteRejected(status=status)
    return RemoteProtocolError(status=status)


def _of_spoilt(spoilt: Exception) -> RemoteError:
    """A connection that broke is weather; a body that contradicts its own head, or is monstrous, is wrong."""
    if isinstance(spoilt, BadBody) and spoilt.kind != "cut":
        return RemoteProtocolError()
    return RemoteUnavailable()
