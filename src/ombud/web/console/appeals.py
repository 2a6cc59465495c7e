"""The appeals: which wait for whom and how long, and one with all that it takes to decide it.

Whoever looks is told before they try whether they may decide it, and can read before they send what
its person will read, in each language. This module must never decide who may: the engine refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud import clock, replies
from ombud.appealbook import BESIDE_MAX, COUNTED_MAX, AppealBook
from ombud.appeals import APPEAL_LENGTH_MAX, worded
from ombud.clock import HOUR
from ombud.controls import programs
from ombud.entrance import Refused, Visitor
from ombud.errors import BadUse
from ombud.i18n import SPOKEN
from ombud.review.choices import TEXT_LENGTH_MAX
from ombud.staff import people
from ombud.staff.roles import Member, may
from ombud.web import words
from ombud.web.console import keys
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.console.replies import choose_reply, offered
from ombud.web.forms import Fields, first, number
from ombud.web.site import query

HERE = "/appeals"
PERMISSION = "appeals"
# As the form sends it and the command line calls it, and as it is recorded.
OUTCOMES = {"uphold": "upheld", "partial": "partial", "reverse": "reversed", "omit": "omitted"}
ID_LENGTH_MAX = 60
HOURS_MAX = 999_999


class AppealsPage:
    """The list of appeals, and the page of one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # --- the list ---------------------------------------------------------------------------------

    def listed(self, request: PageRequest) -> Page:
        """The appeals that wait, or those that were decided."""
        visitor = self.desk.let_in(request, PERMISSION)
        if not isinstance(visitor, Visitor):
            return visitor
        asked = query(request.scope)
        decided, after = asked.get("state") == "decided", asked.get("after", "")[:ID_LENGTH_MAX]
        lang, now = self.desk.language(request, visitor), self.desk.room.now()
        with self.desk.room.reading() as reader:
            book = AppealBook(reader.store, reader.keys, self.desk.room.active)
            shown = book.ended if decided else book.waiting
            lines, more = shown(after, now, lang)
            overdue = book.overdue(now)
        return self.desk.show(
            request,
            "appeals.html",
            visitor,
            here=HERE,
            lines=lines,
            more=more,
            decided=decided,
            overdue=overdue,
            most=COUNTED_MAX,
            first=not after,
            **keys.shown(self.desk.room, visitor),
        )

    # --- one appeal -------------------------------------------------------------------------------

    async def one(self, request: PageRequest) -> Page:
        """One appeal, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change, PERMISSION)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        sent: Fields | None = None,
        preview: bool = False,
    ) -> Page:
        id_, lang, now = _id(request), self.desk.language(request, visitor), self.desk.room.now()
        told = _told(sent or {})
        canned = self._canned(request, told, lang, sent)
        with self.desk.room.reading() as reader:
            book = AppealBook(reader.store, reader.keys, self.desk.room.active)
            try:
                found = book.shown(id_, visitor.token, now, lang)
            except BadUse:
                return self.desk.error(request, 404)
            # which rooms are moderated can change without a new configuration
            matrix = self.desk.room.engine.settings.matrix
            out_of_reach = programs.out_of_reach(reader.store, matrix, found["decision"])
            previews = self._previews(book, found, told, now) if preview else []
        narrowed = not may(visitor.member, PERMISSION, action=found["action"])
        ticked = set((sent or {}).get("other", ())) if sent is not None else None
        return self.desk.show(
            request,
            "appeal.html",
            visitor,
            problem=problem,
            here=f"{HERE}/{id_}",
            appeal=found,
            narrowed=narrowed,
            out_of_reach=out_of_reach,
            outcomes=[
                name
                for name, kept in OUTCOMES.items()
                if kept in found["may"].outcomes and not narrowed
            ],
            told=told,
            **canned,
            previews=previews,
            ticked={
                each["id"]
                for each in found["beside"]
                if (each["apart"] is None if ticked is None else each["id"] in ticked)
            },
            names={people.called(shown): shown for _, shown, _ in self._members()},
            spoken=SPOKEN,
            language_name=words.LANGUAGE_NAMES,
            limit=APPEAL_LENGTH_MAX,
            label_limit=TEXT_LENGTH_MAX,
            beside_most=BESIDE_MAX,
            **keys.shown(self.desk.room, visitor),
        )

    def _canned(
        self, request: PageRequest, told: dict[str, Any], lang: str, sent: Fields | None
    ) -> dict[str, Any]:
        """The canned replies; where one was chosen, what it says is what stands in the form."""
        canned = replies.read(self.desk.room.engine.folder)
        chosen = query(request.scope).get("reply", "") if sent is None else first(sent, "reply")
        if sent is None or first(sent, "do") == "reply":
            told["said"] |= choose_reply(canned, chosen)
        return {"replies": offered(canned, lang), "refused": canned.refused, "reply": chosen}

    def _members(self) -> list[tuple[int, str, Member]]:
        """Everybody of the staff who has a name to be shown."""
        return [each for each in self.desk.entrance.members() if each[1]]

    def _previews(
        self, book: AppealBook, found: Mapping[str, Any], told: Mapping[str, Any], now: int
    ) -> list[dict[str, Any]]:
        """In each language: the message, and what then stands on the page of its person."""
        outcome = OUTCOMES.get(told["outcome"], "")
        same = bool(told["alone"]) and found["may"].kind == "alone"
        community = self.desk.site.community.name()
        shown = []
        for lang in SPOKEN:
            reason = outcome or "answer"
            subject, text = book.message(found["id"], reason, community, lang, same=same)
            role = words.named("role", "appeals reviewer", lang)
            moment = words.moment(clock.rfc3339(now), lang)
            shown.append(
                {
                    "lang": lang,
                    "theirs": lang == found["lang"],
                    "subject": subject,
                    "text": text,
                    "state": words.named("appeals", outcome or "open", lang),
                    "by": words.say("appeals.staff", lang, time=moment, role=role),
                    "said": words.choose(told["said"], lang),
                }
            )
        return sorted(shown, key=lambda each: not each["theirs"])

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do, told = first(sent, "do"), _told(sent)
        if do == "reply":
            return self._page(request, visitor, sent=sent)
        try:
            said = worded(told["said"])
        except BadUse as error:
            problem = problem_of(error) if error.code == "U332" else Problem("appeal long")
            return self._page(request, visitor, problem, sent=sent)
        if do == "preview":
            return self._page(request, visitor, sent=sent, preview=True)
        try:
            if do == "answer":
                self.desk.room.ask(visitor, "answer appeal", appeal=_id(request), text=said)
                return self._back(request, "answered")
            if do != "decide":
                return self.desk.error(request, 400)
            if told["outcome"] not in OUTCOMES:
                return self._page(request, visitor, Problem("appeal nothing"), sent=sent)
            if told["outcome"] == "partial" and not told["act"]:
                return self._page(request, visitor, Problem("appeal milder"), sent=sent)
            self._decide(request, visitor, sent, told, said)
        except (Refused, BadUse) as error:
            return self._page(request, visitor, problem_of(error), sent=sent)
        return self._back(request, OUTCOMES[told["outcome"]])

    def _decide(
        self,
        request: PageRequest,
        visitor: Visitor,
        sent: Fields,
        told: Mapping[str, Any],
        said: Mapping[str, str],
    ) -> None:
        others = [each[:ID_LENGTH_MAX] for each in sent.get("other", ())][:BESIDE_MAX]
        act = told["act"] if told["outcome"] == "partial" else None
        self.desk.room.ask(
            visitor,
            "decide appeals",
            appeals=[_id(request), *others],
            outcome=told["outcome"],
            act=act,
            text=said,
            alone=bool(told["alone"]),
        )

    def _back(self, request: PageRequest, done: str) -> Page:
        return self.desk.go(request, f"{HERE}/{_id(request)}", done=f"appeal {done}")


def _id(request: PageRequest) -> str:
    """Which appeal is asked for."""
    return str(request.path_params["id"])[:ID_LENGTH_MAX]


def _told(sent: Fields) -> dict[str, Any]:
    """What a form says, or an empty one."""
    said = {lang: first(sent, f"text-{lang}") for lang in SPOKEN}
    action, _, target = first(sent, "act").partition(" on ")
    hours, label = first(sent, "hours").strip(), first(sent, "label").strip()
    length = number(hours, HOURS_MAX)
    act = {
        "action": action,
        "on": target or None,
        "length": None if length is None else length * HOUR,
        "text": label or None,
    }
    return {
        "outcome": first(sent, "outcome"),
        "said": {lang: text for lang, text in said.items() if text.strip()},
        "act": act if action else None,
        "act_name": first(sent, "act"),
        "hours": "" if length is None else hours,
        "label": label[: 2 * TEXT_LENGTH_MAX],
        "alone": first(sent, "alone") == "yes",
    }
