"""What all pages of the staff have: who asks, what a form sent, cookies, refusals, looks.

A form is taken from a page of ours alone: browsers say where it came from (Sec-Fetch-Site, Origin),
and where somebody is in it carries the token of their session besides. This module must never send
anybody to an address that is not one of ours.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode, urlsplit

from litestar import Request, Response
from litestar.concurrency import sync_to_thread

from ombud import demands
from ombud.clock import SECOND
from ombud.controls import entitled
from ombud.entrance import Entered, Entrance, Refused, Visitor, right_form
from ombud.errors import BadUse, OmbudError
from ombud.i18n import SPOKEN
from ombud.sign_on import GOOD as AWAY
from ombud.sign_on import SignOn
from ombud.staff import people
from ombud.staff.credentials import ABSOLUTE, TOKEN_LENGTH_MAX
from ombud.staff.passwords import LENGTH_MAX, LENGTH_MIN
from ombud.staffroom import StaffRoom
from ombud.web import forms
from ombud.web.console import care
from ombud.web.console.morning import Morning
from ombud.web.console.places import open_to
from ombud.web.forms import Fields, first
from ombud.web.site import HTML, Site, query
from ombud.web.words import TEXTS

HOME = "/me"  # where somebody is sent who did not say where to
WORK = "/cases"  # and where who decides cases begins
KNOWN_SECONDS = 180 * 24 * 3600  # for so long a browser stays known
FIELDS_MAX = 200
# Codes of what needs its person to show again who they are.
NOT_FRESH = frozenset({entitled.NOT_FRESH, demands.NOT_FRESH})
STATUSES = {
    "wait": 429,
    "crowded": 503,
    "link": 404,
    "may not": 403,
    "fresh": 403,
    "openid away": 503,
}
_BROWSERS = (
    ("Edge", "Edg/"),
    ("Opera", "OPR/"),
    ("Samsung Internet", "SamsungBrowser/"),
    ("Firefox", "Firefox/"),
    ("Chrome", "Chrome/"),
    ("Safari", "Safari/"),
)
_OURS = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){1,4}")  # a path of ours, no query
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?")

logger = logging.getLogger("ombud.web.pages")

PageRequest = Request[Any, Any, Any]
Page = Response[bytes]
Answer = Callable[[PageRequest, Fields], Page]
Shown = Callable[[PageRequest, Visitor], Page]
Taken = Callable[[PageRequest, Visitor, Fields], Page]


class Problem(NamedTuple):
    """Why something was not done: the word that texts are found by, and seconds to wait."""

    kind: str
    wait: int = 0


def problem_of(error: Refused | BadUse) -> Problem:
    """What to tell of a refusal. Raises what pages have no text for: no form leads to it."""
    if isinstance(error, Refused):
        return Problem(error.kind, math.ceil(error.wait))
    if error.code in NOT_FRESH:
        return Problem("fresh")
    if f"problem.{error.code}.what" not in TEXTS:
        raise error
    return Problem(error.code)


def told_of(error: Refused | OmbudError) -> Problem:
    """The same of whatever the engine refuses."""
    if isinstance(error, Refused | BadUse):
        return problem_of(error)
    if f"problem.{error.code}.what" not in TEXTS:
        raise error
    return Problem(error.code)


class Names:
    """How people of the staff write their names, by the names that are kept; read when first
    asked for.
    """

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._shown: dict[str, str] | None = None

    def __call__(self, name: str | None) -> str:
        """The name as its person writes it; whoever is gone stays as they were called."""
        if self._shown is None:
            shown = (each for _, each, _ in self._entrance.members() if each)
            self._shown = {people.called(each): each for each in shown}
        return self._shown.get(name or "", name or "")


class Desk:
    """What the pages of the staff share."""

    def __init__(
        self, site: Site, entrance: Entrance, room: StaffRoom, error: Callable[..., Page]
    ) -> None:
        self.site = site
        self.entrance = entrance
        self.room = room
        self.morning = Morning(room)
        self.sign_on = SignOn(entrance)
        self.error = error

    def close(self) -> None:
        """Let go of what pages read with, and of the provider."""
        self.room.close()
        self.sign_on.close()

    # --- who asks ---------------------------------------------------------------------------------

    def _cookie(self, name: str) -> str:
        return f"__Host-{name}" if self.entrance.secure else name

    def visitor(self, request: PageRequest) -> Visitor | None:
        """Who asks, if they are in."""
        return self.entrance.visitor(self.session_cookie(request))

    def session_cookie(self, request: PageRequest) -> str:
        """The token of the session that a browser sent."""
        return request.cookies.get(self._cookie("ombud"), "")[:TOKEN_LENGTH_MAX]

    def known_cookie(self, request: PageRequest) -> str:
        """By what the browser says it is known."""
        return request.cookies.get(self._cookie("ombud-known"), "")

    def enter(self, page: Page, entered: Entered) -> Page:
        """Give a browser what it needs to come again."""
        self._give(page, "ombud", entered.cookie, ABSOLUTE // SECOND)
        self._give(page, "ombud-known", entered.known, KNOWN_SECONDS)
        return page

    def errand_cookie(self, request: PageRequest) -> str:
        """What a browser left for the provider with."""
        return request.cookies.get(self._cookie("ombud-openid"), "")

    def send_off(self, page: Page, cookie: str) -> Page:
        """Give a browser what it must bring back from the provider; nothing: take it back. It comes
        along on the way back, which begins on another site.
        """
        self._give(page, "ombud-openid", cookie, AWAY // SECOND if cookie else 0, "lax")
        return page

    def leave(self, page: Page) -> Page:
        """Take the session's cookie back."""
        self._give(page, "ombud", "", 0)
        return page

    def _give(
        self,
        page: Page,
        name: str,
        value: str,
        seconds: int,
        samesite: Literal["strict", "lax"] = "strict",
    ) -> None:
        page.set_cookie(
            self._cookie(name),
            value,
            max_age=seconds,
            path="/",
            secure=self.entrance.secure,
            httponly=True,
            samesite=samesite,
        )

    # --- what was sent ----------------------------------------------------------------------------

    async def either(
        self, request: PageRequest, shown: Callable[[PageRequest], Page], answer: Answer
    ) -> Page:
        """Show a page, or take the form that is on it; on another thread, since both read files.
        One handler has both: Litestar cannot run a second one for the same address on a thread.
        """
        if request.method == "POST":
            return await self.take(request, answer)
        return await sync_to_thread(shown, request)

    async def page(
        self, request: PageRequest, shown: Shown, taken: Taken, permission: str = ""
    ) -> Page:
        """A page of somebody who is in and may do something, or the form that is on it, with the
        token of their session; all others get the page that says where they stand.
        """

        def look(request: PageRequest) -> Page:
            visitor = self.let_in(request, permission)
            return shown(request, visitor) if isinstance(visitor, Visitor) else visitor

        def answer(request: PageRequest, sent: Fields) -> Page:
            visitor = self.taken(request, sent, permission)
            return taken(request, visitor, sent) if isinstance(visitor, Visitor) else visitor

        return await self.either(request, look, answer)

    async def take(self, request: PageRequest, answer: Answer) -> Page:
        """Read a form and have it answered on another thread: hashing takes its time."""
        if not from_here(request):
            return self.error(request, 403)
        if not forms.is_form(request.headers.get("content-type", "")):
            return self.error(request, 415)
        sent = forms.fields(await request.body(), FIELDS_MAX)
        if sent is None:
            return self.error(request, 400)
        return await sync_to_thread(answer, request, sent)

    def taken(self, request: PageRequest, sent: Fields, permission: str = "") -> Visitor | Page:
        """Who sent a form and may do something, or the page that says why it was not taken."""
        visitor = self.visitor(request)
        if visitor is None:
            return self.go(request, "/login")
        if not right_form(visitor, first(sent, "form")):
            return self.error(request, 403)
        if permission and not visitor.may(permission):
            return self.error(request, 403, "may not")
        return visitor

    def let_in(self, request: PageRequest, permission: str = "") -> Visitor | Page:
        """Who asks for a page, if they are in and may do something; else the page to send."""
        visitor = self.visitor(request)
        if visitor is None:
            return self.go(request, "/login")
        if permission and not visitor.may(permission):
            return self.error(request, 403, "may not")
        return visitor

    # --- what is shown ----------------------------------------------------------------------------

    def language(self, request: PageRequest, visitor: Visitor | None = None) -> str:
        """The language to answer in."""
        return self.site.language(request, visitor.account.lang if visitor else None)

    def show(
        self,
        request: PageRequest,
        template: str,
        visitor: Visitor | None = None,
        *,
        problem: Problem | None = None,
        script: bool = False,
        **values: Any,
    ) -> Page:
        """A page. Of the address only what is ours is taken into it."""
        asked = query(request.scope)
        done = asked.get("done", "")
        status = STATUSES.get(problem.kind, 422) if problem else 200
        page = self.site.respond(
            template,
            self.language(request, visitor),
            status=status,
            script=script,
            referrer="same-origin",
            openid=self.sign_on.offered,
            here=values.pop("here"),
            languages=self.site.languages(),
            visitor=visitor,
            person=Names(self.entrance),
            places=open_to(visitor.may) if visitor else (),
            theme=visitor.account.theme if visitor else "",
            **care.of(self.room, visitor),
            clock_ahead=self.room.clock_ahead if visitor else 0,
            replaced=self.room.replaced if visitor and visitor.may("keys") else [],
            problem=problem,
            done=done if f"done.{done}" in TEXTS and problem is None else "",
            next=place(asked.get("next", "")),
            asked=f"?lang={asked_language(request)}" if asked_language(request) else "",
            **{"least": LENGTH_MIN, "most": LENGTH_MAX, **values},
        )
        if problem is not None and problem.wait:
            page.headers["retry-after"] = str(problem.wait)
        return page

    def go(self, request: PageRequest, to: str, *, keep: bool = True, **said: str) -> Page:
        """Send a browser on, with `keep` in the language that the address asks for."""
        if keep and asked_language(request):
            said["lang"] = asked_language(request)
        location = f"{to}?{urlencode(said)}" if said else to
        return Response(b"", status_code=303, media_type=HTML, headers={"location": location})


def home(visitor: Visitor | None) -> str:
    """Where somebody begins: with the cases, where they decide any, else on their own page."""
    return WORK if visitor is not None and visitor.may("cases") else HOME


def asked_language(request: PageRequest) -> str:
    """The language that the address itself asks for, if any."""
    asked = query(request.scope).get("lang", "")
    return asked if asked in SPOKEN else ""


def place(asked: str) -> str:
    """Where to send somebody: to a page of ours, whatever was asked for."""
    return asked if _OURS.fullmatch(asked) else HOME


def from_here(request: PageRequest) -> bool:
    """Whether a form was sent from a page of ours, as the browser says. One that says nothing is
    none that anybody uses today.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    try:
        return bool(origin) and urlsplit(origin).netloc == host(request)
    except ValueError:
        return False


def host(request: PageRequest) -> str:
    """The host and port that a browser asked for; empty where that is none."""
    sent = str(request.headers.get("host", ""))
    return sent if _HOST.fullmatch(sent) else ""


def browser(request: PageRequest) -> str:
    """The family of a browser; empty where it is none of the known ones."""
    agent = request.headers.get("user-agent", "")[:500]
    return next((name for name, mark in _BROWSERS if mark in agent), "")


def chosen(sent: Fields, name: str, known: Mapping[str, Any]) -> list[str]:
    """Which of known values were ticked."""
    ticked = set(sent.get(name, ()))
    return [each for each in known if each in ticked]
