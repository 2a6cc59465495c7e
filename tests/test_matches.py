"""Entries are counted where rules fire by them, and put in quarantine where they suddenly match
much.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow.listed_community import all_agree, change, listed, said
from flow.small_community import NOW, check, event, hold_together, line, rows, rule
from ombud import listing, matches
from ombud.app import Engine
from ombud.reading import reading
from ombud.track import CAP, MATCHES_MIN, PEOPLE_MIN, SETTLED_MIN, Track

LATER = 31 * 86400  # seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community that has lists."""
    return listed(tmp_path / "folder")


def opened(folder: Path) -> Engine:
    """Its engine, at a clock that stands still."""
    return Engine(folder, now=lambda: NOW + LATER * 1_000_000)


def entry(folder: Path, name: str, term: str) -> dict[str, Any]:
    """One entry as it is shown."""
    with reading(folder) as reader:
        found = listing.shown(reader.store, name, NOW, state=None, limit=100, skip=0)
    return next(each for each in found["items"] if each["term"] == term)


def rush(
    engine: Engine, text: str, count: int, people: int, timeline: str = "", **more: Any
) -> None:
    """Posts of a text by different people, one a second, some weeks after the first day."""
    first = engine.writer.pipeline.seq
    told = [
        event(
            f"r{first + n}", LATER + first + n, text=text, author={"id": f"r{n % people}"}, **more
        )
        for n in range(count)
    ]
    engine.submit([line(each) for each in told], timeline)


def belonging(engine: Engine, people: int, posts: int = 20) -> None:
    """Posts of the first day, by people who are established when `rush` lets them post again."""
    told = [
        event(f"b{who}-{n}", n, text="hello", author={"id": f"r{who}"})
        for who in range(people)
        for n in range(posts)
    ]
    engine.submit([line(each) for each in told])


def reasons(folder: Path) -> list[str]:
    """Why the cases about entries are there."""
    found = rows(
        folder, "SELECT reason FROM review_case WHERE reason LIKE 'list entry%' ORDER BY seq"
    )
    return [reason for (reason,) in found]


def test_the_entries_by_which_rules_fire_are_counted(folder: Path) -> None:
    """Words of an included list, sites, people; not exemptions, nor names that are resembled."""
    with opened(folder) as engine:
        said(engine, "viagra", id="ana")
        said(engine, "viagras and CASINO", id="binh")
        said(engine, "free money", id="binh")
        said(engine, "http://a.worse.example", id="binh")
        said(engine, "hello", id="PERSON2")
        said(engine, "hello", name="ana nguyen")
        change(engine, "add", "let through", "chi")
        said(engine, "bags", id="chi")
    shown = entry(folder, "bad words", "viagr*")
    assert (shown["matches"], shown["people"], shown["undone"]) == (2, 2, 0)
    assert (shown["first"], shown["last"]) == ("2026-03-01", "2026-03-01")
    assert entry(folder, "bad words", "casino")["matches"] == 1
    assert entry(folder, "more words", "free money")["matches"] == 1
    assert entry(folder, "bad sites", "*.worse.example")["matches"] == 1
    assert entry(folder, "bad sites", "bad.example")["matches"] == 0
    assert entry(folder, "known people", "Person2")["matches"] == 1
    assert entry(folder, "our names", "Ana Nguyen")["matches"] == 0
    assert entry(folder, "let through", "chi")["matches"] == 0


def test_a_rule_on_watch_counts_and_a_negated_line_does_not(folder: Path) -> None:
    """Hits are hits, also where nothing is done; what only exempts is no evidence."""
    path = folder / "rules" / "words.rule"
    path.write_text(path.read_text().replace("mode    live", "mode    watch"))
    name, text = rule(
        "sites",
        'any of\n    text contains "fine"\n    not links any in list "bad sites"',
        'text "fine"',
        'text "other"\n  links any in list "bad sites"  yes',
    )
    (folder / "rules" / name).write_text(text)
    with opened(folder) as engine:
        assert said(engine, "casino http://bad.example fine") == {"words", "sites"}
        assert rows(folder, "SELECT count(*) FROM decision WHERE rule = 'words'") == [(0,)]
    assert entry(folder, "bad words", "casino")["matches"] == 1
    assert rows(folder, "SELECT count(*) FROM list_record") == [(1,)]


def test_undone_decisions_are_counted_once(folder: Path) -> None:
    """For each entry that they rest on; what was undone is not undone again."""
    with opened(folder) as engine:
        said(engine, "viagra and casino")
        said(engine, "casino")
        assert len(engine.undo("admin", rule="words")) == 2
        assert engine.undo("admin", rule="words") == []
    assert entry(folder, "bad words", "casino")["undone"] == 2
    assert entry(folder, "bad words", "viagr*")["undone"] == 1


def test_a_sudden_rush_puts_an_entry_in_quarantine(folder: Path) -> None:
    """At once after the event that makes it one: a control, a case, and no more matches. A person
    releases it, and what came lately is usual from then on.
    """
    with opened(folder) as engine:
        belonging(engine, SETTLED_MIN)
        rush(engine, "casino", MATCHES_MIN - 1, PEOPLE_MIN)
        assert entry(folder, "bad words", "casino")["state"] == "counts"
        rush(engine, "casino", 1, 1)
        assert said(engine, "casino", LATER + 3000) == set()
        assert said(engine, "viagra", LATER + 3000) == {"words"}
        assert entry(folder, "bad words", "casino")["state"] == "quarantined"
        ((payload,),) = rows(folder, "SELECT payload FROM journal WHERE type = '!list'")
        assert json.loads(payload)["do"] == "quarantine"
        assert (json.loads(payload)["by"], json.loads(payload)["rule"]) == ("rule", "words")
        cases = "SELECT clause, rule, queue, decision FROM review_case WHERE reason = ?"
        assert rows(folder, cases, "list entry quarantined") == [
            ("spam.links", "words", "review", None)
        ]
        assert reasons(folder) == ["list entry quarantined"]
        all_agree(engine)
        change(engine, "release", "bad words", "casino")
        rush(engine, "casino", MATCHES_MIN, PEOPLE_MIN)
        assert said(engine, "casino", LATER + 3000) == {"words"}
        all_agree(engine)
    with opened(folder) as engine:
        all_agree(engine)
    assert check(folder).differences == []
    hold_together(folder)


def test_one_rush_in_one_batch_is_one_quarantine(folder: Path) -> None:
    """All that was judged in the group before the control is counted; the control comes once."""
    with opened(folder) as engine:
        belonging(engine, 50)
        rush(engine, "free money", 200, 50)
        assert said(engine, "free money", LATER + 3000) == set()
    assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!list'") == [(1,)]
    shown = entry(folder, "more words", "free money")
    assert shown["state"] == "quarantined"
    assert MATCHES_MIN < shown["matches"] < 200  # what was judged in one group


@pytest.mark.parametrize(("people", "posts"), [(0, 20), (SETTLED_MIN - 1, 20), (PEOPLE_MIN, 19)])
def test_a_raid_cannot_switch_an_entry_off(folder: Path, people: int, posts: int) -> None:
    """However much a listed word is used by those who are new here: it goes on counting, and one
    case asks a person to look.
    """
    with opened(folder) as engine:
        belonging(engine, people, posts)
        rush(engine, "casino", MATCHES_MIN - 1, PEOPLE_MIN)
        assert reasons(folder) == []
        rush(engine, "casino", 1, 1)
        assert reasons(folder) == ["list entry sudden"]
        for _ in range(3):
            rush(engine, "casino", 100, PEOPLE_MIN)
        assert said(engine, "casino", LATER + 3000) == {"words"}
        assert reasons(folder) == ["list entry sudden", "list entry over cap"]
        all_agree(engine)
    assert entry(folder, "bad words", "casino")["state"] == "capped"  # it holds all the same
    assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!list'") == [(1,)]
    cases = "SELECT clause, rule, queue, decision FROM review_case WHERE reason = ?"
    assert rows(folder, cases, "list entry sudden") == [("spam.links", "words", "review", None)]
    assert check(folder).differences == []
    hold_together(folder)


def test_who_posts_the_twentieth_time_is_not_yet_established(folder: Path) -> None:
    """The post that matches is not one of those before it, even where it is accepted."""
    path = folder / "rules" / "words.rule"
    path.write_text(path.read_text().replace("mode    live", "mode    watch"))
    with opened(folder) as engine:
        belonging(engine, MATCHES_MIN, 19)
        rush(engine, "casino", MATCHES_MIN, MATCHES_MIN)
        assert reasons(folder) == ["list entry sudden"]


def test_one_event_is_counted_for_so_many_entries(folder: Path) -> None:
    """A post full of listed sites does not write without end, whatever other rules find."""
    sites = [f"s{n}.example" for n in range(matches.ENTRIES_MAX + 4)]
    (folder / "lists" / "bad-sites.txt").write_text("\n".join(sites))
    with opened(folder) as engine:
        told = " ".join(f"http://{site}" for site in sites)
        assert said(engine, f"{told} casino") == {"words", "sites"}
        assert rows(folder, "SELECT count(*) FROM list_record") == [(matches.ENTRIES_MAX,)]
        assert rows(folder, "SELECT count(*) FROM list_match") == [(matches.ENTRIES_MAX,)]


def test_few_people_are_no_rush(folder: Path) -> None:
    """One person who says it again and again is for other rules."""
    with opened(folder) as engine:
        belonging(engine, PEOPLE_MIN)
        rush(engine, "casino", CAP - 50, PEOPLE_MIN - 1)
        assert said(engine, "casino", LATER + 3000, id="r0") == {"words"}
        assert reasons(folder) == []


def test_what_only_exempts_is_never_quarantined(folder: Path) -> None:
    """Else a rule would fire on all those whom the entry lets through."""
    with opened(folder) as engine:
        for number in range(PEOPLE_MIN + 5):
            change(engine, "add", "let through", f"r{number}")
        rush(engine, "bags", 100, PEOPLE_MIN + 5)
        assert rows(folder, "SELECT count(*) FROM list_record") == [(0,)]
        all_agree(engine)


def test_what_exempts_elsewhere_is_never_quarantined(folder: Path) -> None:
    """One rule hits by an entry that lets people off in another, through an include too: told, and
    left where it is, else the other rule would hold those people.
    """
    name, text = rule(
        "offers",
        'text contains "offer"\n\nunless\n  text in list "more words"',
        'text  "an offer"',
        'text  "an offer, free money"',
    )
    (folder / "rules" / name).write_text(text)
    with opened(folder) as engine:
        belonging(engine, SETTLED_MIN)
        rush(engine, "free money, an offer", MATCHES_MIN, PEOPLE_MIN)
        assert entry(folder, "more words", "free money")["state"] == "counts"
        assert reasons(folder) == ["list entry sudden"]
        assert said(engine, "free money, an offer", LATER + 3000) == {"words"}
        all_agree(engine)


def test_a_history_is_no_rush_and_is_not_counted(folder: Path) -> None:
    """Events read in beside live traffic say nothing of today."""
    with opened(folder) as engine:
        rush(engine, "casino", 100, 50, "history")
        assert said(engine, "casino") == {"words"}
    assert entry(folder, "bad words", "casino")["matches"] == 1


def test_an_erasure_leaves_no_trace_of_what_was_said(folder: Path) -> None:
    """Which decision rests on which entry would say what the person wrote; numbers stay."""
    with opened(folder) as engine:
        said(engine, "casino", id="binh")
        said(engine, "casino", id="chi")
        assert rows(folder, "SELECT count(*) FROM list_match") == [(2,)]
        engine.erase("chat", "binh")
        assert rows(folder, "SELECT count(*) FROM list_match") == [(1,)]
    assert entry(folder, "bad words", "casino")["people"] == 2


def test_people_cannot_be_followed_from_entry_to_entry(folder: Path) -> None:
    """The same person is another hash in each record, and none is their token."""
    with opened(folder) as engine:
        said(engine, "casino viagra", id="binh")
        tokens = {row[0] for row in rows(folder, "SELECT author FROM journal WHERE author > 0")}
    found = [Track.decoded(row[0]).people for row in rows(folder, "SELECT track FROM list_record")]
    assert [len(each) for each in found] == [1, 1]
    assert not found[0] & found[1]
    kept = {each.hex() for one in found for each in one}
    assert not kept & {f"{token:016x}" for token in tokens}


def test_a_stale_event_is_not_counted(folder: Path) -> None:
    """It has no place in time."""
    with opened(folder) as engine:
        said(engine, "hello")
        assert said(engine, "casino", at=-2 * 86400) == {"words"}
    assert rows(folder, "SELECT count(*) FROM list_record") == [(0,)]


def test_events_that_fire_nothing_cost_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks for entries where no rule fired."""
    monkeypatch.setattr("ombud.matches.note", None)
    with opened(folder) as engine:
        assert said(engine, "hello") == set()
