"""Demands from outside: the register of the staff, the form that enters one, and one demand with
what is done about it.

Nothing goes out from here. Who answers an authority does so themselves, and says here what they
answered; whom it concerns is told by the notices of what people decide. This module must never
offer to hand anything over.
"""

from __future__ import annotations

from typing import Any

from ombud.controls.demand import ASKS, ITEMS_MAX, KINDS, LENGTHS, OUTCOMES
from ombud.demandbook import LATEST
from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.ids import encodable
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first, number
from ombud.web.site import query

HERE = "/demands"
PERMISSION = "demands"
ID_LENGTH_MAX = 60
STEPS = {"confirm": "confirm demand", "answer": "answer demand", "secret": "keep demand secret"}
TEXTS = ("who", "kind", "country", "basis", "words", "reference", "clause", "asks")
TIMES = ("received", "deadline", "secret_until")
KEPT = (*TEXTS, *TIMES, "secret_why", "binding", "items")


class DemandsPage:
    """The register and one demand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.room = desk.room

    async def all(self, request: PageRequest) -> Page:
        """The register, and the form that enters a demand."""
        return await self.desk.page(request, self._all, self._added, PERMISSION)

    async def one(self, request: PageRequest) -> Page:
        """One demand, and what its forms ask for."""
        return await self.desk.page(request, self._one, self._step, PERMISSION)

    def _all(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        sent: Fields | None = None,
    ) -> Page:
        before = number(query(request.scope).get("before", "")) or LATEST
        with self.room.reading() as reader:
            found, more = reader.demands().page(self.room.now(), before)
            clauses = reader.demands().clauses()
        return self.desk.show(
            request,
            "demands.html",
            visitor,
            here=HERE,
            problem=problem,
            demands=found,
            more=more,
            kinds=KINDS,
            asks=ASKS,
            lengths=LENGTHS,
            items_max=ITEMS_MAX,
            clauses=clauses,
            sent={name: first(sent or {}, name) for name in KEPT},
            opened=problem is not None,
        )

    def _added(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        told: dict[str, Any] = {name: first(sent, name).strip() for name in (*TEXTS, *TIMES)}
        told["items"] = [line for line in first(sent, "items").splitlines() if line.strip()]
        told["binding"] = first(sent, "binding") == "yes"
        told["secret_why"] = first(sent, "secret_why")
        try:
            made = self.room.ask(visitor, "add demand", **told)
        except BadUse as error:
            return self._all(request, visitor, problem_of(error), sent)
        return self.desk.go(request, f"{HERE}/{made['demand']}", done="demand.added")

    def _one(self, request: PageRequest, visitor: Visitor, problem: Problem | None = None) -> Page:
        try:
            with self.room.reading() as reader:
                found = reader.demands().show(_id(request), self.room.now())
        except BadUse:
            return self.desk.error(request, 404)
        return self.desk.show(
            request,
            "demand.html",
            visitor,
            here=f"{HERE}/{found['id']}",
            problem=problem,
            demand=found,
            outcomes=OUTCOMES,
            lengths=LENGTHS,
        )

    def _step(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do = first(sent, "do")
        if do not in STEPS:
            return self.desk.error(request, 400)
        asked = {name: first(sent, name) for name in ("why", "outcome", "until")}
        try:
            self.room.ask(visitor, STEPS[do], demand=_id(request), **asked)
        except BadUse as error:
            return self._one(request, visitor, problem_of(error))
        return self.desk.go(request, f"{HERE}/{_id(request)}", done=f"demand.{do}")


def _id(request: PageRequest) -> str:
    """Which demand is asked for."""
    return encodable(str(request.path_params["id"]))[:ID_LENGTH_MAX]
