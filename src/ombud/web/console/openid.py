"""Leaving for the OpenID provider, and coming back.

Leaving is a form, as everything that does something is. Its answer is a page that goes on to the
provider by itself, and has a link besides: a redirect would be held to the addresses to which forms
may lead. The way back is the one GET that does something: it is taken once, and only from the
browser that has left. Its answer is a page too, since what other sites lead to is sent without the
cookie of the session. This module must never tell who returns why they were not let in.
"""

from __future__ import annotations

from typing import Any

from litestar.concurrency import sync_to_thread

from ombud.entrance import Refused, Visitor
from ombud.sign_on import Back, Errand, Gone
from ombud.web.console.desk import (
    Desk,
    Page,
    PageRequest,
    Problem,
    browser,
    host,
    place,
    problem_of,
)
from ombud.web.forms import Fields, first
from ombud.web.site import query

DONE = {"proof": "proven", "bind": "bound"}  # what is told on the page that somebody goes on to


class ByProvider:
    """The pages around the provider."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sign_on = desk.sign_on

    async def leave(self, request: PageRequest) -> Page:
        """Leave for the provider."""
        return await self.desk.take(request, self._leave)

    def _leave(self, request: PageRequest, sent: Fields) -> Page:
        do, to = first(sent, "do"), place(first(sent, "next"))
        try:
            if do == "in":
                return self._gone(request, self._left("in", request, "", to))
            if do == "link":
                link = first(sent, "link")
                if self.desk.entrance.link_of(link) is None:
                    return self.desk.error(request, 404, "link")
                return self._gone(request, self._left("link", request, link, to))
            if do not in ("proof", "bind"):
                return self.desk.error(request, 400)
            visitor = self.desk.taken(request, sent)
            if not isinstance(visitor, Visitor):
                return visitor
            if do == "bind" and not visitor.fresh:
                raise Refused("fresh")
            errand: Errand = "bind" if do == "bind" else "proof"
            return self._gone(request, self._left(errand, request, visitor.session.id, to))
        except Refused as error:
            return self._show(request, problem=problem_of(error))

    def _left(self, errand: Errand, request: PageRequest, about: str, to: str) -> Gone:
        return self.sign_on.leave(errand, self._address(request), about=about, to=to)

    def _gone(self, request: PageRequest, gone: Gone) -> Page:
        return self.desk.send_off(self._show(request, to=gone.url, leaving=True), gone.cookie)

    async def back(self, request: PageRequest) -> Page:
        """Come back from the provider."""
        return await sync_to_thread(self._back, request)

    def _back(self, request: PageRequest) -> Page:
        cookie, answer = self.desk.errand_cookie(request), query(request.scope)
        try:
            done = self.sign_on.returned(cookie, answer, self._address(request), browser(request))
        except Refused as error:
            page = self._show(request, problem=problem_of(error))
        else:
            page = self._on(request, done)
        return self.desk.send_off(page, "")

    def _on(self, request: PageRequest, done: Back) -> Page:
        """On to the page that was wanted."""
        told = DONE.get(done.errand, "")
        to = place(done.next) + (f"?done={told}" if told else "")
        page = self._show(request, to=to)
        return page if done.entered is None else self.desk.enter(page, done.entered)

    def _show(self, request: PageRequest, *, problem: Problem | None = None, **values: Any) -> Page:
        shown = {"to": "", "leaving": False, **values}
        page = self.desk.show(request, "openid.html", here="/login", problem=problem, **shown)
        page.headers["cache-control"] = "no-store"
        return page

    def _address(self, request: PageRequest) -> str:
        """Where the provider sends people back to, as it knows it."""
        of = self.desk.entrance.party(host(request))
        origin = of.origin if of is not None else f"http://{host(request)}"
        return f"{origin}/openid/back"
