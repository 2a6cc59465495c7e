"""A moderators' room on a real Synapse when something ends in the middle: nothing is decided twice,
nothing goes untold, and nothing is written where others could read.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import session
from platforms.moderators_room import Moderators, moderators
from platforms.synapse import CLIENT
from platforms.talk import ACCOUNT, BAGS, RUMOUR

pytestmark = pytest.mark.xdist_group("chat faults")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moderators]:
    """The room."""
    with moderators(tmp_path_factory.mktemp("faults")) as made:
        yield made


@pytest.mark.parametrize("point", ["chat heard", "chat done"])
def test_killed_between_reaction_and_answer_it_is_decided_once(
    here: Moderators, point: str
) -> None:
    """Killed before anything of it was kept, or after all of it was and before the homeserver or
    the room heard so: after a start it was decided once, and the answer stands in the room once.
    What was opened before is forgotten with the process: who had decided nothing yet is asked to
    open the case again.
    """
    case, event = here.case(BAGS)
    here.settled()
    count = len(here.lines())
    serving = here.talk.serving
    here.killed_at(point)
    here.open(here.ana, case)
    here.react(here.ana.person, event, "↩️")
    serving.wait_for_death()
    serving.start()

    def answered() -> list[str]:
        return [each for each in here.bodies()[count:] if case in each]

    wait(answered, "no answer")
    assert bool(here.reviews(case)) == (point == "chat done")
    if not here.reviews(case):
        assert "open the case first" in answered()[0]
        here.open(here.ana, case)
        here.again(here.ana.person, event, "↩️")
        here.said("released", after=count)
    here.settled()
    assert here.reviews(case) == [("released", None)]
    assert len([each for each in here.bodies()[count:] if "released. It can" in each]) == 1


def test_a_case_that_opens_while_synapse_is_away_is_told_of_once(here: Moderators) -> None:
    """Once it is there again; a case that was settled meanwhile is not told of at all."""
    here.settled()
    here.post("known", "good morning")  # what the room is like is known before Synapse goes
    known = {row[0] for row in rows(here.talk.folder, "SELECT id FROM review_case")}
    here.talk.server.kill()
    try:
        for number in range(2):
            here.post(f"e{number}", f"{RUMOUR} {number * 7919}")
        query = "SELECT id FROM review_case ORDER BY opened, id"
        wait(lambda: len(rows(here.talk.folder, query)) == len(known) + 2, "no cases")
        first, second = (row[0] for row in rows(here.talk.folder, query) if row[0] not in known)
        of = "FROM outbox o JOIN chat_line l ON l.id = o.id WHERE l.review = ?"
        tried = f"SELECT sum(o.attempts) {of}"
        wait(lambda: rows(here.talk.folder, tried, first)[0][0], "nothing was tried")
        wait(lambda: rows(here.talk.folder, tried, second)[0][0], "nothing was tried")
        session.request(here.talk.folder, "decide case", case=second, outcome="release", by="Ana")
        state = f"SELECT o.state {of}"
        wait(lambda: rows(here.talk.folder, state, second) == [("withdrawn",)], "not withdrawn")
    finally:
        here.talk.server.start()
    here.line_of(first)
    here.settled()
    bodies = "\n".join(here.bodies())
    assert bodies.count(f"Case {first}.") == 1
    assert second not in bodies


@pytest.mark.parametrize("what", ["powerless", "thrown out"])
def test_what_may_not_be_written_waits_until_it_may(here: Moderators, what: str) -> None:
    """Ombud's account has lost the power to write, or was thrown out: the line waits with the
    reason, fails nothing, and comes once power or place is given back.
    """
    here.settled()
    owner, room, folder = here.talk.owner, here.room, here.talk.folder
    at = f"{CLIENT}/rooms/{quote(room)}"
    levels = owner.ask("GET", f"{at}/state/m.room.power_levels").json
    if what == "powerless":
        high = {**levels, "events_default": 50}
        assert owner.state(room, "m.room.power_levels", high).status == 200
        (lacking,) = [each for each in here.talk.check() if each.code]
        assert (lacking.what, lacking.code) == ("the moderators' room: power to write", "U477")
    else:
        assert owner.ask("POST", f"{at}/kick", {"user_id": ACCOUNT}).status == 200
    known = {row[0] for row in rows(folder, "SELECT id FROM review_case")}
    here.post(f"p{what[0]}", f"{RUMOUR} {what}")
    query = "SELECT id FROM review_case ORDER BY opened, id"
    wait(lambda: len(rows(folder, query)) == len(known) + 1, "no case")
    (case,) = (row[0] for row in rows(folder, query) if row[0] not in known)
    of = "FROM outbox o JOIN chat_line l ON l.id = o.id WHERE l.review = ?"
    wait(lambda: "403" in str(rows(folder, f"SELECT o.detail {of}", case)), "no reason")
    assert rows(folder, f"SELECT o.state {of}", case)[0][0] in ("asked", "sending")
    if what == "powerless":
        assert owner.state(room, "m.room.power_levels", levels).status == 200
    else:
        assert owner.ask("POST", f"{at}/invite", {"user_id": ACCOUNT}).status == 200
        assert [each for each in here.talk.check() if each.code] == []
    here.line_of(case)


@pytest.mark.parametrize("what", ["public", "readable", "replaced", "encrypted"])
def test_nothing_is_written_where_it_must_not(here: Moderators, what: str) -> None:
    """A room that everybody may join or read, that is encrypted, or that was replaced: the check
    says so, a line waits with the reason, and comes once the room is as it should be.
    """
    kinds = {
        "public": ("m.room.join_rules", {"join_rule": "public"}, {"join_rule": "invite"}, "U460"),
        "readable": (
            "m.room.history_visibility",
            {"history_visibility": "world_readable"},
            {"history_visibility": "shared"},
            "U462",
        ),
        "replaced": ("m.room.tombstone", {"replacement_room": "!new:far.example"}, None, "U463"),
        "encrypted": ("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, None, "U461"),
    }
    type_, bad, good, code = kinds[what]
    here.settled()
    assert [each for each in here.talk.check() if each.code] == []
    room = here.room
    if good is None:  # for ever: another room, which is not gone back from
        people = [here.ana.person.id, here.bo.person.id, ACCOUNT]
        room = here.talk.owner.room(preset="private_chat", invite=people)
        here.moved_to(room)
        assert [each for each in here.talk.check() if each.code] == []
    assert here.talk.owner.state(room, type_, bad).status == 200
    (lacking,) = [each for each in here.talk.check() if each.code]
    assert (lacking.what, lacking.code) == ("the moderators' room", code)
    known = {row[0] for row in rows(here.talk.folder, "SELECT id FROM review_case")}
    here.post(f"w{what}", f"{RUMOUR} {what}")
    query = "SELECT id FROM review_case ORDER BY opened, id"
    wait(lambda: len(rows(here.talk.folder, query)) == len(known) + 1, "no case")
    (case,) = (row[0] for row in rows(here.talk.folder, query) if row[0] not in known)
    why = "SELECT detail FROM outbox o JOIN chat_line l ON l.id = o.id WHERE l.review = ?"
    wait(lambda: code in str(rows(here.talk.folder, why, case)), "no reason")
    assert case not in str(here.talk.owner.messages(room))
    if good is None:
        here.moved_to(here.room)
    else:
        assert here.talk.owner.state(room, type_, good).status == 200
    here.line_of(case)
