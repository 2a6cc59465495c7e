"""Duty, emergency and standing orders: what people have said holds for the whole community, or for
one campaign, for some time.

Beginning an emergency is one button, and it ends by itself. An order is given from its case; here
are those that were given, and one button ends one, another takes back what was done under it. This
module must never begin anything that has no end.
"""

from __future__ import annotations

from ombud.clock import HOUR
from ombud.controls.state import STATES
from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.gate.standing_order import ORDERABLE
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first
from ombud.web.site import query

HERE = "/orders"
HOURS = (1, 3, 6, 8, 12, 24)  # for how long something can be begun here
ORDERS_MAX = 100  # that are shown, newest first
ID_MAX = 100


class OrdersPage:
    """The page of states and standing orders."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.room = desk.room

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change)

    def _page(
        self, request: PageRequest, visitor: Visitor, problem: Problem | None = None, case: str = ""
    ) -> Page:
        now = max(self.room.now(), self.room.engine.writer.pipeline.recv)
        case = case or query(request.scope).get("case", "")
        with self.room.reading() as reader:
            states = {name: reader.state(name, now) for name in STATES}
            orders = reader.orders(now)
        return self.desk.show(
            request,
            "orders.html",
            visitor,
            here=HERE,
            problem=problem,
            states=states,
            usual={name: each.usual // HOUR for name, each in STATES.items()},
            orders=orders[:ORDERS_MAX],
            more=max(len(orders) - ORDERS_MAX, 0),
            hours=HOURS,
            actions=ORDERABLE,
            case=case[:ID_MAX],
        )

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do = first(sent, "do")
        hours = first(sent, "hours")
        length = int(hours) * HOUR if hours in map(str, HOURS) else None
        try:
            if do in ("begin duty", "begin emergency", "end duty", "end emergency"):
                begins, name = do.startswith("begin"), do.partition(" ")[2]
                self.room.ask(visitor, name, begins=begins, length=length if begins else None)
                return self.desk.go(request, HERE, done=f"{name}.{'begun' if begins else 'ended'}")
            if do == "give":
                asked = {"case": _case(sent), "action": first(sent, "action"), "length": length}
                self.room.ask(visitor, "give order", **asked)
                return self.desk.go(request, HERE, done="order.given")
            if do in ("end", "undo"):
                order = first(sent, "order")[:ID_MAX]
                self.room.ask(visitor, "end order", order=order, undo=do == "undo")
                return self.desk.go(request, HERE, done=f"order.{do}")
        except BadUse as error:
            problem = problem_of(error)
            return self._page(request, visitor, problem, first(sent, "case"))
        return self.desk.error(request, 400)


def _case(sent: Fields) -> str:
    """The id of a case, from its id or its address."""
    told = first(sent, "case").strip().partition("?")[0].rstrip("/")
    return told.rpartition("/")[2][:ID_MAX]
