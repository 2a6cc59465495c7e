"""The pages by which somebody finds what was decided about them, whether a message reached them or
not: how to ask from their own account, and the list that the answer's link opens.

Nothing is typed in here, so nothing can be asked here about anybody else: whoever has no link sees
the same page, whatever is known of whom. A GET changes nothing. The token of a link must never
reach a log or an error's text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from ombud.web import forms
from ombud.web.site import READ, Site, query

PARTS_MAX = 999_999
HERE = "/statements"

PageRequest = Request[Any, Any, Any]
Page = Response[bytes]


class StatementsPages:
    """How to ask, and the list. `error` shows what is wrong, by status and kind."""

    def __init__(self, site: Site, error: Callable[[PageRequest, int, str], Page]) -> None:
        self.site = site
        self.error = error

    def how(self, request: PageRequest) -> Page:
        """How somebody finds what was decided about them; the same for everybody."""
        return self.site.respond(
            "statements.html",
            self.site.language(request),
            here=HERE,
            languages=self.site.languages(),
            ways=self.site.community.ways(),
        )

    def listed(self, request: PageRequest, token: FromPath[str]) -> Page:
        """The pages of whoever the link was given to."""
        part = forms.number(query(request.scope).get("part", "1"), PARTS_MAX) or 1
        found = self.site.community.statement_list(token, part)
        if found is None:
            return self.error(request, 404, "statements")
        return self.site.respond(
            "statement_list.html",
            self.site.language(request),
            here=f"{HERE}/{quote(token, safe='')}",
            languages=self.site.languages(),
            found=found,
        )

    def routes(self) -> Sequence[HTTPRouteHandler]:
        """Where they are."""
        return (
            route(HERE, http_method=READ, sync_to_thread=True)(self.how),
            route(HERE + "/{token:str}", http_method=READ, sync_to_thread=True)(self.listed),
        )
