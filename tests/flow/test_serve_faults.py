"""Platforms that misbehave while the server runs: one that hangs, one that fails for an hour and
for more than a day, one that sends webhooks elsewhere. Nobody else notices, and nothing is lost.

Hours are passed by a clock that can be moved; the receiver sees it in the signatures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from connectors.receiver import Receiver
from flow.nothing_silent import delivered_once, judged_once, nothing_silent
from flow.served_platform import SPAM, Site, site, spam, wait
from flow.small_community import event, rows
from ombud.clock import DAY, HOUR, SECOND
from ombud.sender import CALLS_MAX

CASES = "SELECT reason, decision FROM review_case WHERE reason LIKE '%failed' ORDER BY reason"
HUNG = CALLS_MAX + 4
BACK_OFF_MAX = 300  # seconds
NOT_DONE = "the platform did not carry it out"


def test_a_platform_that_hangs_holds_up_nobody_else(tmp_path: Path) -> None:
    """While one platform answers nothing, the other one gets its webhooks and the doors go on;
    once it is started anew it gets what waited, in order.
    """
    with site(tmp_path, platforms=("chat", "forum"), seconds=60) as made:
        made.chat.mode("hang")
        made.serving.start()
        sent = [
            spam(number, number, source="chat/hall") | {"subject": f"post/{number}"}
            for number in range(HUNG)
        ]
        made.asked.until_taken("/v1/events", *sent, lines=True, busy=False)
        wait(lambda: len(made.chat.entries()) >= CALLS_MAX, "too little is tried")
        for number in range(HUNG, HUNG + 6):
            sent.append(spam(number, number, source="forum/hall") | {"subject": f"post/{number}"})
            made.asked.until_taken("/v1/events", sent[-1], busy=False)
        asked = spam("check", 90, source="forum/hall")
        answer = made.asked.until_taken("/v1/check", asked, busy=False)
        assert (answer["action"], answer["degraded"]) == ("hold", False)
        assert made.asked.ask("GET", "/ready").status == 200
        assert len(made.page("ana", "forum")) == 1
        wait(lambda: len(made.receivers["forum"].did()) == 7, "forum waits for chat")
        hung = made.outbox("connector = 'chat' AND state = 'sending'")
        assert {row["attempts"] for row in hung} == {1}
        assert {row["state"] for row in made.outbox("connector = 'chat'")} == {"asked", "sending"}
        made.chat.mode("ok")
        made.chat.kill()
        made.chat.start()
        wait(lambda: made.due(BACK_OFF_MAX * SECOND) == 0, "what hung is never delivered")
        assert made.serving.stop() == 0
        nothing_silent(made)
        judged_once(made, [*sent, asked])
        did = delivered_once(made)
        assert Counter(entry["type"] for entry in did) == {"action": HUNG + 6, "notice": 2}
        again = {entry["key"] for entry in made.chat.entries() if entry["again"]}
        assert again == {row["id"] for row in hung}, "sent again, and no more than that"
        assert rows(made.folder, CASES) == []


def moments(receiver: Receiver, key: str) -> list[int]:
    """When a call was tried, by the server's clock, in seconds: as each try was signed."""
    headers = [each["headers"] for each in receiver.entries() if each["key"] == key]
    signed = [each["ombud-signature"].partition(",")[0] for each in headers]
    return [int(each.removeprefix("t=")) for each in signed]


def pass_time(made: Site, key: str, until: int) -> None:
    """Let the server's clock run to an instant, from one try of a row to the next: to the moment
    when it is due, and no further. An event comes then, so that the sender looks at once.
    """
    while made.serving.now() < until:
        row = resting(made, key)
        at = min(row["due"], until) if row["state"] == "asked" else until
        made.serving.shift(made.serving.ahead + max(0, at - made.serving.now()))
        other = event(f"passing {at}", author={"id": "bo"})
        made.asked.until_taken("/v1/events", other, busy=False)
    resting(made, key)


def resting(made: Site, key: str) -> dict[str, Any]:
    """A row once no try of it is due or under way."""
    found: list[dict[str, Any]] = []

    def rests() -> bool:
        found[:] = made.outbox("id = ?", key)
        return found[0]["state"] != "sending" and not (
            found[0]["state"] == "asked" and found[0]["due"] <= made.serving.now()
        )

    wait(rests, "it is not tried when it is due")
    return found[0]


def test_a_platform_that_fails_for_an_hour(tmp_path: Path) -> None:
    """It is asked less and less often, every five minutes at last; after an hour it gets all, once
    and in order, and nobody is troubled.
    """
    with site(tmp_path, signed=False) as made:
        made.chat.mode("status 500")
        made.serving.start()
        for number, text in enumerate((f"{SPAM} today", "thanks", f"{SPAM} again")):
            type_ = "post.edited" if number else "post.created"
            one = event(number, number, text=text, type=type_) | {"subject": "post/1"}
            made.asked.until_taken("/v1/events", one, busy=False)
        first, second = made.outbox("kind = 'action'")
        pass_time(made, first["id"], made.serving.now() + HOUR)
        tries = moments(made.chat, first["id"])
        assert tries[-1] - tries[0] >= 3600 - BACK_OFF_MAX
        gaps = [after - before for before, after in pairwise(tries)]
        least = [min(1 << number, BACK_OFF_MAX) // 2 for number in range(len(gaps))]
        assert all(gap >= wanted for gap, wanted in zip(gaps, least, strict=True)), gaps
        assert 15 <= len(tries) <= 35
        assert {each["key"] for each in made.chat.entries()} == {first["id"]}, "out of order"
        assert made.chat.did() == []
        assert "will be sent to the platform shortly" in made.page("ana")[0]
        made.chat.mode("ok")
        pass_time(made, first["id"], made.serving.now() + BACK_OFF_MAX * SECOND)
        wait(lambda: len(made.chat.did()) == 4, "it is not delivered when the platform is back")
        wait(lambda: made.due() == 0, "it is never marked")
        assert rows(made.folder, CASES) == []
        assert made.serving.stop() == 0
        nothing_silent(made)
        done = [(entry["type"], entry["key"]) for entry in delivered_once(made)]
        assert done[0] == ("action", first["id"])
        assert ("action", second["id"]) in done
        assert [type_ for type_, _ in done].count("notice") == 2  # at once, and at the hour's end


def command(made: Site, *words: str) -> Any:
    """What a command of `ombud` prints, run in a process of its own beside the server."""
    ombud = Path(sys.executable).parent / "ombud"
    done = subprocess.run(
        [ombud, *words, "--data", made.folder, "--json"], check=True, capture_output=True
    )
    return json.loads(done.stdout)


def test_a_platform_that_fails_for_more_than_a_day(tmp_path: Path) -> None:
    """After a day of trying it is given up, and a person is asked, once; the page does not claim
    that it was done. What a person has tried again is delivered.
    """
    with site(tmp_path, signed=False) as made:
        one = event(1, text="mind you") | {"subject": "post/1"}  # a warning: it has no end
        made.chat.mode("status 500")
        made.serving.start()
        began = made.serving.now()
        made.asked.until_taken("/v1/events", one, busy=False)
        (row,) = made.outbox("kind = 'action'")
        key = row["id"]
        pass_time(made, key, began + HOUR)
        pass_time(made, key, began + DAY - HOUR)
        assert resting(made, key)["state"] == "asked"
        assert rows(made.folder, CASES) == []
        pass_time(made, key, began + DAY + HOUR)
        assert resting(made, key)["state"] == "failed"
        assert rows(made.folder, CASES) == [("action failed", row["decision"])]
        assert NOT_DONE in made.page("ana")[0]
        (listed,) = command(made, "actions", "list", "--state", "failed")["items"]
        assert (listed["id"], listed["kind"]) == (key, "action")
        assert (listed["again"], listed["again_by"]) == (None, None)
        assert command(made, "actions", "retry", key) == {"asked": True}
        again = {each["id"]: each["again_by"] for each in command(made, "actions", "list")["items"]}
        assert again[key] == "admin"
        tried = resting(made, key)
        assert (tried["state"], tried["attempts"]) == ("asked", listed["attempts"] + 1)
        made.chat.mode("ok")
        pass_time(made, key, made.serving.now() + 2 * BACK_OFF_MAX * SECOND)
        wait(lambda: len(made.chat.did()) == 2, "what is tried again is never delivered")
        wait(lambda: made.due() == 0, "it is never marked")
        assert NOT_DONE not in made.page("ana")[0]
        assert rows(made.folder, CASES) == [("action failed", row["decision"])]
        assert made.serving.stop() == 0
        nothing_silent(made)
        assert [entry["type"] for entry in delivered_once(made)] == ["action", "notice"]


def test_a_redirect_leads_nowhere(tmp_path: Path) -> None:
    """A platform that sends webhooks on to a private address: nothing arrives there, each row has
    failed and a person is asked, once for each; the page says that nothing was done or delivered.
    """
    inner = Receiver(tmp_path / "inner")
    try:
        with site(tmp_path) as made:
            made.chat.mode(f"redirect {inner.url}")
            made.serving.start()
            one = spam(1) | {"subject": "post/1"}
            made.asked.until_taken("/v1/events", one, busy=False)
            wait(lambda: made.due() == 0, "it is tried for ever")
            asked = made.outbox()
            assert [(row["kind"], row["state"], row["attempts"]) for row in asked] == [
                ("action", "failed", 1),
                ("notice", "failed", 1),
            ]
            assert "redirect" in asked[0]["detail"]
            decision = asked[0]["decision"]
            assert rows(made.folder, CASES) == [
                ("action failed", decision),
                ("notice failed", decision),
            ]
            (page,) = made.page("ana")
            assert NOT_DONE in page
            assert "no message was delivered" in page
            shown = command(made, "decisions", "show", decision)
            assert [each["state"] for each in shown["notices"]] == ["failed"]
            assert inner.entries() == []
            assert made.serving.stop() == 0
            nothing_silent(made)
            assert delivered_once(made) == []
    finally:
        inner.kill()


def test_a_private_address_that_nobody_allowed(tmp_path: Path) -> None:
    """A platform whose address turns out to be private gets nothing, by its number or by its name;
    the others do.
    """
    inner = Receiver(tmp_path / "inner")
    try:
        section = f'[connectors.yard]\nurl = "{inner.url}"\n'
        named = section.replace("yard", "inn").replace("127.0.0.1", "localhost")
        others = ("yard", "inn")
        with site(tmp_path, settings=section + named, others=others) as made:
            made.serving.start()
            for number, name in enumerate((*others, "chat")):
                one = spam(number, number, source=f"{name}/hall") | {"subject": f"post/{number}"}
                made.asked.until_taken("/v1/events", one, busy=False)
            wait(lambda: len(made.chat.did()) == 2, "chat waits for the others")
            wait(lambda: len(made.outbox("detail LIKE '%not a public address%'")) == 2, "not tried")
            assert inner.entries() == []
            assert made.serving.stop() == 0
            nothing_silent(made)
    finally:
        inner.kill()
