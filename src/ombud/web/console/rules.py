"""The rules' pages: all rules with mode, clause and licence; one rule with its text, who stands
behind it, its certificate; its history, from which an earlier version is put in force again.

Everybody on the staff may read; each form is for who may do that. What a licence allows is told in
words. This module must never say of a rule what is not in force.
"""

from __future__ import annotations

from typing import Any

from ombud import config, rulefiles, rulehistory, rulestanding, rulewriting
from ombud.entrance import Visitor
from ombud.errors import BadRules, BadUse
from ombud.gate import LEVELS, level_of
from ombud.rules import highlight
from ombud.rules.parse import NAME
from ombud.rules.vocabulary import MODES
from ombud.staff import people
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first, number
from ombud.web.site import query

HERE = "/rules"
LABELLERS_MAX = 20
HISTORY_SHOWN = 50
# What a form asks for: what its person must be allowed to do.
NEEDS = {
    "mode": "rules",
    "renew": "approval",
    "approve": "approval",
    "begin labelling": "rules",
    "stop labelling": "rules",
}
DONE = {
    "renew": "rule renewed",
    "approve": "rule approved",
    "begin labelling": "labelling begun",
    "stop labelling": "labelling stopped",
}


class RulesPage:
    """The rules' pages."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # --- all rules --------------------------------------------------------------------------------

    def listed(self, request: PageRequest) -> Page:
        """All rules."""
        visitor = self.desk.let_in(request)
        if not isinstance(visitor, Visitor):
            return visitor
        room = self.desk.room
        active, now = room.active, room.now()
        with room.reading() as reader:
            certified = reader.labelling().register.licences()
            found = rulestanding.all_of(active, certified, reader.keys, now)
        drafts = rulestanding.drafts(config.read(room.engine.folder), active)
        return self.desk.show(
            request,
            "rules.html",
            visitor,
            here=HERE,
            rules=found,
            drafts=drafts,
            names=self._names(),
        )

    def _names(self) -> dict[str, str]:
        """How people of the staff write their names, by the names that are kept."""
        shown = (each for _, each, _ in self.desk.entrance.members() if each)
        return {people.called(each): each for each in shown}

    # --- one rule ---------------------------------------------------------------------------------

    async def one(self, request: PageRequest) -> Page:
        """One rule, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change)

    def _page(self, request: PageRequest, visitor: Visitor, problem: Problem | None = None) -> Page:
        name, room = name_of(request), self.desk.room
        text, shown = rulewriting.text_of(room.engine.folder, name) if name else ("", "")
        with room.reading() as reader:
            labelling = reader.labelling()
            certified = labelling.register.licences()
            active, now = room.active, room.now()
            rule = rulestanding.one(active, certified, reader.keys, now, name)
            earned = labelling.show(now, name) if rule else None
        if rule is None and not text:
            return self.desk.error(request, 404)
        if rule is None:
            drafts = rulestanding.drafts(config.read(room.engine.folder), active)
            rule = next(each for each in drafts if each["name"] == name)
        in_force = _in_force(active, name)
        return self.desk.show(
            request,
            "rule.html",
            visitor,
            problem=problem,
            here=f"{HERE}/{name}",
            rule=rule,
            draft="version" not in rule,
            lines=highlight.lines(in_force or text),
            differs=bool(in_force) and text != in_force,
            shown=shown,
            modes=[each for each in MODES if each != rule["mode"]],
            earned=earned,
            levels=[each for each in LEVELS if _level(rule)],
            names=self._names(),
            me=visitor.token,
        )

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do, name = first(sent, "do"), name_of(request)
        if do not in NEEDS or not name:
            return self.desk.error(request, 400)
        if not visitor.may(NEEDS[do]):
            return self.desk.error(request, 403, "may not")
        try:
            done = self._do(visitor, do, name, sent)
        except (BadUse, BadRules) as error:
            return self._page(request, visitor, told(error))
        return self.desk.go(request, f"{HERE}/{name}", done=done)

    def _do(self, visitor: Visitor, do: str, name: str, sent: Fields) -> str:
        """Have done what a form asks for; by what word that is told."""
        room = self.desk.room
        if do == "mode":
            mode, shown = first(sent, "mode"), first(sent, "shown")
            room.ask(visitor, "rule mode", rule=name, mode=mode, shown=shown)
            return f"rule {mode}"
        if do == "approve":
            room.ask(visitor, do, rule=name, version=first(sent, "version")[:100])
        elif do == "begin labelling":
            level = first(sent, "level")
            labellers = [each[:200] for each in sent.get("labeller", ())][:LABELLERS_MAX]
            asked = int(level) if level in map(str, LEVELS) else None
            room.ask(visitor, do, rule=name, labellers=labellers, level=asked)
        else:
            room.ask(visitor, do, rule=name)
        return DONE[do]

    # --- its history ------------------------------------------------------------------------------

    async def history(self, request: PageRequest) -> Page:
        """The versions of a rule that were in force, and one of them beside the one before."""
        return await self.desk.page(request, self._versions, self._restore)

    def _versions(
        self, request: PageRequest, visitor: Visitor, problem: Problem | None = None
    ) -> Page:
        name, room = name_of(request), self.desk.room
        with room.reading() as reader:
            found = rulehistory.of(reader.store, reader.keys, name) if name else []
        if not found:
            return self.desk.error(request, 404)
        asked = query(request.scope).get("version", "")
        at = next((n for n, each in enumerate(found) if str(each.seq) == asked), 0)
        before = next((each for each in found[at + 1 :] if each.text), None)
        chosen = found[at]
        changes = rulehistory.changes(before.text, chosen.text) if before else None
        return self.desk.show(
            request,
            "rule_history.html",
            visitor,
            problem=problem,
            here=f"{HERE}/{name}/history",
            name=name,
            names=self._names(),
            versions=found[:HISTORY_SHOWN],
            more=len(found) - HISTORY_SHOWN,
            chosen=chosen,
            newest=at == 0,
            before=before,
            changes=changes,
            lines=highlight.lines(chosen.text),
            shown=rulewriting.text_of(room.engine.folder, name)[1],
        )

    def _restore(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        if not visitor.may("rules"):
            return self.desk.error(request, 403, "may not")
        name, seq = name_of(request), number(first(sent, "seq"))
        if not name or seq is None:
            return self.desk.error(request, 400)
        try:
            shown = first(sent, "shown")
            self.desk.room.ask(visitor, "restore rule", rule=name, seq=seq, shown=shown)
        except (BadUse, BadRules) as error:
            return self._versions(request, visitor, told(error))
        return self.desk.go(request, f"{HERE}/{name}", done="rule restored")


def name_of(request: PageRequest) -> str:
    """Which rule is asked for; empty for what can be none's name."""
    name = str(request.path_params["name"])
    return name if NAME.fullmatch(name) else ""


def told(error: BadUse | BadRules) -> Problem:
    """What to tell of a refusal; of errors in a text, that there are some."""
    return Problem("rule errors") if isinstance(error, BadRules) else problem_of(error)


def _in_force(active: Any, name: str) -> str:
    """A rule's text as it was activated; empty where it is not in force."""
    if name not in active.names:
        return ""
    texts = active.payload["sources"]["rules"].values()
    return next((each for each in texts if rulefiles.called(each) == name), "")


def _level(rule: Any) -> int:
    """What a certificate would have to prove of a rule, in permille; 0 where none would help."""
    return level_of(each["action"] for each in rule.get("asks", ()))
