"""The public pages of figures: what was decided, by whom, how it ended; the register of demands.

No account, no script. Every page has the same figures as JSON and a feed beside it, and every chart
a table of what it shows. This module must never show anybody, nor compute a figure of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import msgspec
from litestar import Request, Response, route
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from ombud import auditing, clock
from ombud.demandbook import LATEST
from ombud.ledger import counts
from ombud.openbook import by_action, by_clause, by_rule, overturned, share
from ombud.web import charts, forms
from ombud.web.charts import Caption, Column, Share
from ombud.web.site import READ, Site, query
from ombud.web.words import TEXTS, named, visible

HERE, REGISTER = "/transparency", "/transparency/demands"
MINUTES = "public, max-age=60"
JSON, ATOM = "application/json", "application/atom+xml"
FEED_DAYS = 30

PageRequest = Request[Any, Any, Any]
Page = Response[bytes]


class Entry(NamedTuple):
    """One entry of a feed: its id, when it was last changed (RFC 3339), its title and text."""

    id: str
    updated: str
    title: str
    text: str


def routed(*pages: tuple[str, Callable[..., Page]]) -> list[HTTPRouteHandler]:
    """The handlers of pages by their addresses: read alone, each on a thread."""
    return [
        route(path, http_method=READ, sync_to_thread=True, name=path)(handler)
        for path, handler in pages
    ]


class PublicPages:
    """What the public pages of one community have in common."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.community = site.community

    def page(self, template: str, lang: str, here: str, **values: Any) -> Page:
        """A page in a language."""
        return self.site.respond(
            template, lang, here=here, languages=self.site.languages(), **values
        )

    def feed(self, entries: Sequence[Entry], title: str, here: str, updated: str) -> Page:
        """A feed of entries, the latest first."""
        name = visible(self.community.name())
        base = f"urn:ombud:{self.community.ledger_head()['origin']}:{here}"
        told = "".join(
            f"<entry><id>{escape(f'{base}:{each.id}')}</id><title>{escape(each.title)}</title>"
            f"<updated>{escape(each.updated)}</updated>"
            f"<content>{escape(each.text)}</content></entry>"
            for each in entries
        )
        feed = (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>{escape(base)}</id><title>{escape(f'{title} – {name}')}</title>"
            f"<author><name>{escape(name)}</name></author>"
            f'<updated>{escape(updated)}</updated><link rel="alternate" href={quoteattr(here)}/>'
            f"{told}</feed>"
        )
        return file(feed.encode(), ATOM)


class TransparencyPages(PublicPages):
    """The pages of figures of one community."""

    def routes(self) -> list[HTTPRouteHandler]:
        """Their handlers."""
        return routed(
            (HERE, self.figures),
            (f"{HERE}.json", self.figures_json),
            (f"{HERE}.atom", self.figures_feed),
            (REGISTER, self.register),
            (f"{REGISTER}.json", self.register_json),
            (f"{REGISTER}.atom", self.register_feed),
            ("/ledger.json", self.ledger_json),
            ("/ledger.atom", self.ledger_feed),
            (f"/{counts.FILE}", self.counts),
            (f"/{auditing.REGISTER}", self.whole_register),
        )

    # --- figures ----------------------------------------------------------------------------------

    def figures(self, request: PageRequest) -> Page:
        """The figures as a page."""
        lang, found = self.site.language(request), self.community.figures()
        right, decided = overturned(found["appeals"])
        automated, all_ = share(found["decisions"])
        return self.page(
            "transparency.html",
            lang,
            HERE,
            figures=found,
            drawn=_drawn(found, lang),
            right=right,
            decided=decided,
            automated=automated,
            all=all_,
        )

    def figures_json(self) -> Page:
        """The same as JSON."""
        return file(msgspec.json.encode(self.community.figures()), JSON)

    def figures_feed(self, request: PageRequest) -> Page:
        """What was decided day by day, as a feed: a day that is over does not change any more."""
        lang, found = self.site.language(request), self.community.figures()
        entries = [
            Entry(
                f"day:{each['day']}",
                f"{each['day']}T23:59:59Z",
                each["day"],
                TEXTS["transparency.day"][lang].format(
                    decisions=each["decisions"], back=each["taken_back"]
                ),
            )
            for each in reversed(found["days"][-FEED_DAYS - 1 : -1])
        ]
        return self.feed(entries, TEXTS["transparency.title"][lang], HERE, found["as_of"])

    # --- demands ----------------------------------------------------------------------------------

    def register(self, request: PageRequest) -> Page:
        """The register of demands as a page."""
        items, more = self._demands(request)
        lang = self.site.language(request)
        return self.page("register.html", lang, REGISTER, demands=items, more=more)

    def register_json(self, request: PageRequest) -> Page:
        """The same as JSON; `next` leads on where there is more."""
        items, more = self._demands(request)
        following = f"{REGISTER}.json?before={more}" if more else None
        return file(msgspec.json.encode({"items": items, "next": following}), JSON)

    def register_feed(self, request: PageRequest) -> Page:
        """The same as a feed."""
        items, _ = self._demands(request)
        lang = self.site.language(request)
        entries = [_demand(each, lang) for each in items]
        last = max((each.updated for each in entries), default=clock.rfc3339(0))
        return self.feed(entries, TEXTS["register.title"][lang], REGISTER, last)

    def _demands(self, request: PageRequest) -> tuple[list[dict[str, Any]], int]:
        before = forms.number(query(request.scope).get("before", "")) or LATEST
        return self.community.demands(before)

    # --- the log ----------------------------------------------------------------------------------

    def ledger_json(self) -> Page:
        """Where the log stands and what became of its witnesses, as its page has it."""
        head, shown = self.community.ledger_head(), ("name", "state", "size")
        told = [{name: each[name] for name in shown} for each in self.community.witnesses()]
        return file(msgspec.json.encode({**head, "asked": told}), JSON)

    def ledger_feed(self, request: PageRequest) -> Page:
        """What stands in the log under its signed head, day by day: of days before the last one."""
        lang, told = self.site.language(request), self.community.counts()
        lines: dict[str, list[str]] = {}
        for each in msgspec.json.decode(told)["days"] if told else ():
            lines.setdefault(each["day"], []).append(f"{each['type']} {each['count']}")
        days = sorted(lines)[-FEED_DAYS - 1 : -1]
        said = TEXTS["ledger.day"][lang]
        entries = [
            Entry(f"day:{day}", f"{day}T23:59:59Z", day, said.format(lines=", ".join(lines[day])))
            for day in reversed(days)
        ]
        last = entries[0].updated if entries else clock.rfc3339(0)
        return self.feed(entries, TEXTS["ledger.title"][lang], "/ledger", last)

    def counts(self) -> Page:
        """The counts that whoever checks the log holds against its lines: never an older head's."""
        content = self.community.counts()
        if content is None:
            raise NotFoundException
        return file(content, JSON, "no-cache")

    def whole_register(self) -> Page:
        """The register in one file, for whoever checks that all is in it."""
        return file(msgspec.json.encode({"items": self.community.register()}), JSON)


def file(content: bytes, type_: str, keep: str = MINUTES) -> Page:
    """A file beside a page, which anybody may keep for a minute."""
    headers = {"cache-control": keep, "cross-origin-resource-policy": "cross-origin"}
    return Response(content, media_type=type_, headers=headers)


def _drawn(found: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    """The charts by name: days, clauses by their share of all decisions, actions by the share that
    rules did alone, rules by the share of theirs that was taken back, decisions by how they ended,
    holds by whether they are overdue, appeals by their outcome. Each stands beside the table or the
    list of its figures; one without figures is not there.
    """
    days = [
        Column(str(each["day"]), int(each["decisions"]), 0, int(each["taken_back"]))
        for each in found["days"]
    ]
    clauses = [Share(*each) for each in by_clause(found["decisions"])]
    actions = by_action(found["decisions"])
    made, holds = sum(count for _, _, count in actions), found["holds"]
    outcomes = found["appeals"]["ended"]
    over = {why: count for why, count in found["ended"].items() if why != "restored"}
    shares = {
        "clauses": clauses,
        "actions": [Share(named("action", each, lang), *rest) for each, *rest in actions],
        "rules.back": [Share(*each) for each in by_rule(found["rules"])],
        "over": _parts("transparency.ended", over, made, lang),
        "overdue": _parts(
            "transparency.holds", {"overdue": holds["overdue"]}, holds["waiting"], lang
        ),
        "outcomes": _parts("transparency.outcome", outcomes, sum(outcomes.values()), lang),
    }
    return {
        "days": charts.columns(_caption("days", lang), days),
        **{
            name.partition(".")[0]: charts.shares(_caption(name, lang), values)
            for name, values in shares.items()
            if values
        },
    }


def _parts(words: str, counts: Mapping[str, int], whole: int, lang: str) -> list[Share]:
    """What each of some counts is of a whole, by its name; nothing of nothing."""
    if not whole:
        return []
    return [Share(named(words, name, lang), count, whole) for name, count in counts.items()]


def _caption(name: str, lang: str) -> Caption:
    axis = TEXTS.get(f"transparency.{name}.axis")
    return Caption(
        name.replace(".", "-"),
        TEXTS[f"transparency.{name}"][lang],
        TEXTS[f"transparency.{name}.about"][lang],
        axis[lang] if axis else "",
    )


def _demand(each: Mapping[str, Any], lang: str) -> Entry:
    if each["secret_until"]:
        until, why = each["secret_until"], visible(each["secret_why"] or "")
        said = TEXTS["register.secret"][lang].format(until=until, why=why)
        day = f"{each['secret_since']}T00:00:00Z"
        return Entry(each["id"], day, TEXTS["register.kept"][lang], said)
    who = each["who"] or named("demand.kind", each["kind"], lang)
    days = (each[name] for name in ("entered", "confirmed", "answered", "secret_ended"))
    day = max(each for each in days if each)  # the last one on which something is new
    force = TEXTS["demand.binding" if each["binding"] else "demand.informal"][lang]
    basis = each["basis"] or TEXTS["demand.basis.none"][lang]
    state = named("demand.outcome", each["outcome"], lang) if each["outcome"] else ""
    told = "; ".join(visible(part) for part in (force, basis, state) if part)
    return Entry(each["id"], f"{day}T00:00:00Z", visible(who), told)
