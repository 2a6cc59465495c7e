"""Two people take away what lets people off: taken out, put in quarantine, ended sooner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.listed_community import all_agree, change, listed, said
from flow.small_community import NOW, START, Clock, rows
from ombud import listwork
from ombud.app import Engine
from ombud.clock import DAY, SECOND, rfc3339
from ombud.controls import lists, protecting, staff
from ombud.errors import BadUse
from ombud.reading import reading

LIST, ENTRY = "let through", "somebody"


@pytest.fixture
def clock() -> Clock:
    """It is NOW."""
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    """A rule lets off whoever is on a list; somebody is."""
    with Engine(listed(tmp_path / "folder"), now=clock) as running:
        change(running, "add", LIST, ENTRY)
        assert said(running, "bags") == set()
        yield running
        all_agree(running)


def people(engine: Engine, *names: str) -> None:
    """A staff, each of whom may change lists."""
    for who in names:
        engine.control(staff.asked("added", who, "admin", roles=["admin", "author"]))


def ask(engine: Engine, do: str, by: str, term: str = ENTRY, **more: Any) -> dict[str, Any]:
    """Somebody asks for a change, as pages and command line do."""
    return listwork.change_list(
        engine, {"change": do, "name": LIST, "term": term, "by": by, **more}, b""
    )


def going(engine: Engine) -> Any:
    """What is said of the entry that one person wants gone."""
    with reading(engine.folder) as reader:
        found = reader.term_list(LIST, engine.now(), state=None, limit=10, skip=0)
    return [each["going"] for each in found["items"]]


SOONER = {"expires": rfc3339(NOW + DAY)}


@pytest.mark.parametrize(
    ("do", "more"),
    [("remove", {}), ("quarantine", {}), ("add", SOONER)],
    ids=["out", "quarantine", "sooner"],
)
def test_a_second_person_has_to_ask_too(
    engine: Engine, clock: Clock, do: str, more: dict[str, Any]
) -> None:
    """Once is kept and told, twice by one person is once, and whoever gives no name is nobody else;
    one who asks for the same has it done.
    """
    people(engine, "ana", "ben")
    assert ask(engine, do, "ana", **more)["waits"]
    assert ask(engine, do, "ana", **more)["waits"]
    assert ask(engine, do, "admin", **more)["waits"]
    assert ask(engine, do, "ana", **more)["waits"]
    (told,) = going(engine)
    assert told["do"] == do
    assert told["until"].startswith(rfc3339(NOW + 3 * DAY)[:19])
    done = ask(engine, do, "ben", "SOMEBODY", **more)
    assert not done["waits"]
    assert done["entries"] == 1
    assert going(engine) in ([], [None])
    clock.at += 2 * DAY
    later = clock.at / SECOND - START.timestamp()
    assert said(engine, "bags", later) == {"exempt"}
    payload = rows(engine.folder, "SELECT payload FROM journal WHERE seq = ?", done["seq"])[0][0]
    assert b'"asked":' in payload if isinstance(payload, bytes) else '"asked":' in payload


def test_what_was_asked_ends(engine: Engine, clock: Clock) -> None:
    """After three days nobody else has agreed; and what another asked for is something else."""
    people(engine, "ana", "ben")
    assert ask(engine, "remove", "ana")["waits"]
    assert ask(engine, "quarantine", "ben")["waits"]
    clock.at += protecting.WAITS + SECOND
    assert ask(engine, "remove", "ben")["waits"]
    assert said(engine, "bags") == set()


def test_who_is_alone_does_it_and_the_log_says_so(engine: Engine) -> None:
    """Nobody else may change lists."""
    people(engine, "ana")
    assert not ask(engine, "remove", "ana")["waits"]
    assert said(engine, "bags") == {"exempt"}
    lines = [bytes(row[0]).decode() for row in rows(engine.folder, "SELECT entry FROM leaf")]
    assert '"outcome":"one person"' in lines[-1] or '"outcome":"one person"' in lines[-2]


def test_what_protects_nobody_goes_at_once(engine: Engine) -> None:
    """An entry on watch, one that restricts, a later end; whoever may not is refused."""
    people(engine, "ana", "ben")
    change(engine, "add", LIST, "newcomer", watch=True)
    assert not ask(engine, "remove", "ana", "newcomer")["waits"]
    done = listwork.change_list(
        engine, {"change": "remove", "name": "bad words", "term": "casino", "by": "ana"}, b""
    )
    assert not done["waits"]
    assert not ask(engine, "add", "ana", expires="")["waits"]
    engine.control(staff.asked("roles", "ben", "ana", roles=["auditor"]))
    with pytest.raises(BadUse, match="U201"):
        ask(engine, "remove", "ben")
    assert engine.change_list("remove", LIST, lists.line(LIST, ENTRY), "ana")  # alone by now
