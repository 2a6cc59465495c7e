"""Secure connections: the address is pinned, the certificate is that of the name."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from pathlib import Path
from queue import SimpleQueue

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from egress.listeners import answering, request, trap
from ombud.egress import Answer, Egress, Trouble, place


def post(url: str, seconds: float = 20.0) -> Answer | Trouble:
    """Send a body; every name leads to this machine."""
    egress = Egress(["127.0.0.1"], resolve=lambda *_: ["127.0.0.1"])
    try:
        return egress.send(place(url), {}, b"{}", seconds=seconds)
    finally:
        egress.close()


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for `forum.example`, which this machine trusts for one test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "forum.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("forum.example"),
                    x509.IPAddress(ipaddress.IPv4Address("127.0.0.1")),
                ]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("forum.example", True),
        ("FORUM.example.", True),
        ("127.0.0.1", True),
        ("other.example", False),
        ("x" * 63 + ".example", False),
    ],
)
def test_a_certificate_is_checked_against_the_name_that_was_asked_for(
    certified: ssl.SSLContext, host: str, good: bool
) -> None:
    """The address is pinned, but certificate and Host are those of the name; a wrong one gets no
    word of the request.
    """
    named: list[str | None] = []
    heard: SimpleQueue[bytes] = SimpleQueue()
    certified.sni_callback = lambda _socket, name, _context: named.append(name)

    def talk(connection: socket.socket) -> None:
        heard.put(request(connection))
        connection.sendall(b"HTTP/1.1 204 OK\r\n\r\n")

    with answering(talk, certified) as port:
        found = post(f"https://{host}:{port}/")
    if good:
        assert found == Answer(204)
        assert f"host: {host.lower()}:{port}".encode() in heard.get()
    else:
        assert isinstance(found, Trouble)
        assert found.kind == "unreachable"
        assert "certificate" in found.detail
        assert heard.empty()
    assert named == [None if host[0].isdigit() else host.lower().rstrip(".")]


def test_a_handshake_that_never_ends_is_left_at_the_deadline() -> None:
    """A server that takes the connection and negotiates nothing holds nobody."""
    with trap() as silent:
        found = post(f"https://127.0.0.1:{silent.port}/", seconds=0.4)
    assert isinstance(found, Trouble)
    assert found.kind == "timeout"


def test_a_plain_server_is_no_secure_one() -> None:
    """Where TLS is asked for, no word of the request is said in plain HTTP."""
    heard: SimpleQueue[bytes] = SimpleQueue()

    def talk(connection: socket.socket) -> None:
        heard.put(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with answering(talk) as port:
        found = post(f"https://127.0.0.1:{port}/")
    assert isinstance(found, Trouble)
    assert found.kind == "unreachable"
    said = heard.get()
    assert said.startswith(b"\x16\x03")  # the handshake (RFC 8446), and nothing else
    assert b"HTTP" not in said
    assert heard.empty()
