"""The files of the public log: each as it is, and nothing else of the machine."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from ombud.attestations import STATES
from ombud.ledger import tiles
from ombud.web.words import TEXTS
from web.page_elements import Elements
from web.pretend_community import PAGE, PretendCommunity
from web.public_pages import HERE


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
    figures = (value for value in community.head.values() if value is not None)
    for part in (*map(str, figures), "self-attested", "/ledger/checkpoint"):
        if part != "none: self-attested":
            assert part in page
    assert "ombud ledger verify ./ledger --key 'community.example/log+1a2b3c4d+AbCdEf'" in page
    community.head["published"] = 0
    community.head["witnesses"] = "witness.example"
    page = client.get("/ledger?lang=vi").text
    assert "Chưa có phần đầu nào được ký và công bố" in page
    assert "Được bên ngoài xác nhận bởi: witness.example" in page


def test_a_receipt_can_be_kept(community: PretendCommunity, client: TestClient[Any]) -> None:
    """Under the link of its notice and no other, as a file, never kept on the way; the page has the
    link where a signed head covers the decision.
    """
    community.receipts["dec_1"] = b"c2sp.org/tlog-proof@v1\n"
    got = client.get(f"{HERE}/receipt/dec_1")
    assert got.status_code == 200
    assert got.content == b"c2sp.org/tlog-proof@v1\n"
    assert got.headers["content-disposition"] == 'attachment; filename="dec_1.tlog-proof"'
    assert got.headers["cache-control"] == "no-store"
    for path in (f"{HERE}/receipt/dec_2", "/notice/other/receipt/dec_1"):
        assert client.get(path).status_code == 404
    community.receipts['a"\r\nb'] = b"x"
    shown = client.get(f"{HERE}/receipt/a%22%0D%0Ab")
    assert shown.headers["content-disposition"] == 'attachment; filename="ab.tlog-proof"'
    decision = PAGE.items[0].decision
    links = Elements(client.get(HERE).text).values("a", "href")
    assert f"{HERE}/receipt/{decision}" in links
    (item,) = PAGE.items
    unsigned = msgspec.structs.replace(item.receipt, published=False)  # type: ignore[type-var]
    waiting = msgspec.structs.replace(item, receipt=unsigned)
    community.page = msgspec.structs.replace(PAGE, items=(waiting,))
    links = Elements(client.get(HERE).text).values("a", "href")
    assert f"{HERE}/receipt/{decision}" not in links


def test_a_statement_can_be_kept_for_its_receipt(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """As the receipt is, where its line can be opened; the page has the link only then."""
    community.openings["dec_1"] = b"{}\n"
    got = client.get(f"{HERE}/opening/dec_1")
    assert (got.status_code, got.content) == (200, b"{}\n")
    assert got.headers["content-disposition"] == 'attachment; filename="dec_1.statement.json"'
    assert got.headers["cache-control"] == "no-store"
    for path in (f"{HERE}/opening/dec_2", "/notice/other/opening/dec_1"):
        assert client.get(path).status_code == 404
    (item,) = PAGE.items
    link = f"{HERE}/opening/{item.decision}"
    assert link not in Elements(client.get(HERE).text).values("a", "href")
    opens = msgspec.structs.replace(item.receipt, opens=True)  # type: ignore[type-var]
    community.page = msgspec.structs.replace(
        PAGE, items=(msgspec.structs.replace(item, receipt=opens),)
    )
    assert link in Elements(client.get(HERE).text).values("a", "href")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_witnesses_and_a_refusal_are_public(
    community: PretendCommunity, client: TestClient[Any], lang: str
) -> None:
    """Each witness by name with what became of it in words; and that nothing is signed."""
    page = client.get(f"/ledger?lang={lang}").text
    assert "Witnesses" not in page
    assert "Bên chứng kiến" not in page
    for number, state in enumerate(STATES):
        name = f"w{number}<b>"
        community.asked.append({"name": name, "state": state, "size": number, "detail": "private"})
    community.head["refused"] = {"code": "L080", "message": "m", "where": "", "hint": ""}
    page = client.get(f"/ledger?lang={lang}").text
    assert "private" not in page  # what a stranger's machine answered is not ours to show
    assert "<b>" not in page
    for state in STATES:
        assert TEXTS[f"witness.{state}"][lang] in unescape(page)
    assert TEXTS["ledger.refused"][lang] in unescape(page)
    assert ("Witnesses" if lang == "en" else "Bên chứng kiến") in page


def test_handovers_and_the_policy_are_public(
    community: PretendCommunity, client: TestClient[Any], log: Path
) -> None:
    """By their paths and no others."""
    (log / "handover").mkdir()
    (log / "handover" / "1").write_bytes(b"ombud-handover/v1\n")
    (log / "witnesses.policy").write_bytes(b"quorum none\n")
    assert client.get("/ledger/handover/1").content == b"ombud-handover/v1\n"
    assert client.get("/ledger/witnesses.policy").content == b"quorum none\n"
    for path in ("handover/2", "handover/", "handover/1.new", "handover/00001"):
        assert client.get(f"/ledger/{path}").status_code == 404
    assert community.folder == log
