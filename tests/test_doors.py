"""The doors: what the web may ask of the engine, and what it is never given."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import ADDRESS, CONNECTED, SECOND, Platform, connected
from flow.small_community import change, event, rows
from ombud import auditing, journal, transparency
from ombud.appeals import MESSAGES_MAX
from ombud.doors import Doors
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path) as made:
        yield made


def test_links_lead_to_the_public_address(platform: Platform) -> None:
    """Where the settings name one, there; else where the server listens; the token is the same."""
    (answer,) = platform.stream(event(1, text="cheap bags"))
    here = platform.doors.link(answer.statement)
    assert here.startswith(f"{ADDRESS}/notice/")
    settings = platform.folder / "ombud.toml"
    settings.write_text(f'public_url = "https://talk.test/mod/"\n{CONNECTED}')
    assert not platform.engine.reload()  # nothing that could change a verdict
    there = platform.doors.link(answer.statement)
    assert there == here.replace(ADDRESS, "https://talk.test/mod")


def test_a_page_is_given_for_its_token_alone(platform: Platform) -> None:
    """Not for its id, a decision's id, a digest or a part of the token."""
    (answer,) = platform.stream(event(1, text="cheap bags"))
    token = platform.token(answer.statement)
    page = platform.doors.statement_page(token)
    assert page is not None
    assert page.items[0].decision == answer.decisions[0]
    digest = rows(platform.folder, "SELECT hex(token) FROM statement")[0][0]
    for other in (answer.statement, answer.decisions[0], digest, token[:-1], token.lower(), ""):
        assert platform.doors.statement_page(other) is None


def test_a_receipt_is_given_under_its_own_link(platform: Platform) -> None:
    """Once a signed head covers the decision; to nobody who has another page's link; and it holds
    without the community.
    """
    mine, other = (
        platform.stream(event(number, text="cheap bags", author={"id": f"a{number}"}))[0]
        for number in (1, 2)
    )
    token, decision = platform.token(mine.statement), mine.decisions[0]
    assert platform.doors.receipt(token, decision) is None
    platform.engine.publish()
    proof = platform.doors.receipt(token, decision)
    assert proof is not None
    key = platform.doors.ledger_head()["key"]
    found = auditing.verify_receipt(proof, auditing.Trust(key))
    (leaf,) = rows(platform.folder, "SELECT leaf FROM decision WHERE id = ?", decision)[0]
    assert (found["index"], found["line"]["type"]) == (leaf, "decision")
    for of, about in ((token, other.decisions[0]), ("nobody", decision), (token, "\ud800")):
        assert platform.doors.receipt(of, about) is None
    assert platform.doors.receipt(platform.token(other.statement), decision) is None
    assert platform.doors.witnesses() == []


def test_an_appeal_is_answered_in_one_word(platform: Platform) -> None:
    """Stored, unknown, too many, closed; a text that is none is an error with its place."""
    (answer,) = platform.stream(event(1, text="cheap bags"))
    token, decision = platform.token(answer.statement), answer.decisions[0]
    assert platform.doors.appeal("nobody", decision, "x") == "unknown"
    assert platform.doors.appeal(token, "dec_none", "x") == "unknown"
    for text in ("", "x" * 4001):
        with pytest.raises(BadUse, match="U026"):
            platform.doors.appeal(token, decision, text)
    for _ in range(MESSAGES_MAX):
        assert platform.doors.appeal(token, decision, "x") == "stored"
    assert platform.doors.appeal(token, decision, "x") == "too many"
    platform.engine.undo("admin", ids=[decision])
    assert platform.doors.appeal(token, decision, "x") == "closed"
    assert rows(platform.folder, "SELECT count(*) FROM appeal") == [(1,)]


def test_an_identity_is_the_journal_s(platform: Platform) -> None:
    """What the doors call an event is what the journal knows it by."""
    platform.check(event(1))
    (found,) = rows(platform.folder, "SELECT identity FROM journal WHERE seq = 2")
    assert platform.doors.identity("chat/hall", "e1") == found[0]
    key = platform.engine.keys.community
    assert found[0] == journal.identity(key, "chat/hall", "e1")


def test_the_settings_are_those_in_force(platform: Platform) -> None:
    """Name, languages and hooks follow a reload, and stay where one is refused."""
    assert (platform.doors.name(), platform.doors.languages()) == ("Talk", ("en", "vi"))
    settings = platform.folder / "ombud.toml"
    settings.write_text(CONNECTED.replace('"Talk"', '"Chat"'))
    assert platform.engine.reload()
    assert platform.doors.name() == "Chat"
    settings.write_text("nonsense = 1\n")
    with pytest.raises(BadUse, match="U001"):
        platform.engine.reload()
    assert platform.doors.name() == "Chat"
    assert "chat" in platform.doors.settings.connectors


def test_gauges_count_what_is_there(platform: Platform) -> None:
    """Journal, log, cases, outbox by kind and state, and whether the writer stands."""
    platform.stream(event(1, text="cheap bags"), event(2))
    found = platform.doors.gauges()
    assert (found["journal_records"], found["ledger_leaves"], found["cases_open"]) == (3, 2, 1)
    assert (found["outbox_action_asked"], found["outbox_notice_asked"]) == (1, 1)
    assert (found["writer_broken"], found["writer_epoch"]) == (0, 1)
    assert (found["ledger_published"], found["sender_running"]) == (0, 0)
    platform.deliver()
    found = platform.doors.gauges()
    assert found["outbox_action_delivered"] == 1
    assert "outbox_action_asked" not in found


def test_nobody_who_watches_waits_for_a_page(platform: Platform) -> None:
    """While somebody's page is read, the figures and the log's head are given all the same, and
    while they are read a page is.
    """
    (answer,) = platform.stream(event(1, text="cheap bags"))
    doors, token = platform.doors, platform.token(answer.statement)
    assert doors._reader.store.connection is not doors._figures.store.connection
    with ThreadPoolExecutor(1) as other:
        with doors._reading:
            assert other.submit(doors.gauges).result(60)["journal_records"] == 2
            assert other.submit(doors.ledger_head).result(60)["size"] == 2
        with doors._counting:
            assert other.submit(doors.statement_page, token).result(60) is not None
            assert len(other.submit(doors.statements_of, "chat", "ana").result(60)) == 1


def test_all_pages_of_somebody_are_given(platform: Platform) -> None:
    """However many there are, the newest first, each once."""
    platform.stream(event(1, text="cheap bags"))
    change(
        platform.folder,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
        "INSERT INTO statement (id, token, timeline, author, clause, lang, opened) "
        "SELECT 'stm_' || i, CAST(i AS BLOB), timeline, author, clause, lang, opened + i "
        "FROM statement, n",
    )
    found = platform.doors.statements_of("chat", "ana")
    assert len({link for link, _, _ in found}) == len(found) == 1501
    assert [opened for _, _, opened in found] == sorted((each[2] for each in found), reverse=True)


def test_the_public_log_can_be_reached(platform: Platform) -> None:
    """Its head as it stands, and the folder its files are in once it is published."""
    platform.stream(event(1, text="cheap bags"))
    assert platform.doors.ledger_head()["size"] == 2
    platform.engine.publish()
    assert platform.doors.ledger_head()["published"] == 2
    assert (platform.doors.ledger_folder() / "checkpoint").exists()


def test_whoever_asks_often_has_the_log_read_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it can be signed is looked at once a minute, and not while figures wait for it; where
    it stands is told as it is.
    """
    doors, read = platform.doors, transparency.refusal
    asked: list[bool] = []

    def refusal(*of: Any) -> Any:
        asked.append(doors._counting.locked())
        return read(*of)

    monkeypatch.setattr(transparency, "refusal", refusal)
    for size in (1, 2, 2):
        assert doors.ledger_head()["size"] == size
        if size == 1:
            platform.stream(event(1, text="cheap bags"))
    assert asked == [False]
    change(platform.folder, "UPDATE head SET published = 2, root = zeroblob(32)")
    assert doors.ledger_head()["refused"] is None
    platform.clock[0] += 61 * SECOND
    assert doors.ledger_head()["refused"]["code"] == "L080"
    assert asked == [False, False]
    change(platform.folder, "UPDATE head SET published = 0, root = NULL")


def test_two_doors_of_one_engine_agree(platform: Platform) -> None:
    """Another door, opened later and elsewhere, gives the same page under its own address."""
    (answer,) = platform.stream(event(1, text="cheap bags"))
    other = Doors(platform.engine, "http://127.0.0.1:1/")
    try:
        link = other.link(answer.statement)
        assert link.startswith("http://127.0.0.1:1/notice/")
        token = link.rpartition("/")[2]
        assert other.statement_page(token) == platform.doors.statement_page(token)
    finally:
        other.close()
