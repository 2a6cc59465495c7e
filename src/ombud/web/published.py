"""The public pages of the rules and clauses that a community goes by, and of every version there
was.

No account, no script; the same as JSON and a feed beside. What people wrote, a rule's text and its
summary too, is text here and never markup. This module must never show what `publicrules` keeps
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from ombud.publicrules import changed
from ombud.web import forms
from ombud.web.site import query
from ombud.web.transparency import JSON, Entry, Page, PageRequest, PublicPages, file, routed
from ombud.web.words import TEXTS, named, visible

HERE = "/transparency/rules"
HISTORY = f"{HERE}/history"
RULES_SHOWN = 50  # on one page
VERSIONS_SHOWN = 20
TEXT_SHOWN = 20_000  # characters of one text; the JSON has all of it


class PublishedPages(PublicPages):
    """The pages of the rules and clauses of one community."""

    def routes(self) -> list[HTTPRouteHandler]:
        """Their handlers."""
        return routed(
            (HERE, self.rules),
            (f"{HERE}.json", self.rules_json),
            (f"{HERE}.atom", self.rules_feed),
            (HISTORY, self.history),
        )

    def rules(self, request: PageRequest) -> Page:
        """The rules in force and the clauses, and what was in force before by name."""
        found, first = self.community.rules(), _number(request)
        until = first + RULES_SHOWN
        parts = {
            (what, here): [each for each in found[what] if each["in_force"] is here]
            for what in ("rules", "clauses")
            for here in (True, False)
        }
        return self.page(
            "published.html",
            self.site.language(request),
            HERE,
            rules=parts["rules", True][first:until],
            clauses=parts["clauses", True][first:until],
            former={what: parts[f"{what}s", False][first:until] for what in ("rule", "clause")},
            more=until if any(len(each) > until for each in parts.values()) else 0,
            titles={each["name"]: each["titles"] for each in found["clauses"]},
            as_of=found["as_of"],
            strikes=found["strikes"],
            most=TEXT_SHOWN,
        )

    def rules_json(self) -> Page:
        """The same as JSON, every version with it."""
        return file(msgspec.json.encode(self.community.rules()), JSON)

    def rules_feed(self, request: PageRequest) -> Page:
        """What came into force, changed or ended, as a feed."""
        lang, found = self.site.language(request), self.community.rules()
        entries = [_entry(each, lang) for each in changed(found)]
        last = max((each.updated for each in entries), default=found["as_of"])
        return self.feed(entries, TEXTS["published.title"][lang], HERE, last)

    def history(self, request: PageRequest) -> Page:
        """The versions of one rule or clause; without a name, what has any."""
        asked, found = query(request.scope), self.community.rules()
        what = "clause" if "clause" in asked else "rule"
        name = asked.get(what, "")
        one = next((each for each in found[f"{what}s"] if each["name"] == name), None)
        first = _number(request)
        following = first + VERSIONS_SHOWN
        versions = one["versions"] if one else []
        return self.page(
            "published_history.html",
            self.site.language(request),
            HISTORY,
            what=what,
            name=name,
            one=one,
            versions=versions[first:following],
            more=following if following < len(versions) else 0,
            most=TEXT_SHOWN,
        )


def _number(request: PageRequest) -> int:
    """From which one on is shown."""
    return forms.number(query(request.scope).get("from", "")) or 0


def _entry(each: Mapping[str, Any], lang: str) -> Entry:
    """A change as an entry of the feed."""
    said = named("published.change", each["mode"] or "ended", lang)
    what = TEXTS[f"published.{each['what']}"][lang]
    title = visible(f"{what} {each['name']}: {said}")
    mark = f"{each['what']}:{each['name']}:{each['seq']}:{each['mode'] or 'ended'}"
    return Entry(mark, each["at"], title, title)
