"""Two Synapses on loopback that federate: a room lives on one, and asks the other, which runs
Ombud's module as its policy server. Certificates are their own, and are not verified.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from flow.served_platform import KEY, SECRET, Site, make_site
from flow.small_community import rule
from platforms.matrix_side import SENDER, registration
from platforms.relay import Wire
from platforms.synapse import CLIENT, HOST, PLACE, Person, Synapse, free_port
from platforms.watched_synapse import MODULE, RULES

RUMOUR = "secret lizard rulers"
ALERTED = dict(
    [
        rule(
            "rumour",
            f'text contains "{RUMOUR}"',
            f'text "{RUMOUR}"',
            'text "a"',
            then='alert "look"',
        )
    ]
)


@dataclass
class Federated:
    """`far` is where the room lives, `near` the operator's homeserver, whose module is asked.
    `owner` is far and made `room`; `watcher` is near and in it. `plain` is another far room, whose
    owner asks the same server although nobody named it there. `account` is Ombud's, near, and
    moderates `room`.
    """

    far: Synapse
    near: Synapse
    site: Site
    wire: Wire
    owner: Person
    watcher: Person
    room: str
    plain: str
    account: Person


def certificate(folder: Path) -> dict[str, str]:
    """A key and a certificate of this machine, as settings of Synapse."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "tls.crt").write_bytes(made.public_bytes(pem))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "tls.key").write_bytes(key.private_bytes(pem, form, none))
    return {
        "tls_certificate_path": str(folder / "tls.crt"),
        "tls_private_key_path": str(folder / "tls.key"),
    }


def server(folder: Path, **how: Any) -> Synapse:
    """A homeserver that others reach, not started."""
    port = free_port()
    made = Synapse(folder, name=f"localhost:{port}", **how)
    reached = {
        "port": port,
        "bind_addresses": [HOST],
        "type": "http",
        "tls": True,
        "resources": [{"names": ["federation"], "compress": False}],
    }
    made.settings["listeners"].append(reached)
    made.settings |= certificate(folder)
    made.settings |= {
        "federation_verify_certificates": False,
        "federation_ip_range_blacklist": [],
        "ip_range_blacklist": [],
        "federation_rr_transactions_per_room_per_second": 1000,
        "rc_federation": {"sleep_limit": 100_000, "reject_limit": 100_000, "concurrent": 100},
    }
    del made.settings["ip_range_whitelist"]
    return made


def policy(near: Synapse, key: Path) -> dict[str, Any]:
    """What a room says that is to ask a server: as the module's own command prints it."""
    done = subprocess.run(
        [Path(PLACE) / "bin" / "python", "-m", "ombud_synapse.policy", key, near.name],
        env={"PYTHONPATH": str(MODULE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def enter(who: Person, room: str, via: str) -> None:
    """Join a room of another server, which may be busy at first."""
    for _ in range(20):
        found = who.ask("POST", f"{CLIENT}/join/{quote(room)}?via={quote(via)}", {})
        if found.status == 200:
            return
        time.sleep(0.2)
    raise AssertionError(found)


def canonical(value: Any) -> bytes:
    """The one form of Matrix's JSON that is signed and hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def unpadded(content: bytes) -> str:
    """As Matrix writes bytes."""
    return base64.b64encode(content).decode().rstrip("=")


def signature(of: Synapse, value: Any) -> str:
    """What a homeserver signs, with its own key."""
    seed = (of.folder / "signing.key").read_text().split()[2]
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed + "="))
    return unpadded(key.sign(canonical(value)))


def message(both: Federated, sender: str, text: str) -> dict[str, Any]:
    """A message as servers hand it on, hashed, and signed by the far server, whoever is said to
    have sent it.
    """
    event: dict[str, Any] = {
        "type": "m.room.message",
        "room_id": both.room,
        "sender": sender,
        "content": {"msgtype": "m.text", "body": text},
        "depth": 50,
        "prev_events": [],
        "auth_events": [],
        "origin_server_ts": int(time.time() * 1000),
    }
    event["hashes"] = {"sha256": unpadded(hashlib.sha256(canonical(event)).digest())}
    said = signature(both.far, {**event, "content": {}})  # its text is redacted before
    return {**event, "signatures": {both.far.name: {"ed25519:a_1": said}}}


def ask_to_sign(
    both: Federated, event: dict[str, Any], by: Synapse | None = None
) -> tuple[int, Any]:
    """The far server, or another one, asks the near one: status and JSON."""
    path, by = "/_matrix/policy/v1/sign", by or both.far
    whole = {"method": "POST", "uri": path, "origin": by.name, "destination": both.near.name}
    said = signature(by, {**whole, "content": event})
    told = f'origin="{by.name}",destination="{both.near.name}",key="ed25519:a_1",sig="{said}"'
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    port = int(both.near.name.rpartition(":")[2])
    connection = http.client.HTTPSConnection(HOST, port, timeout=30, context=unverified)
    try:
        headers = {"content-type": "application/json", "authorization": f"X-Matrix {told}"}
        connection.request("POST", path, canonical(event), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@contextmanager
def federated(aside: Path) -> Iterator[Federated]:
    """Both, until the block ends. The near one is started again when the room's id is known."""
    with ExitStack() as ending:
        far = server(aside / "far")
        near = server(aside / "near", python_path=(MODULE,))
        for each in (far, near):
            ending.callback(each.kill)
            each.start()
        owner, watcher = far.register("owner"), near.register("watcher")
        powers = {"users": {f"@{SENDER}:{near.name}": 100}}
        rooms = [owner.room(power_level_content_override=powers), owner.room()]
        for room in rooms:
            enter(watcher, room, far.name)
        near.kill()
        section = (
            f'[matrix.matrix]\nurl = "{near.url}"\nserver = "{near.name}"\n'
            f"rooms = ['{rooms[0]}']\nallow = ['{HOST}']\n"
            "[hooks.default]\ndeadline_ms = 4000\n"
        )
        site = make_site(aside / "ombud", platforms=(), others=("matrix",), settings=section)
        for name, text in (RULES | ALERTED).items():
            (site.folder / "rules" / name).write_text(text, encoding="utf-8")
        ending.callback(site.serving.kill)
        ending.callback(site.asked.close)
        site.serving.start()
        wire = Wire(site.serving.port)
        ending.callback(wire.close)
        key = aside / "policy.key"
        service = aside / "ombud-appservice.yaml"
        reached = f"http://{HOST}:{site.serving.port}"
        service.write_bytes(msgspec.json.encode(registration(SECRET, KEY, reached, [])))
        near.settings["app_service_config_files"] = [str(service)]
        near.settings["modules"] = [
            {
                "module": "ombud_synapse.Ombud",
                "config": {
                    "url": wire.url,
                    "key": KEY,
                    "rooms": rooms[:1],
                    "deadline_ms": 3000,
                    "policy": {"key_file": str(key), "late": "refuse", "deadline_ms": 5000},
                },
            }
        ]
        near.start()
        account = Person(near, f"@{SENDER}:{near.name}", SECRET.hex())
        asked = {"type": "m.login.application_service", "username": SENDER, "inhibit_login": True}
        assert account.ask("POST", f"{CLIENT}/register", asked).status == 200
        enter(account, rooms[0], far.name)
        asks = policy(near, key)
        for room in rooms:
            assert owner.state(room, "m.room.policy", asks).status == 200
        yield Federated(far, near, site, wire, owner, watcher, rooms[0], rooms[1], account)
