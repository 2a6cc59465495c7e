"""Erasing an account: what will be gone, what stays and why, and then, typed out, that it shall be.

Looking is a form too, and nothing of whom it is about stands in an address, where it would outlive
them in browsers and logs. Erasing needs its person to have shown within minutes who they are, and
to type the account once more: what cannot be taken back is no second click. This module must never
show what an account wrote.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from ombud.entrance import Refused, Visitor
from ombud.errors import OmbudError
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, told_of
from ombud.web.forms import Fields, first

TYPED_LENGTH_MAX = 500


class ErasurePage:
    """The page of erasure."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._taken, "erasure")

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        sent: Fields | None = None,
        found: dict[str, Any] | None = None,
    ) -> Page:
        platform, account = _named(sent or {})
        with self.desk.room.reading() as reader:
            platforms = reader.platforms()
        return self.desk.show(
            request,
            "erasure.html",
            visitor,
            here="/erasure",
            problem=problem,
            platform=platform,
            account=account,
            platforms=platforms,
            found=found,
        )

    def _taken(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do = first(sent, "do")
        if do not in ("look", "erase"):
            return self.desk.error(request, 400)
        platform, account = _named(sent)
        found = None
        try:
            with self.desk.room.reading() as reader:
                found = reader.erasable(platform, account)
            if do == "erase":
                return self._erased(request, visitor, sent)
        except (Refused, OmbudError) as error:
            return self._page(request, visitor, told_of(error), sent=sent, found=found)
        return self._page(request, visitor, sent=sent, found=found)

    def _erased(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        platform, account = _named(sent)
        if not visitor.fresh:
            raise Refused("fresh")
        typed = unicodedata.normalize("NFC", first(sent, "typed")).strip()
        if typed != unicodedata.normalize("NFC", account):
            raise Refused("typed")
        self.desk.room.ask(visitor, "erase", platform=platform, account=account)
        return self.desk.go(request, "/erasure", done="erased")


def _named(sent: Fields) -> tuple[str, str]:
    """Platform and account of a form, as the platform writes them."""
    platform, account = (first(sent, name).strip() for name in ("platform", "account"))
    return platform[:TYPED_LENGTH_MAX], account[:TYPED_LENGTH_MAX]
