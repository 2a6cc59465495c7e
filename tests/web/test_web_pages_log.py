"""The files of the public log: each as it is, and nothing else of the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from ombud.ledger import tiles
from web.pretend_community import PretendCommunity


@pytest.fixture
def log(tmp_path: Path, community: PretendCommunity) -> Path:
    """A folder of a public log, with a secret beside it."""
    community.folder = tmp_path / "ledger"
    for path, content in {
        "checkpoint": b"community.example/log\n2\nAAAA\n",
        "vkey": b"community.example/log+1+A\n",
        "checkpoint.new": b"draft",
        tiles.tile_path(0, 0, 2): b"\x00" * 64,
        tiles.bundle_path(0, 2): b"\x00\x01a\x00\x01b",
        "../ombud.db": b"secret",
    }.items():
        place = community.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return community.folder


def test_the_files_of_the_log_are_public(log: Path, client: TestClient[Any]) -> None:
    """Each file is given as it is; what can change is asked for again, a tile is kept."""
    head = client.get("/ledger/checkpoint")
    assert head.content == (log / "checkpoint").read_bytes()
    assert head.headers["content-type"] == "text/plain; charset=utf-8"
    assert head.headers["cache-control"] == "no-cache"
    tile = client.get("/ledger/tile/0/000.p/2")
    assert tile.content == b"\x00" * 64
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert tile.headers["x-content-type-options"] == "nosniff"
    assert client.get("/ledger/tile/entries/000.p/2").content == b"\x00\x01a\x00\x01b"
    assert client.get("/ledger/vkey").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../ombud.db",
        "..%2fombud.db",
        "%2e%2e/ombud.db",
        "tile/../../ombud.db",
        "tile/0/..%2f..%2f..%2fombud.db",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "checkpoint.new",
        "tile/0",
        "tile/0/000",
        "tile/0/000.p/1",
        "checkpoint%00",
        "x" * 3000,
    ],
)
def test_nothing_else_is_public(log: Path, client: TestClient[Any], path: str) -> None:
    """No other file of the folder, and none outside it, can be had."""
    assert log.exists()
    response = client.get(f"/ledger/{path}")
    assert response.status_code == 404
    assert b"secret" not in response.content
    assert b"draft" not in response.content


def test_the_log_says_where_it_stands(community: PretendCommunity, client: TestClient[Any]) -> None:
    """Origin, size, root, key, how to check, and that nobody outside vouches for it."""
    page = client.get("/ledger").text
    for part in (*map(str, community.head.values()), "self-attested", "/ledger/checkpoint"):
        if part != "none: self-attested":
            assert part in page
    assert "ombud ledger verify ./ledger --key 'community.example/log+1a2b3c4d+AbCdEf'" in page
    community.head["published"] = 0
    community.head["witnesses"] = "witness.example"
    page = client.get("/ledger?lang=vi").text
    assert "Chưa có phần đầu nào được ký và công bố" in page
    assert "Được bên ngoài xác nhận bởi: witness.example" in page
