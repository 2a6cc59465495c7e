"""Second looks: something that was judged, for somebody else to judge who is not told so much as
that; and how far people agree, for whoever answers for their work.

Whose judgements are compared is told to that person alone. This module must never show how
something was judged before it is answered, nor afterwards.
"""

from __future__ import annotations

from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.lookbook import BEHIND, PEOPLE_MIN, Lookbook
from ombud.looks import ANSWERS
from ombud.review.agreement import ENOUGH
from ombud.review.drawing import GOLDEN, SHARES, USUAL
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first

HERE = "/looks"
PERMISSION = "cases"
FIGURES = "/quality"
MAY_SEE_FIGURES = "quality"
ID_LENGTH_MAX = 60


class LooksPage:
    """The page of second looks, and the one of figures."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """What somebody has to look at, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._taken, PERMISSION)

    def _page(self, request: PageRequest, visitor: Visitor, problem: Problem | None = None) -> Page:
        now = self.desk.room.engine.now()
        with self.desk.room.reading() as reader:
            book = Lookbook(reader.store, reader.keys)
            held, own = book.held(visitor.token, now), book.own(visitor.token, now)
        return self.desk.show(
            request,
            "looks.html",
            visitor,
            here=HERE,
            problem=problem,
            look=held,
            own=own,
            answers=ANSWERS,
            days=BEHIND // (24 * 3600 * 1_000_000),
        )

    def _taken(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do, room = first(sent, "do"), self.desk.room
        if do not in ("next", "answer"):
            return self.desk.error(request, 400)
        try:
            if do == "answer":
                look, said = first(sent, "look")[:ID_LENGTH_MAX], first(sent, "said")
                room.ask(visitor, "answer look", look=look, said=said)
            found = room.ask(visitor, "next look")["look"]
        except BadUse as error:
            return self._page(request, visitor, problem_of(error))
        if do == "answer":
            return self.desk.go(request, HERE, done="looked" if found else "looked.last")
        if found:
            return self.desk.go(request, HERE)
        return self.desk.go(request, HERE, done="looks.none")

    def figures(self, request: PageRequest) -> Page:
        """How far people agree."""
        visitor = self.desk.let_in(request, MAY_SEE_FIGURES)
        if not isinstance(visitor, Visitor):
            return visitor
        now = self.desk.room.engine.now()
        with self.desk.room.reading() as reader:
            parts, gold = Lookbook(reader.store, reader.keys).figures(now)
        return self.desk.show(
            request,
            "quality.html",
            visitor,
            here=FIGURES,
            parts=parts,
            gold=gold,
            enough=ENOUGH,
            people=PEOPLE_MIN,
            days=BEHIND // (24 * 3600 * 1_000_000),
            usual=f"{USUAL / 10:g}",
            severe=f"{max(SHARES.values()) / 10:g}",
            severest=sorted(SHARES),
            golden=f"{GOLDEN / 10:g}",
            percent=percent,
        )


def percent(share: float) -> str:
    """A share from 0 to 1 as a whole percentage."""
    return f"{share * 100:.0f}"
