"""Importing fact-checks: from files, and from feeds on a real socket, good and broken."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from egress.listeners import answering, request, trap
from ombud import factchecks
from ombud.config import Claims
from ombud.errors import BadData, BadUse, OmbudError
from ombud.signals.factchecks.claim import read_lines
from signals.factchecks.checks_made import FISH, TRAIN, review

NOW = 1_780_000_000_000_000
LOOPBACK = Claims(allow=("127.0.0.1",), timeout_seconds=5)
GOOD = json.dumps([review(), review(FISH, url="https://checks.example/2")]).encode()


class Feed:
    """A publisher's server for one answer after the other; what it was asked stays."""

    def __init__(self, *answers: bytes) -> None:
        self.answers: Iterator[bytes] = iter(answers)
        self.asked: list[bytes] = []

    def __call__(self, connection: socket.socket) -> None:
        """Answer one request."""
        self.asked.append(request(connection).lower())
        connection.sendall(next(self.answers))


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """One answer of HTTP."""
    head = b"HTTP/1.1 " + status + b"\r\nconnection: close\r\n"
    lines = b"".join(each + b"\r\n" for each in headers)
    return head + lines + b"content-length: %d\r\n\r\n" % len(body) + body


def bring(folder: Path, source: object, settings: Claims = LOOPBACK) -> factchecks.Imported:
    """Import under the name "made"."""
    return factchecks.bring(folder, str(source), "made", settings, NOW)


def claims(folder: Path) -> list[str]:
    """What is there."""
    file = folder / "claims" / "made.jsonl"
    return sorted(each.claim for each in read_lines(file.read_bytes()).claims)


def note(folder: Path) -> Any:
    """What is remembered beside it."""
    return json.loads((folder / "claims" / ".made.json").read_bytes())


def test_a_file_is_imported_and_replaced(tmp_path: Path) -> None:
    """New, unchanged, changed; the claims are those of the last document alone."""
    file = tmp_path / "feed.json"
    file.write_bytes(GOOD)
    first = bring(tmp_path, file)
    assert (first.status, first.claims, first.before) == ("new", 2, 0)
    assert claims(tmp_path) == sorted([TRAIN, FISH])
    assert bring(tmp_path, file).status == "unchanged"
    file.write_bytes(json.dumps(review()).encode())
    second = bring(tmp_path, file)
    assert (second.status, second.claims, second.before) == ("changed", 1, 2)
    assert claims(tmp_path) == [TRAIN]


def test_a_feed_is_asked_whether_it_has_changed(tmp_path: Path) -> None:
    """ETag and Last-Modified go back as they came; "not modified" costs no document."""
    marks = (b'ETag: "v1"', b"Last-Modified: Tue, 05 May 2026 10:00:00 GMT")
    feed = Feed(
        answer(GOOD, *marks),
        answer(b"", status=b"304 Not Modified"),
        answer(json.dumps(review()).encode(), b'ETag: "v2"'),
        answer(b"", status=b"304 Not Modified"),
    )
    with answering(feed) as port:
        url = f"http://127.0.0.1:{port}/feed.json"
        assert [bring(tmp_path, url).status for _ in range(3)] == ["new", "unchanged", "changed"]
        (tmp_path / "claims" / "made.jsonl").unlink()
        with pytest.raises(BadData) as caught:  # nothing is there to be unchanged: not asked so
            bring(tmp_path, url)
    assert caught.value.code == "D064"
    assert b"if-none-match" not in feed.asked[0]
    assert b"accept-encoding: identity" in feed.asked[0]
    assert b'if-none-match: "v1"' in feed.asked[1]
    assert b"if-modified-since: tue, 05 may 2026 10:00:00 gmt" in feed.asked[1]
    assert b"if-modified-since" not in feed.asked[3]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (answer(b"", b"Location: http://169.254.169.254/", status=b"302 Found"), "D064"),
        (answer(b"gone", status=b"404 Not Found"), "D064"),
        (answer(b"later", status=b"503 Unavailable"), "D064"),
        (answer(b"<html>"), "D061"),
        (answer(GOOD[:-9]), "D061"),
        (answer(b"[]"), "D062"),
        (answer(json.dumps([{"@type": "Thing"}]).encode()), "D062"),
        (answer(b"\x1f\x8b\x08\x00", b"content-encoding: gzip"), "D061"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + GOOD, "D063"),
        (b"not http at all\r\n\r\n", "D063"),
    ],
)
def test_a_broken_feed_never_harms(tmp_path: Path, given: bytes, code: str) -> None:
    """The last good one stays as it is, and what went wrong is remembered and shown; the next
    good one takes it away again.
    """
    with answering(Feed(answer(GOOD), given, answer(GOOD))) as port:
        url = f"http://127.0.0.1:{port}/feed.json"
        bring(tmp_path, url)
        before = (tmp_path / "claims" / "made.jsonl").read_bytes()
        with pytest.raises(BadData) as caught:
            bring(tmp_path, url)
        assert caught.value.code == code
        assert caught.value.hint
        assert (tmp_path / "claims" / "made.jsonl").read_bytes() == before
        (shown,) = factchecks.overview(tmp_path)
        assert shown["trouble"].startswith(code)
        assert shown["fetched"]
        assert bring(tmp_path, url).status == "unchanged"
    assert note(tmp_path)["trouble"] == ""


def test_a_feed_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger is not read to its end, and not taken in part."""
    monkeypatch.setattr("ombud.config.FILE_BYTES_MAX", len(GOOD) - 1)
    with answering(Feed(answer(GOOD))) as port, pytest.raises(BadData) as caught:
        bring(tmp_path, f"http://127.0.0.1:{port}/")
    assert caught.value.code == "D065"


def test_a_private_address_is_not_reached(tmp_path: Path) -> None:
    """Nobody is connected to, whatever the URL is called, unless the operator named the address."""
    with trap() as listening:
        for host in ("127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"):
            with pytest.raises(BadData) as caught:
                bring(tmp_path, f"http://{host}:{listening.port}/", Claims(timeout_seconds=5))
            assert caught.value.code == "D063"
        assert listening.untouched()
    with pytest.raises(BadUse) as refused:
        bring(tmp_path, "http://user:secret@checks.example/")
    assert refused.value.code == "U031"
    assert "secret" not in str(refused.value)


def test_good_items_of_a_bad_document_are_taken(tmp_path: Path) -> None:
    """One bad item never loses good ones; it is told with its place, and counted beside them."""
    file = tmp_path / "feed.json"
    file.write_text(json.dumps([review(url="x"), review(FISH), 7]), encoding="utf-8")
    found = bring(tmp_path, file)
    assert (found.claims, found.refused) == (1, 2)
    assert [each.where for each in found.problems] == ["$[0].url", "$[2]"]
    assert found.as_json()["problems"][0]["code"] == "D060"
    assert factchecks.overview(tmp_path)[0]["refused"] == 2


def test_only_the_publishers_that_the_operator_chose(tmp_path: Path) -> None:
    """The others are left out and counted; whose fact-checks are there is shown."""
    file = tmp_path / "feed.json"
    file.write_text(
        json.dumps([review(), review(FISH, url="https://elsewhere.example/1")]), encoding="utf-8"
    )
    found = bring(tmp_path, file, Claims(publishers=("checks.example",)))
    assert (found.claims, found.others) == (1, 1)
    assert factchecks.overview(tmp_path)[0]["publishers"] == {"checks.example": 1}


def test_names() -> None:
    """The host of a URL, the stem of a file, or what was said; never a way out of the folder."""
    assert factchecks.name_of("https://checks.example/feed", None) == "checks-example"
    assert factchecks.name_of("folder/My Feed.json", None) == "my-feed"
    assert factchecks.name_of("x", "a-1") == "a-1"
    for wrong in ("", "../x", "A", "a/b", ".x", "x" * 41, "a\nb"):
        with pytest.raises(BadUse) as caught:
            factchecks.name_of("x.json", wrong)
        assert caught.value.code == "U120"


def test_a_claim_is_shown_by_its_id(tmp_path: Path) -> None:
    """Everything of it, with the site it stands on; an id that is none is an error."""
    file = tmp_path / "feed.json"
    file.write_bytes(GOOD)
    bring(tmp_path, file)
    (first, *_) = factchecks.every(tmp_path)
    shown = factchecks.as_json(factchecks.one(tmp_path, first.id))
    assert (shown["claim"], shown["site"]) == (first.claim, "checks.example")
    with pytest.raises(BadUse):
        factchecks.one(tmp_path, "none")


def test_what_is_remembered_may_be_lost(tmp_path: Path) -> None:
    """A damaged note means asking anew, and no error."""
    file = tmp_path / "feed.json"
    file.write_bytes(GOOD)
    bring(tmp_path, file)
    (tmp_path / "claims" / ".made.json").write_bytes(b"\xff{")
    assert factchecks.overview(tmp_path)[0]["trouble"] is None
    assert bring(tmp_path, file).status == "unchanged"


def test_a_first_import_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """No folder, no file: a community that has no claims is not told that it has."""
    with pytest.raises(OmbudError):
        bring(tmp_path, tmp_path / "missing.json")
    assert not (tmp_path / "claims").exists()
    assert factchecks.overview(tmp_path) == []
