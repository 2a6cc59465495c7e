"""The lists that rules ask: which there are, and one with its entries. Entries are added, taken
out, put in quarantine and released, as by `ombud lists`.

Of a list that follows what somebody else publishes one sees who that is and why, and says "not
here". New entries begin on watch; somebody else confirms them, or who is alone having seen what
they matched. An entry may be somebody's id, so the pages are for who may change lists, a part of
the entries at a time. This module must never show more entries than a page has.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ombud import listwork
from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.listing import STATES
from ombud.policy_lists import Trouble
from ombud.signals.lists.changes import FROM_CASE
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first, number
from ombud.web.site import query

HERE = "/lists"
PERMISSION = "lists"
SHOWN = 50
NAME_LENGTH_MAX = 200
TERM_LENGTH_MAX = 2000
SKIPPED_MAX = 999_999_999
CHANGES = ("add", "remove", "quarantine", "release", "confirm")


class ListsPage:
    """The lists' pages."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def all(self, request: PageRequest) -> Page:
        """All lists, and a form that begins one."""
        return await self.desk.page(request, self._all, self._begin, PERMISSION)

    def _all(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        sent: Fields | None = None,
    ) -> Page:
        with self.desk.room.reading() as reader:
            found = reader.term_lists(self.desk.room.now())
        return self.desk.show(
            request,
            "lists.html",
            visitor,
            problem=problem,
            here=HERE,
            lists=[{**each, "path": f"{HERE}/{quote(each['name'], safe='')}"} for each in found],
            troubles=self._troubles(),
            typed=_typed(sent or {}),
        )

    def _troubles(self, name: str | None = None) -> list[Trouble]:
        """The policy lists that cannot be read, or kept, just now; of one list, or of all."""
        engine = self.desk.room.engine
        named = {each: told.policies for each, told in engine.settings.matrix.items()}
        found = engine.unread.of(named)
        return [each for each in found if name is None or each.name == name]

    def _begin(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        name = first(sent, "name").strip()[:NAME_LENGTH_MAX]
        try:
            self._do(visitor, name, "add", sent, new=True)
        except BadUse as error:
            return self._all(request, visitor, problem_of(error), sent)
        return self.desk.go(request, f"{HERE}/{quote(name, safe='')}", done="list add")

    # --- one list ---------------------------------------------------------------------------------

    async def one(self, request: PageRequest) -> Page:
        """One list with a part of its entries, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change, PERMISSION)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        sent: Fields | None = None,
    ) -> Page:
        name, asked = _name(request), query(request.scope)
        state = asked.get("state", "") if asked.get("state") in STATES else ""
        at = number(asked.get("skip", ""), SKIPPED_MAX) or 0
        with self.desk.room.reading() as reader:
            try:
                found = reader.term_list(
                    name, self.desk.room.now(), state=state or None, limit=SHOWN, skip=at
                )
            except BadUse:
                return self.desk.error(request, 404)
        return self.desk.show(
            request,
            "list.html",
            visitor,
            problem=problem,
            here=f"{HERE}/{quote(name, safe='')}",
            found={**found, "items": [_with_case(each) for each in found["items"]]},
            state=state,
            states=STATES,
            skip=at,
            step=SHOWN,
            troubles=self._troubles(name),
            typed=_typed(sent or {}),
        )

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do = first(sent, "do")
        if do not in CHANGES:
            return self.desk.error(request, 400)
        name = _name(request)
        try:
            waits = self._do(visitor, name, do, sent)
        except BadUse as error:
            kept = sent if do == "add" else None
            return self._page(request, visitor, problem_of(error), kept)
        done = "list waits" if waits else f"list {do}"
        return self.desk.go(request, f"{HERE}/{quote(name, safe='')}", done=done)

    def _do(self, visitor: Visitor, name: str, do: str, sent: Fields, *, new: bool = False) -> bool:
        """Have a list changed; whether that waits for somebody else to ask for it too."""
        asked: dict[str, Any] = {
            "change": do,
            "name": name,
            "term": first(sent, "term")[:TERM_LENGTH_MAX],
            "by": visitor.account.shown,
            "new": new,
        }
        if do == "add":
            asked["source"] = first(sent, "source")[:TERM_LENGTH_MAX]
            asked["expires"] = first(sent, "expires")[:TERM_LENGTH_MAX]
        if do == "quarantine":
            asked["reason"] = first(sent, "reason")[:TERM_LENGTH_MAX]
        if do == "confirm":
            asked["whole"] = first(sent, "whole") == "yes"
            asked["seen"] = number(first(sent, "seen"), SKIPPED_MAX)
        return bool(listwork.change_list(self.desk.room.engine, asked, b"")["waits"])


def _name(request: PageRequest) -> str:
    """Which list is asked for."""
    return str(request.path_params["name"])[:NAME_LENGTH_MAX]


def _with_case(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with the case that it was found in, if it was."""
    source = entry["source"]
    case = source.removeprefix(FROM_CASE) if source.startswith(FROM_CASE + "cas_") else ""
    return {**entry, "case": case}


def _typed(sent: Fields) -> dict[str, str]:
    """What a form said, to be typed no second time."""
    return {
        each: first(sent, each)[:TERM_LENGTH_MAX] for each in ("name", "term", "source", "expires")
    }
