"""The API: checks before publication, and what platforms say and ask later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.small_community import rows
from ombud.access import PlatformKey, digest
from ombud.config import Hook, Settings
from ombud.connectors.matrix_events import mapped
from ombud.doors import Doors
from ombud.errors import BadData
from ombud.journal import Control, Submission
from ombud.web import api
from ombud.web.exchange import App
from ombud.web.metrics import Metrics
from web.asked import Stub, ask, wired
from web.over_engine import LINES, bad_bags, body, fresh, over, real


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A real engine with a platform that can be asked to act."""
    settings = '[connectors.chat]\nurl = "https://chat.example/hook"\n'
    with real(tmp_path_factory.mktemp("api") / "data", settings) as found:
        yield found


# --- checks ---------------------------------------------------------------------------------------


def test_a_check_is_answered_with_its_verdict(doors: Doors) -> None:
    """Hold and allow, with the decision and the page that the person gets; again the same."""

    async def story(app: App) -> None:
        sent = bad_bags()
        held = await ask(app, "POST", "/v1/check", body(sent))
        assert (held.status, held.json["action"], held.json["degraded"]) == (200, "hold", False)
        assert held.json["decision"].startswith("dec_")
        assert held.json["notice"].startswith("http://127.0.0.1:1/notice/")
        assert doors.statement_page(held.json["notice"].rpartition("/")[2]) is not None
        assert (await ask(app, "POST", "/v1/check", body(sent))).json == held.json
        allowed = await ask(app, "POST", "/v1/check?hook=default", body(fresh()))
        assert allowed.json == {
            "action": "allow",
            "decision": None,
            "notice": None,
            "degraded": False,
        }
        other = await ask(app, "POST", "/v1/check", body({**sent, "data": {}}))
        assert (other.status, other.code) == (409, "E008")
        published = await ask(app, "POST", "/v1/events", body(sent))
        assert published.json["status"] == "published"

    over(doors, story)


MATRIX = "application/vnd.ombud.matrix+json"


def test_a_module_asks_in_the_words_of_matrix(doors: Doors) -> None:
    """Matrix's own event is read as one of ours, and its copy by the stream is its publication;
    what is not judged is let pass and not kept.
    """
    content = {"body": "cheap bags"}
    sent = {"event_id": "$m", "room_id": "!r", "sender": "@zoe:h", "type": "m.room.message"}
    whole = json.dumps({"platform": "chat", "event": {**sent, "content": content}}).encode()
    reaction = json.dumps({"platform": "chat", "event": {**sent, "type": "m.reaction"}}).encode()

    async def story(app: App) -> None:
        held = await ask(app, "POST", "/v1/check", whole, type_=MATRIX)
        assert (held.status, held.json["action"]) == (200, "hold")
        assert held.json["notice"].startswith("http://127.0.0.1:1/notice/")
        passed = await ask(app, "POST", "/v1/check", reaction, type_=MATRIX)
        assert (passed.status, passed.json["action"], passed.json["decision"]) == (
            200,
            "allow",
            None,
        )
        found = mapped({**sent, "content": content}, "chat", "h", 0)
        published = await ask(app, "POST", "/v1/events", body(found or {}))
        assert published.json["status"] == "published"
        refused = await ask(app, "POST", "/v1/check", b"[]", type_=MATRIX)
        assert (refused.status, refused.code) == (422, "E002")
        nobody = whole.replace(b"chat", b"other")
        assert (await ask(app, "POST", "/v1/check", nobody, type_=MATRIX)).code == "E020"

    over(doors, story)


def test_checks_go_first(doors: Doors) -> None:
    """A check is handed in by the first lane, marked as a check; an event is not."""
    stub = Stub()

    async def story(app: App) -> None:
        await ask(app, "POST", "/v1/check", wired(1))
        await ask(app, "POST", "/v1/events", wired(2))

    over(stub, story)
    assert stub.lanes == [True, False]
    checks = [each.check for job in stub.jobs for each in job if isinstance(each, Submission)]
    assert checks == [True, False]
    assert doors.settings.hooks == {}


HOOKS = {
    "shut": Hook(deadline_ms=10, late="refuse"),
    "open": Hook(deadline_ms=10),
    "patient": Hook(deadline_ms=30_000, late="refuse"),
}


def controls(stub: Stub) -> list[tuple[str, str]]:
    """What deadline controls say: identity and answer."""
    found = []
    for job in stub.jobs:
        for each in job:
            if isinstance(each, Control):
                found += [
                    (bytes.fromhex(told["identity"]).decode(), told["answer"])
                    for told in each.payload["answers"]
                ]
    return found


def test_at_the_deadline_the_hook_answers() -> None:
    """Open allows, shut refuses; either is journalled, once the verdict is there."""
    stub = Stub(Settings(hooks=HOOKS), at_once=False)
    metrics = Metrics()

    async def story(app: App) -> None:
        let = await ask(app, "POST", "/v1/check?hook=open", wired(1))
        assert let.json == {
            "action": "allow",
            "decision": None,
            "notice": None,
            "degraded": True,
        }
        assert controls(stub) == []  # the verdict has yet to come
        stub.at_once = True
        stub.finish()
        while len(stub.jobs) < 2:
            await asyncio.sleep(0)
        assert controls(stub) == [("chat/hall#1", "allow")]
        stub.at_once = False
        shut = await ask(app, "POST", "/v1/check?hook=shut", wired(2))
        assert (shut.json["action"], shut.json["degraded"]) == ("refuse", True)
        assert set(shut.json["message"]) == {"en", "vi"}
        stub.at_once = True
        stub.finish()

    over(stub, story, metrics)
    assert controls(stub) == [("chat/hall#1", "allow"), ("chat/hall#2", "refuse")]
    assert metrics.checks == {("allow", True): 1, ("refuse", True): 1}
    assert stub.lanes == [True] * 4


def test_a_writer_that_takes_nothing_degrades_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full queue or a failed commit: the hook's choice at once, and journalled when possible."""
    monkeypatch.setattr("ombud.web.lanes.AGAIN_SECONDS", 3600.0)
    stub = Stub(Settings(hooks=HOOKS), at_once=False)

    async def story(app: App) -> None:
        stub.refusal = BadData("D012", "queue")
        full = await ask(app, "POST", "/v1/check?hook=patient", wired(1))
        assert (full.json["action"], full.json["degraded"]) == ("refuse", True)
        await asyncio.sleep(0)  # the control is refused as well
        stub.refusal = None
        asked = asyncio.create_task(ask(app, "POST", "/v1/check?hook=patient", wired(2)))
        while not stub.futures:
            await asyncio.sleep(0)
        stub.at_once = True
        stub.finish(BadData("D011", "store", detail="no room"))
        assert (await asked).json["degraded"] is True

    over(stub, story)
    assert sorted(controls(stub)) == [("chat/hall#1", "refuse"), ("chat/hall#2", "refuse")]


def test_too_many_checks_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a lane is full a check is answered by its hook, and an event with 503."""
    monkeypatch.setattr("ombud.web.lanes.WAITING_MAX", 0)

    async def story(app: App) -> None:
        assert (await ask(app, "POST", "/v1/check", wired(1))).json["degraded"] is True
        told = await ask(app, "POST", "/v1/events", wired(1))
        assert (told.status, told.code) == (503, "D012")

    over(Stub(), story)


def test_late_answers_that_are_lost_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the journal will never know is a figure."""
    monkeypatch.setattr("ombud.web.lanes.LATE_MAX", 0)
    stub, metrics = Stub(), Metrics()
    stub.refusal = BadData("D012", "queue")

    async def story(app: App) -> None:
        assert (await ask(app, "POST", "/v1/check", wired(1))).status == 200

    over(stub, story, metrics)
    assert metrics.late_lost == 1


@pytest.mark.parametrize(
    ("address", "content", "type_", "status", "code"),
    [
        ("/v1/check?hook=none", wired(1), "application/json", 400, "U047"),
        ("/v1/check?hook=", wired(1), "application/json", 400, "U047"),
        ("/v1/check?hook=open&hook=shut", wired(1), "application/json", 400, "U053"),
        ("/v1/check?hook=%ff", wired(1), "application/json", 422, "U052"),
        (
            "/v1/check?" + "&".join("abcdefghijklmnopqrstu"),
            wired(1),
            "application/json",
            422,
            "U052",
        ),
        ("/v1/check", b"{", "application/json", 400, "E001"),
        ("/v1/check", wired(1, source="other"), "application/json", 403, "E020"),
        ("/v1/check", wired(1), LINES, 415, "U044"),
    ],
)
def test_checks_that_are_not_taken(
    address: str, content: bytes, type_: str, status: int, code: str
) -> None:
    """An unknown hook, a bad event, a source of others: an error, never a guess."""
    stub = Stub(Settings(hooks=HOOKS))

    async def story(app: App) -> None:
        told = await ask(app, "POST", address, content, type_=type_)
        assert (told.status, told.code) == (status, code)

    over(stub, story)
    assert stub.jobs == []


@pytest.mark.parametrize("patience", [0, api.CLOSE_SECONDS])
def test_late_answers_in_a_real_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """At an early deadline the hook answers; verdict and answer are in the journal at the end, and
    what the end did not wait for is counted.
    """
    monkeypatch.setattr(api, "CLOSE_SECONDS", patience)
    metrics = Metrics()

    async def story(app: App) -> None:
        sent = [body(bad_bags()) for _ in range(600)]
        await asyncio.gather(*(ask(app, "POST", "/v1/check?hook=quick", each) for each in sent))

    folder = tmp_path / "data"
    with real(folder, "[hooks.quick]\ndeadline_ms = 10\n") as doors:
        over(doors, story, metrics)
    late = metrics.checks["allow", True]
    assert late > 0  # 600 checks in groups of 32, each with a commit, and a deadline of 10 ms
    journalled = [
        each
        for (payload,) in rows(folder, "SELECT payload FROM journal WHERE type = '!deadline'")
        for each in json.loads(payload)["answers"]
    ]
    assert len(journalled) + metrics.late_lost == late
    assert all(each["answer"] == "allow" and each["record"] for each in journalled)


# --- reports, statements --------------------------------------------------------------------------


def test_evidence_about_an_action() -> None:
    """Kept where the action is one of the key's platforms; unknown ones are 404."""
    stub = Stub()
    several = PlatformKey(
        name="two", sources=("blog/*", "chat/*", "wiki", "wiki/one"), doors=("report",)
    )
    stub.keys[digest("omb_two")] = several

    async def story(app: App) -> None:
        told = await ask(app, "POST", "/v1/actions/act_1", b'{"state":"confirmed"}', key="omb_two")
        assert (told.status, told.json) == (200, {"id": "act_1", "state": "confirmed"})
        assert stub.reported == [("act_1", "blog", "confirmed"), ("act_1", "chat", "confirmed")]
        told = await ask(app, "POST", "/v1/actions/act_2", b'{"state":"failed"}')
        assert (told.status, told.code) == (404, "U051")
        for content in (b'{"state":"done"}', b"{}", b"[]"):
            told = await ask(app, "POST", "/v1/actions/act_1", content)
            assert (told.status, told.code) == (422, "U052")
        assert (await ask(app, "POST", "/v1/actions/act_1", b"{" * 5000)).code == "U046"
        assert (await ask(app, "POST", "/v1/actions/act_1", b"\xff")).code == "U052"
        assert (await ask(app, "POST", "/v1/actions/a", b"{}", type_=LINES)).code == "U044"

    over(stub, story)


def test_evidence_in_a_real_store(doors: Doors) -> None:
    """An action that was asked for can be confirmed by its platform, and by no other."""

    async def story(app: App) -> None:
        held = await ask(app, "POST", "/v1/check", body(bad_bags()))
        query = "SELECT id, state FROM outbox WHERE kind = 'action' AND decision = ?"
        folder = doors.ledger_folder().parent
        ((id_, before),) = rows(folder, query, held.json["decision"])
        assert before == "answered"
        told = await ask(app, "POST", f"/v1/actions/{id_}", b'{"state":"confirmed"}')
        assert told.json == {"id": id_, "state": "confirmed"}
        assert rows(folder, query, held.json["decision"]) == [(id_, "confirmed")]
        told = await ask(app, "POST", "/v1/actions/act_none", b'{"state":"confirmed"}')
        assert (told.status, told.code) == (404, "U051")

    over(doors, story)


def test_what_a_platform_can_do_is_public(doors: Doors) -> None:
    """Anybody may read what is done on a platform, when, and whether it can be taken back."""

    async def story(app: App) -> None:
        told = await ask(app, "GET", "/capabilities", key=None)
        table = told.json["platforms"]["chat"]
        assert table["hold"] == {"done": "before", "undo": "exact", "notice": "webhook"}
        assert table["suspend"]["done"] == "after"
        assert "alert" not in table

    over(doors, story)


def test_statements_of_somebody(doors: Doors) -> None:
    """A platform gets the pages of its own account, and of nobody's on another platform."""

    async def story(app: App) -> None:
        held = bad_bags()
        asked = await ask(app, "POST", "/v1/check", body(held))
        account = held["data"]["author"]["id"]
        told = await ask(app, "GET", f"/v1/statements?platform=chat&account={account}")
        (item,) = told.json["items"]
        assert item["link"] == asked.json["notice"]
        assert item["clause"] == "spam.links"
        assert item["opened"].endswith("Z")
        listed = doors.statement_list(told.json["page"].rpartition("/statements/")[2])
        assert listed is not None
        assert [each.link for each in listed.items] == [item["link"]]
        told = await ask(app, "GET", "/v1/statements?platform=chat&account=nobody")
        assert told.json["items"] == []
        token = told.json["page"].rpartition("/statements/")[2]
        found = doors.statement_list(token)
        assert found is not None
        assert found.items == ()
        told = await ask(app, "GET", f"/v1/statements?platform=other&account={account}")
        assert (told.status, told.code) == (403, "U055")

    over(doors, story)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "platform=chat",
        "account=a",
        "platform=chat&account=",
        "platform=chat&account=" + "a" * 256,
    ],
)
def test_statements_of_nobody(query: str) -> None:
    """Both fields are needed once, and short."""

    async def story(app: App) -> None:
        told = await ask(app, "GET", f"/v1/statements?{query}")
        assert (told.status, told.code) == (400, "U053")

    over(Stub(), story)
