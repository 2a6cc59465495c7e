"""Blacking out what exposes somebody: a number or an address in a post that stands in a case.

Two steps: how the text will read, then for good, by who has shown within minutes who they are. This
module must never show a post that stands in no case of those somebody may work on.
"""

from __future__ import annotations

from ombud import blacking
from ombud.blacking import Exposing
from ombud.casebook import TEXT_LENGTH_MAX
from ombud.entrance import Refused, Visitor
from ombud.errors import BadUse
from ombud.redacted import LENGTH_MAX, WORDS_MAX
from ombud.review.case import APPEALS
from ombud.staff.roles import may
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first, number

HERE = "/black-out"
PERMISSION = "blackout"
SENT_MAX = 2 * WORDS_MAX * LENGTH_MAX  # characters of a form's words that are shown again


class BlackoutPage:
    """The page of a record that exposes somebody."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change, PERMISSION)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        sent: Fields | None = None,
        preview: str = "",
    ) -> Page:
        found = self._found(request, visitor)
        if found is None:
            return self.desk.error(request, 404)
        return self.desk.show(
            request,
            "blackout.html",
            visitor,
            problem=problem,
            here=f"{HERE}/{_asked(request)}",
            found=found,
            text=found.text[:TEXT_LENGTH_MAX],
            back=_back(found),
            words=first(sent or {}, "words")[:SENT_MAX],
            preview=preview[:TEXT_LENGTH_MAX],
            most=WORDS_MAX,
        )

    def _found(self, request: PageRequest, visitor: Visitor) -> Exposing | None:
        """The record that is asked for, if it stands in a case that somebody may work on."""
        with self.desk.room.reading() as reader:
            found = blacking.exposing(reader.store, reader.keys, _asked(request))
        if found is None:
            return None
        theirs = any(
            may(visitor.member, "appeals" if queue == APPEALS else "cases", queue=queue)
            for _, queue in found.cases
        )
        return found if theirs else None

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        found = self._found(request, visitor)
        if found is None:
            return self.desk.error(request, 404)
        words = [each.strip() for each in first(sent, "words").splitlines() if each.strip()]
        try:
            if first(sent, "do") == "look":
                text = blacking.without(found.text, words)
                if text == found.text:
                    raise BadUse("U261", "record", record=found.record)
                return self._page(request, visitor, sent=sent, preview=text)
            if first(sent, "do") != "for good":
                return self.desk.error(request, 400)
            if not visitor.fresh:
                return self._page(request, visitor, Problem("fresh"), sent=sent)
            self.desk.room.ask(visitor, "black out", record=found.record, words=words)
        except (Refused, BadUse) as error:
            return self._page(request, visitor, problem_of(error), sent=sent)
        return self.desk.go(request, f"{HERE}/{_asked(request)}", done="blacked out")


def _asked(request: PageRequest) -> int:
    """Which record is asked for; 0 for none."""
    return number(str(request.path_params["record"])) or 0


def _back(found: Exposing) -> str:
    """The page of the case it stands in."""
    case, queue = found.cases[0]
    return "/appeals" if queue == APPEALS else f"/cases/{case}"
