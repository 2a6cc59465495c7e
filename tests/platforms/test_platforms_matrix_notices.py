"""People of a real Synapse are told by server notices; whom none reaches, of whom it is said so."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from platforms.matrix_side import Side, act, ids, tell
from platforms.synapse import ADMIN, CLIENT, HOST, Person, free_port

pytestmark = pytest.mark.xdist_group("matrix")

TOLD = {
    "title": "Talk: a <decision>",
    "text": "Bài viết của bạn đang chờ.\nMột người sẽ xem.",
    "link": "https://talk.example/notice/TOKEN",
}


def notices(who: Person) -> list[dict[str, Any]]:
    """What the homeserver's own account has said to somebody."""
    joined = who.ask("GET", f"{CLIENT}/joined_rooms").json["joined_rooms"]
    events = [each for room in joined for each in who.messages(room)]
    return [
        each["content"]
        for each in events
        if each["type"] == "m.room.message" and each["sender"].startswith("@notices:")
    ]


def test_a_notice_comes_once_with_its_link(matrix: Side) -> None:
    """In the words it was given, once for one key; what is a name in it is never markup."""
    connector, who, key = matrix.connector(), matrix.somebody(), ids()
    for _ in range(2):
        assert tell(connector, who.id, key=key, **TOLD).state == "delivered"
    (content,) = notices(who)
    assert content["body"] == "\n\n".join(TOLD.values())
    assert "<strong>Talk: a &lt;decision&gt;</strong>" in content["formatted_body"]
    assert 'href="https://talk.example/notice/TOKEN"' in content["formatted_body"]
    assert tell(connector, who.id, type="answer", title="Thanks", text="done").state == "delivered"
    assert len(notices(who)) == 2


def test_who_cannot_be_reached_is_said(matrix: Side) -> None:
    """Somebody who closed the account, nobody at all."""
    connector, left = matrix.connector(), matrix.somebody()
    closed = matrix.server.admin.ask("POST", f"{ADMIN}/v1/deactivate/{left.id}", {"erase": False})
    assert closed.status == 200
    for account in (left.id, "@nobody:hs.localhost", None, "bo"):
        outcome = tell(connector, account, **TOLD)
        assert outcome.state == "undeliverable", (account, outcome)
    for action in ("limit", "suspend"):
        for inverse in (False, True):
            done = act(connector, action, f"account/{left.id}", inverse=inverse)
            assert done.state == "confirmed", done


def test_moderators_are_called_in_their_room(matrix: Side) -> None:
    """Where the settings name one; else nobody is called."""
    key = ids()
    for _ in range(2):
        called = tell(matrix.connector(), None, key=key, type="summons", title="Talk", text="Look")
        assert called.state == "confirmed"
    said = [each["content"].get("body") for each in matrix.owner.messages(matrix.moderators)]
    assert said.count("Talk\n\nLook") == 1
    urgent = tell(matrix.connector(), None, type="summons", title="Now", urgent=True)
    assert (urgent.state, urgent.detail) == ("delivered", "its case is told of in the room")
    assert "Now" not in str(matrix.owner.messages(matrix.moderators))
    alone = tell(matrix.connector(staff_room=""), None, type="summons", title="Talk", text="Look")
    assert alone.state == "undeliverable"


def test_a_server_that_is_down_or_busy_is_asked_again(matrix: Side) -> None:
    """Nobody listens: not now. A token that it does not know: not now either, and it says so. Nor
    while the account lacks the power: it waits until somebody gives it that, and says so.
    """
    away = matrix.connector(url=f"http://{HOST}:{free_port()}")
    assert tell(away, matrix.owner.id, **TOLD).state == "retry"
    unknown = matrix.connector(secrets.token_bytes(32))
    outcome = act(unknown, "suspend", f"account/{matrix.owner.id}")
    assert outcome.state == "retry"
    assert "does not know Ombud's token" in outcome.detail
    at, admin = f"{ADMIN}/v2/users/{matrix.account.id}", matrix.server.admin
    assert admin.ask("PUT", at, {"admin": False}).status == 200
    try:
        outcome = act(matrix.connector(), "suspend", f"account/{matrix.owner.id}")
    finally:
        assert admin.ask("PUT", at, {"admin": True}).status == 200
    assert outcome.state == "retry"
    assert "U475" in outcome.detail
    done = act(matrix.connector(), "suspend", f"account/{matrix.owner.id}", inverse=True)
    assert done.state == "confirmed"


def test_who_is_released_is_told_to_send_it_again(matrix: Side) -> None:
    """Once, in their language, with the link; nobody posts it for them."""
    connector, who, key = matrix.connector(), matrix.somebody(), ids()
    told = {"account": who.id, "lang": "vi", "statement": TOLD["link"]}
    for _ in range(2):
        done = act(connector, "hold", f"{matrix.room}/$gone", key=key, inverse=True, **told)
        assert done.state == "delivered"
    (content,) = notices(who)
    assert "gửi lại" in content["body"]
    assert content["body"].endswith(TOLD["link"])
    far = act(connector, "hold", f"{matrix.room}/$x", inverse=True, account="@bo:far.example")
    assert (far.state, far.unreached) == ("retry", True)
    away = matrix.connector(url=f"http://{HOST}:{free_port()}")
    waits = act(away, "hold", f"{matrix.room}/$gone", inverse=True, **told)
    assert waits.state == "retry"
