"""The queues: how many cases wait in each, which come next and why, and taking the next one.

A page is one walk along an index, however many cases wait. Somebody who is kept to some queues sees
those alone. This module must never show what a case is about: a list is no place to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ombud import ids
from ombud.casefile import Casefile
from ombud.clauses import titles
from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.review.case import APPEALS
from ombud.staff import people, roles
from ombud.web.console import keys
from ombud.web.console.desk import HOME, Desk, Page, PageRequest, Problem, place, problem_of
from ombud.web.console.places import open_to
from ombud.web.forms import Fields, first
from ombud.web.site import query
from ombud.web.words import TEXTS

HERE = "/cases"
PAGE = 50  # cases on a page
STATES = ("open", "assigned", "held", "snoozed", "closed")
WANTED_MAX = 300  # of where somebody wants to go
NAME_MAX = 100  # of a queue that is asked for


class CasesPage:
    """The queues."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """The page, and taking the next case."""
        return await self.desk.page(request, self._shown, self._next, "cases")

    def _shown(self, request: PageRequest, visitor: Visitor) -> Page:
        asked = query(request.scope)
        if asked.get("go", "").strip():
            return self._went(request, visitor, asked["go"].strip()[:WANTED_MAX])
        return self._page(request, visitor, asked.get("queue", ""), asked)

    def _went(self, request: PageRequest, visitor: Visitor, wanted: str) -> Page:
        """Anywhere: a case or appeal by its id or address, a queue or a place by its name."""
        last = wanted.partition("?")[0].rstrip("/").rpartition("/")[2]
        with self.desk.room.casebook() as book:
            queues = [each["queue"] for each in book.queues(self.desk.room.now())]
            known = book.store.one("case", (ids.encodable(last),))
        if known is not None:
            return self.desk.go(request, f"{HERE}/{known[0]}")
        if last.startswith("app_") and place(f"/appeals/{last}") != HOME:
            return self.desk.go(request, f"/appeals/{last}")
        if wanted in queues and may_see(visitor, wanted):
            return self.desk.go(request, HERE, queue=wanted)
        for each in open_to(visitor.may):
            names = [*TEXTS[each.word].values(), each.path[1:]]
            if any(name.casefold() == last.casefold() for name in names):
                return self.desk.go(request, each.path)
        return self._page(request, visitor, "", {}, Problem("gone nowhere"))

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        queue: str,
        asked: Mapping[str, str],
        problem: Problem | None = None,
    ) -> Page:
        state, queue = asked.get("state", "open"), queue[:NAME_MAX]
        after = asked.get("after", "")
        state = state if state in STATES else "open"
        if queue and not may_see(visitor, queue):
            return self.desk.error(request, 403, "may not")
        now, lang = self.desk.room.now(), self.desk.language(request, visitor)
        with self.desk.room.casefile() as file:
            undo = undoable(file, asked, visitor, now)
        wanted: dict[str, Any] = {"queue": queue, "state": state, "after": after}
        if state in ("assigned", "held"):
            wanted["whose"] = visitor.token
        with self.desk.room.casebook() as book:
            queues = [
                each
                for each in book.queues(self.desk.room.now())
                if may_see(visitor, each["queue"])
            ]
            try:
                found = book.page(now, lang, limit=PAGE + 1, among=kept_to(visitor), **wanted)
            except BadUse:
                return self.desk.error(request, 404)
        kept = {"state": state} if state != "open" else {}
        kept |= {"queue": queue} if queue else {}
        return self.desk.show(
            request,
            "cases.html",
            visitor,
            here=HERE,
            problem=problem,
            queues=queues,
            cases=found[:PAGE],
            more=found[PAGE - 1]["id"] if len(found) > PAGE else "",
            after=after,
            queue=queue,
            state=state,
            states=STATES,
            kept=urlencode(kept),
            undoable=undo,
            **keys.shown(self.desk.room, visitor),
            digest=() if kept or after or problem else self.desk.morning.lines(lang),
            titles=self._titles(),
            me=people.called(visitor.account.shown),
        )

    def _titles(self) -> dict[str, dict[str, str]]:
        """What the clauses in force are called, by language."""
        return {each.clause.id: titles(each.clause) for each in self.desk.room.active.rules}

    def _next(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        queue = first(sent, "queue")[:NAME_MAX]
        try:
            taken = self.desk.room.ask(visitor, "claim case", queue=queue)
        except BadUse as error:
            return self._page(request, visitor, queue, {}, problem_of(error))
        return onward(self.desk, request, taken["case"], queue)


def onward(desk: Desk, request: PageRequest, case: str | None, queue: str, **said: Any) -> Page:
    """To a case that was taken, or back to the queue where nothing waits."""
    if case:
        return desk.go(request, f"{HERE}/{case}", **said)
    said.setdefault("done", "nothing waits")
    if queue:
        said["queue"] = queue
    return desk.go(request, HERE, **said)


def undoable(
    file: Casefile, asked: Mapping[str, str], visitor: Visitor, now: int
) -> dict[str, str] | None:
    """The case whose decision somebody has just made and can still take back, and until when."""
    case = asked.get("undo", "")[:NAME_MAX]
    until = file.undoable(case, visitor.token, now) if case else None
    return {"case": case, "until": until} if until else None


def may_see(visitor: Visitor, queue: str) -> bool:
    """Whether somebody may look at the cases of a queue."""
    permission = "appeals" if queue == APPEALS else "cases"
    return roles.may(visitor.member, permission, queue=queue)


def kept_to(visitor: Visitor) -> tuple[str, ...]:
    """The queues that somebody is kept to; none: every one."""
    return visitor.member.queues
