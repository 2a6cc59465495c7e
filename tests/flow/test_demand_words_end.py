"""What of a demand is never published ends; what the public register tells stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from flow.case_desk import DESK_RULES, waiting
from flow.demanded import BASIS, WHO, demand, public, removed, step
from flow.planted import lying, opened, readable
from flow.platform_side import SECOND, Platform, connected
from flow.small_community import DAY, change, check, event, hold_together
from ombud import clock, demands, retention
from ombud.app import KEY_FILE
from ombud.config import STORE_FILE
from ombud.expiry import DEMANDS, UNANSWERED
from ombud.reading import reading
from ombud.store.sqlite import Store

WORDS, NUMBER, NAMED = "xqzbitte loeschen", "xqz-aktenzeichen", "xqz-genannter"
NOTED, PERSON = "xqzvermerk", "Xqzerika Beispiel"
SAID = (WORDS, NUMBER, NAMED, NOTED)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path / "data", rules=DESK_RULES) as made:
        yield made


def entered(platform: Platform, *items: str, **more: Any) -> str:
    """A demand with all that is never published; without a post it opens no case."""
    told = {"words": WORDS, "reference": NUMBER, "clause": "spam.links" if items else None, **more}
    return demand(platform.engine, NAMED, *items, **told)


def later(platform: Platform, length: int) -> int:
    """So much time passes; how many demands' words then end."""
    platform.clock[0] += length
    return retention.perform(platform.engine)["demands"]


def shown(platform: Platform, name: str) -> dict[str, Any]:
    """What the staff see of one."""
    with reading(platform.folder) as reader:
        return dict(reader.demands().show(name, platform.clock[0]))


def test_words_end_a_year_after_the_answer(platform: Platform) -> None:
    """With their keys, in every file; the register says what it said, and the past holds."""
    name = entered(platform)
    step(platform.engine, "answer", name, outcome="refused", why=NOTED)
    assert readable(platform.folder, SAID) == {"sealed"}
    before = public(platform)
    keys = {bytes(row[0]) for row in rows_of_keys(platform.folder)}
    assert later(platform, DEMANDS - SECOND) == 0
    assert shown(platform, name)["words"] == WORDS
    assert later(platform, 2 * SECOND) == 1
    assert readable(platform.folder, SAID) == set()
    gone = keys - {bytes(row[0]) for row in rows_of_keys(platform.folder)}
    assert len(gone) >= len(SAID) - 1  # words and reference have one
    assert lying(platform.folder, gone) == set()
    assert public(platform) == before
    assert (before[0]["who"], before[0]["basis"]) == (WHO, BASIS)
    found = shown(platform, name)
    assert (found["words"], found["reference"], found["who"]) == (None, None, WHO)
    assert [each["named"] for each in found["items"]] == [None]
    assert [each["why"] for each in found["steps"]] == [None]
    assert later(platform, DAY) == 0
    assert check(platform.folder).differences == []
    hold_together(platform.folder)


def rows_of_keys(folder: Path) -> list[tuple[Any, ...]]:
    connection = apsw.Connection(str(folder / KEY_FILE), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(connection.execute("SELECT key FROM decision_key"))
    finally:
        connection.close()


def test_a_private_person_ends_with_the_words(platform: Platform) -> None:
    """Who is never published is not kept for good either; that somebody demanded it is."""
    name = entered(platform, who=PERSON, kind="person", country="")
    step(platform.engine, "answer", name, outcome="refused", why=NOTED)
    assert shown(platform, name)["who"] == PERSON
    assert later(platform, DEMANDS + SECOND) == 1
    assert readable(platform.folder, (*SAID, PERSON)) == set()
    assert shown(platform, name)["who"] is None
    assert public(platform)[0]["kind"] == "person"


def test_what_was_never_answered_ends_later(platform: Platform) -> None:
    """Not never."""
    entered(platform)
    assert later(platform, DEMANDS + UNANSWERED - SECOND) == 0
    assert later(platform, 2 * SECOND) == 1


def test_the_law_of_a_secret_stays_and_the_secret_keeps_the_words(platform: Platform) -> None:
    """Why it was kept from people is public, also afterwards; until then nothing ends."""
    until = clock.rfc3339(platform.clock[0] + 300 * DAY)
    name = entered(platform, secret_until=until, secret_why="Section 30 Example Act")
    step(platform.engine, "answer", name, outcome="refused", why=NOTED)
    platform.clock[0] += 299 * DAY
    again = clock.rfc3339(platform.clock[0] + 300 * DAY)
    request = {"demand": name, "until": again, "why": "Section 31 Example Act"}
    demands.perform(platform.engine, "keep demand secret", request)
    assert later(platform, 299 * DAY) == 0
    assert later(platform, 2 * DAY) == 1
    reasons = [each["why"] for each in shown(platform, name)["steps"] if each["why"]]
    assert reasons == ["Section 30 Example Act", "Section 31 Example Act"]


def test_what_it_began_keeps_the_words(platform: Platform) -> None:
    """While a case about it is open, and while its decision's record is kept for appeals."""
    platform.stream(event(1, text="buy my things"))
    name = entered(platform, "post/e1")
    step(platform.engine, "answer", name, outcome="done", why=NOTED)
    (case,) = waiting(platform, "demand")
    assert later(platform, DEMANDS + SECOND) == 0
    assert waiting(platform, "demand") == [case]
    change(platform.folder, "UPDATE review_case SET closed = 1")
    assert later(platform, 1) == 1


def test_its_decisions_record_keeps_them_too(platform: Platform) -> None:
    """Whoever appeals can be told what it rests on: both end, the record first."""
    platform.stream(event(1, text="buy my things"))
    name = entered(platform, "post/e1")
    (case,) = waiting(platform, "demand")
    made = removed(platform, case)
    step(platform.engine, "answer", name, outcome="done", why=NOTED)
    store = Store(platform.folder / STORE_FILE, readonly=True)
    try:
        now = platform.clock[0] + DEMANDS + SECOND
        asked = {"until": now - DEMANDS, "now": now, "unanswered": UNANSWERED, "most": 9}
        assert store.all("demands_over", asked) == []
        change(platform.folder, "UPDATE decision SET sealed = NULL WHERE id = ?", made)
        assert store.all("demands_over", asked) == [(name,)]
    finally:
        store.close()


def test_the_words_stand_as_they_came_until_they_end(platform: Platform) -> None:
    """The store itself refuses to change them."""
    name = entered(platform)
    with pytest.raises(apsw.ConstraintError):
        change(platform.folder, "UPDATE demand SET words = x'00' WHERE id = ?", name)
    keys = [bytes(row[0]) for row in rows_of_keys(platform.folder)]
    assert WORDS.encode() in b"".join(opened(platform.folder / STORE_FILE, keys))
