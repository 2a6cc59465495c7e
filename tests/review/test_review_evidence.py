"""What must be kept for an appeal is known; notes and proposals end, with their keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, ask, decide, shoes, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, NOW, rows
from ombud.decisions import APPEAL_OPEN
from ombud.review import evidence


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with an open case about record 2."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        made.stream(shoes(1))
        yield made


def test_a_body_stays_while_somebody_may_need_it(platform: Platform) -> None:
    """While its case is open; after a decision until the last appeal is decided; then no more."""
    store = platform.engine.store
    assert evidence.kept_until(store, 2, NOW) == evidence.NEVER
    assert evidence.kept_until(store, 1, NOW) is None
    decide(platform, waiting(platform)[0], "uphold", "remove")
    until = evidence.kept_until(store, 2, NOW)
    assert until is not None
    assert until >= NOW + APPEAL_OPEN + evidence.MARGIN
    assert evidence.kept_until(store, 2, until - 1) == until
    assert evidence.kept_until(store, 2, until) is None
    evidence.let_go(store, platform.engine.keys, until - 1)
    assert rows(platform.folder, "SELECT count(*) FROM evidence") == [(1,)]
    evidence.let_go(store, platform.engine.keys, until)
    assert rows(platform.folder, "SELECT count(*) FROM evidence") == [(0,)]


def test_a_note_ends_with_its_key(platform: Platform) -> None:
    """Readable until its end; then its key is gone from the key file and its row from the store."""
    (case,) = waiting(platform)
    ask(platform, "note", case, text="I know her from the market.", lasts=DAY)
    ((note, until, sealed),) = rows(platform.folder, "SELECT note, until, sealed FROM case_note")
    keys = platform.engine.keys
    assert keys.open_decision(note, sealed) == b"I know her from the market."
    assert evidence.let_go(platform.engine.store, keys, until - 1) == 0
    assert evidence.let_go(platform.engine.store, keys, until) == 1
    assert not keys.has_decision_key(note)
    assert rows(platform.folder, "SELECT count(*) FROM case_note") == [(0,)]


def test_notes_end_while_the_engine_runs(platform: Platform) -> None:
    """The writer lets go of them when it publishes, without anybody asking."""
    (case,) = waiting(platform)
    ask(platform, "note", case, text="soon gone", lasts=DAY)
    platform.clock[0] += 2 * DAY
    platform.engine.publish()
    assert rows(platform.folder, "SELECT count(*) FROM case_note") == [(0,)]
    all_holds(platform)


def test_an_erasure_takes_what_was_said_about_the_person(platform: Platform) -> None:
    """Notes and proposals of their cases go, keys and all."""
    (case,) = waiting(platform)
    ask(platform, "note", case, text="about ana")
    ((note,),) = rows(platform.folder, "SELECT note FROM case_note")
    platform.engine.erase("chat", "ana")
    assert rows(platform.folder, "SELECT count(*) FROM case_note") == [(0,)]
    assert not platform.engine.keys.has_decision_key(note)
    all_holds(platform)
