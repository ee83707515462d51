"""Over TLS nothing is sent to a server that cannot prove who it is, and an end without goodbye is no end of data."""

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from posapp.domain.errors import RemoteUnavailable
from posapp.remote.credential import BearerToken
from posapp.remote.errors import CertificateRefused
from posapp.remote.http import HttpClient, Limits
from posapp.remote.pos.api import PosApi
from posapp.services.ports.writes import Outcome
from tests.remote.raw_server import Conversation, RawServer, answer, answering
from tests.remote.samples import CUSTOMER, ID, REDEEM, as_bytes

GOOD = answer(as_bytes(CUSTOMER))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> Iterator[ssl.SSLContext]:
    return ssl.create_default_context(cafile=str(certificate))


def api_at(url: str, tls: ssl.SSLContext | None = None) -> PosApi:
    return PosApi(HttpClient(url, BearerToken("t"), tls=tls, limits=Limits(2, 2)), "INR", "Shop")


def test_a_proven_server_is_spoken_to(serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with RawServer(answering(GOOD), tls=serving) as server:
        api = api_at(server.url, trusting)
        assert api.customer(ID) is not None
        api.close()


def test_a_server_nobody_vouches_for_gets_nothing(serving: ssl.SSLContext) -> None:
    with RawServer(answering(GOOD), tls=serving) as server:
        api = api_at(server.url)
        with pytest.raises(CertificateRefused):
            api.customer(ID)
        assert api.send(api.prepare(REDEEM, "k"), operation_id="o").outcome is Outcome.NOT_SENT
        assert server.requests == []
        api.close()


def test_a_certificate_for_another_name_counts_for_nothing(serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with RawServer(answering(GOOD), tls=serving) as server:
        api = api_at(server.url.replace("localhost", "127.0.0.2"), trusting)
        with pytest.raises(RemoteUnavailable):
            api.customer(ID)
        assert server.requests == []
        api.close()


def test_a_silent_handshake_ends_in_time() -> None:
    def silent(talk: Conversation) -> None:
        talk.wait()

    with RawServer(silent) as server:
        api = api_at(server.url.replace("http:", "https:"))
        result = api.send(api.prepare(REDEEM, "k"), operation_id="o", timeout=0.3)
        assert (result.outcome, result.error_kind) == (Outcome.NOT_SENT, "ConnectTimeout")
        api.close()


def test_an_end_without_goodbye_is_a_broken_connection(serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with RawServer(answering(answer(as_bytes(CUSTOMER), length=None)), tls=serving) as server:
        api = api_at(server.url, trusting)
        with pytest.raises(RemoteUnavailable):
            api.customer(ID)
        api.close()


def test_nobody_can_turn_verification_off() -> None:
    lax = ssl.create_default_context()
    lax.check_hostname = False
    with pytest.raises(ValueError, match="always verified"):
        HttpClient("https://shop.example", BearerToken("t"), tls=lax)
