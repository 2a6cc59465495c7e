"""Ids that a form or an address was not given by its page: of cases in other queues, of records in
other cases, of what a colleague has, of sessions of somebody else. None of them does anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.small_community import rows
from web.console.estate import ADMIN, AUTHOR, KEPT, OTHER, REVIEWER, Estate, open_estate
from web.console.staff_pages import Browser

ACTS = (
    {"do": "claim"},
    {"do": "back"},
    {"do": "next"},
    {"do": "decide", "offer": "release", "record": "{record}", "upto": "{record}"},
    {"do": "undo"},
    {"do": "again"},
    {"do": "confirm"},
    {"do": "alone"},
    {"do": "note", "note": "Seen."},
    {"do": "assign", "to": KEPT},
    {"do": "snooze", "until": "hour"},
    {"do": "urge"},
    {"do": "split", "record": "{record}"},
    {"do": "merge", "into": "{theirs}"},
)


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Estate]:
    """A community with one of everything."""
    with open_estate(tmp_path) as found:
        yield found


def send(estate: Estate, who: str, path: str, **fields: str) -> int:
    """Somebody sends a form with the right token of their session."""
    filled = {name: estate.path(value) for name, value in fields.items()}
    browser: Browser = estate.sit(who)
    answer = browser.send(estate.path(path), {**filled, "form": estate.tokens[who]})
    return int(answer.status_code)


def test_a_case_of_another_queue_takes_nothing(estate: Estate) -> None:
    """Whatever its forms can ask for, from somebody who is kept to one queue."""
    before = estate.moved()
    for act in ACTS:
        assert send(estate, KEPT, "/cases/{case}", **act) == 403, act
    assert estate.moved() == before


def test_a_case_of_ones_own_does_not_lead_into_another(estate: Estate) -> None:
    """Merging it into one of another queue, splitting off or deciding records of one."""
    assert send(estate, KEPT, "/cases/{theirs}", do="claim") == 303
    before = estate.moved()
    for act in (
        {"do": "merge", "into": "{case}"},
        {"do": "split", "record": "{record}"},
        {"do": "decide", "offer": "release", "record": "{record}", "upto": "{record}"},
        {"do": "undo", "at": "{case}"},
    ):
        assert send(estate, KEPT, "/cases/{theirs}", **act) == 422, act
    assert send(estate, KEPT, "/orders", do="give", case="{case}", action="hold", hours="1") == 422
    assert estate.moved() == before


def test_what_a_colleague_has_is_left_alone(estate: Estate) -> None:
    """A note is for everybody; what changes the case is its holder's."""
    assert send(estate, REVIEWER, "/cases/{case}", do="claim") == 303
    before = estate.moved()
    for act in ACTS:
        if act["do"] in ("note", "next"):
            continue
        assert send(estate, OTHER, "/cases/{case}", **act) == 422, act
    assert estate.moved() == before
    assert send(estate, OTHER, "/cases/{second}", do="claim") == 303
    before = estate.moved()
    assert send(estate, OTHER, "/cases/{second}", do="merge", into="{case}") == 422
    assert estate.moved() == before


def test_posts_of_a_case_are_no_rules_for_who_may_not_see_it(estate: Estate) -> None:
    """The editor takes no post of a case that its author may not look at."""
    page = estate.sit(AUTHOR).get(estate.path("/rules/new?from={case}"))
    assert page.status_code == 403
    assert "cheap" not in page.text
    asked = {"do": "sketch", "from": "{case}", "record": "{record}"}
    assert send(estate, AUTHOR, "/rules/new", **asked) == 403


def test_nobody_ends_another_ones_session(estate: Estate) -> None:
    """Nor all of them; and a passkey is dropped by its owner alone."""
    people = {shown: token for token, shown, _ in estate.browser.place.entrance.members()}
    credentials = estate.engine.credentials
    theirs = credentials.sessions(people[ADMIN], estate.browser.place.clock())
    assert theirs
    for each in theirs:
        send(estate, OTHER, "/me", do="end", session=str(each.id))
    send(estate, OTHER, "/me", do="others")
    assert estate.sit(ADMIN).get("/me").status_code == 200
    assert estate.sit(OTHER).get("/me").status_code == 200


def test_a_case_that_may_not_be_seen_says_nothing_of_itself(estate: Estate) -> None:
    """And what can be no case's address is none."""
    page = estate.sit(KEPT).get(estate.path("/cases/{case}"))
    assert page.status_code == 403
    for word in ("cheap", "shoes", "bags", "spam.links"):
        assert word not in page.text
    for wrong in ("cas_x", "%2e%2e", "..%2f..%2fetc", "%00", "a" * 5000, "%E1%BB%A3", "%ff"):
        assert estate.sit(REVIEWER).get(f"/cases/{wrong}").status_code in (400, 404)
    assert rows(estate.engine.folder, "SELECT count(*) FROM review")[0][0] == 0


def test_a_case_leads_to_its_member_and_its_rule(estate: Estate) -> None:
    """Whoever has the case looks its member up by one button, and is asked for no reason."""
    browser = estate.sit(REVIEWER)
    assert send(estate, REVIEWER, "/cases/{case}", do="claim") == 303
    page = browser.get(estate.path("/cases/{case}"))
    assert re.search(r'<a href="/rules/[a-z]+"><code', page.text)
    (meant,) = re.findall(r'name="meant" value="(member/[^"]+)"', page.text)
    sent = {"what": meant.rpartition("/")[2], "meant": meant, "form": estate.tokens[REVIEWER]}
    answer = browser.send("/lookup", sent)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/lookup/look_")
