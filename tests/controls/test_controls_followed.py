"""A list follows what somebody else publishes: as advice, until they take it back, and nowhere
against what was said here.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from flow.followed_community import (
    LIST,
    ROOM,
    followed,
    opened,
    publish,
    published,
    stands,
    take_back,
)
from flow.listed_community import all_agree, change, confirm, said
from flow.small_community import check, hold_together, rows
from ombud import listwork
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.controls import followed as following
from ombud.controls import lists, watching
from ombud.errors import BadRules, BadUse
from ombud.reading import reading
from ombud.signals.lists.changes import TOP_MAX
from ombud.store.sqlite import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with such a list."""
    return followed(tmp_path / "folder")


def test_an_entry_counts_until_it_is_taken_back(folder: Path) -> None:
    """For a rule that asks; replay and a restart agree, and it is told whose it is."""
    with opened(folder) as engine:
        assert said(engine, "hello", id="@spam:far") == set()
        publish(engine, "@Spam2:far")
        assert said(engine, "hello", id="@spam2:far") == {"listed"}
        assert said(engine, "hello", id="@other:far") == set()
        all_agree(engine)
    with opened(folder) as engine:
        assert said(engine, "hello again", id="@spam2:far") == {"listed"}
        take_back(engine, "@Spam2:far")
        assert said(engine, "once more", id="@spam2:far") == set()
        publish(engine, "@Spam2:far")
        assert stands(engine, "@Spam2:far") == "watch"  # by now it has met somebody here
        confirm(engine, LIST, "@Spam2:far")
        assert said(engine, "at last", id="@spam2:far") == {"listed"}
        all_agree(engine)
    assert check(folder).differences == []
    hold_together(folder)


def test_no_id_stands_in_the_journal(folder: Path) -> None:
    """Nor who published it, nor why: lines and provenance are kept beside."""
    with opened(folder) as engine:
        publish(engine, "@spam:far")
        take_back(engine, "@spam:far")
    told = "".join(
        text for (text,) in rows(folder, "SELECT payload FROM journal WHERE payload != ''")
    )
    assert '"do":"follow"' in told
    assert ROOM in told
    for each in ("@spam", "@list:far", "sells bags"):
        assert each not in told


def test_what_was_said_here_stands(folder: Path) -> None:
    """An entry that somebody puts in quarantine stays there when it is taken back and published
    again, by another event and for another reason, until it is released.
    """
    with opened(folder) as engine:
        publish(engine, "@spam:far")
        about = lists.line(LIST, "@spam:far")
        engine.change_list("quarantine", LIST, about, reason="a friend of ours")
        assert said(engine, "one", id="@spam:far") == set()
        take_back(engine, "@spam:far")
        assert stands(engine, "@spam:far") == "quarantined"
        publish(engine, "@spam:far", event="$other", reason="again")
        assert said(engine, "two", id="@spam:far") == set()
        all_agree(engine)
    with opened(folder) as engine:
        assert said(engine, "three", id="@spam:far") == set()
        with reading(folder) as reader:
            (told,) = reader.term_list(LIST, engine.now(), state=None, limit=9, skip=0)["items"]
        assert told["refused"]["reason"] == "a friend of ours"
        assert (told["published"]["event"], told["published"]["reason"]) == ("$other", "again")
        change(engine, "release", LIST, "@spam:far")
        confirm(engine, LIST, "@spam:far")
        assert said(engine, "four", id="@spam:far") == {"listed"}
    assert rows(folder, "SELECT count(*) FROM list_refusal") == [(0,)]


@pytest.mark.parametrize("pattern", ["@*:bad.example", "*", "@?pam:far", "@spam*"])
def test_what_stands_for_many_waits_for_a_person(folder: Path, pattern: str) -> None:
    """Whatever it matches, and however long."""
    pattern = pattern if pattern.startswith("@") else f"@{pattern}"
    with opened(folder) as engine:
        publish(engine, pattern)
        assert stands(engine, pattern) == "watch"
        assert said(engine, "one", id="@spam:far") == set()
        confirm_there(engine, pattern)
        hit = "@spam9:bad.example" if pattern != "@?pam:far" else "@spam:far"
        assert said(engine, "two", id=hit) == {"listed"}
        take_back(engine, pattern)
        assert said(engine, "three", id=hit) == set()
        all_agree(engine)


def confirm_there(engine: Engine, term: str) -> None:
    """A person confirms an entry as it may stand in such a list, having seen what it matched."""
    changes = engine.writer.pipeline.community.lists[LIST]
    batch = changes.batch_of(term, engine.writer.pipeline.recv)
    assert batch is not None
    with closing(Store(engine.folder / STORE_FILE, readonly=True)) as store:
        seen = watching.matched(store, changes, batch, term)
    about = lists.standing(LIST, term)
    engine.change_list("confirm", LIST, about, whole=True, seen=seen)


def test_what_names_us_waits_for_a_person(folder: Path) -> None:
    """Ombud, the staff, the homeserver."""
    with opened(folder) as engine:
        publish(engine, "@ombud:here", "@far:far", own=("@ombud:here",))
        assert stands(engine, "@ombud:here") == "watch"
        assert stands(engine, "@far:far") == "counts"
        (watch,) = rows(folder, "SELECT count(*) FROM journal WHERE payload LIKE '%\"own\"%'")
        assert watch == (1,)


def test_many_at_once_wait_for_a_person_together(folder: Path) -> None:
    """A hostile list of a thousand restricts nobody; one yes lets all of them count."""
    many = [f"@a{n}:far" for n in range(TOP_MAX + 500)]
    with opened(folder) as engine:
        publish(engine, *many)
        assert said(engine, "one", id=many[7]) == set()
        confirm(engine, LIST, many[3])
        assert said(engine, "two", id=many[7]) == {"listed"}
        take_back(engine, *many[:600])
        assert said(engine, "three", id=many[7]) == set()
        assert said(engine, "four", id=many[700]) == {"listed"}
        all_agree(engine)


def test_who_is_known_here_is_on_watch_first(folder: Path) -> None:
    """An entry that would have matched lately does not count at once; one that met nobody does."""
    with opened(folder) as engine:
        for number in range(3):
            assert said(engine, f"good morning {number}", id="@ana:here") == set()
        publish(engine, "@ana:here", "@spam:far")
        assert stands(engine, "@ana:here") == "watch"
        assert stands(engine, "@spam:far") == "counts"
        assert said(engine, "hello", id="@ana:here") == set()
        confirm(engine, LIST, "@ana:here")
        assert said(engine, "hello there", id="@ana:here") == {"listed"}


def test_what_rested_on_it_comes_before_people_again(folder: Path) -> None:
    """A rule's warning by an entry that is taken back, once; a hold is before them already, and
    shows that the entry is gone.
    """
    warn = (folder / "rules" / "listed.rule").read_text().replace("hold this", "warn")
    (folder / "rules" / "warned.rule").write_text(
        warn.replace("rule listed", "rule warned").replace("spam.links", "spam.repeats")
    )
    with opened(folder) as engine:
        publish(engine, "@spam:far", "@other:far")
        assert said(engine, "one", id="@spam:far") == {"listed", "warned"}
        assert said(engine, "two", id="@other:far") == {"listed", "warned"}
        take_back(engine, "@spam:far")
        opened_again = "SELECT id FROM review_case WHERE reason = 'list entry retracted'"
        ((case,),) = rows(folder, opened_again)
        with reading(folder) as reader:
            (subject,) = reader.casebook().case(case, engine.now(), "en")["subjects"]
            assert subject["listed"][0]["ended"] is not None
            assert subject["listed"][0]["by"] == ""
            holds = rows(folder, "SELECT id FROM review_case WHERE reason = 'hold' ORDER BY opened")
            told = [
                reader.casebook().case(each, engine.now(), "en")["subjects"][0] for (each,) in holds
            ]
        assert [each["listed"][0]["ended"] is None for each in told] == [False, True]
        publish(engine, "@spam:far")
        take_back(engine, "@spam:far")
        assert len(rows(folder, opened_again)) == 1
    hold_together(folder)


def test_the_statement_says_whose_list_it_is(folder: Path) -> None:
    """That others publish it, and where."""
    with opened(folder) as engine:
        publish(engine, "@spam:far")
        assert said(engine, "one", id="@spam:far") == {"listed"}
    ((decision,),) = rows(folder, "SELECT id FROM decision")
    with reading(folder) as reader:
        told = reader.decision(decision)
    (fact,) = told["reasons"]["facts"]
    assert f"the list “{LIST}”, which others publish in the room {ROOM}" in fact["said"]["en"]
    assert ROOM in fact["said"]["vi"]


def test_its_entries_are_its_publishers(folder: Path) -> None:
    """Nobody here adds to such a list, or takes out; and none of one's own becomes one."""
    with opened(folder) as engine:
        publish(engine, "@spam:far")
        for do in ("add", "remove"):
            with pytest.raises(BadUse) as refused:
                engine.change_list(do, LIST, lists.line(LIST, "@spam:far"))
            assert refused.value.code == "U446"
        engine.change_list("add", "ours", lists.line("ours", "somebody"), new=True)
        for name in ("ours", "staff names"):
            with pytest.raises(BadUse) as refused:
                listwork.take_in(engine, name, ROOM, [], set())
            assert refused.value.code == "U445"


def test_no_rule_may_come_to_rest_on_it_alone(tmp_path: Path) -> None:
    """A rule that does more than hold by a list is refused where that is followed; and where such a
    rule is in force already, its list cannot begin to follow anything.
    """
    folder = followed(tmp_path / "folder")
    text = (folder / "rules" / "listed.rule").read_text().replace("hold this", "remove this")
    (folder / "rules" / "listed.rule").write_text(text)
    with pytest.raises(BadRules), opened(folder):
        pass
    (folder / "rules" / "listed.rule").unlink()
    with opened(folder) as engine:
        change(engine, "add", "ours", "somebody", new=True)
    text = text.replace(LIST, "ours").replace("rule listed", "rule ours")
    (folder / "rules" / "ours.rule").write_text(text)
    with opened(folder) as engine:
        change(engine, "remove", "ours", "somebody")
        with pytest.raises(BadUse) as refused:
            listwork.take_in(engine, "ours", ROOM, [published("@spam:far")], set())
        assert refused.value.code == "U097"


def test_a_list_that_is_followed_no_more_is_empty(folder: Path) -> None:
    """And may be anybody's again."""
    with opened(folder) as engine:
        publish(engine, "@spam:far")
        listwork.let_go(engine, LIST, "", ["@spam:far"])
        assert said(engine, "one", id="@spam:far") == set()
        change(engine, "add", LIST, "@mine:here")
        assert said(engine, "two", id="@mine:here") == {"listed"}
        all_agree(engine)


def test_new_entries_are_sorted_out() -> None:
    """Patterns and what names us one by one, or together where they are very many."""
    ours, wide, known, other = (published(each) for each in ("@o:h", "@*:x", "@k:h", "@n:f"))
    made = following.sorted_out([ours, wide, known, other], {"@o:h"}, {"@k:h": 2}, 9)
    assert [(each.why, each.breadth, len(each.terms)) for each in made] == [
        ("own", (0, 0), 1),
        ("pattern", (0, 0), 1),
        ("", (9, 2), 1),
        ("", (0, 0), 1),
    ]
    flood = [published(f"@a{n}*") for n in range(following.EACH_MAX + 1)]
    assert [each.why for each in following.sorted_out(flood, set(), {}, 0)] == ["pattern"]
    assert following.sorted_out([], set(), {}, 0) == []


def test_other_words_of_the_publisher_are_kept(folder: Path) -> None:
    """Without a record in the journal: they change no verdict."""
    with opened(folder) as engine:
        publish(engine, "@spam:far")
        before = rows(folder, "SELECT count(*) FROM journal")
        _, one = published("@spam:far", writer="@new:far", event="$new", reason="")
        engine.change(following.Reworded(LIST, (one,)))
        assert rows(folder, "SELECT count(*) FROM journal") == before
    assert rows(folder, "SELECT writer, event, reason FROM policy_rule") == [
        ("@new:far", "$new", "")
    ]
