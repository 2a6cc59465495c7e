"""What a message and an action say on the wire: ours, the community's, never a stranger's text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import HOUR, SECOND, all_holds, connected
from flow.small_community import event
from ombud.model import Event

HOSTILE = "pwned<script>alert(1)</script>\x1b[31m\u202e=cmd|'/c calc'!A1 http://evil.example/x"


def bags(number: int | str, who: str = "ana", **more: Any) -> dict[str, Any]:
    """A post that is held under `spam.links`."""
    return event(number, **{"text": "cheap bags", "author": {"id": who}, **more})


def messages(sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of it was a message."""
    return [each for each in sent if each["type"] == "notice"]


def hostile_event(lang: str) -> dict[str, Any]:
    """An event with something hostile in every field that takes text."""
    person = {"id": "mallory", "name": HOSTILE, "lang": lang, "roles": ["pwned-role"]}
    other = {"id": "pwned-other", "name": HOSTILE}
    return event(
        "hostile",
        text=f"cheap bags {HOSTILE}",
        author=person,
        room={"id": "pwned-room", "name": HOSTILE},
        server={"id": "pwned-server"},
        in_reply_to={"id": "pwned-post", "author": other},
        mentions=[other],
        links=[{"url": "http://evil.example/pwned", "shown": HOSTILE}],
        media=[{"id": "pwned-media", "type": "pwned/png"}],
        before={"text": HOSTILE},
        reason=HOSTILE,
    )


def test_the_hostile_event_has_every_field() -> None:
    """What is planted below stands in every field of an event's data but the reporter's."""
    told = hostile_event("en")
    fields = set(Event.__annotations__) | set(type(Event(**_least()).data).__struct_fields__)
    left = {"reporter", "reported", "check_id", "specversion", "subject"}
    assert fields - left <= set(told) | set(told["data"])


def _least() -> dict[str, Any]:
    return {
        "id": "1",
        "source": "a",
        "type": "post.created",
        "time": datetime(2026, 1, 1, tzinfo=UTC),
    }


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_nobody_else_s_text_is_in_a_message(tmp_path: Path, lang: str) -> None:
    """Subject, text and every other field are ours, the community's, the rule's: never the post's.

    Held, undone, more in the same hour: all messages there are, in both languages.
    """
    told = hostile_event(lang)
    with connected(tmp_path) as platform:
        platform.stream(told)
        sent = messages(platform.deliver())
        platform.engine.undo("admin", rule="bags")
        platform.clock[0] += HOUR + SECOND
        sent += messages(platform.deliver())
        platform.stream({**told, "id": "e-hostile-2"})
        sent += messages(platform.deliver())
        platform.engine.undo("admin", rule="bags")
        platform.clock[0] += HOUR + SECOND
        sent += messages(platform.deliver())
        assert len(sent) == 4
        for each in sent:
            assert set(each) == {
                "id", "type", "account", "lang", "title", "text", "link", "decision", "clause",
                "time", "receipt",
            }  # fmt: skip
            assert each["receipt"] == f"{each['link']}/receipt/{each['decision']}"
            assert (each["account"], each["lang"], each["clause"]) == (
                "mallory",
                lang,
                "spam.links",
            )
            plain = json.dumps(each, ensure_ascii=False)
            for planted in ("pwned", "script", "evil", "calc", "\x1b", "\u202e", "cheap bags"):
                assert planted not in plain
        title = sent[0]["title"]
        clause = {"en": "Several links by newcomers", "vi": "Thành viên mới đăng nhiều liên kết"}
        assert title.startswith("Talk: ")
        assert clause[lang] in title
        assert "A person will look at it." in sent[0]["text"]
        words = {"en": "Your post waits", "vi": "Bài của bạn đang chờ"}
        assert words[lang] in sent[0]["text"]


def test_an_action_names_its_subject_and_its_person(tmp_path: Path) -> None:
    """The body of an action, field by field, as the platform gets it."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1, subject="post/1"))
        (sent,) = [each for each in platform.deliver() if each["type"] == "action"]
        until = platform.page(answer.statement).items[0].until
        assert until is not None
        assert sent == {
            "id": platform.outbox(kind="action")[0]["id"],
            "type": "action",
            "action": "hold",
            "inverse": False,
            "undoes": None,
            "subject": "post/e1",
            "on": "this",
            "account": "ana",
            "until": until,
            "params": {},
            "lang": "en",
            "decision": answer.decisions[0],
            "clause": "spam.links",
            "time": platform.page(answer.statement).items[0].time,
            "statement": platform.doors.link(answer.statement),
        }


def test_of_an_erased_person_nothing_more_is_sent(tmp_path: Path) -> None:
    """What waited is withdrawn; what was chosen to be sent has no body any more."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        turn = [*platform.open()]
        assert platform.mark(turn[0].id, "sending")
        assert platform.mark(turn[0].id, "delivered")
        turn += platform.open()
        assert [due.kind for due in turn] == ["action", "notice"]
        assert platform.mark(turn[1].id, "sending")
        platform.engine.erase("chat", "ana")
        assert [platform.sender.body(due) for due in turn] == [None, None]
        assert platform.deliver() == []
        assert [row["state"] for row in platform.outbox()] == ["delivered", "withdrawn"]
        assert not platform.mark(turn[1].id, "delivered")
        all_holds(platform)
