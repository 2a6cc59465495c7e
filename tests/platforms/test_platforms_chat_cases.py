"""A moderators' room on a real Synapse: cases told of by links, taken and decided by reaction by
whoever bound their account, and by nobody else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from flow.small_community import rows
from platforms.moderators_room import Moderators, moderators
from platforms.synapse import CLIENT
from platforms.talk import ACCOUNT, BAGS, RUMOUR

pytestmark = pytest.mark.xdist_group("chat")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moderators]:
    """The room."""
    with moderators(tmp_path_factory.mktemp("chat")) as made:
        yield made


def test_a_case_is_told_of_by_a_link_and_by_nothing_that_was_said(here: Moderators) -> None:
    """Its id, its clause in words, its link; not the text, nor who wrote it."""
    planted = f"planted{secrets.token_hex(6)}"
    case, event = here.case(f"{BAGS} {planted}")
    (line,) = [each for each in here.lines() if each["event_id"] == event]
    body = str(line["content"])
    assert case in body
    assert f"/cases/{case}" in body
    assert "Links" in line["content"]["body"] or "links" in line["content"]["body"]
    for each in (planted, BAGS, "guest"):
        assert each not in body
    assert "@guest" not in body


def test_nothing_is_decided_unseen_and_all_that_was_seen_once(here: Moderators) -> None:
    """A release by reaction is refused until its case was opened at the console; then it counts
    once, is journalled as hers and as a reaction, and the line says that nobody need open it.
    """
    case, event = here.case(BAGS)
    count = len(here.lines())
    here.react(here.ana.person, event, "↩️")
    refused = here.said("open the case first", after=count)
    assert refused["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == event
    assert f"/cases/{case}" in refused["content"]["body"]
    assert here.reviews(case) == []
    here.open(here.ana, case)
    reaction = here.react(here.ana.person, event, "↩")
    here.said("released", after=count)
    assert here.reviews(case) == [("released", None)]
    edit = here.said("is settled", after=count)
    assert edit["content"]["m.relates_to"] == {"rel_type": "m.replace", "event_id": event}
    query = "SELECT json_extract(payload, '$.heard'), json_extract(payload, '$.by') FROM journal"
    (found,) = rows(here.talk.folder, f"{query} WHERE payload LIKE ?", f'%"case":"{case}"%')
    assert found == ("reaction", rows(here.talk.folder, "SELECT max(person) FROM review")[0][0])
    at = f"{CLIENT}/rooms/{here.room}/redact/{reaction}/gone{case}"
    assert here.ana.person.ask("PUT", at, {}).status == 200
    here.said("what it decided stands", after=count)
    assert here.reviews(case) == [("released", None)]


def test_nobody_else_is_heard(here: Moderators) -> None:
    """An account that is bound to nobody, one of another server with the same local name, Ombud's
    own, another sign, an edit: nothing happens, and nothing of it is kept.
    """
    case, event = here.case(BAGS)
    here.open(here.ana, case)
    here.settled()
    lines = len(here.lines())
    heard = rows(here.talk.folder, "SELECT count(*) FROM chat_heard")
    for sign in ("👀", "↩️", "✅"):
        here.react(here.guest, event, sign)
    here.react(here.ana.person, event, "🎉")
    edited = {
        "m.new_content": {"msgtype": "m.text", "body": "!ombud end"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event},
    }
    here.ana.person.say(here.room, "!ombud end", **edited)
    relation = {"rel_type": "m.annotation", "event_id": event, "key": "↩"}
    for number, sender in enumerate(("@ana:far.example", ACCOUNT, "@ana", "ana")):
        sent = {"type": "m.reaction", "content": {"m.relates_to": relation}, "sender": sender}
        here.brought(sent, f"$forged{number}")
    here.settled()
    assert here.reviews(case) == []
    assert len(here.lines()) == lines + 1
    assert rows(here.talk.folder, "SELECT count(*) FROM chat_heard")[0][0] == heard[0][0] + 1
    holder = rows(here.talk.folder, "SELECT holder FROM review_case WHERE id = ?", case)
    assert holder == [(None,)]


def test_what_comes_again_or_late_does_nothing(here: Moderators) -> None:
    """A reaction that the homeserver brings again is known; one that is an hour old is answered
    that it came late.
    """
    case, event = here.case(BAGS)
    here.open(here.bo, case)
    relation = {"rel_type": "m.annotation", "event_id": event, "key": "👀"}
    sent = {"type": "m.reaction", "content": {"m.relates_to": relation}}
    count = len(here.lines())
    old = here.now() - 3_600_000
    here.brought({**sent, "sender": here.bo.person.id, "origin_server_ts": old}, f"$old{case}")
    here.said("minutes after it was sent", after=count)
    claimed = "SELECT holder FROM review_case WHERE id = ?"
    assert rows(here.talk.folder, claimed, case) == [(None,)]
    for _ in range(3):
        here.brought({**sent, "sender": here.bo.person.id}, f"$new{case}")
    here.said(f"Case {case} is yours", after=count)
    here.settled()
    assert len([each for each in here.bodies()[count:] if "is yours" in each]) == 1


def test_who_takes_a_case_keeps_it_from_others(here: Moderators) -> None:
    """Ana takes it by an eye; Bo, who has opened it, is told that somebody looks at it."""
    case, event = here.case(BAGS)
    count = len(here.lines())
    here.react(here.ana.person, event, "👀")
    here.said(f"Case {case} is yours", after=count)
    here.open(here.bo, case)
    here.react(here.bo.person, event, "↩️")
    here.said("somebody else is looking", after=count)
    assert here.reviews(case) == []


def test_two_at_once_are_one_decision(here: Moderators) -> None:
    """Both have opened it and release it in the same moment: one decides, one is told."""
    case, event = here.case(BAGS)
    here.open(here.ana, case)
    here.open(here.bo, case)
    count = len(here.lines())
    here.react(here.ana.person, event, "↩️")
    here.react(here.bo.person, event, "↩️")
    here.said("settled already", after=count)
    assert here.reviews(case) == [("released", None)]


def test_what_stands_is_kept_and_what_only_waits_is_not(here: Moderators) -> None:
    """A post with a label that a person gave, looked at again: ✅ keeps the label. What is held
    ends by itself, and what becomes of it is chosen on the page.
    """
    held, line = here.case(BAGS)
    here.open(here.ana, held)
    count = len(here.lines())
    here.react(here.ana.person, line, "✅")
    here.said("nothing stands that would last", after=count)
    again = here.looked_at_again(here.case(RUMOUR)[0])
    event = here.line_of(again)
    here.open(here.ana, again)
    here.react(here.ana.person, event, "✅")
    here.said("what stands is kept", after=count)
    assert here.reviews(again) == [("upheld", None)]
    made = "SELECT count(*) FROM reviewed WHERE id = ? AND decision IS NOT NULL"
    assert rows(here.talk.folder, made, again) == [(0,)]


def test_what_is_said_there_to_others_is_kept_nowhere(here: Moderators) -> None:
    """Not in a file of the community, not in its log: plain words, words with the prefix inside,
    an unknown command, a wrong code, a reaction to somebody's message, a name, a topic.
    """
    planted = f"planted{secrets.token_hex(8)}"
    ana = here.ana.person
    first = ana.say(here.room, f"{planted} one").json["event_id"]
    for text in (f"{planted} !ombud end", f"!ombud {planted}", f"!ombud code {planted}"):
        here.command(ana, text)
    here.react(here.bo.person, first, planted[:16])
    here.react(here.bo.person, first, "✅")
    named = {"membership": "join", "displayname": planted}
    assert ana.state(here.room, "m.room.member", named, ana.id).status == 200
    assert here.talk.owner.state(here.room, "m.room.topic", {"topic": planted}).status == 200
    here.settled()
    for path in [*here.talk.folder.rglob("*"), here.talk.serving.log]:
        if path.is_file():
            content = path.read_bytes()
            assert planted.encode() not in content, path
            assert first.encode() not in content, path
