"""A platform is connected while the server runs: it knows key, section and secret at once."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from connectors.receiver import Receiver
from flow.served_platform import RULES, spam, wait
from flow.serving_process import Serving
from flow.small_community import line, prepare
from ombud import session
from ombud.errors import BadUse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with rules, not yet started."""
    return prepare(tmp_path / "data", RULES)


def knows(receiver: Receiver, secret: str) -> None:
    """From now on the platform believes only what is signed with this secret."""
    receiver.kill()
    receiver._secret = bytes.fromhex(secret)
    receiver.start()


def posted(serving: Serving, key: str, told: dict[str, Any]) -> int:
    """The status with which a server takes an event."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    address = f"http://127.0.0.1:{serving.port}/v1/events"
    asked = urllib.request.Request(address, line(told), headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_server_that_runs_knows_it_at_once(folder: Path, tmp_path: Path) -> None:
    """Through the socket: the new key opens its doors, webhooks go out signed with the new secret,
    and with one that replaces it from the next call on; a revoked key is turned away.
    """
    (folder / "ombud.toml").write_text("procedural_holds = true\n")
    receiver, serving = Receiver(tmp_path / "chat"), Serving(folder, tmp_path)
    serving.start()
    try:
        made = session.begin(folder, "connect", name="chat", url=receiver.url, allow=["127.0.0.1"])
        knows(receiver, made["secret"])
        assert posted(serving, made["key"], spam(1)) == 200
        wait(lambda: len(receiver.did()) == 2, "nothing is sent")
        again = session.request(folder, "secret", name="chat")
        knows(receiver, again["secret"])
        assert posted(serving, made["key"], spam(2)) == 200
        wait(lambda: len(receiver.did()) == 3, "the new secret signs nothing")
        assert all(entry["verified"] for entry in receiver.entries())
        with pytest.raises(BadUse, match="U027"):
            session.begin(folder, "connect", name="chat", url=receiver.url, allow=[])
        session.request(folder, "revoke", name="chat")
        assert posted(serving, made["key"], spam(3)) == 401
    finally:
        assert serving.stop() == 0
        receiver.kill()
