"""Where a server stands: its address is checked before anything secret is sent there."""

from __future__ import annotations

import ipaddress

import httpx

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_


class WrongAddress(DomainError):
    """The text is no address of a server."""

    id = "wrong_address"
    title = N_("Not an address of a server")
    message = N_("The text given as the server's address is not one.")
    hint = N_("An address looks like https://shop.example.com/pos, without name, password, “?” or “#”.")


class InsecureAddress(DomainError):
    """Customers and the credential would cross a network in the clear."""

    id = "insecure_address"
    title = N_("The address is not safe")
    message = N_(
        "An address with http:// sends customers' data and the shop's credential readable for everyone between."
    )
    hint = N_("Use the address with https://. Only a server on this same computer may be reached by http://.")


def checked_address(text: str) -> str:
    """Return a base URL without a trailing slash.

    Raises:
        WrongAddress: It is no http or https URL, or carries more than host, port and path.
        InsecureAddress: It is `http://` to another computer.
    """
    try:
        url = httpx.URL(text.strip())
        extra = url.userinfo or url.query or url.fragment or "?" in text or "#" in text
    except (httpx.InvalidURL, ValueError) as error:
        raise WrongAddress from error
    if url.scheme not in {"http", "https"} or not url.host or extra:
        raise WrongAddress
    if url.scheme == "http" and not _is_this_computer(url.host):
        raise InsecureAddress
    return str(url).rstrip("/")


def _is_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
