"""A message of a real Synapse is removed with its files, and with nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from ombud.connectors.matrix_before import Before
from platforms import matrix_side
from platforms.matrix_side import Side, act
from platforms.synapse import ADMIN, Person

pytestmark = pytest.mark.xdist_group("matrix")


def file(who: Person, text: str) -> str:
    """Somebody uploads a file of their own; its address."""
    uri: str = who.upload(b"\x89PNG\r\n\x1a\n" + text.encode()).json["content_uri"]
    return uri


def there(matrix: Side, uri: str) -> bool:
    """Whether a member gets it."""
    at = f"/_matrix/client/v1/media/download/{uri.removeprefix('mxc://')}"
    return matrix.owner.ask("GET", at).status == 200


def sent(matrix: Side, who: Person, url: str, **more: Any) -> str:
    """Somebody shows a picture in the room; what it is called in a decision."""
    content = {"msgtype": "m.image", "body": "look", "url": url, **more}
    return f"{matrix.room}/{who.send(matrix.room, content).json['event_id']}"


def test_the_files_go_with_their_message(matrix: Side) -> None:
    """In whatever field they stand, and no file that somebody else uploaded, or another server's.
    They come back where the removal is undone; the message does not.
    """
    connector, who = matrix.connector(), matrix.somebody()
    first, small, inline, unshown = (file(who, each) for each in "abcd")
    others = file(matrix.owner, "not theirs")
    formatted = f'<img src="{inline}"><img src="{others}"><img src="mxc://far.example/x">'
    told = {"info": {"thumbnail_url": small}, "formatted_body": formatted}
    subject = sent(matrix, who, first, **told)
    outcome = act(connector, "remove", subject)
    assert (outcome.state, outcome.detail) == ("confirmed", "")
    assert matrix.event(subject.partition("/")[2])["content"] == {}
    files = (first, small, inline, unshown, others)
    assert [there(matrix, each) for each in files] == [False, False, False, True, True]
    assert act(connector, "remove", subject, inverse=True).state == "refused"
    assert all(there(matrix, each) for each in files)


def test_a_file_that_stays_is_said(matrix: Side) -> None:
    """One that is marked as safe stays: the message is gone, the action has failed."""
    connector, who = matrix.connector(), matrix.somebody()
    uri = file(who, "safe")
    media = uri.rpartition("/")[2]
    safe = f"{ADMIN}/v1/media/protect/{media}"
    assert matrix.server.admin.ask("POST", safe, {}).status == 200
    subject = sent(matrix, who, uri)
    outcome = act(connector, "remove", subject)
    assert (outcome.state, outcome.detail[:4]) == ("refused", "U525")
    assert matrix.event(subject.partition("/")[2])["content"] == {}
    assert there(matrix, uri)
    unsafe = f"{ADMIN}/v1/media/unprotect/{media}"
    assert matrix.server.admin.ask("POST", unsafe, {}).status == 200
    assert act(connector, "remove", subject).state == "confirmed", "tried once more"
    assert not there(matrix, uri)


def test_what_somebody_else_put_into_quarantine_stays_there(matrix: Side) -> None:
    """The undoing lets out what Ombud put in. No action takes a file by its address alone, which
    nobody may have shown in a room that was named.
    """
    connector, who = matrix.connector(), matrix.somebody()
    uri = file(who, "gone before")
    at = f"{ADMIN}/v1/media/quarantine/{uri.removeprefix('mxc://')}"
    assert matrix.server.admin.ask("POST", at, {}).status == 200
    subject = sent(matrix, who, uri)
    assert act(connector, "remove", subject).state == "confirmed"
    (memory,) = [kept for place, kept in matrix_side.KEPT.items() if place[2] == subject]
    assert memory == Before().encoded()
    assert act(connector, "remove", subject, inverse=True).state == "refused"
    assert not there(matrix, uri)
    alone = file(who, "in a direct message")
    for action in ("hold", "remove"):
        assert act(connector, action, alone).state == "refused"
    assert there(matrix, alone)
