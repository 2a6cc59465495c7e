"""Logging in and out, the first account, one-time links, showing again who one is.

Which part of a name and password was wrong is never told. Opening a link changes nothing: it is
used up by the form behind it. This module must never write a password back into a page.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar.params import FromPath

from ombud.entrance import FRESH_MINUTES, Refused, Visitor
from ombud.errors import BadUse
from ombud.staff.people import NAME_LENGTH_MAX
from ombud.web.console.desk import (
    Desk,
    Page,
    PageRequest,
    Problem,
    browser,
    home,
    host,
    place,
    problem_of,
)
from ombud.web.forms import Fields, first

NAME_SHOWN_MAX = 2 * NAME_LENGTH_MAX  # of a name that could not be taken


class ComingIn:
    """The pages before and around a session."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.entrance = desk.entrance

    # --- logging in -------------------------------------------------------------------------------

    async def login(self, request: PageRequest) -> Page:
        """Come in by name and password, or by a passkey."""
        return await self.desk.either(request, self._show_login, self._log_in)

    def _show_login(self, request: PageRequest) -> Page:
        visitor = self.desk.visitor(request)
        if visitor is not None:
            return self.desk.go(request, home(visitor))
        return self._login(request)

    def _login(self, request: PageRequest, problem: Problem | None = None, name: str = "") -> Page:
        of = self.entrance.party(host(request))
        return self.desk.show(
            request,
            "login.html",
            here="/login",
            problem=problem,
            script=of is not None,
            name=name[:NAME_SHOWN_MAX],
            empty=self.entrance.empty,
            options=None if of is None else self.entrance.ask_passkey(of),
        )

    def _log_in(self, request: PageRequest, sent: Fields) -> Page:
        name, answer = first(sent, "name"), first(sent, "credential")
        of = self.entrance.party(host(request))
        try:
            if answer and of is not None:
                entered = self.entrance.log_in_by_passkey(of, answer, browser(request))
            else:
                known, password = self.desk.known_cookie(request), first(sent, "password")
                entered = self.entrance.log_in(name, password, browser(request), known)
        except Refused as error:
            return self._login(request, problem_of(error), name)
        to = home(self.entrance.visitor(entered.cookie))
        return self.desk.enter(self.desk.go(request, to), entered)

    async def log_out(self, request: PageRequest) -> Page:
        """Log out."""
        return await self.desk.take(request, self._log_out)

    def _log_out(self, request: PageRequest, sent: Fields) -> Page:
        visitor = self.desk.taken(request, sent)
        if not isinstance(visitor, Visitor):
            return visitor
        self.entrance.leave(visitor)
        return self.desk.leave(self.desk.go(request, "/login", done="left"))

    # --- the first account, and one-time links ----------------------------------------------------

    async def start(self, request: PageRequest, link: FromPath[str]) -> Page:
        """Make the first account."""

        def shown(request: PageRequest) -> Page:
            if not self.entrance.first_link_opens(link):
                return self.desk.error(request, 404, "link")
            return self._start(request, link)

        def answer(request: PageRequest, sent: Fields) -> Page:
            name, password = first(sent, "name"), first(sent, "password")
            try:
                made = self.entrance.make_first(link, name, password, browser(request))
            except (Refused, BadUse) as error:
                found = problem_of(error)
                if found.kind == "link":
                    return self.desk.error(request, 404, "link")
                return self._start(request, link, found, name)
            return self.desk.enter(self.desk.go(request, "/me", done="first"), made)

        return await self.desk.either(request, shown, answer)

    def _start(
        self, request: PageRequest, link: str, problem: Problem | None = None, name: str = ""
    ) -> Page:
        here = f"/start/{quote(link, safe='')}"
        shown = name[:NAME_SHOWN_MAX]
        return self._newcomer(request, here, problem, name=shown, account=None)

    async def link(self, request: PageRequest, link: FromPath[str]) -> Page:
        """Choose a password by one's one-time link, and come in."""

        def shown(request: PageRequest) -> Page:
            return self._link(request, link)

        def answer(request: PageRequest, sent: Fields) -> Page:
            try:
                made = self.entrance.use_link(link, first(sent, "password"), browser(request))
            except Refused as error:
                return self._link(request, link, problem_of(error))
            return self.desk.enter(self.desk.go(request, "/me"), made)

        return await self.desk.either(request, shown, answer)

    def _link(self, request: PageRequest, link: str, problem: Problem | None = None) -> Page:
        account = self.entrance.link_of(link)
        if account is None:
            return self.desk.error(request, 404, "link")
        here = f"/link/{quote(link, safe='')}"
        return self._newcomer(request, here, problem, name=account.shown, account=account)

    def _newcomer(
        self, request: PageRequest, here: str, problem: Problem | None, **values: Any
    ) -> Page:
        link = here.rpartition("/")[2]
        return self.desk.show(
            request, "newcomer.html", here=here, problem=problem, link=link, **values
        )

    # --- showing again who one is -----------------------------------------------------------------

    async def fresh(self, request: PageRequest) -> Page:
        """Show again who one is."""
        return await self.desk.either(request, self._show_fresh, self._prove)

    def _show_fresh(self, request: PageRequest) -> Page:
        visitor = self.desk.let_in(request)
        return self._fresh(request, visitor) if isinstance(visitor, Visitor) else visitor

    def _fresh(
        self, request: PageRequest, visitor: Visitor, problem: Problem | None = None
    ) -> Page:
        of = self.entrance.party(host(request))
        options = None if of is None else self.entrance.ask_proof(visitor, of)
        return self.desk.show(
            request,
            "fresh.html",
            visitor,
            here="/fresh",
            problem=problem,
            script=options is not None,
            options=options,
            bound=self.desk.sign_on.bound(visitor),
            minutes=FRESH_MINUTES,
        )

    def _prove(self, request: PageRequest, sent: Fields) -> Page:
        visitor = self.desk.taken(request, sent)
        if not isinstance(visitor, Visitor):
            return visitor
        answer, of = first(sent, "credential"), self.entrance.party(host(request))
        try:
            if answer and of is not None:
                self.entrance.prove_by_passkey(visitor, of, answer)
            else:
                known = self.desk.known_cookie(request)
                self.entrance.prove_by_password(visitor, first(sent, "password"), known)
        except Refused as error:
            return self._fresh(request, visitor, problem_of(error))
        return self.desk.go(request, place(first(sent, "next")), done="proven")
