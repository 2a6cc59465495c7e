"""Statements of reasons from end to end: what people wrote is in none, and a kill costs nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cli.command_line import printed
from dsa.database import Process
from dsa.filed_community import TOKEN, held, section, standing
from dsa.schema import faults
from flow.case_desk import DESK_RULES, decide, flag, waiting
from flow.platform_side import connected
from flow.small_community import event, rule
from ombud.clock import SECOND

# planted wherever people write: names, handles, texts, rooms, links, and what staff say
PLANTED = (
    *("anna.zweig", "Zweig", "zoe_handle", "meet me at Elm Street", "cheap bags", "bags.example"),
    *("basement-room", "mia-the-reviewer", "a note of staff", "words to the person", "hotline.tf"),
    *("secret-word", "Mallory"),
)
POST = "meet me at Elm Street, cheap bags for Zweig http://bags.example"


def _planted_rules() -> dict[str, str]:
    said = rule(
        "mallory",
        'text contains "secret-word"',
        'text "secret-word"',
        'text "thanks"',
    )
    return {**DESK_RULES, **dict([said])}


def test_no_statement_names_or_quotes_anybody(tmp_path: Path) -> None:
    """Whatever is planted in posts, names, rooms, rules, flags, decisions: none of it goes out."""
    who = {"id": "anna.zweig", "name": "Anna Zweig", "lang": "en"}
    room = {"id": "basement-room", "name": "basement-room"}
    mallory = {"id": "zoe_handle", "name": "Mallory"}
    with connected(tmp_path, rules=_planted_rules()) as platform:
        platform.stream(
            event(1, text=POST, author=who, room=room),
            event(2, text="cheap shoes", author=who, room=room),
            event(3, text="secret-word", author=mallory, room=room),
            flag("f1", by="hotline.tf", subject="post/zoe_handle"),
        )
        platform.deliver()
        for number, case in enumerate(waiting(platform)):
            acts = ["suspend"] if number == 0 else ["remove"]
            why = {"en": "words to the person Anna Zweig"}
            decide(platform, case, "uphold", *acts, by="mia-the-reviewer", why=why)
        platform.clock[0] += 11 * SECOND
        platform.deliver()
        actions = {each["action"] for each in platform.outbox(kind="action")}
    assert {"hold", "remove", "suspend"} <= actions
    found = printed("transparency", "dsa", "--data", tmp_path, "--out", tmp_path / "out")
    texts = [Path(each).read_text("utf-8") for each in found["written"]["files"]]
    told = [each for line in texts for each in json.loads(line)["statements"]]
    assert len(told) >= 5
    assert [each for each in told if faults(each)] == []
    whole = "\n".join([*texts, json.dumps(found)])
    assert [each for each in PLANTED if each.lower() in whole.lower()] == []
    kinds = {(each["automated_decision"], each["source_type"]) for each in told}
    assert ("AUTOMATED_DECISION_FULLY", "SOURCE_VOLUNTARY") in kinds
    assert ("AUTOMATED_DECISION_PARTIALLY", "SOURCE_VOLUNTARY") in kinds
    assert ("AUTOMATED_DECISION_NOT_AUTOMATED", "SOURCE_TYPE_OTHER_NOTIFICATION") in kinds


@pytest.mark.parametrize(
    "fault",
    ["statements marked:1", "statements marked:2", "statements posted:1", "statements posted:3"],
)
def test_a_run_that_was_killed_is_gone_on_with(tmp_path: Path, fault: str) -> None:
    """Dead before a batch is sent, or after it arrived and before that is known: the next run ends
    it, and the database has each statement once.
    """
    database = Process(tmp_path / "database")
    try:
        folder = held(tmp_path / "community", 230, section(database.url))
        (folder / "token").write_text(TOKEN)
        words = ["-m", "ombud.cli", "transparency", "dsa", "--submit", "--json"]
        command = [sys.executable, *words, "--data", str(folder)]
        killed = subprocess.run(
            command, env={**os.environ, "OMBUD_FAULT": fault}, capture_output=True, check=False
        )
        assert killed.returncode == -signal.SIGKILL
        assert standing(folder)["sending"] in (100, 30)
        ended = subprocess.run(command, capture_output=True, check=True)
        assert json.loads(ended.stdout)["statements"]["taken"] == 230
        ids = Counter(each["puid"] for each in database.taken)
        assert (len(ids), set(ids.values())) == (230, {1})
        assert TOKEN not in ended.stdout.decode() + ended.stderr.decode()
    finally:
        database.close()
