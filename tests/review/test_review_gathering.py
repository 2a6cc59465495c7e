"""From what a verdict asks to cases: which join, what stands apart, what is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, LONG, ask, bags, copies, decide, flag, shoes, waiting
from flow.platform_side import HOUR, Platform, all_holds, connected
from flow.small_community import event, rows
from ombud.clock import MINUTE
from ombud.review import gathering, order


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def subjects(platform: Platform) -> list[tuple[object, ...]]:
    """What the cases are about."""
    query = "SELECT record, decision IS NOT NULL, apart FROM case_subject ORDER BY id, record"
    return rows(platform.folder, query)


def test_copies_of_one_text_are_one_case(platform: Platform) -> None:
    """The campaign's members and every later copy stand in it, each with its own decision."""
    platform.stream(*copies(3))
    platform.stream(*copies(2, 3))
    assert len(waiting(platform, "hold")) == 1
    assert [each[1] for each in subjects(platform)] == [True] * 5
    all_holds(platform)


def test_a_closed_case_takes_nothing_in(platform: Platform) -> None:
    """The next copy after a judgement is a case of its own."""
    platform.stream(*copies(3))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", everything=True)
    platform.stream(*copies(1, 3))
    (other,) = waiting(platform, "hold")
    assert other != case
    all_holds(platform)


def test_replies_and_quotes_stand_apart(platform: Platform) -> None:
    """They may object to what they repeat, so nobody decides them in bulk."""
    quoted = event("q", 10, text=f"> {LONG}\ncheap shoes, they say", author={"id": "quoter"})
    reply = event(
        "r",
        11,
        text="cheap shoes? no!",
        author={"id": "critic"},
        in_reply_to={"id": "post/e1", "author": {"id": "ana"}},
    )
    platform.stream(shoes(1), quoted, reply)
    found = rows(platform.folder, "SELECT apart FROM case_subject ORDER BY record")
    assert found == [(None,), ("quote",), ("reply",)]
    all_holds(platform)


def test_members_of_long_standing_stand_apart(platform: Platform) -> None:
    """Known for thirty days with twenty accepted posts, as of the record."""
    old = [event(f"old{n}", -40 * 86400 + n, author={"id": "elder"}) for n in range(25)]
    platform.stream(*old[:1])
    platform.clock[0] += 1
    platform.stream(*old[1:])
    platform.stream(shoes(1, "elder"), shoes(2, "young"))
    found = rows(platform.folder, "SELECT apart FROM case_subject ORDER BY record")
    assert found == [("established",), (None,)]


def test_what_a_rule_saw_is_sealed_and_dies_with_the_person(platform: Platform) -> None:
    """It is not kept in the clear; after an erasure nobody can open it."""
    platform.stream(shoes(1))
    ((key, sealed),) = rows(platform.folder, "SELECT key, sealed FROM case_subject")
    plain = platform.engine.keys.open_decision(key, sealed)
    assert plain is not None
    assert gathering.opened(plain).rule.name == "shoes"
    assert b"cheap shoes" in plain
    assert b"cheap" not in sealed
    platform.engine.erase("chat", "ana")
    assert rows(platform.folder, "SELECT sealed FROM case_subject") == [(None,)]
    assert not platform.engine.keys.has_decision_key(key)
    all_holds(platform)


def test_one_author_pays_for_many_cases(platform: Platform) -> None:
    """Each further case of one author comes half an hour later; somebody else's does not."""
    platform.stream(*(shoes(n, "ana", n) for n in range(4)), shoes("x", "bo", 5))
    found = rows(platform.folder, "SELECT behind FROM review_case ORDER BY rowid")
    assert [each[0] for each in found[:4]] == [n * order.AUTHOR_EVERY for n in range(4)]
    assert found[4][0] == 3 * MINUTE  # by her fourth post ana was known: another share
    cases = waiting(platform)
    assert rows(
        platform.folder,
        "SELECT author FROM case_subject WHERE id = ?",
        cases[1],
    ) != rows(platform.folder, "SELECT author FROM case_subject WHERE id = ?", cases[0])


def test_shares_are_given_back_with_their_cases(platform: Platform) -> None:
    """What is judged burdens nobody's next case, and an undone judgement does again."""
    platform.stream(shoes(1), shoes(2, at=1))
    share = "SELECT sum(open) FROM case_share"
    assert rows(platform.folder, share) == [(4,)]
    first, _ = waiting(platform)
    decide(platform, first, "release")
    assert rows(platform.folder, share) == [(2,)]
    ask(platform, "undo", first)
    assert rows(platform.folder, share) == [(4,)]
    for case in waiting(platform):
        decide(platform, case, "release")
    assert rows(platform.folder, share) == [(None,)]


def test_a_flag_of_what_changed_is_heard_again(platform: Platform) -> None:
    """An edit ends "already judged": the same flag opens a case then."""
    post = event(7, text="hello")
    platform.stream({**post, "subject": "post/e7"}, flag(1, "post/e7", "bo", 1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    platform.stream(flag(2, "post/e7", "cy", 2))
    assert waiting(platform) == []
    closed = rows(platform.folder, "SELECT reason FROM review_case WHERE rowid = 2")
    assert closed == [(gathering.UNCHANGED,)]
    edit = event("7b", 3, type="post.edited", text="hello, all", before={"text": "hello"})
    platform.stream({**edit, "subject": "post/e7"}, flag(3, "post/e7", "di", 4))
    assert len(waiting(platform)) == 1
    platform.clock[0] += HOUR
    all_holds(platform)


def test_a_full_case_is_followed_by_another(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many copies come, no judgement is about more than can be settled at once."""
    monkeypatch.setattr(gathering, "SUBJECTS_MAX", 3)
    for first in (0, 3, 4):
        platform.stream(*copies(3 if not first else 1, first))
    assert len(waiting(platform, "hold")) == 2


def test_what_is_held_twice_in_one_group_is_one_case(platform: Platform) -> None:
    """Also before anything is committed the second copy finds the first one's case."""
    platform.stream(*copies(6), bags("x", "zoe"))
    assert len(waiting(platform, "hold")) == 2
