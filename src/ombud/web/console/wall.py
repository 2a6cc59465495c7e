"""The wall: what happens now and in the last day, as charts with a table beside each. For everybody
on the staff.

Renewed by a link, and where script runs by itself, which can be stopped. This module must never
show a figure of one person's work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup

from ombud import clock, i18n
from ombud.clock import MINUTE
from ombud.entrance import Visitor
from ombud.wall import COUNTED_MAX, Figures, Hour, Wall
from ombud.web import charts, words
from ombud.web.console.desk import Desk, Page, PageRequest

HERE = "/wall"


class Chart(NamedTuple):
    """One chart: its name, which begins the keys of its words, what goes upwards, which part of
    that is filled, and what goes downwards.
    """

    name: str
    up: Callable[[Hour], int]
    filled: Callable[[Hour], int]
    down: Callable[[Hour], int]
    columns: tuple[tuple[str, Callable[[Hour], int]], ...]  # of the table


CHARTS = (
    Chart(
        "received",
        lambda hour: hour.received,
        lambda hour: hour.received,
        lambda _: 0,
        (("received", lambda hour: hour.received),),
    ),
    Chart(
        "decided",
        lambda hour: hour.decided,
        lambda hour: hour.held,
        lambda _: 0,
        (
            ("held", lambda hour: hour.held),
            ("other", lambda hour: hour.other),
            ("people", lambda hour: hour.people),
        ),
    ),
    Chart(
        "cases",
        lambda hour: hour.opened,
        lambda hour: hour.opened,
        lambda hour: hour.closed,
        (("opened", lambda hour: hour.opened), ("closed", lambda hour: hour.closed)),
    ),
    Chart(
        "asked",
        lambda hour: hour.asked,
        lambda hour: hour.asked,
        lambda _: 0,
        (("asked", lambda hour: hour.asked),),
    ),
)


class WallPage:
    """The wall."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.figures = Figures()

    def page(self, request: PageRequest) -> Page:
        """The page; a form does nothing here."""
        visitor = self.desk.let_in(request)
        if not isinstance(visitor, Visitor):
            return visitor
        lang, engine = self.desk.language(request, visitor), self.desk.room.engine
        now = engine.now()
        with self.desk.room.reading() as reader:
            wall = self.figures.wall(reader.store, now)
        return self.desk.show(
            request,
            "wall.html",
            visitor,
            here=HERE,
            script=True,
            wall=wall,
            states=[self._state(name, now) for name in ("duty", "emergency")],
            drawn=[drawn(each, wall, lang) for each in CHARTS],
            waited=lambda since: waited(now - since, lang),
            upto=lambda count: f"{count}+" if count >= COUNTED_MAX else str(count),
            minute=rate(wall.minute, lang),
        )

    def _state(self, name: str, now: int) -> dict[str, Any]:
        """How a state of the whole community stands: its name, how, and until when."""
        community = self.desk.room.engine.writer.pipeline.community
        found = community.state("", name, now)
        how = "on" if found else "never" if found is None else "off"
        return {"name": name, "how": how, "until": community.states.get(name, 0)}


def waited(length: int, lang: str) -> str:
    """How long something has waited, to the minute."""
    if length < MINUTE:
        return words.say("wall.waited.less", lang).unescape()
    return i18n.length(length // MINUTE * MINUTE, lang)


def rate(count: float, lang: str) -> str:
    """So many a minute: below ten to a tenth, as the language writes it."""
    if count >= 10:
        return f"{count:.0f}"
    return f"{count:.1f}".replace(".", "," if lang == "vi" else ".")


def drawn(chart: Chart, wall: Wall, lang: str) -> dict[str, Any]:
    """A chart of the wall, its key, and the rows of the table beside it, the newest first."""
    labels = [words.hour_of(clock.rfc3339(hour.begun), lang) for hour in wall.hours]
    columns = [
        charts.Column(label, chart.up(hour), chart.filled(hour), chart.down(hour))
        for label, hour in zip(labels, wall.hours, strict=True)
    ]
    parts = [
        words.say(
            "wall.describe",
            lang,
            what=words.say(f"wall.{chart.name}.{name}", lang),
            total=sum(of(hour) for hour in wall.hours),
            most=max(of(hour) for hour in wall.hours),
        ).unescape()
        for name, of in chart.columns
    ]
    title = words.say(f"wall.{chart.name}", lang).unescape()
    caption = charts.Caption(
        f"wall-{chart.name}", title, " ".join(parts), words.say("wall.hourly", lang).unescape()
    )
    rows = [
        (label, [of(hour) for _, of in chart.columns])
        for label, hour in zip(labels, wall.hours, strict=True)
    ]
    svg: Markup = charts.columns(caption, columns)
    return {
        "name": chart.name,
        "svg": svg,
        "said": parts,
        "columns": [f"wall.{chart.name}.{name}" for name, _ in chart.columns],
        "rows": rows[::-1],
    }
