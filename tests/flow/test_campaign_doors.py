"""`campaign` at the doors, and whatever happens to its members afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import CONNECTED, HOUR, all_holds, asked, connected, happened
from flow.small_community import (
    NOW,
    change,
    check,
    event,
    prepare,
    rows,
)
from flow.test_campaign_members import campaign_rule, copy, fine, send
from flow.test_check_before_publication import deadline, published
from ombud import samples
from ombud.app import KEY_FILE, Engine
from ombud.reading import reading

LANES = "SELECT d.about, {} FROM outbox o JOIN decision d ON d.id = o.decision WHERE o.kind = ?"


def platform(folder: Path, **more: Any) -> Any:
    """A connected platform with the rule of these stories."""
    return connected(folder, rules=campaign_rule(), **more)


def states(folder: Path, kind: str = "action") -> dict[int, str]:
    """Where what was asked stands, by the record it is about."""
    return dict(rows(folder, LANES.format("o.state") + " ORDER BY o.rowid", kind))


# --- checks before publication --------------------------------------------------------------------


def test_a_check_that_completes_a_campaign_holds_what_is_out(tmp_path: Path) -> None:
    """The check's own hold is carried by its answer; the members' go out at once, each with the
    message of its own person.
    """
    with platform(tmp_path) as side:
        side.stream(copy(1), copy(2))
        (answer,) = side.check(copy(3))
        assert (answer.action, len(answer.decisions), answer.members) == ("hold", 1, (2, 3))
        assert states(tmp_path) == {4: "answered", 2: "asked", 3: "asked"}
        sent = side.deliver()
        assert [(each["type"], each["account"]) for each in sent] == [
            ("action", "p1"),
            ("action", "p2"),
            ("notice", "p1"),
            ("notice", "p2"),
        ]
        assert [(each["subject"], each["on"]) for each in sent[:2]] == [
            ("post/e1", "this"),
            ("post/e2", "this"),
        ]
        assert len({each["statement"] for each in sent[:2]}) == 2
        side.stream(copy(3))
        assert states(tmp_path)[4] == "asked"
        all_holds(side)


@pytest.mark.parametrize("together", [True, False])
def test_a_member_that_is_not_out_yet_waits_for_its_publication(
    tmp_path: Path, together: bool
) -> None:
    """Checked and let through, then a member: it is held once it is published, and so answered."""
    with platform(tmp_path) as side:
        items = [asked(copy(1)), happened(copy(2)), happened(copy(3))]
        if together:
            *_, answer = side.group(*items, happened(copy(1)))
        else:
            for each in items:
                side.group(each)
            assert states(tmp_path) == {4: "asked", 2: "awaiting publication", 3: "asked"}
            assert {each.get("account") for each in side.deliver()} == {"p2", "p3"}
            (answer,) = side.stream(copy(1))
        (held,) = rows(tmp_path, "SELECT id FROM decision WHERE about = 2")
        assert (answer.status, answer.action, answer.decisions) == ("published", "hold", held)
        assert answer.statement
        assert states(tmp_path)[2] == "asked"
        assert [each["account"] for each in side.deliver() if each["type"] == "action"][-1] == "p1"
        assert side.check(copy(1))[0].decisions == held
        all_holds(side)


def test_a_member_that_was_published_is_acted_on_at_once(tmp_path: Path) -> None:
    """Checked and published since: it is out, by the same id or by one that names the check."""
    with platform(tmp_path) as side:
        side.check(copy(1), copy(2))
        side.stream(copy(1), {**published(copy(2), check_id="e2"), "id": "posted"})
        side.stream(copy(3))
        assert states(tmp_path) == {6: "asked", 2: "asked", 3: "asked"}
        assert rows(tmp_path, "SELECT count(*) FROM decision") == [(3,)]
        all_holds(side)


def test_a_member_that_is_never_published_is_told_nothing(tmp_path: Path) -> None:
    """Undone before it was out: its action and its message are withdrawn."""
    with platform(tmp_path) as side:
        side.check(copy(1))
        side.stream(copy(2), copy(3))
        side.engine.undo("admin", rule="copies")
        side.stream(copy(1))
        assert "p1" not in {each.get("account") for each in side.deliver()}
        all_holds(side)


def test_a_deadline_lets_out_what_is_about_the_check_alone(tmp_path: Path) -> None:
    """Answered "allow" in time: the check's hold is sent after all, the members' were already."""
    with platform(tmp_path) as side:
        side.stream(copy(1), copy(2))
        side.check(copy(3))
        assert states(tmp_path) == {4: "answered", 2: "asked", 3: "asked"}
        deadline(side, copy(3), "allow")
        assert states(tmp_path) == {4: "asked", 2: "asked", 3: "asked"}
        assert states(tmp_path, "notice") == {4: "asked", 2: "asked", 3: "asked"}
        all_holds(side)


def test_what_is_published_otherwise_completes_a_campaign(tmp_path: Path) -> None:
    """Harmless when it was checked, the third copy when it is published."""
    with platform(tmp_path) as side:
        side.stream(copy(1), copy(2))
        side.check(copy(3, text="good morning, everybody"))
        (answer,) = side.stream(copy(3))
        assert (answer.action, answer.members) == ("hold", (2, 3))
        all_holds(side)


def test_a_history_sends_nothing(tmp_path: Path) -> None:
    """Members in a history are held on record, and nobody is told through a platform."""
    with platform(tmp_path) as side:
        side.stream(*(copy(n) for n in range(3)), timeline="history")
        assert states(tmp_path) == {4: "recorded", 2: "recorded", 3: "recorded"}
        assert side.deliver() == []
        all_holds(side)


def test_every_member_can_read_and_appeal_for_itself(tmp_path: Path) -> None:
    """Its page tells of its own post only; its appeal is its own."""
    with platform(tmp_path) as side:
        side.stream(*(copy(n) for n in range(3)))
        for number, seq in ((0, 2), (1, 3), (2, 4)):
            (decision, statement) = rows(
                tmp_path,
                "SELECT d.id, n.statement FROM decision d JOIN notice n ON n.decision = d.id"
                " WHERE d.about = ?",
                seq,
            )[0]
            (item,) = side.page(statement).items
            assert (item.decision, item.subject, item.state) == (
                decision,
                f"post/e{number}",
                "in force",
            )
            assert item.may_appeal
            side.doors.appeal(side.token(statement), decision, "This was mine.")
        all_holds(side)


# --- afterwards -----------------------------------------------------------------------------------


def test_one_undo_takes_back_the_whole_campaign(tmp_path: Path) -> None:
    """By the rule's name all of it; by its id one member alone."""
    with platform(tmp_path) as side:
        side.stream(*(copy(n) for n in range(3)))
        side.deliver()
        (one,) = rows(tmp_path, "SELECT id FROM decision WHERE about = 2")[0]
        assert side.engine.undo("admin", ids=[one]) == [one]
        assert len(side.engine.undo("admin", rule="copies")) == 2
        inverse = [each["account"] for each in side.deliver() if each["type"] == "action"]
        assert sorted(inverse) == ["p0", "p1", "p2"]
        assert [each.action for each in side.stream(*(copy(n) for n in range(3)))] == ["allow"] * 3
        all_holds(side)


def test_members_are_released_when_their_time_has_come(tmp_path: Path) -> None:
    """Each has the end of the hold that it got, from the record that completed the campaign."""
    with platform(tmp_path) as side:
        side.stream(*(copy(n) for n in range(3)))
        side.clock[0] += 25 * HOUR
        side.stream(event("later", 90_000))
        assert rows(tmp_path, "SELECT DISTINCT ended FROM decision") == [(5,)]
        assert rows(tmp_path, "SELECT count(*) FROM notice WHERE reason = 'ended'") == [(3,)]
        all_holds(side)


@pytest.mark.parametrize("who", [0, 1, 2, 3])
def test_an_erasure_leaves_the_campaign_of_the_others(tmp_path: Path, who: int) -> None:
    """Whoever of it is erased, a member, who completed it or who came later: the others' decisions
    stand, replay goes by the facts where it must, and the next campaign is without them.
    """
    with platform(tmp_path) as side:
        side.stream(*(copy(n) for n in range(4)))
        side.engine.erase("chat", f"p{who}")
        left = rows(tmp_path, "SELECT about FROM decision WHERE sealed IS NOT NULL ORDER BY about")
        assert left == [(seq,) for seq in (2, 3, 4, 5) if seq != who + 2]
        all_holds(side)
        outcome = check(tmp_path)
        assert outcome.from_facts >= (3 - who if who < 3 else 1)
        (answer,) = side.stream(copy(9))
        assert (answer.action, answer.members) == ("hold", ())
        all_holds(side)


def test_a_post_whose_text_is_gone_is_left_out_and_counted(tmp_path: Path) -> None:
    """No body, no subject: it is not acted on, and whoever asks is told how many there were. The
    text was the one that others were compared with: replay takes them as the rows have them.
    """
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, copy(1), copy(2))
        change(tmp_path, "DELETE FROM body WHERE seq = 2")
        (answer,) = send(engine, copy(3))
        assert answer.members == (3,)
        with reading(tmp_path) as reader:
            shown = reader.decision(answer.decisions[0])["campaign"]
        assert shown == {"record": 4, "members": 1, "gone": 1}
    outcome = check(tmp_path)
    assert (outcome.different, outcome.from_facts) == (0, 3)


def test_a_text_that_is_lost_later_is_no_difference(tmp_path: Path) -> None:
    """Replay then goes by the members and the clusters that the rows have, and says so."""
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, *(copy(n) for n in range(4)))
    assert check(tmp_path).from_facts == 0
    change(tmp_path, "DELETE FROM body_key WHERE seq = 2", file=KEY_FILE)
    outcome = check(tmp_path)
    assert (outcome.different, outcome.not_recomputable, outcome.from_facts) == (0, 0, 4)


# --- caps, cases, platforms -----------------------------------------------------------------------


def test_a_cap_counts_members_and_pages_a_person_once(tmp_path: Path) -> None:
    """Over the cap everybody stays held, one case says so, and a restart counts the same."""
    folder = prepare(tmp_path, campaign_rule())
    text = samples.files("policies")["spam.md"].replace(b"cap 200 a day", b"cap 2 a day")
    (folder / "policies").mkdir()
    (folder / "policies" / "spam.md").write_bytes(text)
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, *(copy(n) for n in range(3)))
        cases = "SELECT reason, decision FROM review_case ORDER BY rowid"
        (own,) = rows(folder, "SELECT id FROM decision WHERE about = 4")[0]
        assert rows(folder, cases) == [("over cap", own)]
        assert rows(folder, "SELECT count(*) FROM decision") == [(3,)]
        fine(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, copy(5))
        assert rows(folder, cases) == [("over cap", own)]  # the next copy joins it
        assert rows(folder, "SELECT count(*) FROM case_subject") == [(4,)]
        fine(engine)


def test_members_of_another_platform_go_out_through_its_own_door(tmp_path: Path) -> None:
    """The same text on two platforms: each account is of its own, and so is what is asked."""
    settings = CONNECTED + '\n[connectors.forum]\nurl = "http://127.0.0.1:9/forum"\n'
    with connected(tmp_path, rules=campaign_rule(), settings=settings) as side:
        side.stream(copy(1, source="forum/hall"), copy(2), copy(3))
        doors = rows(tmp_path, LANES.format("o.connector"), "action")
        assert dict(doors) == {2: "forum", 3: "chat", 4: "chat"}
        all_holds(side)
