"""A community whose people have cases to decide, served for a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from browser.lived_in import House
from browser.pages_served import served
from browser.staff_served import PASSWORD, Place
from flow.case_desk import DESK_RULES, LONG
from flow.small_community import SETTINGS, line, prepare, rows
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance

MIA, BINH = "Mia", "Bình"


@contextmanager
def at_desk(
    folder: Path, rules: Mapping[str, str] = DESK_RULES, settings: str = ""
) -> Iterator[House]:
    """Nothing has happened yet; Mia and Bình decide cases."""
    prepare(folder, rules, SETTINGS + 'name = "The Riverside"\n' + settings)
    with (
        Engine(folder) as engine,
        closing(Doors(engine, "http://localhost")) as doors,
        served(doors, entrance=Entrance(engine)) as address,
    ):
        place = Place(engine, address.replace("127.0.0.1", "localhost"))
        place.add("Ana", "admin")
        for name in (MIA, BINH):
            link = place.add(name, "reviewer").rpartition("/")[2]
            Entrance(engine).use_link(link, PASSWORD, "")
        yield House(place, doors)


def post(number: int | str, text: str, who: str, **more: Any) -> dict[str, Any]:
    """Somebody posts, just now."""
    when = datetime.now(UTC) - timedelta(minutes=1)
    data = {"author": {"id": who, "name": who.title()}, "text": text, **more}
    data["room"] = {"id": "hall", "name": "The hall"}
    told = {"specversion": "1.0", "id": f"p{number}", "source": "chat/hall"}
    return {**told, "type": "post.created", "time": when.isoformat(), "data": data}


def tell(house: House, *told: dict[str, Any]) -> None:
    """Things happen on the platform."""
    for answer in house.place.engine.submit([line(each) for each in told]):
        assert not isinstance(answer, Exception), answer


def offers(house: House, count: int) -> None:
    """So many posts by as many people that a person is asked about, one case each: no two texts
    are nearly the same.
    """
    names = [f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(count)]
    tell(house, *(post(name, f"cheap shoes {name}", f"seller {name}") for name in names))


def campaign(house: House, count: int) -> None:
    """The same text by so many newcomers, and one who answers it."""
    tell(house, *(post(f"c{n}", LONG, f"copier{n}") for n in range(count)))
    tell(house, post("reply", LONG, "objector", in_reply_to={"id": "pc0"}))


def judged(house: House) -> list[tuple[str, str | None, int]]:
    """Every judgement that stands: outcome, action, of how many records."""
    query = (
        "SELECT r.outcome, r.action, (SELECT count(*) FROM reviewed d WHERE d.review = r.seq)"
        " FROM review r WHERE r.undone IS NULL ORDER BY r.seq"
    )
    return [(row[0], row[1], row[2]) for row in rows(house.place.engine.folder, query)]


def heading(page: Page) -> str:
    """The address of the case that is shown, and that its heading has the focus."""
    assert page.evaluate("document.activeElement.id") == "case"
    return page.url.partition("?")[0]
