"""Addresses, credentials and the registry: what is refused before anything is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import DomainError
from posapp.remote.address import InsecureAddress, WrongAddress, checked_address
from posapp.remote.credential import (
    BearerToken,
    ClientCredential,
    WrongClient,
    WrongCredential,
    credential_from_bytes,
)
from posapp.remote.registry import CONNECTORS, UnknownApi, open_api


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
        credential_from_bytes(token.encode())
    assert token not in repr(caught.value)


def test_a_token_survives_the_keychain_and_hides() -> None:
    token = BearerToken("eyJ.secret-_~+/=")
    assert credential_from_bytes(token.to_bytes()) == token
    assert "secret" not in repr(token) + str(token)
    assert token.headers() == {"Authorization": "Bearer eyJ.secret-_~+/="}


def test_a_client_survives_the_keychain_and_hides() -> None:
    client = ClientCredential("sx_app_1", "sx_secret_2", "22")
    assert credential_from_bytes(client.to_bytes()) == client
    assert "secret_2" not in repr(client) + str(client)
    assert client.headers() == {"X-Client-Id": "sx_app_1", "X-Client-Secret": "sx_secret_2", "X-Store-Id": "22"}


PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(parts=st.tuples(PRINTABLE, PRINTABLE, PRINTABLE))
def test_no_client_is_kept_as_a_token_might_be(parts: tuple[str, str, str]) -> None:
    kept = ClientCredential(*parts).to_bytes()
    assert credential_from_bytes(kept) == ClientCredential(*parts)
    with pytest.raises(WrongCredential):
        BearerToken(kept.decode())
    for part in parts:
        assert credential_from_bytes(part.encode()) == BearerToken(part)


@pytest.mark.parametrize("wrong", ["", "a b", "a\nb", "sécret", "x" * 8193])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_no_header_carries_is_no_client(wrong: str, place: int) -> None:
    parts = ["id", "secret", "22"]
    parts[place] = wrong
    with pytest.raises(WrongClient) as caught:
        ClientCredential(*parts)
    assert not wrong or wrong not in repr(caught.value)


@pytest.mark.parametrize("kept", [b"client\nid\nsecret", b"client\nid\nsecret\n22\n", b"other\nid\nsecret\n22"])
def test_a_damaged_client_is_no_credential(kept: bytes) -> None:
    with pytest.raises(WrongCredential):
        credential_from_bytes(kept)


def test_no_token_signs_nothing() -> None:
    assert credential_from_bytes(b"").headers() == {}


def test_an_unknown_api_is_refused_with_the_known_names() -> None:
    with pytest.raises(UnknownApi) as caught:
        open_api("soap", base_url="https://shop.example", credential=b"t", currency="INR", name="Shop")
    assert isinstance(caught.value, DomainError)
    assert caught.value.params == {"name": "soap", "known": ", ".join(sorted(CONNECTORS))}


def test_opening_sends_nothing() -> None:
    api = open_api("pos", base_url="https://shop.example", credential=BearerToken("t"), currency="INR", name="Shop")
    assert api.requests == 0
    assert api.capabilities.ledger
    assert not api.capabilities.idempotency_keys
    api.close()


def test_a_currency_must_be_one() -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        open_api("pos", base_url="https://shop.example", credential=b"t", currency="rupees", name="Shop")
