"""New entries of lists begin on watch: counted, changing no outcome, until a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.listed_community import LISTS, all_agree, change, confirm, listed, said
from flow.small_community import Clock, check, event, line, rows
from ombud import track
from ombud.app import Engine
from ombud.clock import DAY, MINUTE
from ombud.controls import lists, staff, watching
from ombud.errors import BadUse
from ombud.matches import BUSY
from ombud.reading import reading


@pytest.fixture
def clock() -> Clock:
    """It is NOW."""
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The community whose rules ask lists of every kind."""
    return listed(tmp_path / "folder")


@pytest.fixture
def engine(folder: Path, clock: Clock) -> Iterator[Engine]:
    """That community, running."""
    with Engine(folder, now=clock) as running:
        yield running
        all_agree(running)


def told(engine: Engine, name: str, term: str) -> dict[str, Any]:
    """One entry as it is shown."""
    with reading(engine.folder) as reader:
        found = reader.term_list(name, engine.now(), state=None, limit=1000, skip=0)
    return next(each for each in found["items"] if each["term"] == term)


def refused(engine: Engine, name: str, term: str, by: str = "ana", **given: Any) -> str:
    """The code by which a confirmation is refused."""
    with pytest.raises(BadUse) as caught:
        engine.change_list("confirm", name, lists.line(name, term), by, **given)
    return caught.value.code


def lone(engine: Engine) -> int:
    """How many lines of the public log say that one person stands behind something."""
    lines = [bytes(row[0]).decode() for row in rows(engine.folder, "SELECT entry FROM leaf")]
    said = '"outcome":"one person"'
    return sum(said in each and '"type":"config"' in each for each in lines)


def posts(engine: Engine, text: str, number: int, **author: str) -> None:
    """Posts of one text by many."""
    seq = engine.writer.pipeline.seq
    who = [{"id": f"p{seq + each}", **author} for each in range(number)]
    lines = [line(event(f"x{seq + n}", seq + n, text=text, author=a)) for n, a in enumerate(who)]
    engine.submit(lines)


def test_it_is_counted_and_changes_nothing_until_its_time_has_passed(
    folder: Path, clock: Clock
) -> None:
    """Words, sites and people; with no hit, no decision and no case, and then it counts."""
    with Engine(folder, now=clock) as engine:
        change(engine, "add", "bad words", "slots", watch=True)
        change(engine, "add", "bad sites", "new.example", watch=True)
        change(engine, "add", "known people", "somebody", watch=True)
        assert said(engine, "slots") == said(engine, "http://a.new.example") == set()
        assert said(engine, "casino and slots") == {"words"}  # by another entry
        assert rows(folder, "SELECT count(*) FROM decision") == [(1,)]
        assert told(engine, "bad words", "slots")["matches"] == 1
        assert told(engine, "bad words", "slots")["state"] == "watch"
        assert told(engine, "bad sites", "new.example")["matches"] == 1
        assert told(engine, "known people", "somebody")["matches"] == 3
        all_agree(engine)
    clock.at += watching.WATCH - DAY
    with Engine(folder, now=clock) as engine:
        assert said(engine, "slots", at=2 * 86_400) == set()
        clock.at += DAY + MINUTE
        at = 5 * 86_400
        assert "words" in said(engine, "slots", at=at)
        assert told(engine, "bad words", "slots")["state"] == "counts"
        assert told(engine, "bad words", "slots")["matches"] == 3
        all_agree(engine)
    assert check(folder).differences == []


def test_one_that_lets_off_waits_too(engine: Engine) -> None:
    """Else one entry would switch a rule off; how many it would let off is counted."""
    change(engine, "add", "let through", "somebody", watch=True)
    assert said(engine, "bags") == {"exempt"}
    assert told(engine, "let through", "somebody")["matches"] == 1
    confirm(engine, "let through", "somebody")
    assert said(engine, "bags") == set()


def test_somebody_else_confirms(engine: Engine) -> None:
    """By their name; who gave none may be anybody."""
    engine.change_list("add", "bad words", lists.line("bad words", "slots"), "ana")
    assert refused(engine, "bad words", "slots") == "U322"
    assert refused(engine, "bad words", "slots", "admin") == "U322"
    assert refused(engine, "bad words", "casino", "ben") == "U320"
    engine.change_list("confirm", "bad words", lists.line("bad words", "SLOTS"), "ben")
    assert said(engine, "slots") == {"words"}
    assert refused(engine, "bad words", "slots", "ben") == "U320"
    assert lone(engine) == 0


def test_who_is_alone_confirms_what_they_have_seen(engine: Engine) -> None:
    """With the number of matches; some may have come since."""
    change(engine, "add", "bad words", "slots", watch=True)
    for number in range(12):
        said(engine, "slots", id=f"r{number}")
    assert refused(engine, "bad words", "slots", "admin", seen=1) == "U322"
    assert refused(engine, "bad words", "slots", "admin", seen=13) == "U322"
    engine.change_list("confirm", "bad words", lists.line("bad words", "slots"), seen=2)
    assert said(engine, "slots") == {"words"}
    assert lone(engine) == 1


def test_where_others_may_nobody_confirms_their_own(engine: Engine) -> None:
    """Whatever they have seen; a suspended account is no other."""
    for who in ("ana", "ben"):
        engine.control(staff.asked("added", who, "admin", roles=["admin", "author"]))
    engine.change_list("add", "bad words", lists.line("bad words", "slots"), "ana")
    assert refused(engine, "bad words", "slots", seen=0) == "U321"
    engine.control(staff.asked("suspended", "ben", "ana"))
    engine.change_list("confirm", "bad words", lists.line("bad words", "slots"), "ana", seen=0)
    assert said(engine, "slots") == {"words"}


@pytest.mark.parametrize("term", ["a", ".com", "everybody.example", "ａ", "A"])
def test_what_matches_much_needs_a_second_person(engine: Engine, clock: Clock, term: str) -> None:
    """A letter, an ending, everybody's site: no time is enough."""
    for number in range(6):
        said(engine, f"a day at http://everybody.example/{number} and http://{number}.com", number)
    name = "bad sites" if "example" in term else "bad words"
    change(engine, "add", name, term, watch=True)
    assert told(engine, name, term)["watch"] == {
        "until": None,
        "why": "wide",
        "looked": 6,
        "matched": 6,
        "entries": 1,
        "seen": 0,
    }
    clock.at += 100 * DAY
    assert said(engine, "a day at http://everybody.example and http://x.com") == set()
    confirm(engine, name, term)
    assert said(engine, "a day at http://everybody.example and http://x.com") != set()


def test_a_hundred_thousand_entries_need_a_second_person(engine: Engine, clock: Clock) -> None:
    """They come as one, are confirmed as one, and an entry that counts already goes on to."""
    content = "\n".join(["casino", "x", *(f"word{n}" for n in range(100_000))]).encode()
    engine.change_list("import", "bad words", lists.file_of("bad words", content, ""), "ana")
    assert said(engine, "casino") == {"words"}
    assert said(engine, "word77777") == set()
    assert told(engine, "bad words", "x")["watch"]["why"] == "many"
    clock.at += 100 * DAY
    assert said(engine, "word77777") == set()
    assert refused(engine, "bad words", "x", "ben") == "U323"
    change(engine, "remove", "bad words", "word5")
    about = lists.line("bad words", "x")
    assert engine.change_list("confirm", "bad words", about, "ben", whole=True).touched == 100_001
    assert said(engine, "word77777") == {"words"}
    assert said(engine, "word5") == set()


@pytest.mark.parametrize(
    "term", ["", " ", "\u200b", "\u200b\u00ad\ufeff", "slo\u200bts", "\u202eslots"]
)
def test_nothing_to_see_is_no_entry(engine: Engine, term: str) -> None:
    """What is empty or would be once it is compared, or holds what nobody sees."""
    with pytest.raises(BadUse, match="cannot be an entry"):
        change(engine, "add", "bad words", term)


def test_another_spelling_of_what_counts_goes_on_to_count(engine: Engine) -> None:
    """So nobody puts an entry on watch by adding it again; of what is on watch the time begins
    anew.
    """
    change(engine, "add", "bad words", "CASINO", watch=True, expires="2027-01-01")
    assert told(engine, "bad words", "CASINO")["state"] == "counts"
    assert said(engine, "casino") == {"words"}
    change(engine, "add", "bad words", "slots", watch=True)
    change(engine, "add", "bad words", "ＳLOTS", watch=True)
    assert told(engine, "bad words", "ＳLOTS")["state"] == "watch"
    assert said(engine, "slots") == set()
    confirm(engine, "bad words", "slots")
    assert said(engine, "slots") == {"words"}


def test_an_edited_file_begins_on_watch_and_the_first_one_does_not(
    folder: Path, clock: Clock
) -> None:
    """Entries of the first start, and of a list that is new, count; it is told after a restart."""
    with Engine(folder, now=clock) as engine:
        assert said(engine, "casino") == {"words"}
        file = folder / "lists" / "bad-words.txt"
        file.write_text(LISTS["bad-words.txt"] + "slots\nroulette\t\t2027-01-01\n")
        assert engine.reload("ana")
        assert said(engine, "casino") == {"words"}
        assert said(engine, "slots") == said(engine, "roulette") == set()
        assert told(engine, "bad words", "slots")["matches"] == 1
        all_agree(engine)
    with Engine(folder, now=clock) as engine:
        assert said(engine, "slots") == set()
        assert told(engine, "bad words", "roulette")["watch"]["entries"] == 2
        assert refused(engine, "bad words", "slots", "ben") == "U323"
        change(engine, "remove", "bad words", "roulette")
        engine.change_list("confirm", "bad words", lists.line("bad words", "slots"), "ben")
        assert said(engine, "slots") == {"words"}
        assert said(engine, "roulette") == set()
        all_agree(engine)
    assert check(folder).differences == []


def test_an_entry_over_its_cap_lets_nothing_through(engine: Engine, clock: Clock) -> None:
    """What rests on its list stays held, and a person is asked, once about the entry and about each
    hold; it is released, and may restrict as many again.
    """
    posts(engine, "casino", track.CAP)
    assert told(engine, "bad words", "casino")["state"] == "counts"
    posts(engine, "casino", 1)
    engine.submit([line(event("after"))])
    assert told(engine, "bad words", "casino")["state"] == "capped"
    cases = "SELECT count(*) FROM review_case WHERE reason = 'list entry over cap'"
    assert rows(engine.folder, cases) == [(1,)]
    held = "SELECT count(*) FROM decision WHERE action = 'hold'"
    ((before,),) = rows(engine.folder, held)
    assert said(engine, "casino", id="next") == {"words"}
    assert rows(engine.folder, held) == [(before + 1,)]
    asked = "SELECT count(*) FROM review_case WHERE reason = 'over cap'"
    assert rows(engine.folder, asked)[0][0] >= 1
    all_agree(engine)
    change(engine, "release", "bad words", "casino")
    assert told(engine, "bad words", "casino")["state"] == "counts"
    posts(engine, "casino", track.CAP)
    engine.submit([line(event("and after"))])
    assert told(engine, "bad words", "casino")["state"] == "counts"
    clock.at += DAY
    posts(engine, "casino", 2)
    engine.submit([line(event("the next day"))])
    assert told(engine, "bad words", "casino")["state"] == "counts"


def test_what_matches_very_much_on_watch_stays_there(engine: Engine, clock: Clock) -> None:
    """A case says so, once; its time is not enough any more."""
    change(engine, "add", "bad words", "slots", watch=True)
    posts(engine, "slots", BUSY)
    assert told(engine, "bad words", "slots")["watch"]["why"] == ""
    posts(engine, "slots", 3)
    engine.submit([line(event("after"))])
    assert told(engine, "bad words", "slots")["watch"]["why"] == "busy"
    cases = "SELECT count(*) FROM review_case WHERE reason = 'list entry on watch'"
    assert rows(engine.folder, cases) == [(1,)]
    posts(engine, "slots", 3)
    engine.submit([line(event("and after"))])
    assert rows(engine.folder, cases) == [(1,)]
    clock.at += 10 * DAY
    assert said(engine, "slots") == set()
