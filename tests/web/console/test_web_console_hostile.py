"""What somebody sends who means harm, to every form of the staff's pages: odd methods and paths,
values that no form of ours can send, the same form many times at once, stolen and planted sessions.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from flow.small_community import rows
from ombud import staffing
from staff.at_the_entrance import PASSWORD
from web.console.estate import (
    ADMIN,
    AUDITOR,
    AUTHOR,
    JUDGE,
    REVIEWER,
    Estate,
    open_estate,
)
from web.console.staff_pages import FORM, FROM_HERE

HARDENED = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cache-control",
    "cross-origin-opener-policy",
)
ODD = (
    "\0",
    "\ud800",
    "a" * 60_000,
    "\r\nSet-Cookie: ombud=x",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\u202e\u2066",
    "١٢",
    "-1",
    "9" * 30,
    "{{7*7}}",
)


class Form(NamedTuple):
    """A form: where it is, who may send it, its acts, and its fields."""

    path: str
    who: str
    acts: tuple[str, ...]
    fields: tuple[str, ...]


FORMS = (
    Form("/login", "", ("",), ("name", "password", "credential")),
    Form("/cases", REVIEWER, ("",), ("queue",)),
    Form("/cases/{case}", REVIEWER, ("decide",), ("offer", "record", "upto", "words", "length")),
    Form("/cases/{case}", REVIEWER, ("decide",), ("act_this", "act_author", "text", "words_lang")),
    Form(
        "/cases/{case}",
        REVIEWER,
        ("undo", "again", "merge", "split"),
        ("at", "into", "record", "rest"),
    ),
    Form("/cases/{case}", REVIEWER, ("note", "assign", "snooze"), ("note", "lasts", "to", "until")),
    Form("/keys", REVIEWER, ("",), ("key next", "on")),
    Form("/fresh", REVIEWER, ("",), ("password", "next", "credential")),
    Form("/me", AUDITOR, ("look", "care", "end"), ("lang", "theme", "session", "pause")),
    Form("/me", AUDITOR, ("password", "passkey", "drop"), ("password", "credential", "passkey")),
    Form("/appeals/{appeal}", JUDGE, ("preview", "answer"), ("outcome", "en", "vi", "other")),
    Form("/appeals/{appeal}", JUDGE, ("decide",), ("outcome", "act", "other", "alone")),
    Form("/orders", REVIEWER, ("give", "end", "undo"), ("hours", "case", "action", "order")),
    Form("/looks", REVIEWER, ("answer",), ("look", "said")),
    Form("/lists", AUTHOR, ("",), ("name", "term", "source", "expires")),
    Form("/lists/bad%20sites", AUTHOR, ("add", "remove", "quarantine"), ("term", "expires")),
    Form("/labels", AUTHOR, ("",), ("item", "said")),
    Form("/rules/new", AUTHOR, ("check", "look", "sketch"), ("text", "run", "from", "record")),
    Form("/rules/bags", AUTHOR, ("mode", "approve"), ("mode", "shown", "version")),
    Form("/rules/bags", AUTHOR, ("begin labelling",), ("labeller", "level")),
    Form("/rules/bags/history", AUTHOR, ("",), ("seq", "shown")),
    Form("/lookup", REVIEWER, ("",), ("what", "reason", "meant")),
    Form("/lookup/{look}", REVIEWER, ("",), ("clause",)),
    Form("/black-out/{record}", REVIEWER, ("look", "for good"), ("words",)),
    Form("/connections", ADMIN, ("connect", "key"), ("name", "url", "allow", "sources")),
    Form("/connections", ADMIN, ("secret", "revoke"), ("name",)),
    Form("/erasure", ADMIN, ("look", "erase"), ("platform", "account", "typed")),
    Form("/staff", ADMIN, ("added", "roles", "link"), ("name", "role", "queues", "who")),
)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """One community for all of it: nothing here does what it asks."""
    with open_estate(Path(tmp_path_factory.mktemp("estate"))) as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Estate]:
    """A community of one test's own."""
    with open_estate(tmp_path) as found:
        yield found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.path} {form.acts[0]}")
def test_no_value_breaks_a_form(estate: Estate, form: Form) -> None:
    """Whatever stands in a field: an answer of ours with all headers, none that says that something
    broke, and no line of a value becomes a header.
    """
    browser, token = estate.sit(form.who), estate.tokens.get(form.who, "")
    for act in form.acts:
        for name in form.fields:
            for value in ODD:
                sent = {**dict.fromkeys(form.fields, "1"), "do": act, name: value, "form": token}
                raw = {key: each.encode("utf-8", "surrogatepass") for key, each in sent.items()}
                answer = browser.client.post(
                    estate.path(form.path),
                    content=urlencode(raw),
                    headers={"content-type": FORM, **FROM_HERE},
                )
                assert answer.status_code < 500, (act, name, value[:20])
                assert set(HARDENED) <= set(answer.headers), (act, name, value[:20])
                assert answer.cookies.get("ombud") != "x"
                assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT", "DELETE", "X"])
def test_an_odd_method_does_nothing(estate: Estate, method: str) -> None:
    """And a header that names another method is not asked."""
    before, browser = estate.moved(), estate.sit(ADMIN)
    answer = browser.client.request(method, "/staff")
    assert answer.status_code == 405
    assert set(HARDENED) <= set(answer.headers)
    asked = "/staff?do=suspended&_method=POST&form=" + estate.tokens[ADMIN]
    for name in ("x-http-method-override", "x-method-override"):
        assert browser.get(asked, **{name: method}).status_code == 200
    assert estate.moved() == before


@pytest.mark.parametrize(
    "path",
    [
        "/staff%2f",
        "/STAFF",
        "/staff;x=1",
        "/%73taff",
        "/staff%00",
        "/static/%2e%2e/site.py",
        "/static/..%2fsite.py",
        "/lists/..%2f..%2fetc%2fpasswd",
        "/rules/..%2f..%2fombud",
        "/rules/%00",
        "/lists/%ff%fe",
        "/cases/%ed%a0%80",
        "/black-out/" + "9" * 30,
        "/records?before=" + "9" * 30,
        "/cases?after=" + "x" * 3000,
        "/cases?go=%0d%0aX:1",
        "/fresh?next=//evil.example",
        "/me?" + "&".join(f"a{n}=1" for n in range(500)),
    ],
)
def test_an_odd_path_leads_nowhere(estate: Estate, path: str) -> None:
    """A page of ours, none, or the same refusal as by its usual name; never a file, never away."""
    for who in ("", ADMIN, AUTHOR, REVIEWER, AUDITOR):
        answer = estate.sit(who).get(path)
        assert answer.status_code < 500
        assert set(HARDENED) <= set(answer.headers)
        assert "root:" not in answer.text
        assert "def harden" not in answer.text
        assert answer.headers.get("location", "/").startswith("/")
        assert not answer.headers.get("location", "/").startswith("//")
        if "taff" in path.lower() and who != ADMIN:
            assert answer.status_code in (303, 403, 404)


def test_a_planted_session_is_not_taken_over(fresh: Estate) -> None:
    """Whoever logs in with a session's cookie that somebody else has set gets one of their own; the
    planted one opens nothing, and neither does the session before once it is left.
    """
    browser = fresh.sit("")
    browser.client.cookies.set("ombud", "planted", domain="localhost.local")
    browser.log_in(ADMIN)
    mine = browser.client.cookies.get("ombud")
    assert mine not in (None, "planted")
    browser.forget()
    browser.client.cookies.set("ombud", "planted", domain="localhost.local")
    assert browser.get("/me").status_code == 303
    browser = fresh.sit(REVIEWER)
    browser.log_in(ADMIN)  # in the browser of somebody who is in
    assert browser.token() != fresh.tokens[REVIEWER]
    sent = {"form": fresh.tokens[REVIEWER], "do": "others"}
    assert browser.send("/me", sent).status_code == 403


def test_a_session_that_ends_while_a_form_is_filled_in(fresh: Estate) -> None:
    """By suspension or another password: the form does nothing, though its token was right."""
    before = fresh.moved()
    staffing.change(fresh.engine, "suspended", REVIEWER, "admin")
    after = fresh.moved()
    assert after != before
    sent = {"form": fresh.tokens[REVIEWER], "do": "note", "note": "Seen."}
    answer = fresh.sit(REVIEWER).send(fresh.path("/cases/{case}"), sent)
    assert answer.headers["location"] == "/login"
    assert fresh.moved() == after


def at_once(estate: Estate, who: str, path: str, count: int, **fields: str) -> list[int]:
    """The same form so many times at once; what each was answered."""
    estate.sit(who)
    cookie = "; ".join(f"{name}={value}" for name, value in estate.cookies[who].items())
    headers = {"content-type": FORM, "cookie": cookie, **FROM_HERE}
    content = urlencode({**fields, "form": estate.tokens[who]})
    answers: list[int] = []

    def send() -> None:
        sent = estate.browser.client.post(path, content=content, headers=headers)
        answers.append(sent.status_code)

    threads = [threading.Thread(target=send) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(answers)


def test_a_form_sent_many_times_at_once_does_its_thing_once(fresh: Estate) -> None:
    """A decision, somebody new on the staff, a key: one is done, the others are told why not."""
    record = fresh.ids["record"]
    decided = {"do": "decide", "offer": "release", "record": record, "upto": record}
    answers = at_once(fresh, REVIEWER, fresh.path("/cases/{case}"), 8, **decided)
    assert answers.count(303) == 1, answers
    assert set(answers) <= {303, 422}
    assert rows(fresh.engine.folder, "SELECT count(*) FROM review") == [(1,)]
    added = {"do": "added", "name": "Hoa", "role": "auditor"}
    answers = at_once(fresh, ADMIN, "/staff", 8, **added)
    assert answers.count(200) == 1, answers
    assert [name for _, name, _ in fresh.browser.place.entrance.members()].count("Hoa") == 1
    made = {"do": "key", "name": "relay", "sources": "chat/*"}
    answers = at_once(fresh, ADMIN, "/connections", 8, **made)
    assert answers.count(200) == 1, answers


def test_a_thousand_log_ins_keep_nobody_out(fresh: Estate) -> None:
    """A thousand wrong tries under as many names, and more under somebody's own: they are slowed,
    and who comes by a browser that knows them comes in, and so does a stranger after a minute.
    """
    known = fresh.cookies[ADMIN]["ombud-known"]
    browser = fresh.sit("")
    answers = [browser.log_in(f"somebody {n}", "wrong").status_code for n in range(1000)]
    answers += [browser.log_in(ADMIN, "wrong").status_code for _ in range(20)]
    assert set(answers) == {422, 429}
    assert answers.count(429) > 900
    browser.forget()
    browser.client.cookies.set("ombud-known", known, domain="localhost.local")
    assert browser.log_in(ADMIN, PASSWORD).status_code == 303
    browser.forget()
    assert browser.log_in(REVIEWER, PASSWORD).status_code == 429
    fresh.browser.place.clock.at += 61_000_000
    assert browser.log_in(REVIEWER, PASSWORD).status_code == 303
