"""Where a server stands: its address is checked before anything secret is sent there."""

from __future__ import annotations

import ipaddress
import re

import httpx

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

_HOST = re.compile(r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+")
_LARGEST_PORT = 65535


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
        extra = url.userinfo or "?" in text or "#" in text or "\\" in text
        port = 1 if url.port is None else url.port
    except (httpx.InvalidURL, ValueError) as error:
        raise WrongAddress from error
    host_is_odd = not _HOST.fullmatch(url.raw_host.decode("ascii")) or not 0 < port <= _LARGEST_PORT
    if url.scheme not in {"http", "https"} or host_is_odd or extra:
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
