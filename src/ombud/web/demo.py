"""The live page of `ombud demo`: what the simulation knows, held against what Ombud did.

The page renews one part of itself; without script the browser loads it anew. What simulated people
wrote is hostile on purpose and is shown escaped, apart from the text around it, and cut. This
module must never show a text as a link, nor follow anything but a notice's own address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Request, Response, route
from litestar.handlers import HTTPRouteHandler

from ombud import i18n
from ombud.rules.vocabulary import ACTIONS
from ombud.web import charts
from ombud.web.site import READ, Site
from ombud.web.words import hour_of, named, say

TEXT_SHOWN = 600  # characters of a post; the style sheet shows three lines of them
RECENT_MAX = 50
STAGES_MAX = 50
FRESH_EVERY_SECONDS = 5  # where the browser runs no script
BENIGN = "benign"


class Campaign(msgspec.Struct, frozen=True):
    """Something harmful that the simulation plays, several times over. The first of it was held
    after so many events and seconds of one run, in the median of the runs in which any was.
    """

    events: int = 0
    caught: int = 0
    runs: int = 0
    runs_caught: int = 0
    first_caught_after_events: int | None = None
    first_caught_after_seconds: float | None = None


class Twin(msgspec.Struct, frozen=True):
    """Something honest that looks like a campaign."""

    events: int = 0
    touched: int = 0


class Recent(msgspec.Struct, frozen=True):
    """One event and what became of it. `link` leads to the notice, where one was written."""

    time: str = ""
    type: str = ""
    room: str | None = None
    author: str | None = None
    lang: str | None = None
    text: str | None = None
    truth: str = BENIGN
    action: str | None = None
    link: str | None = None


class Hour(msgspec.Struct, frozen=True):
    """The events of the hour of simulated time that begins at `hour` (RFC 3339)."""

    hour: str
    events: int = 0
    harmful: int = 0
    caught: int = 0
    touched: int = 0


class Stage(msgspec.Struct, frozen=True):
    """How the spammer fared with one way of doing it, and what it had changed for that."""

    changed: Mapping[str, int] = {}
    posts: int = 0
    caught: int = 0


class Adaptive(msgspec.Struct, frozen=True):
    """The spammer who reads the notices, from one change of its ways to the next."""

    posts: int = 0
    through: int = 0
    stages: tuple[Stage, ...] = ()


class Head(msgspec.Struct, frozen=True):
    """Where the public log stands."""

    size: int
    root: str


class Totals(msgspec.Struct, frozen=True):
    """Figures of the whole run so far."""

    events: int = 0
    decisions: int = 0
    held: int = 0
    caught: int = 0
    harmful: int = 0
    touched: int = 0
    benign: int = 0


class State(msgspec.Struct, frozen=True):
    """All that the page shows. What a simulation does not say is zero, empty or absent."""

    totals: Totals = Totals()
    campaigns: Mapping[str, Campaign] = {}
    twins: Mapping[str, Twin] = {}
    recent: tuple[Recent, ...] = ()
    hours: tuple[Hour, ...] = ()
    adaptive: Adaptive | None = None
    ledger: Head | None = None
    done: bool = False


def read(plain: Mapping[str, Any]) -> State:
    """The state from the plain values of `demonstration.Demonstration.state`."""
    return msgspec.convert(plain, State)


def outcome(event: Recent) -> str:
    """How what was done fits the truth: "held", "through", "touched" or "free".

    What is done about a room is done to nobody's post.
    """
    form = ACTIONS.get(event.action or "")
    acted = form is not None and "this" in form.targets
    if event.truth == BENIGN:
        return "touched" if acted else "free"
    return "held" if acted else "through"


def notice_link(event: Recent) -> str | None:
    """The address of the notice, if it is one that a browser may be sent to."""
    link = event.link or ""
    if link.startswith("/") and not link.startswith("//"):
        return link
    return link if link.startswith(("https://", "http://")) else None


def language_of(event: Recent) -> str:
    """The language of its text, as the simulation says; "" where it is not one of ours."""
    return event.lang if event.lang in i18n.SPOKEN else ""


def span(seconds: float | None, lang: str) -> str | None:
    """A length of time in words; None for none."""
    return i18n.length(int(seconds * 1_000_000), lang) if seconds else None


def hours_chart(state: State, lang: str) -> str:
    """The chart of harmful, held and wrongly touched posts by hour."""
    values = [
        charts.Column(hour_of(each.hour, lang), each.harmful, each.caught, each.touched)
        for each in state.hours
    ]
    described = say(
        "demo.hours.describe",
        lang,
        first=values[0].label if values else "–",
        last=values[-1].label if values else "–",
        most=max((each.harmful for each in state.hours), default=0),
        touched=sum(each.touched for each in state.hours),
    )
    title, axis = str(say("demo.hours", lang)), str(say("demo.hours.axis", lang))
    return charts.columns(charts.Caption("hours", title, described.unescape(), axis), values)


def shares_chart(state: State, lang: str) -> str:
    """The chart of how much of each campaign was held."""
    rows = [
        charts.Share(named("campaign", name, lang), each.caught, each.events)
        for name, each in state.campaigns.items()
    ]
    parts = [
        say("demo.shares.one", lang, name=row.label, part=row.part, whole=row.whole).unescape()
        for row in rows
    ]
    words = say("demo.shares.describe", lang, list=", ".join(parts)).unescape()
    return charts.shares(charts.Caption("shares", str(say("demo.shares", lang)), words), rows)


class Demo:
    """The two addresses of the demo: the page, and the part of it that is renewed."""

    def __init__(self, site: Site, state: Callable[[], Mapping[str, Any]]) -> None:
        self.site = site
        self.state = state

    def page(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The whole page."""
        return self._respond(request, "demo.html")

    def part(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The part that changes, as a fragment."""
        return self._respond(request, "demo_part.html")

    def _respond(self, request: Request[Any, Any, Any], template: str) -> Response[bytes]:
        lang = self.site.language(request)
        state = read(self.state())
        return self.site.respond(
            template,
            lang,
            script=True,
            here="/",
            languages=self.site.languages(),
            state=state,
            recent=state.recent[:RECENT_MAX],
            stages=state.adaptive.stages[:STAGES_MAX] if state.adaptive else (),
            demo={
                "outcome": outcome,
                "link": notice_link,
                "language": language_of,
                "span": span,
                "hour": hour_of,
                "text_shown": TEXT_SHOWN,
                "seconds": FRESH_EVERY_SECONDS,
            },
            hours_chart=hours_chart(state, lang),
            shares_chart=shares_chart(state, lang),
        )


def routes(site: Site, state: Callable[[], Mapping[str, Any]]) -> list[HTTPRouteHandler]:
    """The handlers of the demo's addresses; `state` returns plain values for `State`."""
    demo = Demo(site, state)
    return [
        route("/", http_method=READ, sync_to_thread=True)(demo.page),
        route("/demo/part", http_method=READ, sync_to_thread=True)(demo.part),
    ]
