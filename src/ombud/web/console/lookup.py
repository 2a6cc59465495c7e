"""Look something up: by a pasted link, a handle or an id; and what is then shown of it.

Nothing is shown to whoever has not left a record of looking: the address of what is seen is the
look-up's own, which stands for its maker alone, for an hour. Whoever has a case about it before
them need not give a reason. From a post a case can be opened, and what is done is done there. This
module must never make a link of what somebody of the community wrote.
"""

from __future__ import annotations

from typing import Any

from ombud import finding
from ombud.controls.incident import KIND as INCIDENT
from ombud.controls.lookup import REASON_MAX, REASON_MIN
from ombud.entrance import Refused, Visitor
from ombud.errors import BadUse
from ombud.finding import PASTED_LENGTH_MAX, Found
from ombud.lookups import LATEST, LookupBook
from ombud.staff.roles import may
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first, number
from ombud.web.site import query

HERE = "/lookup"
PERMISSION = "members"


class LookupPage:
    """The form that asks, and the page of what was looked up."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # --- asking -----------------------------------------------------------------------------------

    async def ask(self, request: PageRequest) -> Page:
        """The form, and what it asks for."""
        return await self.desk.page(request, self._form, self._sought, PERMISSION)

    def _form(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        sent: Fields | None = None,
        found: list[Found] | None = None,
    ) -> Page:
        told = sent or {}
        with self.desk.room.reading() as reader:
            book = LookupBook(reader.store, reader.keys, self.desk.room.active)
            lately = book.lately(visitor.token, self.desk.room.now())
        return self.desk.show(
            request,
            "lookup.html",
            visitor,
            problem=problem,
            here=HERE,
            what=first(told, "what")[:PASTED_LENGTH_MAX],
            reason=first(told, "reason")[: 2 * REASON_MAX],
            found=found or [],
            key=key,
            lately=lately,
            reason_least=REASON_MIN,
            reason_most=REASON_MAX,
        )

    def _sought(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        what = first(sent, "what")
        if first(sent, "do") == "fill":
            return self._form(request, visitor, sent=sent)
        with self.desk.room.reading() as reader:
            found = finding.find(reader.store, reader.keys, self.desk.room.active, what)
        if not found:
            return self._form(request, visitor, Problem("U270"), sent=sent)
        number = first(sent, "meant")
        if len(found) > 1 and not number:
            return self._form(request, visitor, sent=sent, found=found)
        meant = _meant(found, number)
        if meant is None:  # what is known has changed meanwhile
            return self._form(request, visitor, sent=sent, found=found)
        about = {"kind": meant.kind, "platform": meant.platform, "name": meant.name}
        try:
            done = self.desk.room.ask(
                visitor, "look up", **about, record=meant.record, reason=first(sent, "reason")
            )
        except (Refused, BadUse) as error:
            return self._form(request, visitor, problem_of(error), sent=sent, found=found)
        return self.desk.go(request, f"{HERE}/{done['look']}")

    # --- what is seen -----------------------------------------------------------------------------

    async def one(self, request: PageRequest) -> Page:
        """What was looked up, and what its form asks for."""
        return await self.desk.page(request, self._page, self._act, PERMISSION)

    def _page(self, request: PageRequest, visitor: Visitor, problem: Problem | None = None) -> Page:
        """What is known of it; whoever has not looked it up is asked to."""
        now, lang = self.desk.room.now(), self.desk.language(request, visitor)
        before = query(request.scope).get("before", "")
        texts = any(may(visitor.member, each) for each in ("cases", "appeals"))
        with self.desk.room.reading() as reader:
            book = LookupBook(reader.store, reader.keys, self.desk.room.active)
            look = book.granted(_id(request), visitor.token, now)
            if look is None:
                return self.desk.go(request, HERE, done="lookup")
            if look.kind == INCIDENT:
                return self.desk.go(request, f"/incidents/{look.id}")
            known: dict[str, Any] = book.shown(
                look, now, lang, number(before) or LATEST, texts=texts
            )
        return self.desk.show(
            request,
            "looked.html",
            visitor,
            problem=problem,
            here=f"{HERE}/{look.id}",
            look=known,
            first=not before,
            texts=texts,
            judges=visitor.may("cases"),
            appeals=visitor.may("appeals"),
        )

    def _act(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        """Open a case about the post that was looked up, and take it."""
        with self.desk.room.reading() as reader:
            book = LookupBook(reader.store, reader.keys, self.desk.room.active)
            look = book.granted(_id(request), visitor.token, self.desk.room.now())
        if look is None:
            return self.desk.go(request, HERE, done="lookup")
        try:
            done = self.desk.room.ask(
                visitor, "open case", record=look.record or 0, clause=first(sent, "clause")
            )
        except (Refused, BadUse) as error:
            return self._page(request, visitor, problem_of(error))
        return self.desk.go(request, f"/cases/{done['case']}")


def _meant(found: list[Found], number: str) -> Found | None:
    """Which of several things is meant: the only one, or the one that a form names."""
    if len(found) == 1:
        return found[0]
    named = [each for each in found if key(each) == number]
    return named[0] if named else None


def key(found: Found) -> str:
    """By what a form names something that was found."""
    about = (found.platform, found.name) if found.record is None else (str(found.record),)
    return "/".join((found.kind, *about))


def _id(request: PageRequest) -> str:
    return str(request.path_params["id"])[:60]
