"""Every address of the staff, and what each role gets there: looking, and sending its form.

One table over the routes that there are: an address without a row fails. Whoever may not do what a
form asks for changes nothing by it, and nor does a form with a wrong token, without one, with
somebody else's, or from another site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest

from ombud.web.console import pages
from ombud.web.console.desk import Desk
from web.console.estate import (
    ADMIN,
    AUDITOR,
    AUTHOR,
    GONE,
    JUDGE,
    KEPT,
    OTHER,
    REVIEWER,
    ROLES,
    Estate,
    open_estate,
)

STAFF = frozenset(ROLES) - {GONE}
REVIEWERS = frozenset({REVIEWER, OTHER})
NOBODY: frozenset[str] = frozenset()
LIST_CHANGERS = frozenset({AUTHOR, REVIEWER, OTHER, KEPT})
SEARCHERS = frozenset({REVIEWER, OTHER, KEPT, JUDGE, AUDITOR})
NO_FORM = 405  # the address takes none
NOT_THEIRS = dict.fromkeys((OTHER, KEPT, JUDGE, AUDITOR), 303)  # what somebody else looked up


class Row(NamedTuple):
    """One address: who sees it; what its form sends, who may send that, and what they are answered.
    `refused`: what whoever may not send it is answered; `odd`: what some people are answered for
    both instead, because they may go there, but not to this one thing.
    """

    path: str
    sees: frozenset[str]
    sent: Mapping[str, str] = {"do": "nonsense"}
    does: frozenset[str] = NOBODY
    taken: int = 400
    refused: int = 403
    of: str = ""
    odd: Mapping[str, int] = {}


TABLE = (
    Row("/cases", frozenset({*REVIEWERS, KEPT}), sent={"queue": "flood"},
        does=frozenset({*REVIEWERS, KEPT}), taken=303),
    Row("/cases/{case}", REVIEWERS, sent={"do": "note", "note": "Seen."}, does=REVIEWERS,
        taken=303, of="/cases/{case:str}"),
    Row("/keys", STAFF, sent={"do": "first"}, does=STAFF, taken=303),
    Row("/fresh", STAFF, sent={"password": ""}, does=STAFF, taken=422),
    Row("/me", STAFF, does=STAFF),
    Row("/appeals", frozenset({JUDGE}), taken=NO_FORM, refused=NO_FORM),
    Row("/appeals/{appeal}", frozenset({JUDGE}), does=frozenset({JUDGE}), of="/appeals/{id:str}"),
    Row("/orders", STAFF, sent={"do": "begin emergency", "hours": "1"},
        does=frozenset({ADMIN, *REVIEWERS, KEPT}), taken=303, refused=422),
    Row("/looks", frozenset({*REVIEWERS, KEPT}), does=frozenset({*REVIEWERS, KEPT})),
    Row("/quality", frozenset({ADMIN, AUDITOR}), taken=NO_FORM, refused=NO_FORM),
    Row("/wall", STAFF, taken=NO_FORM, refused=NO_FORM),
    Row("/lists", LIST_CHANGERS, sent={"name": ""}, does=LIST_CHANGERS, taken=422),
    Row("/lists/bad%20sites", LIST_CHANGERS, does=LIST_CHANGERS, of="/lists/{name:str}"),
    Row("/labels", STAFF, sent={"item": "x", "said": "yes"}, taken=422, refused=422),
    Row("/rules", STAFF, taken=NO_FORM, refused=NO_FORM),
    Row("/rules/new", frozenset({AUTHOR}), does=frozenset({AUTHOR}), taken=422),
    Row("/rules/bags", STAFF, sent={"do": "mode", "mode": "watch", "shown": "x"},
        does=frozenset({AUTHOR}), taken=422, of="/rules/{name:str}"),
    Row("/rules/bags/edit", frozenset({AUTHOR}), does=frozenset({AUTHOR}), taken=422,
        of="/rules/{name:str}/edit"),
    Row("/rules/bags/history", STAFF, sent={"seq": "0"}, does=frozenset({AUTHOR}), taken=422,
        of="/rules/{name:str}/history"),
    Row("/lookup", SEARCHERS, sent={"what": "nothing that is known"}, does=SEARCHERS, taken=422),
    Row("/lookup/{look}", frozenset({REVIEWER}), sent={"clause": "spam.links"},
        does=frozenset({REVIEWER}), taken=422,
        odd=NOT_THEIRS, of="/lookup/{id:str}"),
    Row("/incidents", SEARCHERS, sent={"cases": ""}, does=SEARCHERS, taken=422),
    Row("/incidents/{incident}", frozenset({REVIEWER}), sent={"to": ""},
        does=frozenset({REVIEWER}), taken=303, odd=NOT_THEIRS, of="/incidents/{id:str}"),
    *(
        Row(f"/incidents/{{incident}}/incident.{each}", frozenset({REVIEWER}), odd=NOT_THEIRS,
            taken=NO_FORM, refused=NO_FORM, of=f"/incidents/{{id:str}}/incident.{each}")
        for each in ("md", "json")
    ),
    Row("/records", frozenset({AUDITOR}), taken=NO_FORM, refused=NO_FORM),
    Row("/black-out/{record}", REVIEWERS, does=REVIEWERS, of="/black-out/{record:str}",
        odd={JUDGE: 404, KEPT: 404}),
    Row("/connections", frozenset({ADMIN}), does=frozenset({ADMIN})),
    Row("/erasure", frozenset({ADMIN}), does=frozenset({ADMIN})),
    Row("/demands", frozenset({ADMIN}), sent={"who": ""}, does=frozenset({ADMIN}), taken=422),
    Row("/demands/{demand}", frozenset({ADMIN}), does=frozenset({ADMIN}),
        of="/demands/{id:str}"),
    Row("/staff", frozenset({ADMIN}), does=frozenset({ADMIN})),
)  # fmt: skip
# Where one comes in and goes out: everybody gets the same, whoever they are or are not.
DOORS = (
    "/login",
    "/logout",
    "/start/{link:str}",
    "/link/{link:str}",
    "/openid",
    "/openid/back",
)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """One community for the whole table: no row's form does anything that another row needs."""
    with open_estate(Path(tmp_path_factory.mktemp("estate"))) as found:
        yield found


def test_every_address_has_a_row() -> None:
    """Whoever adds an address says here who gets what."""
    parts = SimpleNamespace(room=None, entrance=None, site=None, sign_on=None)
    there = {path for each in pages.routes(cast("Desk", cast("Any", parts))) for path in each.paths}
    told = [row.of or row.path for row in TABLE] + list(DOORS)
    assert len(told) == len(set(told))
    assert set(told) == there


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_who_sees_what(estate: Estate, row: Row) -> None:
    """A page is shown to the roles of its row and to nobody else; nothing of it to a stranger, nor
    to somebody who is suspended.
    """
    path, before = estate.path(row.path), estate.moved()
    answers = {who: estate.sit(who).get(path) for who in ROLES}
    for who in STAFF:
        right = 200 if who in row.sees else row.odd.get(who, 403)
        assert answers[who].status_code == right, who
        assert answers[who].headers["cache-control"] == "no-store"
    for who in ("", GONE):
        assert estate.sit(who).get(path).headers["location"] == "/login"
    assert estate.moved() == before


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_who_does_what(estate: Estate, row: Row) -> None:
    """A form is taken from the roles of its row; whoever else sends it, with the right token of
    their own session, is refused and changes nothing.
    """
    path = estate.path(row.path)
    for who in ("", GONE, *STAFF - row.does):
        before = estate.moved()
        answer = estate.sit(who).send(path, {**row.sent, "form": estate.tokens.get(who, "")})
        if who in STAFF:
            odd = row.odd if row.taken != NO_FORM else {}
            assert answer.status_code == odd.get(who, row.refused), who
        elif row.taken != NO_FORM:
            assert answer.headers["location"] == "/login", who
        assert estate.moved() == before, who
    for who in row.does:
        answer = estate.sit(who).send(path, {**row.sent, "form": estate.tokens[who]})
        assert answer.status_code == row.taken, who


@pytest.mark.parametrize("row", [row for row in TABLE if row.does], ids=lambda row: row.path)
def test_a_forged_form_does_nothing(estate: Estate, row: Row) -> None:
    """Of whoever may send it: without the token, with a wrong one, with that of somebody who may as
    well, from another site, from nowhere that a browser names.
    """
    path, before = estate.path(row.path), estate.moved()
    who = sorted(row.does)[0]
    others = estate.tokens[next(each for each in ROLES if each != who)]
    browser, right = estate.sit(who), estate.tokens[who]
    for wrong in ("", others, right[::-1], right + right, right.swapcase() + "\0"):
        assert browser.send(path, {**row.sent, "form": wrong}).status_code == 403
    assert browser.send(path, row.sent).status_code == 403
    assert browser.send(path, {**row.sent, "form": [others, right]}).status_code == 403
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        answer = browser.send(path, {**row.sent, "form": right}, headers=headers)
        assert answer.status_code == 403
    assert browser.send(path + f"?form={right}", row.sent).status_code == 403
    assert estate.moved() == before
