"""Addresses, credentials and the registry: what is refused before anything is sent."""

import pytest

from posapp.domain.errors import DomainError
from posapp.remote.address import InsecureAddress, WrongAddress, checked_address
from posapp.remote.credential import BearerToken, WrongCredential, bearer_from_bytes
from posapp.remote.registry import UnknownApi, open_api


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://shop.example.com/pos/", "https://shop.example.com/pos"),
        (" https://shop.example.com ", "https://shop.example.com"),
        ("http://localhost:8765/pos", "http://localhost:8765/pos"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8765/pos", "http://[::1]:8765/pos"),
        ("HTTPS://Shop.Example", "https://shop.example"),
    ],
)
def test_good_addresses(text: str, url: str) -> None:
    assert checked_address(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "http://shop.example.com",
        "http://192.168.1.5/pos",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0",
        "http://[::]",
    ],
)
def test_no_shop_sends_its_customers_in_the_clear(text: str) -> None:
    with pytest.raises(InsecureAddress):
        checked_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shop.example.com",
        "ftp://shop.example.com",
        "https://",
        "https:///pos",
        "https://user:pw@shop.example.com",
        "https://shop.example.com/?x=1",
        "https://shop.example.com/#x",
        "https://shop.example.com:99999",
        "https://shop example.com",
        "https://shop.example.com\\@evil.example",
        "https://shop.example.com/a\nb",
        "file:///etc/passwd",
    ],
)
def test_wrong_addresses(text: str) -> None:
    with pytest.raises(WrongAddress):
        checked_address(text)


@pytest.mark.parametrize("token", ["a b", "a\r\nX-Evil: 1", "tökén", "a\x00", "a" * 8193])
def test_what_no_header_carries_is_no_token(token: str) -> None:
    with pytest.raises(WrongCredential) as caught:
        BearerToken(token)
    with pytest.raises(WrongCredential):
        bearer_from_bytes(token.encode())
    assert token not in repr(caught.value)


def test_a_token_survives_the_keychain_and_hides() -> None:
    token = BearerToken("eyJ.secret-_~+/=")
    assert bearer_from_bytes(token.to_bytes()) == token
    assert "secret" not in repr(token) + str(token)
    assert token.headers() == {"Authorization": "Bearer eyJ.secret-_~+/="}


def test_no_token_signs_nothing() -> None:
    assert bearer_from_bytes(b"").headers() == {}


def test_an_unknown_api_is_refused_with_the_known_names() -> None:
    with pytest.raises(UnknownApi) as caught:
        open_api("soap", base_url="https://shop.example", credential=b"t", currency="INR", name="Shop")
    assert isinstance(caught.value, DomainError)
    assert caught.value.params == {"name": "soap", "known": "pos"}


def test_opening_sends_nothing() -> None:
    api = open_api("pos", base_url="https://shop.example", credential=BearerToken("t"), currency="INR", name="Shop")
    assert api.requests == 0
    assert api.capabilities.ledger
    assert not api.capabilities.idempotency_keys
    api.close()


def test_a_currency_must_be_one() -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        open_api("pos", base_url="https://shop.example", credential=b"t", currency="rupees", name="Shop")
