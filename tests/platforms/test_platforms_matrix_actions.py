"""Every action that Matrix is said to be able to do, and every undoing, on a real Synapse."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import pytest

from ombud.connectors.matrix_before import NOT_OURS
from ombud.connectors.matrix_chat import KEY
from ombud.connectors.matrix_rooms import NEVER_THERE
from ombud.model import MATRIX_ACTIONS
from platforms.matrix_side import Side, act, ids
from platforms.synapse import ADMIN, CLIENT

pytestmark = pytest.mark.xdist_group("matrix")

STATES = {"join": "m.room.join_rules", "levels": "m.room.power_levels"}


def done(outcome: Any) -> None:
    """The homeserver says that it is done."""
    assert outcome.state == "confirmed", outcome


def test_nothing_else_is_promised(matrix: Side) -> None:
    """What the table names has an action behind it, and what it does not name is refused."""
    connector = matrix.connector()
    assert set(connector.capabilities) == set(MATRIX_ACTIONS)
    for action in ("mark sensitive", "slow", "alert", "shadow ban"):
        assert action not in connector.capabilities
        assert act(connector, action, "account/@a:b").state == "refused"
    for action in MATRIX_ACTIONS:
        assert "no such action" not in act(connector, action, "nothing").detail


def test_a_label_is_a_reaction_and_goes_again(matrix: Side) -> None:
    """It stands below the message once, however often it is asked for, beside what others say."""
    connector, author = matrix.connector(), matrix.somebody()
    event = matrix.said(author)
    subject = f"{matrix.room}/{event}"
    told: dict[str, Any] = {"params": {"text": "disputed"}}
    done(act(connector, "label", subject, **told))
    done(act(connector, "label", subject, **told))
    done(act(connector, "label", subject, params={"text": "another"}))
    relation = {"rel_type": "m.annotation", "event_id": event, "key": "disputed"}
    author.send(matrix.room, {"m.relates_to": relation}, "m.reaction")

    def shown() -> list[tuple[str, str]]:
        rest = matrix.rest(event, "m.annotation")
        found = [(each["sender"], each["content"]["m.relates_to"]["key"]) for each in rest]
        return sorted(found)

    others = [(author.id, "disputed"), (matrix.account.id, "another")]
    assert shown() == sorted([*others, (matrix.account.id, "disputed")])
    done(act(connector, "label", subject, inverse=True, **told))
    done(act(connector, "label", subject, inverse=True, **told))
    assert shown() == sorted(others)


def test_a_context_stands_beside_the_message(matrix: Side) -> None:
    """A notice that answers it, once for one key; taken back by the key it was made under."""
    connector = matrix.connector()
    event = matrix.said(matrix.somebody())
    subject, first, second = f"{matrix.room}/{event}", ids(), ids()
    for key in (first, first, second):
        done(act(connector, "context", subject, key=key, params={"text": f"see {key}"}))
    assert len(matrix.rest(event, "m.reference")) == 2
    done(act(connector, "context", subject, inverse=True, undoes=first))
    (left,) = matrix.rest(event, "m.reference")
    assert left["content"]["body"] == f"see {second}"
    assert left["content"]["msgtype"] == "m.notice"


def test_a_context_that_is_there_already_is_found(matrix: Side) -> None:
    """Also where the homeserver has forgotten under which transaction it came."""
    event, key = matrix.said(matrix.somebody()), ids()
    relation = {"rel_type": "m.reference", "event_id": event}
    content = {"msgtype": "m.notice", "body": "see", "m.relates_to": relation, KEY: key}
    assert matrix.account.send(matrix.room, content).status == 200
    subject, told = f"{matrix.room}/{event}", {"text": "see"}
    done(act(matrix.connector(), "context", subject, key=key, params=told))
    assert len(matrix.rest(event, "m.reference")) == 1


def test_a_redaction_is_for_good(matrix: Side) -> None:
    """A message is taken away once; its undoing is refused, not pretended."""
    connector = matrix.connector()
    event = matrix.said(matrix.somebody(), "away with it")
    subject = f"{matrix.room}/{event}"
    done(act(connector, "remove", subject, clause="spam.links"))
    gone = matrix.event(event)
    assert gone["content"] == {}
    assert gone["unsigned"]["redacted_because"]["content"]["reason"] == "spam.links"
    first = gone["unsigned"]["redacted_by"]
    done(act(connector, "remove", subject))
    assert matrix.event(event)["unsigned"]["redacted_by"] == first
    told = [each["type"] for each in matrix.owner.messages(matrix.room)]
    assert told[:2] == ["m.room.redaction", "m.room.message"]
    assert connector.capabilities["remove"].undo == "none"
    refused = act(connector, "remove", subject, inverse=True)
    assert refused.state == "refused"
    assert "cannot be undone" in refused.detail


def test_whoever_edits_another_s_message_has_that_one_left_alone(matrix: Side) -> None:
    """Synapse takes such an edit; what is decided about its author is not done to the other."""
    connector, author, other = matrix.connector(), matrix.somebody(), matrix.somebody()
    event = matrix.said(author)
    relation = {"rel_type": "m.replace", "event_id": event}
    new = {"msgtype": "m.text", "body": "bags"}
    assert other.say(matrix.room, "* bags", **{"m.new_content": new, "m.relates_to": relation})
    told: dict[str, Any] = {"params": {"text": "x"}, "account": other.id}
    for action in ("remove", "label", "context"):
        outcome = act(connector, action, f"{matrix.room}/{event}", **told)
        assert (outcome.state, outcome.detail[:4]) == ("refused", "U494")
    assert matrix.event(event)["content"]["body"] == "hello"
    assert matrix.rest(event, "m.annotation") == matrix.rest(event, "m.reference") == []
    done(act(connector, "remove", f"{matrix.room}/{event}", account=author.id))
    assert matrix.event(event)["content"] == {}


def test_what_is_published_cannot_be_hidden(matrix: Side) -> None:
    """A hold of a published message is refused, and nothing is done to it."""
    connector = matrix.connector()
    event = matrix.said(matrix.somebody(), "still here")
    assert connector.capabilities["hold"].done == "before"
    assert act(connector, "hold", f"{matrix.room}/{event}").state == "refused"
    assert matrix.event(event)["content"]["body"] == "still here"


@pytest.mark.parametrize("action", ["hold", "remove"])
def test_what_was_refused_stays_away(matrix: Side, action: str) -> None:
    """A person holds on to it, or wants it gone: there is nothing there, and nothing fails."""
    subject = f"{matrix.room}/$never-{secrets.token_hex(8)}"
    outcome = act(matrix.connector(), action, subject)
    assert (outcome.state, outcome.detail) == (NEVER_THERE.state, NEVER_THERE.detail)
    assert act(matrix.connector(), action, f"{matrix.nowhere}/$x").state == "refused"


def test_what_stands_there_unseen_is_not_called_away(matrix: Side) -> None:
    """A room's admin puts Ombud's account out: what is said there then stands, and neither is said
    to be gone: it waits. Let in again it removes what it cannot see, and where it is no admin that
    waits too; of another room's message it says what it is.
    """
    connector, author = matrix.connector(), matrix.somebody()
    put = {"user_id": matrix.account.id}
    hidden = {"history_visibility": "joined"}
    assert matrix.owner.state(matrix.room, "m.room.history_visibility", hidden).status == 200
    out = f"{CLIENT}/rooms/{quote(matrix.room)}/kick"
    assert matrix.owner.ask("POST", out, put).status == 200
    event = matrix.said(author, "for all to see")
    subject = f"{matrix.room}/{event}"
    for action in ("hold", "remove"):
        waits = act(connector, action, subject)
        assert (waits.state, waits.detail[:4]) == ("retry", "U476")
    assert matrix.event(event)["content"]["body"] == "for all to see"
    assert matrix.account.join(matrix.room).status == 200
    assert "it is published" in act(connector, "hold", subject).detail
    at, admin = f"{ADMIN}/v2/users/{matrix.account.id}", matrix.server.admin
    assert admin.ask("PUT", at, {"admin": False}).status == 200
    try:
        told = [act(connector, each, subject) for each in ("hold", "remove")]
    finally:
        assert admin.ask("PUT", at, {"admin": True}).status == 200
    assert [(each.state, each.detail[:4]) for each in told] == [("retry", "U475")] * 2
    done(act(connector, "remove", subject))
    assert matrix.event(event)["content"] == {}
    assert act(connector, "remove", f"{matrix.other}/{event}").detail[:4] == "U521"
    shared = {"history_visibility": "shared"}
    assert matrix.owner.state(matrix.room, "m.room.history_visibility", shared).status == 200


def test_a_limited_account_writes_slowly(matrix: Side) -> None:
    """Messages in a row are turned away, with the time to wait; afterwards none is."""
    connector, who = matrix.connector(), matrix.somebody()
    done(act(connector, "limit", f"account/{who.id}"))
    assert 429 in [who.say(matrix.room, "again").status for _ in range(4)]
    done(act(connector, "limit", f"account/{who.id}", inverse=True))
    done(act(connector, "limit", f"account/{who.id}", inverse=True))
    assert {who.say(matrix.room, "again").status for _ in range(6)} == {200}


def test_a_suspended_account_reads_and_does_not_write(matrix: Side) -> None:
    """It is told that it is suspended, can read its notices, and writes again afterwards."""
    connector, who = matrix.connector(), matrix.somebody()
    done(act(connector, "suspend", f"account/{who.id}"))
    turned = who.say(matrix.room, "no")
    assert (turned.status, turned.json["errcode"]) == (403, "M_USER_SUSPENDED")
    assert who.ask("GET", f"{CLIENT}/sync?timeout=0").status == 200
    done(act(connector, "suspend", f"account/{who.id}", inverse=True))
    assert who.say(matrix.room, "yes").status == 200


def test_a_ban_is_of_one_room(matrix: Side) -> None:
    """They are kept out of the room, not of another one, and can come back afterwards."""
    connector, who = matrix.connector(), matrix.somebody()
    told: dict[str, Any] = {"params": {"room": matrix.room}, "clause": "spam.links"}
    for _ in range(2):
        done(act(connector, "ban from room", f"account/{who.id}", **told))
    assert matrix.state("m.room.member", who.id)["membership"] == "ban"
    assert who.join(matrix.room).status == 403
    assert who.say(matrix.other, "here").status == 200
    for _ in range(2):
        done(act(connector, "ban from room", f"account/{who.id}", inverse=True, **told))
    assert who.join(matrix.room).status == 200
    assert act(connector, "ban from room", f"account/{who.id}").state == "refused"


@pytest.mark.parametrize(("action", "type_"), [("lock", "levels"), ("require approval", "join")])
def test_a_room_s_rules_come_back_as_they_were(matrix: Side, action: str, type_: str) -> None:
    """What stood there before stands there again, also where it was asked for twice."""
    connector, subject = matrix.connector(), f"room/{matrix.room}"
    before = matrix.state(STATES[type_])
    done(act(connector, action, subject))
    done(act(connector, action, subject))
    assert matrix.state(STATES[type_]) != before
    newcomer = matrix.server.register(f"late{action[:4]}".lower())
    if type_ == "join":
        assert newcomer.join(matrix.room).status == 403
        assert newcomer.ask("POST", f"{CLIENT}/knock/{matrix.room}", {}).status == 200
    else:
        assert matrix.owner.say(matrix.room, "a moderator").status == 200
        newcomer.join(matrix.room)
        assert newcomer.say(matrix.room, "hello").status == 403
    done(act(connector, action, subject, inverse=True))
    assert matrix.state(STATES[type_]) == before
    again = act(connector, action, subject, inverse=True)
    assert (again.state, again.detail) == ("confirmed", NOT_OURS)
    assert matrix.state(STATES[type_]) == before


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        ("lock", "room/{nowhere}"),
        ("require approval", "room/{nowhere}"),
        ("label", "{nowhere}/{event}"),
        ("remove", "{nowhere}/{event}"),
        ("context", "{nowhere}/{event}"),
        ("suspend", "account/@somebody:far.example"),
        ("limit", "account/@somebody:far.example"),
        ("suspend", "account/@ombud:hs.localhost"),
        ("limit", "{room}/{event}"),
        ("label", "account/@ana:hs.localhost"),
        ("remove", None),
    ],
)
def test_nothing_is_done_beyond_what_was_named(
    matrix: Side, action: str, subject: str | None
) -> None:
    """No room but those of the settings, no account of another server, and not one's own."""
    event = matrix.owner.say(matrix.nowhere, "private").json["event_id"]
    told = subject and subject.format(nowhere=matrix.nowhere, room=matrix.room, event=event)
    outcome = act(matrix.connector(), action, told, params={"text": "x"})
    assert outcome.state == "refused", outcome
    assert "answered" not in outcome.detail, "the homeserver was asked"
    assert next(each["type"] for each in matrix.owner.messages(matrix.nowhere)) == "m.room.message"


def test_a_warning_is_the_notice(matrix: Side) -> None:
    """Nothing is done on the homeserver: the message that comes with it is the warning."""
    done(act(matrix.connector(), "warn", f"{matrix.room}/$x"))
