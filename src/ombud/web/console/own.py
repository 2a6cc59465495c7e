"""One's own page: where one is in, passkeys, password, language and theme, and how one is spared.

What lets somebody else in by another way (a passkey, a password) needs its person to have shown
within minutes who they are; what only shuts doors (ending sessions) never does. This module must
never show or change anybody else's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from ombud.entrance import LOOKS, Refused, Visitor
from ombud.errors import BadUse
from ombud.i18n import SPOKEN
from ombud.staff import passkeys
from ombud.staff.care import PAUSE_MAX, SPARABLE
from ombud.web.console import care, chat
from ombud.web.console.desk import HOME, Desk, Page, PageRequest, Problem, home, host, problem_of
from ombud.web.forms import Fields, first

Act = Callable[[PageRequest, Visitor, Fields], Page]

NEEDS_FRESH = frozenset({"password", "passkey", "drop", "unbind", "chat"})


class Own:
    """Somebody's own page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.entrance = desk.entrance

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        code: str = "",
    ) -> Page:
        of = self.entrance.party(host(request))
        options = None
        if of is not None and visitor.fresh:
            site = self.desk.site.community.name()
            options = self.entrance.ask_new_passkey(visitor, of, site)
        return self.desk.show(
            request,
            "own.html",
            visitor,
            here="/me",
            problem=problem,
            script=options is not None,
            options=options,
            possible=of is not None,
            sessions=self.entrance.sessions(visitor),
            passkeys=self.entrance.passkeys(visitor),
            bound=self.desk.sign_on.bound(visitor),
            shown_id=passkeys.shown_id,
            looks=LOOKS,
            name_most=passkeys.NAME_LENGTH_MAX,
            sparable=SPARABLE,
            pause_most=PAUSE_MAX,
            seen=care.seen(self.desk.room, visitor),
            digest=self._digest(request, visitor),
            chat=chat.of(self.desk.room, visitor),
            **chat.shown(code),
        )

    def _digest(self, request: PageRequest, visitor: Visitor) -> tuple[str, ...]:
        """The morning's lines, for whom this is the page that they begin at."""
        if home(visitor) != HOME:
            return ()
        return self.desk.morning.lines(self.desk.language(request, visitor))

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do = first(sent, "do")
        act = self._acts().get(do)
        if act is None:
            return self.desk.error(request, 400)
        try:
            if do in NEEDS_FRESH and not visitor.fresh:
                raise Refused("fresh")
            return act(request, visitor, sent)
        except (Refused, BadUse) as error:
            return self._page(request, visitor, problem_of(error))

    def _acts(self) -> Mapping[str, Act]:
        return {
            "look": self._look,
            "care": self._care,
            "password": self._password,
            "passkey": self._passkey,
            "drop": self._drop,
            "end": self._end,
            "others": self._others,
            "unbind": self._unbind,
            "chat": self._chat,
            "unbound": self._unbound,
        }

    def _back(self, request: PageRequest, done: str) -> Page:
        return self.desk.go(request, "/me", done=done)

    def _look(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        lang = first(sent, "lang")
        kept = lang if lang in SPOKEN else ""
        self.entrance.set_look(visitor, kept, first(sent, "theme"))
        return self.desk.go(request, "/me", keep=False, done="look")  # what was chosen counts

    def _care(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        care.keep(self.desk.room, visitor, sent)
        return self._back(request, "care")

    def _password(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        self.entrance.set_password(visitor, first(sent, "password"))
        return self._back(request, "password")

    def _passkey(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        of = self.entrance.party(host(request))
        if of is None:
            raise Refused("passkey")
        name = unicodedata.normalize("NFC", first(sent, "name")).strip()
        answer = first(sent, "credential")
        self.entrance.add_passkey(visitor, of, answer, name[: passkeys.NAME_LENGTH_MAX])
        return self._back(request, "passkey")

    def _drop(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        self.entrance.drop_passkey(visitor, passkeys.id_of(first(sent, "passkey")))
        return self._back(request, "dropped")

    def _end(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        self.entrance.end(visitor, first(sent, "session"))
        return self._back(request, "ended")

    def _others(self, request: PageRequest, visitor: Visitor, _: Fields) -> Page:
        self.entrance.end_others(visitor)
        return self._back(request, "others")

    def _unbind(self, request: PageRequest, visitor: Visitor, _: Fields) -> Page:
        self.desk.sign_on.unbind(visitor)
        return self._back(request, "unbound")

    def _chat(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        return self._page(request, visitor, code=chat.ask(self.desk.room, visitor, sent))

    def _unbound(self, request: PageRequest, visitor: Visitor, _: Fields) -> Page:
        chat.let_go(self.desk.room, visitor)
        return self._back(request, "unbound chat")
