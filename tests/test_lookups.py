"""What a look-up shows, to whom and for how long: facts with their ends, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, flag, shoes
from flow.small_community import NOW, event, line, prepare, rows
from ombud import casework, clock, daywork, staffing
from ombud.app import Engine
from ombud.casebook import TEXT_LENGTH_MAX
from ombud.controls.lookup import LASTS
from ombud.lookups import LATEST, PAGE, Look, LookupBook
from staff.at_the_entrance import Clock

WHY = "A neighbour wrote to us about it."


@dataclass
class Place:
    """An engine, its clock, and what somebody sees."""

    engine: Engine
    clock: Clock

    def look(self, kind: str = "member", by: str = "mia", **about: Any) -> str:
        """A look-up; its id."""
        asked = {"platform": "chat", "name": "ana", "reason": WHY, "by": by, **about}
        return str(daywork.perform(self.engine, "look up", {"kind": kind, **asked})["look"])

    @property
    def book(self) -> LookupBook:
        """What is shown."""
        active = self.engine.writer.pipeline.community.active
        return LookupBook(self.engine.store, self.engine.keys, active)

    def seen(
        self, look: str, by: str = "mia", before: int = LATEST, *, texts: bool = True
    ) -> dict[str, Any] | None:
        """What somebody sees by a look-up; None: nothing."""
        now = self.clock()
        granted = self.book.granted(look, staffing.token(self.engine, by), now)
        return granted and self.book.shown(granted, now, "en", before, texts=texts)

    def ask(self, do: str, **asked: Any) -> Any:
        """Something about cases, as Mia."""
        return casework.perform(self.engine, do, {"by": "mia", **asked})

    def one(self, query: str, *given: object) -> Any:
        """The only value of a question to the store."""
        ((value,),) = rows(self.engine.folder, query, *given)
        return value


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community with two reviewers; Ana and Lan wrote."""
    moved = Clock()
    with Engine(prepare(tmp_path, DESK_RULES), now=moved) as engine:
        for name, *roles in (("Thu", "admin"), ("mia", "reviewer"), ("Bình", "reviewer")):
            staffing.change(engine, "added", name, "admin", roles=roles)
        told = [event(1, text="hello"), bags(2, at=60), event(3, 90, author={"id": "lan"})]
        engine.submit([line(each) for each in told])
        yield Place(engine, moved)


def test_only_who_looked_sees_and_for_an_hour(place: Place) -> None:
    """To others, and later, the address shows nothing; nor does one that nobody made."""
    made = place.look()
    assert place.seen(made) is not None
    assert place.seen(made, "Bình") is None
    assert place.seen("look_none") is None
    assert place.seen("\ud800") is None
    place.clock.at = place.one("SELECT time FROM lookup") + LASTS - 1
    assert place.seen(made) is not None
    place.clock.at += 1
    assert place.seen(made) is None


def test_what_was_looked_up_lately_is_listed_for_who_did(place: Place) -> None:
    """As long as it can be seen."""
    mia, other = (staffing.token(place.engine, each) for each in ("mia", "Bình"))
    made = place.look()
    assert [each["id"] for each in place.book.lately(mia, place.clock())] == [made]
    assert place.book.lately(other, place.clock()) == []
    place.clock.at += LASTS + clock.SECOND
    assert place.book.lately(mia, place.clock()) == []


def test_a_member_is_shown_by_what_happened_here(place: Place) -> None:
    """Since when, how much was accepted, what was decided, what waits: and no score."""
    found = place.seen(place.look())
    assert found is not None
    assert found["known"] == {
        "first": "2026-03-01T12:00:00Z",
        "last": "2026-03-01T12:01:00Z",
        "accepted": 1,
    }
    assert [each["action"] for each in found["decisions"]] == ["hold"]
    assert found["decisions"][0]["state"] == "in force"
    assert [each["reason"] for each in found["cases"]] == ["hold"]
    assert found["flags"] == {}
    assert "score" not in json.dumps(found)


def test_ends_are_told_with_what_they_ended(place: Place) -> None:
    """A decision that was undone says so, and an appeal how it ended."""
    case = place.one("SELECT id FROM review_case")
    decision = place.one("SELECT id FROM decision")
    place.ask("decide case", case=case, outcome="release")
    found = place.seen(place.look())
    assert found is not None
    assert found["cases"] == []
    assert found["decisions"][0] | {"appeals": []} == found["decisions"][0]
    assert (found["decisions"][0]["id"], found["decisions"][0]["state"]) == (decision, "undone")


def test_flags_count_only_where_people_judged_them(place: Place) -> None:
    """By how: whoever is flagged by many is not worse for it."""
    flags = [flag(n, "post/e1", f"by{n}", 200 + n) for n in range(3)]
    place.engine.submit([line(each) for each in flags])
    unjudged = place.seen(place.look())
    assert unjudged is not None
    assert unjudged["flags"] == {}
    case = place.one("SELECT id FROM review_case WHERE reason = 'alert'")
    place.ask("decide case", case=case, outcome="release", everything=True)
    found = place.seen(place.look())
    assert found is not None
    assert found["flags"] == {"released": 3}
    assert "by0" not in json.dumps(found)  # and never by whom


def test_notes_are_for_those_who_judge(place: Place) -> None:
    """They are words about somebody, and end."""
    case = place.one("SELECT id FROM review_case")
    place.ask("note case", case=case, text="Has asked what a link is.", lasts=clock.MINUTE)
    made = place.look()
    found = place.seen(made)
    assert found is not None
    assert [each["text"] for each in found["notes"]] == ["Has asked what a link is."]
    others = place.seen(made, texts=False)
    assert others is not None
    assert others["notes"] == []
    place.clock.at += clock.MINUTE + clock.SECOND
    later = place.seen(made)
    assert later is not None
    assert later["notes"] == []


def test_a_post_is_shown_cut_and_only_to_who_judges(place: Place) -> None:
    """With the clauses under which a case can be opened."""
    long = event(9, 300, text="a" * (TEXT_LENGTH_MAX + 7))
    place.engine.submit([line(long)])
    made = place.look("post", record=place.one("SELECT max(seq) FROM journal"))
    found = place.seen(made)
    assert found is not None
    assert len(found["post"]["text"]) == TEXT_LENGTH_MAX
    assert found["post"]["cut"] == 7
    assert "spam.links" in [each["id"] for each in found["post"]["clauses"]]
    hidden = place.seen(made, texts=False)
    assert hidden is not None
    assert hidden["post"]["text"] is None
    assert "aaa" not in json.dumps(hidden)


def test_a_room_and_a_server_are_shown(place: Place) -> None:
    """A room by what was decided on it, a server by since when it is known."""
    told = event(11, 400, server={"id": "Social.Example"})
    place.engine.submit([line(told)])
    room = place.seen(place.look("room", name="hall"))
    assert room is not None
    assert (room["kind"], room["name"], room["decisions"]) == ("room", "hall", [])
    server = place.seen(place.look("server", platform="", name="social.example"))
    assert server is not None
    assert server["known"]["first"] == "2026-03-01T12:06:40Z"


def test_decisions_come_by_pages(place: Place) -> None:
    """Each once, the latest first, and then no more."""
    many = [bags(f"b{n}", who="lan", at=500 + n) for n in range(PAGE + 3)]
    place.engine.submit([line(each) for each in many])
    made = place.look(name="lan")
    first = place.seen(made)
    assert first is not None
    assert len(first["decisions"]) == PAGE
    second = place.seen(made, before=first["more"])
    assert second is not None
    ids = [each["id"] for each in (*first["decisions"], *second["decisions"])]
    assert (len(second["decisions"]), second["more"]) == (3, 0)
    query = "SELECT id FROM decision WHERE author = ? ORDER BY leaf DESC"
    whose = place.engine.keys.known_account("chat", "lan")
    assert ids == [row[0] for row in rows(place.engine.folder, query, whose)]
    assert first["more_cases"]


def test_who_was_erased_is_shown_to_nobody(place: Place) -> None:
    """Not even within the hour; and the look-up says no more whom it was about."""
    made = place.look()
    place.engine.submit([line(shoes(20, at=600))])
    place.engine.erase("chat", "ana")
    assert place.seen(made) is None
    row = place.engine.store.one("lookup", (made,))
    assert row is not None
    told = place.book.named(Look(*row))
    assert (told["gone"], told["name"], told["reason"]) == (True, "", None)


def test_time_stands_in_the_past_for_nobody(place: Place) -> None:
    """A clock that has gone back opens nothing early."""
    made = place.look()
    place.clock.at = NOW - clock.DAY
    assert place.seen(made) is None
