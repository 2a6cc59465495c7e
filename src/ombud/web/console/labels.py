"""What somebody is to label, one item after the other: a post, the clause it is held against, and
three answers. Nothing on the page says what a rule made of it.

Who labels is named where labelling begins; the order, the mix and the week's budget are `gate`'s.
This module must never show whose item it was, or what became of it.
"""

from __future__ import annotations

from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.gate.sample import ANSWERS
from ombud.web.console import keys
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first

HERE = "/labels"
TEXT_SHOWN_MAX = 20_000  # characters of a post
LINKS_SHOWN_MAX = 50
ITEM_LENGTH_MAX = 100


class LabelsPage:
    """Where people label."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """The item that comes next, and the answer to it."""
        return await self.desk.page(request, self._page, self._answer)

    def _page(self, request: PageRequest, visitor: Visitor, problem: Problem | None = None) -> Page:
        now = self.desk.room.now()
        with self.desk.room.reading() as reader:
            labelling = reader.labelling()
            found = labelling.due(visitor.account.shown, now, limit=1)
            budget = labelling.register.most
        return self.desk.show(
            request,
            "labels.html",
            visitor,
            problem=problem,
            here=HERE,
            item=next(iter(found["items"]), None),
            waiting=found["waiting"],
            left=found["left"],
            budget=budget,
            answers=ANSWERS,
            **keys.shown(self.desk.room, visitor),
            text_most=TEXT_SHOWN_MAX,
            links_most=LINKS_SHOWN_MAX,
        )

    def _answer(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        item, said = first(sent, "item")[:ITEM_LENGTH_MAX], first(sent, "said")
        if said not in ANSWERS:
            return self.desk.error(request, 400)
        try:
            self.desk.room.ask(visitor, "label", item=item, said=said)
        except BadUse as error:
            return self._page(request, visitor, problem_of(error))
        return self.desk.go(request, HERE, done=f"label {said}")
