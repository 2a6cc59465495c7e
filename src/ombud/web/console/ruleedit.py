"""Where a rule is written: checked as `ombud rules check` does, tried on the past as `ombud replay
--rules` does, and saved, which puts it in force in the name of who wrote it.

A plain form; with a script the check runs while one types, by the same form. This module must never
save what a check refuses.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ombud import rulefiles, rulesketch, rulewriting
from ombud.clock import DAY
from ombud.entrance import Visitor
from ombud.errors import BadRules, BadUse
from ombud.review import case as cases
from ombud.rules.diagnostic import ERROR, Diagnostic, excerpt
from ombud.rules.lex import FILE_BYTES_MAX
from ombud.trying import DONE, RUNNING, Run
from ombud.web.console.cases import may_see
from ombud.web.console.desk import Desk, Page, PageRequest, Problem
from ombud.web.console.rules import HERE, name_of, told
from ombud.web.forms import Fields, first
from ombud.web.site import query

PERMISSION = "rules"
SPANS = (7, 30, 90, 365)  # days of the past that a rule is tried on
LOOK_SECONDS = 2.0  # so long a page waits for a run before it says how far it is
SAMPLE_SHOWN = 20
LINES_MAX = 10
LOOKED_AT_MAX = 200  # records of a case whose posts are offered
ID_LENGTH_MAX = 100
LINE_LENGTH_MAX = 2000
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


class Chosen(NamedTuple):
    """A case's posts to choose from: each with its record, and why it stands apart, if it does."""

    case: str
    clause: str
    posts: tuple[tuple[int, str | None, rulesketch.Post], ...]


class RuleEdit:
    """The editor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def new(self, request: PageRequest) -> Page:
        """A new rule."""
        return await self.desk.page(request, self._begin, self._take_new, PERMISSION)

    async def edit(self, request: PageRequest) -> Page:
        """A rule that is there."""
        return await self.desk.page(request, self._open, self._take, PERMISSION)

    def _begin(self, request: PageRequest, visitor: Visitor) -> Page:
        case = query(request.scope).get("from", "")
        if case:
            return self._choose(request, visitor, case)
        return self._page(request, visitor, "", SKELETON, "")

    # --- from posts of a case ---------------------------------------------------------------------

    def _choose(
        self, request: PageRequest, visitor: Visitor, case: str, problem: Problem | None = None
    ) -> Page:
        """The posts of a case, to choose those that a rule should catch."""
        found = self._posts(visitor, case)
        if found is None:
            return self.desk.error(request, 403, "may not")
        return self.desk.show(
            request,
            "rule_posts.html",
            visitor,
            problem=problem,
            here=f"{HERE}/new",
            case=found.case,
            posts=found.posts,
            most=rulesketch.POSTS_MAX,
        )

    def _posts(self, visitor: Visitor, id_: str) -> Chosen | None:
        """The posts of a case that have a text; None for who may not look at it, or for none."""
        with self.desk.room.casefile() as file:
            book = file.book
            try:
                found = cases.find(book.store, id_[:ID_LENGTH_MAX])
            except BadUse:
                return None
            if not may_see(visitor, found.queue):
                return None
            posts: list[tuple[int, str | None, rulesketch.Post]] = []
            for each in cases.subjects(book.store, found.id)[:LOOKED_AT_MAX]:
                seen = book.observed(each.record)
                text = None if seen is None else seen.event.data.text
                if seen is not None and text and len(posts) < rulesketch.POSTS_MAX:
                    posts.append((each.record, each.apart, rulesketch.Post(text, seen.kind)))
        return Chosen(found.id, found.clause, tuple(posts))

    def _sketch(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        """A text from the posts that were chosen, to go on with."""
        case, ticked = first(sent, "from"), set(sent.get("record", ()))
        found = self._posts(visitor, case)
        if found is None:
            return self.desk.error(request, 403, "may not")
        posts = [post for record, _, post in found.posts if str(record) in ticked]
        taken = set(self.desk.room.active.written)
        try:
            made = rulesketch.sketch(
                posts, found.clause, taken, lambda text: self._checked("", text)
            )
        except BadUse as error:
            return self._choose(request, visitor, case, told(error))
        if made is None:
            return self._choose(request, visitor, case, Problem("nothing common"))
        more: dict[str, Any] = {"lines": made.lines, "checked": self._checked("", made.text)}
        return self._page(request, visitor, "", made.text, "", **more)

    def _open(self, request: PageRequest, visitor: Visitor) -> Page:
        name = name_of(request)
        text, shown = rulewriting.text_of(self.desk.room.engine.folder, name) if name else ("", "")
        if not text:
            return self.desk.error(request, 404)
        return self._page(request, visitor, name, text, shown)

    def _take_new(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        return self._done(request, visitor, sent, "")

    def _take(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        name = name_of(request)
        return self._done(request, visitor, sent, name) if name else self.desk.error(request, 404)

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
        values = {"checked": None, "run": None, "days": SPANS[1], "lines": (), **more}
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

    def _done(self, request: PageRequest, visitor: Visitor, sent: Fields, name: str) -> Page:
        text = first(sent, "text").replace("\r\n", "\n")
        shown, do = first(sent, "shown")[:100], first(sent, "do")
        days = next((each for each in SPANS if str(each) == first(sent, "days")), SPANS[1])
        if do == "sketch" and not name:
            return self._sketch(request, visitor, sent)
        lines = [each[:LINE_LENGTH_MAX] for each in sent.get("line", ())][:LINES_MAX]
        more: dict[str, Any] = {"days": days, "lines": lines}
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
                more["run"] = self._tried(visitor, do, text, days, first(sent, "run"), lines)
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

    def _tried(
        self, visitor: Visitor, do: str, text: str, days: int, run: str, lines: list[str]
    ) -> Run | None:
        """A run that has just begun, or one that goes on."""
        trying, who = self.desk.room.trying, visitor.token
        if do == "try":
            since = self.desk.room.now() - days * DAY
            beside = rulesketch.alone(text, lines)
            run = trying.begin(who, visitor.account.shown, text, since, beside).id
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
