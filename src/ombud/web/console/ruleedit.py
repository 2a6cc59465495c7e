"""Where a rule is written: checked as `ombud rules check` does, tried on the past as `ombud replay
--rules` does, and saved, which puts it in force in the name of who wrote it.

A plain form; with a script the check runs while one types, by the same form. This module must never
save what a check refuses.
"""

from __future__ import annotations

from typing import Any

from ombud import rulefiles, rulewriting
from ombud.clock import DAY
from ombud.entrance import Visitor
from ombud.errors import BadRules, BadUse
from ombud.rules.diagnostic import ERROR, Diagnostic, excerpt
from ombud.rules.lex import FILE_BYTES_MAX
from ombud.trying import DONE, RUNNING, Run
from ombud.web.console.desk import Desk, Page, PageRequest, Problem
from ombud.web.console.rules import HERE, name_of, told
from ombud.web.forms import Fields, first

PERMISSION = "rules"
SPANS = (7, 30, 90, 365)  # days of the past that a rule is tried on
LOOK_SECONDS = 2.0  # so long a page waits for a run before it says how far it is
SAMPLE_SHOWN = 20
SKELETON = """rule name-of-the-rule
  "What it is there for, in one sentence."

for     post
clause  spam.links
mode    watch

when
  text contains "words to look for"

then
  alert "what a person should look at"

should catch "what it is made for"
  text  "here are words to look for"

should pass "what it must leave alone"
  text  "something else"
"""


class RuleEdit:
    """The editor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def new(self, request: PageRequest) -> Page:
        """A new rule."""
        return await self.desk.either(request, self._begin, self._take_new)

    async def edit(self, request: PageRequest) -> Page:
        """A rule that is there."""
        return await self.desk.either(request, self._open, self._take)

    def _begin(self, request: PageRequest) -> Page:
        visitor = self.desk.let_in(request, PERMISSION)
        if not isinstance(visitor, Visitor):
            return visitor
        return self._page(request, visitor, "", SKELETON, "")

    def _open(self, request: PageRequest) -> Page:
        visitor = self.desk.let_in(request, PERMISSION)
        if not isinstance(visitor, Visitor):
            return visitor
        name = name_of(request)
        text, shown = rulewriting.text_of(self.desk.room.engine.folder, name) if name else ("", "")
        if not text:
            return self.desk.error(request, 404)
        return self._page(request, visitor, name, text, shown)

    def _take_new(self, request: PageRequest, sent: Fields) -> Page:
        return self._done(request, sent, "")

    def _take(self, request: PageRequest, sent: Fields) -> Page:
        name = name_of(request)
        return self._done(request, sent, name) if name else self.desk.error(request, 404)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        name: str,
        text: str,
        shown: str,
        problem: Problem | None = None,
        **more: Any,
    ) -> Page:
        values = {"checked": None, "run": None, "days": SPANS[1], **more}
        return self.desk.show(
            request,
            "rule_edit.html",
            visitor,
            problem=problem,
            script=True,
            here=f"{HERE}/{name}/edit" if name else f"{HERE}/new",
            name=name,
            text=text,
            shown=shown,
            spans=SPANS,
            excerpt=excerpt,
            limit=FILE_BYTES_MAX,
            sample_most=SAMPLE_SHOWN,
            **values,
        )

    # --- what the form asks for -------------------------------------------------------------------

    def _done(self, request: PageRequest, sent: Fields, name: str) -> Page:
        visitor = self.desk.taken(request, sent, PERMISSION)
        if not isinstance(visitor, Visitor):
            return visitor
        text = first(sent, "text").replace("\r\n", "\n")
        shown, do = first(sent, "shown")[:100], first(sent, "do")
        days = next((each for each in SPANS if str(each) == first(sent, "days")), SPANS[1])
        more: dict[str, Any] = {"days": days}
        problem = None
        try:
            more["checked"] = self._checked(name, text)
            wrong = any(each.severity == ERROR for each in more["checked"])
            if wrong and do != "check":
                problem = Problem("rule errors")
            elif do == "save":
                done = self.desk.room.ask(visitor, "write rule", rule=name, text=text, shown=shown)
                said = "rule saved" if done["activated"] else "rule kept"
                return self.desk.go(request, f"{HERE}/{done['rule']}", done=said)
            elif do in ("try", "look"):
                more["run"] = self._tried(visitor, do, text, days, first(sent, "run"))
                problem = _of_run(more["run"])
            elif do != "check":
                return self.desk.error(request, 400)
        except (BadUse, BadRules) as error:
            problem = told(error)
        return self._page(
            request, visitor, name, text[: 2 * FILE_BYTES_MAX], shown, problem, **more
        )

    def _checked(self, name: str, text: str) -> list[Diagnostic]:
        return rulewriting.checked(self.desk.room.engine.folder, name, text)

    def _tried(self, visitor: Visitor, do: str, text: str, days: int, run: str) -> Run | None:
        """A run that has just begun, or one that goes on."""
        trying, who = self.desk.room.trying, visitor.token
        if do == "try":
            since = self.desk.room.now() - days * DAY
            run = trying.begin(who, visitor.account.shown, text, since).id
        found = trying.of(who, run, LOOK_SECONDS)
        return found if found is None or found.rule == rulefiles.called(text) else None


def _of_run(run: Run | None) -> Problem | None:
    """Why a run came to nothing, if it did."""
    if run is None:
        return Problem("run gone")
    if run.state in (RUNNING, DONE):
        return None
    if run.problem is None:
        return Problem("run gone")
    if isinstance(run.problem, BadUse | BadRules):
        return told(run.problem)
    raise run.problem
