"""The staff page: who runs the community, and what each may do. For admins, and only while they
have shown within minutes who they are.

A one-time link is shown on the answer to the form that made it, and nowhere again. This module must
never show how somebody comes in.
"""

from __future__ import annotations

from ombud.entrance import Refused, Visitor
from ombud.errors import BadUse
from ombud.rules.vocabulary import ACTIONS
from ombud.staff.people import NAME_LENGTH_MAX
from ombud.staff.roles import PERMISSIONS, ROLES
from ombud.web.console import chat
from ombud.web.console.desk import (
    Desk,
    Page,
    PageRequest,
    Problem,
    chosen,
    host,
    problem_of,
)
from ombud.web.forms import Fields, first, number

CHANGES = ("roles", "suspended", "restored", "removed", "unbound")
NAME_SHOWN_MAX = 2 * NAME_LENGTH_MAX


class MembersPage:
    """The staff page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.entrance = desk.entrance

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change, "staff")

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        link: str = "",
        whose: str = "",
        wanted: Fields | None = None,
    ) -> Page:
        sent = wanted or {}
        return self.desk.show(
            request,
            "staff.html",
            visitor,
            here="/staff",
            problem=problem,
            members=self.entrance.members(),
            chats=chat.accounts(self.desk.room),
            roles=ROLES,
            permissions=PERMISSIONS,
            actions=tuple(ACTIONS),
            link=link,
            whose=whose,
            name=first(sent, "name")[:NAME_SHOWN_MAX],
            ticked=chosen(sent, "role", ROLES),
            queues=first(sent, "queues")[:2000],
            ticked_actions=chosen(sent, "action", ACTIONS),
        )

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do, who = first(sent, "do"), first(sent, "who")
        token = -1 if (asked := number(who)) is None else asked
        try:
            if do == "added":
                return self._added(request, visitor, sent)
            if do == "link":
                path = self.entrance.change(visitor, "link", token)
                whose = next((n for t, n, _ in self.entrance.members() if t == token), "")
                link = self._address(request, path)
                return self._page(request, visitor, link=link, whose=whose)
            if do not in CHANGES:
                return self.desk.error(request, 400)
            given = _given(sent) if do == "roles" else {}
            self.entrance.change(visitor, do, token, **given)
        except (Refused, BadUse) as error:
            kept = sent if do == "added" else None
            return self._page(request, visitor, problem_of(error), wanted=kept)
        return self.desk.go(request, "/staff", done="staff unbound" if do == "unbound" else do)

    def _added(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        name = first(sent, "name")
        path = self.entrance.change(visitor, "added", name, **_given(sent))
        link = self._address(request, path)
        return self._page(request, visitor, link=link, whose=name)

    def _address(self, request: PageRequest, path: str | None) -> str:
        """Where a link leads, as it is handed over."""
        of = self.entrance.party(host(request))
        origin = of.origin if of is not None else f"http://{host(request)}"
        return origin + (path or "")


def _given(sent: Fields) -> dict[str, list[str]]:
    """Roles, queues (one a line) and actions of a form."""
    lines = first(sent, "queues").splitlines()
    return {
        "roles": chosen(sent, "role", ROLES),
        "queues": [line.strip() for line in lines if line.strip()],
        "actions": chosen(sent, "action", ACTIONS),
    }
