"""A community in which a bit of everything has happened, with all roles at work, served for a real
browser: what every page is looked at with. Much of what people wrote there is hostile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs
from playwright.sync_api import Page

from browser.pages_served import served
from browser.staff_served import PASSWORD, Place
from flow.case_desk import DESK_RULES, LONG
from flow.small_community import line, prepare
from ombud import casework, finding, listwork, rulefiles, session
from ombud.app import Engine
from ombud.config import MatrixConnector
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.errors import BadUse
from ombud.homecheck import Finding
from ombud.homes import Looked
from ombud.reading import reading

SETTINGS = 'procedural_holds = true\nname = "The Riverside"\n'
ADMIN, REVIEWER, OTHER, JUDGE, AUDITOR, AUTHOR = "Thảo", "Bình", "Mia", "Chi", "Dung", "An"
ROLES = {
    ADMIN: ("admin", "author", "reviewer", "appeals reviewer"),
    REVIEWER: ("reviewer",),
    OTHER: ("reviewer",),
    JUDGE: ("appeals reviewer",),
    AUDITOR: ("auditor",),
    AUTHOR: ("author",),
}
HOMESERVER = MatrixConnector(
    url="http://127.0.0.1:9",
    server="talk.example",
    rooms=("!hall:talk.example", "!" + "w" * 230),
    staff_room="!moderators:talk.example",
    allow=("127.0.0.1",),
)
TALK = (
    "Does the ferry run on Sunday, or only on working days?",
    "My tomatoes have black spots. Is that the rain?",
    "Chợ nổi mở cửa lúc mấy giờ vậy mọi người?",
    "Lost: a grey cat with one white paw, near the mill.",
    "The choir sings on Thursday, and guests are welcome.",
    "Có ai biết chỗ sửa xe đạp gần bến phà không?",
    "Thank you for the ladder, it stands behind your shed again.",
)
HOSTILE = (
    "cheap bags <script>document.title='taken'</script> <img src=//x.example/a.png onerror=a>",
    "cheap bags \u202egnp.exe\u202c \u2066hidden\u2069 javascript:alert(1) //x.example/?a=1",
    "cheap bags " + "z" + "\u0335\u0336\u0337\u0338" * 60 + " " + "w" * 300,
    "cheap bags\u0000 \x1b[31m {{ 7*7 }} %s ${HOME} ' OR 1=1 -- " + "ạ" * 2000,
)
HOSTILE_NAME = "\u202eMod <b>x</b> " + "n\u0300\u0301" * 40


RULE = """# </pre><script>document.title='taken'</script> javascript:alert(1)
rule hostile-words
  "<b>Offers</b> by newcomers </pre> {{ 7*7 }} with a link: %s"

for     post
clause  spam.links
mode    watch

when
  text contains "cheap </span><img src=//x.example/a.png> bags"
  author.accepted posts < 20

then
  hold this for 48 hours

tell author
  en  "<i>A person</i> will look at it."
  vi  "Một người sẽ xem <i>bài</i> này."

should catch "a newcomer's offer"
  text                   "cheap </span><img src=//x.example/a.png> bags"
  author.accepted posts  0

should pass "thanks"
  text                   "thanks for the bags"
  author.accepted posts  0
"""


@dataclass
class House:
    """The community, where it is served, and ids of what there is to look at."""

    place: Place
    doors: Doors
    found: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def log_in(self, page: Page, name: str) -> None:
        """Log somebody in, on the page."""
        page.goto(f"{self.place.address}/login")
        page.locator("#name").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").first.click()
        page.wait_for_url(lambda url: "/login" not in url)

    def let_in(self, page: Page, name: str) -> None:
        """Let somebody in by the session they have already, if they do: logging in takes long."""
        if name in self.cookies:
            page.context.add_cookies(self.cookies[name])
            return
        self.log_in(page, name)
        self.cookies[name] = [
            {"name": each["name"], "value": each["value"], "url": self.place.address}
            for each in page.context.cookies()
        ]


@contextmanager
def lived_in(folder: Path) -> Iterator[House]:
    """A community with staff, cases, campaigns, decisions and appeals."""
    prepare(folder, DESK_RULES, SETTINGS)
    with (
        Engine(folder, by=AUTHOR) as engine,
        closing(Doors(engine, "http://localhost")) as doors,
        served(doors, entrance=Entrance(engine), homes=doors.homes) as address,
    ):
        place = Place(engine, address.replace("127.0.0.1", "localhost"))
        house = House(place, doors)
        _staff(place)
        _events(engine)
        _work(house, folder)
        _rules(house)
        # Named only now: of its rules one removes, which Matrix cannot undo, and would be refused.
        engine.settings = structs.replace(engine.settings, matrix={"talk": HOMESERVER})
        _homeserver(house)
        yield house


def _homeserver(house: House) -> None:
    """The homeserver was looked at, and something lacks; its words are hostile too."""
    engine = house.place.engine
    _, long = HOMESERVER.rooms
    lacks = {
        "module": BadUse("U510", "modules", detail=HOSTILE[1][:100], name="talk"),
        long: BadUse("U509", "rooms", room=long[:100], detail=HOSTILE[0][:60]),
    }
    found = tuple(Finding(about, lack, about=about) for about, lack in lacks.items())
    house.doors.homes.note("talk", Looked(HOMESERVER, found, engine.now()))
    house.doors.homes.heard("talk", engine.now())


def _rules(house: House) -> None:
    """A rule that has been written twice, full of what must stay text."""
    texts = (RULE, RULE.replace("accepted posts < 20", "accepted posts < 10"))
    shown = ""
    for text in texts:
        asked = {"text": text, "rule": "hostile-words" if shown else "", "shown": shown}
        session.perform(house.place.engine, "write rule", {**asked, "by": AUTHOR})
        shown = rulefiles.digest(text.encode())
    house.found["rule"] = "hostile-words"
    for term in ("<img src=//x.example/a.png>", "w" * 300, "z" + "\u0335" * 60, "plain words"):
        entry = {"change": "add", "name": "hostile entries", "term": term, "by": AUTHOR}
        listwork.change_list(house.place.engine, {**entry, "new": True}, b"")
    listwork.change_list(house.place.engine, {**entry, "change": "quarantine"}, b"")


def _staff(place: Place) -> None:
    entrance = Entrance(place.engine)
    for name, roles in ROLES.items():
        link = place.add(name, *roles).rpartition("/")[2]
        entrance.use_link(link, PASSWORD, "")


def _post(number: str, at: float, who: str, text: str, **more: Any) -> dict[str, Any]:
    """A post `at` minutes ago."""
    when = datetime.now(UTC) - timedelta(minutes=at)
    author = {"id": who, "name": more.pop("name", who.title())}
    data = {"author": author, "text": text, "room": {"id": "hall", "name": "The hall"}, **more}
    source = "chat/hall"
    told = {"specversion": "1.0", "id": number, "source": source, "type": "post.created"}
    return {**told, "time": when.isoformat(), "data": data}


def _flag(number: str, at: float, by: str, subject: str, author: str) -> dict[str, Any]:
    made = _post(number, at, by, "")
    reported = {"id": subject, "author": {"id": author}}
    return {**made, "type": "flag.created", "data": {"reporter": {"id": by}, "reported": reported}}


def _events(engine: Engine) -> None:
    told = [_post(f"talk{n}", 170 - n, f"neighbour{n}", each) for n, each in enumerate(TALK)]
    told += [
        _post(f"hostile{n}", 90 - n, f"stranger{n}", text, name=HOSTILE_NAME)
        for n, text in enumerate(HOSTILE)
    ]
    told += [
        _post("offer1", 80, "ana", "cheap shoes, only today"),
        _post("offer2", 70, "lan", "Túi xách giá rẻ: cheap bags", lang="vi"),
        _post("offer3", 60, "lan", "cheap bags again"),
        _post("answer", 55, "tuan", "cheap bags? Do not fall for it", in_reply_to={"id": "offer2"}),
        _flag("flag1", 50, "neighbour1", "offer1", "ana"),
        _flag("flag2", 49, "neighbour2", "offer1", "ana"),
    ]
    told += [
        _post(f"copy{n}", 40 - n / 10, f"copier{n}", LONG, name=f"Copier {n}") for n in range(25)
    ]
    for answer in engine.submit([line(each) for each in told]):
        assert not isinstance(answer, Exception), answer


def _work(house: House, folder: Path) -> None:
    """People judge some of it, answer, and appeal."""
    engine = house.place.engine
    with reading(folder) as reader:
        made = reader.decisions()
        cases = reader.casebook().page(0, "en", queue="", state="open", after="", limit=50)
    house.found["decision"] = made[-1]["id"]
    for each in made[-3:]:
        told = engine.store.one("statement_of_decision", (each["id"],))
        assert told
        token = house.doors.link(told[0]).rpartition("/")[2]
        said = house.doors.appeal(token, each["id"], "This was no offer. " + HOSTILE[1])
        assert said == "stored", said
        house.found["notice"] = token
        house.found["held"] = str(each["about"])
        house.found["appeal"] = engine.store.all("appeals_of_decision", (each["id"],))[0][0]
    first = next(each["id"] for each in cases if each["reason"] != "appeal")
    asked = {"case": first, "by": REVIEWER, "role": "reviewer"}
    casework.perform(engine, "claim case", asked)
    casework.perform(engine, "note case", {**asked, "text": "Ask the ferry people. " + HOSTILE[0]})
    house.found["case"] = first
    house.found["campaign"] = next(each["id"] for each in cases if each["authors"] > 20)
    house.found["link"] = house.place.add("Nam", "auditor").rpartition("/")[2]
    session.perform(engine, "duty", {"begins": True, "by": REVIEWER})
    asked = {"case": house.found["campaign"], "by": REVIEWER}
    casework.perform(engine, "give order", asked)
    _look(house, folder)
    _demands(house)


def _demands(house: House) -> None:
    """An authority demanded something, in words that are hostile too."""
    told = {
        "who": "Office of " + HOSTILE_NAME,
        "kind": "authority",
        "words": "Take all of it down. " + HOSTILE[0],
        "basis": "Section 12 <i>Example Act</i>",
        "clause": "spam.links",
        "items": ["offer1", HOSTILE[1], "https://talk.example/" + "w" * 300],
        "by": ADMIN,
    }
    made = session.perform(house.place.engine, "add demand", told)["demand"]
    session.perform(house.place.engine, "confirm demand", {"demand": made, "by": ADMIN})
    house.found["demand"] = made


def _look(house: House, folder: Path) -> None:
    """Somebody looks a post and a member up, with a reason that is hostile too."""
    engine = house.place.engine
    why = {"reason": "Somebody asked about it. " + HOSTILE[1], "by": REVIEWER}
    with reading(folder) as reader:
        active = engine.writer.pipeline.community.active
        meant = finding.find(reader.store, reader.keys, active, "hostile1")
    post = {"kind": "post", "record": meant[0].record, **why}
    house.found["look"] = session.perform(engine, "look up", post)["look"]
    member = {"kind": "member", "platform": "chat", "name": "lan", **why}
    house.found["member"] = session.perform(engine, "look up", member)["look"]
    day = 24 * 3_600_000_000
    night = {"since": engine.now() - day, "until": engine.now() + day // 24, **why}
    file = {"kind": "incident", "cases": [house.found["campaign"]], **night}
    house.found["incident"] = session.perform(engine, "look up", file)["look"]
