"""Whoever holds a statement and its receipt proves, without us, that the log's line is about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.command_line import error_of, printed, run
from flow.case_desk import waiting
from flow.demanded import SECRECY, WHO, demand, removed
from flow.demanded import statement as page_of
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, event, rows
from ombud import transparency
from ombud.clock import rfc3339
from outsider import statement


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with two holds."""
    with connected(tmp_path / "data") as made:
        made.stream(event(1, text="cheap bags"), event(2, text="cheap bags", author={"id": "bo"}))
        made.engine.publish()
        yield made


def kept(platform: Platform, decision: str) -> tuple[bytes, bytes]:
    """The two files that a person keeps from their page."""
    token = platform.token(page_of(platform, decision))
    receipt = platform.doors.receipt(token, decision)
    opening = platform.doors._pages.opening(token, decision, platform.clock[0])
    assert receipt is not None
    assert opening is not None
    return receipt, opening


def decisions(platform: Platform) -> list[str]:
    """Those that were made, in order."""
    return [row[0] for row in rows(platform.folder, "SELECT id FROM decision ORDER BY leaf")]


def test_a_person_opens_the_line_of_their_statement(platform: Platform, tmp_path: Path) -> None:
    """An outsider with hashes and JSON alone comes to what the page says; the command too. The
    statement of somebody else, and one in which a word was changed, are refused by both.
    """
    first, second = decisions(platform)
    receipt, opening = kept(platform, first)
    found = statement.opened(receipt, opening)
    assert found is not None
    (item,) = platform.page(page_of(platform, first)).items
    assert item.receipt is not None
    assert item.receipt.opens
    assert (found["id"], found["subject"], found["clause"]) == (first, item.subject, item.clause)
    assert (found["what"], found["why"], found["time"]) == (item.what, item.why, item.time)
    assert found["facts"][0]["matched"] == ["cheap bags"]
    other = kept(platform, second)[1]
    changed = opening.replace(b"cheap bags", b"cheap rags")
    assert statement.opened(receipt, other) is statement.opened(receipt, changed) is None
    key = (platform.folder / transparency.FOLDER / "vkey").read_text().strip()
    files = {"one.tlog-proof": receipt, "mine": opening, "other": other, "changed": changed}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    asked = ("ledger", "verify", tmp_path / "one.tlog-proof", "--key", key, "--statement")
    told = printed(*asked, tmp_path / "mine")
    assert told["ok"]
    assert told["statement"]["subject"] == item.subject
    assert json.loads(told["statement"]["what"]) == item.what
    for name in ("other", "changed"):
        shown = run(*asked, tmp_path / name)
        assert shown.exit_code != 0
        assert "L072" in error_of(shown)[0]
    shown = run("ledger", "verify", platform.folder / "ledger", "--statement", tmp_path / "mine")
    assert "U497" in error_of(shown)[0]
    all_holds(platform)


def test_what_the_page_keeps_the_file_keeps(platform: Platform) -> None:
    """Who demanded it stays unsaid while it has to, though the log commits to it; then it is told,
    under the same line.
    """
    until = rfc3339(platform.clock[0] + 3 * DAY)
    platform.stream(event(3, text="buy my things"))
    name = demand(platform.engine, "post/e3", secret_until=until, secret_why=SECRECY)
    made = removed(platform, waiting(platform, "demand")[0])
    platform.engine.publish()
    receipt, opening = kept(platform, made)
    found = statement.opened(receipt, opening)
    assert found is not None
    assert not {"origin", "demand", "found_by", "conditions"} & set(found)
    for word in (name, WHO, "origin"):
        assert word.encode() not in opening
    platform.clock[0] += 4 * DAY
    later = statement.opened(receipt, kept(platform, made)[1])
    assert later is not None
    assert (later["origin"], later["demand"]) == ("demand", name)


def test_what_was_erased_is_not_opened(platform: Platform) -> None:
    """Nothing is left that could be shown, and the page has no such link."""
    first, _ = decisions(platform)
    token = platform.token(page_of(platform, first))
    platform.engine.erase("chat", "ana", "admin")
    assert platform.doors._pages.opening(token, first, platform.clock[0]) is None
    with_key = run("ledger", "receipt", first, "--statement", "x", "--data", platform.folder)
    assert "U498" in error_of(with_key)[0]
