"""A community with one of everything that has an address, and one person of each role who is in:
what the table of routes and roles, and whoever forges ids, is tried on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from flow.case_desk import DESK_RULES, bags, shoes
from flow.small_community import event, line, prepare, rows, rule
from ombud import finding, listwork, session, staffing
from ombud.appeals import AppealMade
from ombud.doors import Doors
from ombud.reading import reading
from ombud.web.pages import application
from staff.at_the_entrance import PASSWORD, open_place
from web.console.staff_pages import HERE, Browser

SETTINGS = 'procedural_holds = true\nname = "The Riverside"\n'
ADMIN, AUTHOR, REVIEWER, OTHER = "Ana", "An", "Bình", "Mia"
JUDGE, AUDITOR, KEPT, GONE = "Chi", "Dung", "Lan", "Nam"
ROLES: dict[str, tuple[str, ...]] = {
    ADMIN: ("admin",),
    AUTHOR: ("author",),
    REVIEWER: ("reviewer",),
    OTHER: ("reviewer",),
    JUDGE: ("appeals reviewer",),
    AUDITOR: ("auditor",),
    KEPT: ("reviewer",),  # to one queue
    GONE: ("admin", "author", "reviewer", "appeals reviewer", "auditor"),  # is suspended
}

NOISE = rule(
    "noise",
    'text contains "noise"',
    'text "noise"',
    'text "thanks"',
    clause="flood.burst",
    then='hold this for review in queue "flood"',
)
OPEN = (
    "SELECT id FROM review_case WHERE closed IS NULL AND reason <> 'appeal' AND queue = ?"
    " ORDER BY place"
)
CASE_RECORD = "SELECT record FROM case_subject WHERE id = ? ORDER BY record"


@dataclass
class Estate:
    """The browser, what each person's browser keeps, and the ids of what there is."""

    browser: Browser
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> Any:
        """The engine behind the pages."""
        return self.browser.place.engine

    def sit(self, who: str) -> Browser:
        """Somebody sits down at the browser; "" for a stranger."""
        self.browser.forget()
        for name, value in self.cookies.get(who, {}).items():
            self.browser.client.cookies.set(name, value, domain="localhost.local")
        return self.browser

    def path(self, path: str) -> str:
        """An address with the ids that it names filled in."""
        return path.format(**self.ids)

    def moved(self) -> list[Any]:
        """Every row of the store: what anything that is done would change."""
        folder = self.engine.folder
        tables = rows(folder, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        return [rows(folder, f'SELECT * FROM "{name}"') for (name,) in tables]  # noqa: S608


@contextmanager
def open_estate(folder: Path) -> Iterator[Estate]:
    """The community; nobody is in at the browser."""
    prepare(folder, {**DESK_RULES, **dict([NOISE])}, SETTINGS)
    with (
        open_place(folder, SETTINGS) as place,
        closing(Doors(place.engine, HERE)) as doors,
    ):
        pages = application(doors, entrance=place.entrance)
        with TestClient(pages, base_url=HERE, raise_server_exceptions=False) as client:
            client.follow_redirects = False
            found = Estate(Browser(client, place))
            _people(found)
            _happenings(found, doors)
            yield found


def _people(estate: Estate) -> None:
    browser = estate.browser
    for name, roles in ROLES.items():
        given = {"queues": ["flood"]} if name == KEPT else {}
        staffing.change(estate.engine, "added", name, "admin", roles=list(roles), **given)
        link = staffing.link(estate.engine, name, browser.place.clock())[0]
        browser.forget()
        assert browser.send(link, {"password": PASSWORD}).status_code == 303
        estate.tokens[name] = browser.token()
        estate.cookies[name] = dict(browser.client.cookies)
    staffing.change(estate.engine, "suspended", GONE, "admin")
    staffing.change(estate.engine, "added", "Ngọc", "admin", roles=["auditor"])
    link = staffing.link(estate.engine, "Ngọc", browser.place.clock())[0]
    estate.ids["link"] = link.rpartition("/")[2]


def _happenings(estate: Estate, doors: Doors) -> None:
    """Posts that are held and asked about, an appeal, a look-up, an order, a list, a draft."""
    engine, ids = estate.engine, estate.ids
    told = [bags(1, "ana", 1), shoes(2, "lan", 2), shoes(3, "tuan", 3)]
    told += [event("n1", 4, text="noise", author={"id": "noisy"})]
    for answer in engine.submit([line(each) for each in told]):
        assert not isinstance(answer, Exception), answer
    held = rows(engine.folder, "SELECT id FROM decision")[0][0]
    (statement,) = engine.store.one("statement_of_decision", (held,))
    token = doors.link(statement).rpartition("/")[2]
    assert engine.change(AppealMade(token, held, "This was no offer."))
    ids["decision"] = held
    demanded = {"who": "Office", "kind": "police", "words": "Take it down.", "by": ADMIN}
    ids["demand"] = session.perform(engine, "add demand", demanded)["demand"]
    ids["appeal"] = engine.store.all("appeals_of_decision", (held,))[0][0]
    ids["case"], ids["second"] = [str(row[0]) for row in rows(engine.folder, OPEN, "review")][:2]
    ((ids["theirs"],),) = rows(engine.folder, OPEN, "flood")
    ids["record"] = str(rows(engine.folder, CASE_RECORD, ids["case"])[0][0])
    with reading(engine.folder) as reader:
        active = engine.writer.pipeline.community.active
        (meant, *_) = finding.find(reader.store, reader.keys, active, "lan")
    asked = {"kind": "member", "platform": meant.platform, "name": meant.name}
    why = {"reason": "Somebody asked about it.", "by": REVIEWER}
    ids["look"] = session.perform(engine, "look up", {**asked, **why})["look"]
    file = {"kind": "incident", "cases": [ids["second"]], **why}
    ids["incident"] = session.perform(engine, "look up", file)["look"]
    entry = {"change": "add", "name": "bad sites", "term": "a.example", "by": AUTHOR, "new": True}
    listwork.change_list(engine, entry, b"")
