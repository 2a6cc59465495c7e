"""Ombud's answer comes too late for Synapse: the message is out, and its author hears why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from platforms import relay
from platforms.synapse import CLIENT, Person
from platforms.talk import BAGS, talk


def told(who: Person, room: str) -> str:
    """All that somebody was told outside of the room."""
    joined = who.ask("GET", f"{CLIENT}/joined_rooms").json["joined_rooms"]
    events = [each for other in joined if other != room for each in who.messages(other)]
    return " ".join(str(each["content"].get("body", "")) for each in events)


def test_who_got_no_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hold that was in the answer is told as not done, and the notice that the answer was to
    bring comes by itself.
    """
    monkeypatch.setattr(relay, "SLOW_SECONDS", 3.0)
    with talk(tmp_path, wired=True) as made:
        who = made.somebody()
        made.back.be("slow")
        assert who.say(made.room, f"{BAGS} here").status == 200
        made.back.be("through")
        wait(lambda: "/notice/" in told(who, made.room), "nothing was told")
        found = rows(made.folder, "SELECT kind, state FROM outbox ORDER BY rowid")
        assert found == [("action", "failed"), ("notice", "delivered")]
