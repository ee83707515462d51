"""A certificate that nobody vouches for, of another name, or too old: nothing is sent, and there is no way round it."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from posapp.domain.operation import OperationState
from posapp.remote.credential import credential_from_bytes
from posapp.remote.http import HttpClient, Limits
from posapp.remote.pos.api import PosApi
from tests.faults.shop import a_shop
from tests.remote.raw_server import RawServer, answer, answering
from tests.sync.stub_desk import STORE

BAD = {
    "of an unknown authority": ("localhost", -1, 1, False),
    "expired": ("localhost", -30, -1, True),
    "not yet valid": ("localhost", 1, 30, True),
    "of another name": ("shop.example", -1, 1, True),
}
"""Its name, the days between which it is valid, and whether its authority is known."""


@pytest.mark.parametrize("what", BAD)
def test_row_28_nothing_is_sent(tmp_path: Path, what: str) -> None:
    *particulars, trusted = BAD[what]
    certificate = signed(tmp_path / "server.pem", *particulars)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    with a_shop(tmp_path / "shop") as shop, RawServer(answering(answer(b"[]")), tls=serving) as server:
        operation_id = shop.payment(shop.regular())
        token = credential_from_bytes(shop.stub.token(STORE).encode())
        tls = ssl.create_default_context(cafile=str(certificate)) if trusted else None
        shop.server = PosApi(HttpClient(server.url, token, tls=tls, limits=Limits(3, 3)), "INR", "main")  # type: ignore[assignment]
        shop.engine = shop.new_engine()
        assert shop.cycle().problem is not None
        assert server.requests == []
        assert shop.state(operation_id) is OperationState.PENDING
        shop.server.close()
        shop.server = shop.api  # type: ignore[assignment]
        shop.engine = shop.new_engine()
        shop.holds(operation_id)


def signed(path: Path, host: str, begins: int, ends: int) -> Path:
    """Write a certificate with its key, valid between two days from now."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoded = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*encoded) + certificate.public_bytes(serialization.Encoding.PEM))
    return path
