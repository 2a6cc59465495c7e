"""Runs of other rules over a past of which a part is gone, and what follows from what is left.

The stories over whole pasts stand in `test_replay_others.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import (
    NOW,
    RULES,
    change,
    crowd,
    event,
    prepare,
    rows,
    rule,
)
from flow.test_whole_pasts import NEW_RULES, send
from ombud.app import KEY_FILE, Engine
from ombud.replay import records
from replay.trying import hits, live, tried, verdicts

# --- gaps -----------------------------------------------------------------------------------------


def test_a_lost_text_makes_what_reaches_past_it_unknown(tmp_path: Path) -> None:
    """In a window that the journal's rows do not carry; beyond its width all is known again."""
    posts = [event(number, number * 10) for number in range(10)]
    posts += [event("near", 110), event("far", 110 + 3600)]
    past = live(tmp_path, {"bags.rule": RULES["bags.rule"]}, [("", posts)])
    change(past, "DELETE FROM body WHERE seq = 6")
    found = verdicts(past, NEW_RULES)
    near, far = found[-2], found[-1]
    assert "busy-author" in near[1]
    assert "busy-author" not in far[0] + far[1]
    assert len(found) == 11


def test_a_lost_text_still_counts_in_shared_windows(tmp_path: Path) -> None:
    """Where the row carries the entries, nothing is unknown, and the count is the true one."""
    posts = [event(number, number * 10) for number in range(8)]
    past = live(tmp_path, {"busy-room.rule": RULES["busy-room.rule"]}, [("", posts)])
    change(past, "DELETE FROM body WHERE seq IN (3, 4)")
    found = verdicts(past, {"busy-room.rule": RULES["busy-room.rule"]})
    assert [each[0] for each in found] == [(), (), (), (), ("busy-room",), ("busy-room",)]


@pytest.mark.parametrize("step", [2, 2000])
def test_the_erased_are_left_out_from_their_erasure_on(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then their entries count as they did; after it as if they had never been."""
    monkeypatch.setattr(records, "STEP", step)
    folder = prepare(tmp_path, {"busy-room.rule": RULES["busy-room.rule"]})
    with Engine(folder, now=lambda: NOW) as engine:
        bea = {"id": "bea"}
        send(engine, [event(n, n, author=bea) for n in range(6)])
        send(engine, [event("a", 10)])  # the seventh in the room
        engine.erase("chat", "bea")
        send(engine, [event(n, n) for n in range(20, 26)])  # the second to the seventh
    rules = {"busy-room.rule": RULES["busy-room.rule"]}
    wanted = [("busy-room",), *[()] * 5, ("busy-room",)]
    assert [each[0] for each in verdicts(folder, rules)] == wanted
    tally = tried(folder, rules)
    assert (tally.judged, tally.without_body) == (7, 6)
    assert hits(tally) == {"busy-room": 2}


def test_an_erased_reader_of_a_new_window_is_a_gap_until_then(tmp_path: Path) -> None:
    """A window that rows do not carry is unknown before an erasure, and known after it."""
    folder = prepare(tmp_path, {"bags.rule": RULES["bags.rule"]})
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, [event(n, n, author={"id": "bea"}) for n in range(3)])
        send(engine, [event("a", 10)])
        engine.erase("chat", "bea")
        send(engine, [event("b", 20)])
    before, after = verdicts(folder, NEW_RULES)
    assert "busy-author" in before[1]
    assert "busy-author" not in after[0] + after[1]


def test_who_comes_back_after_an_erasure_is_somebody_else(tmp_path: Path) -> None:
    """What named the erased account is not judged under the token it has today."""
    folder = prepare(tmp_path)
    target = {"id": "post/1", "author": {"id": "bea"}}
    with Engine(folder, now=lambda: NOW) as engine:
        send(
            engine,
            [event("to bea", 1, in_reply_to=target), event("by bea", 2, author={"id": "bea"})],
        )
        engine.erase("chat", "bea")
        send(
            engine,
            [event("again", 3, author={"id": "bea"}), event("to bea again", 4, in_reply_to=target)],
        )
    tally = tried(folder, RULES)
    assert (tally.judged, tally.without_body) == (2, 2)


def test_who_is_only_named_is_nobody_in_particular_and_always_the_same(tmp_path: Path) -> None:
    """Accounts without a token of their own are told apart, and recognised, within a run."""
    folder = prepare(tmp_path, {"bags.rule": RULES["bags.rule"]})
    with Engine(folder, now=lambda: NOW) as engine:
        for number in range(6):
            to = {"id": "post/1", "author": {"id": "bea" if number < 4 else f"other{number}"}}
            send(engine, [event(number, number, in_reply_to=to)])
    assert rows(folder, "SELECT count(*) FROM journal WHERE kind = 'reply'") == [(6,)]
    found = verdicts(folder, {"one-target.rule": RULES["one-target.rule"]})
    assert [each[0] for each in found] == [(), (), (), ("one-target",), (), ()]


def test_a_damaged_body_is_not_judged(tmp_path: Path) -> None:
    """What is not what was journalled is left out here, and named by the check."""
    past = live(tmp_path, dict(RULES), [("", crowd(3, 40))])
    change(past, "UPDATE body SET sealed = zeroblob(40) WHERE seq = 5")
    change(past, "UPDATE body_key SET key = zeroblob(32) WHERE seq = 7", file=KEY_FILE)
    judged = rows(past, "SELECT count(*) FROM journal WHERE kind IS NOT NULL")[0][0]
    lost = rows(past, "SELECT count(*) FROM journal WHERE kind IS NOT NULL AND seq IN (5, 7)")
    tally = tried(past, RULES)
    assert tally.without_body == lost[0][0] > 0
    assert tally.judged == judged - tally.without_body


def test_clauses_count_as_if_always_published(tmp_path: Path) -> None:
    """A clause that changed yesterday would act on what was written before, in a trial."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, [event(1, 1)])
        policy = next((folder / "policies").glob("spam.md"))
        text = policy.read_text()
        policy.write_text(text.replace("## spam.links", "## spam.links New:"))
        engine.reload()
        send(engine, [event(2, 2, text="cheap bags")])  # older than the clause's new version
        assert rows(folder, "SELECT count(*) FROM decision") == [(0,)]
    tally = tried(folder, {"bags.rule": RULES["bags.rule"]})
    assert tally.done == {"spam.links": {"hold": 1}}


COUNTED = dict(
    [
        rule(
            "third",
            "author.accepted posts >= 2",
            "author.accepted posts  2",
            "author.accepted posts  1",
            then='alert "third"',
        )
    ]
)


def test_a_lost_post_still_counts_for_its_author(tmp_path: Path) -> None:
    """As accepted where it was accepted then, and as first seen; a held one does not count."""
    posts = [event(1, 1), event(2, 2, text="cheap bags"), event(3, 3), event(4, 4)]
    past = live(tmp_path, {"bags.rule": RULES["bags.rule"]}, [("", posts)])
    change(past, "DELETE FROM body WHERE seq IN (2, 3, 4)")
    assert [each[0] for each in verdicts(past, COUNTED)] == [("third",)]
    change(past, "DELETE FROM body")
    assert tried(past, COUNTED).without_body == 4


def test_where_a_rule_cannot_be_decided_the_post_counts_as_it_did(tmp_path: Path) -> None:
    """Held then by a rule that a gap makes unknown now: not an accepted post, as it was none."""
    busy = dict(
        [
            rule(
                "same",
                "author.accepted posts < 20\n  text.repeat authors in last 1 hour >= 2",
                "author.accepted posts  0\n  text.repeat authors in last 1 hour  2",
                "author.accepted posts  0\n  text.repeat authors in last 1 hour  1",
                clause="spam.repeats",
            )
        ]
    )
    folder = prepare(tmp_path, busy)
    text = "the very same words of an offer"
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, [event(0, 0, author={"id": "bea"}, text=text)])
        answers = send(engine, [event(n, n, text=text) for n in (1, 2)])
        assert [each.action for each in answers] == ["hold", "hold"]
        engine.erase("chat", "bea")
        send(engine, [event(3, 3, text="another")])
    found = verdicts(folder, {**busy, **COUNTED})
    assert [each[1] for each in found] == [("same",), ("same",), ()]
    assert [each[0] for each in found] == [(), (), ()]
    tally = tried(folder, busy)
    (of,) = tally.rules.values()
    assert (of.recorded, of.not_comparable, of.gone) == (2, 2, 0)


def test_one_post_more_does_not_make_anybody_established(tmp_path: Path) -> None:
    """The post that is hit is accepted, and yet it is not one of the twenty before it."""
    warned = dict(
        [
            rule(
                "warned",
                'text contains "cheap bags"',
                'text "cheap bags"',
                'text "thanks"',
                then='warn this "Please do not."',
            )
        ]
    )
    day = 86400
    early = [
        event(f"{a}{n}", n, author={"id": a}) for a, c in (("x", 20), ("y", 19)) for n in range(c)
    ]
    late = [event(f"late {a}", 30 * day + 30, author={"id": a}, text="cheap bags") for a in "xy"]
    folder = prepare(tmp_path, warned)
    with Engine(folder, now=lambda: NOW + 60 * day * 1_000_000) as engine:
        send(engine, [*early, *late])
    (of,) = tried(folder, warned).rules.values()
    assert (of.hits, len(of.people), len(of.established)) == (2, 2, 1)


def test_the_established_are_those_who_were(tmp_path: Path) -> None:
    """Thirty days here and twenty accepted posts before the hit, that one not counted."""
    day = 86400
    early = [event(f"x{n}", n, author={"id": "x"}) for n in range(20)]
    early += [event(f"y{n}", n, author={"id": "y"}) for n in range(19)]
    early += [event(f"z{n}", day + n, author={"id": "z"}) for n in range(20)]
    late = [event(f"late {a}", 30 * day + 5, author={"id": a}, text="cheap bags") for a in "xyz"]
    folder = prepare(tmp_path, {"bags.rule": RULES["bags.rule"]})
    with Engine(folder, now=lambda: NOW + 60 * day * 1_000_000) as engine:
        send(engine, [*early, *late])
    tally = tried(folder, {"bags.rule": RULES["bags.rule"]})
    (of,) = tally.rules.values()
    assert (of.hits, len(of.people), len(of.established)) == (3, 3, 1)


NOTHING = dict([rule("bags", 'text contains "zzz"', 'text "zzz"', 'text "thanks"')])


def test_accepted_posts_follow_the_other_rules(tmp_path: Path) -> None:
    """A post that only the recorded rules held counts as accepted under rules that let it be."""
    posts = [event(n, n, text="cheap bags") for n in range(4)]
    past = live(tmp_path, {"bags.rule": RULES["bags.rule"]}, [("", posts)])
    counted = rule(
        "third",
        "author.accepted posts >= 3",
        "author.accepted posts  3",
        "author.accepted posts  2",
        then='alert "third"',
    )
    asked = {**NOTHING, counted[0]: counted[1]}
    assert [each[0] for each in verdicts(past, asked)] == [(), (), (), ("third",)]
    held = {"bags.rule": RULES["bags.rule"], counted[0]: counted[1]}
    assert [each[0] for each in verdicts(past, held)] == [("bags",)] * 4
