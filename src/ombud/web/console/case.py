"""One case: everything that somebody needs to judge it on one page, and one button for each
decision. After a decision the next case is taken and shown.

What a decision is about is worked out here from what the page showed: a record, or all that were
alike when it was shown. That somebody may decide it is held where it is carried out. This module
must never judge, and never take who decides from a form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar.params import FromPath

from ombud import casewords, chatrules, listwork, replies
from ombud.clock import DAY, HOUR
from ombud.controls.review import WHY_LENGTH_MAX
from ombud.entrance import Visitor
from ombud.errors import BadUse
from ombud.i18n import SPOKEN
from ombud.review import case as cases
from ombud.review import choices, rests
from ombud.review.case import Case
from ombud.review.choices import ACTS_MAX
from ombud.review.offers import Offer
from ombud.rules.vocabulary import ACTIONS
from ombud.staff import people, roles
from ombud.web.console import keys
from ombud.web.console.cases import HERE, may_see, onward, undoable
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.console.replies import choose_reply, offered
from ombud.web.forms import Fields, first, number
from ombud.web.site import query
from ombud.web.words import choose

Act = Callable[[PageRequest, Visitor, Case, Fields], Page]

LENGTHS: Mapping[str, int] = {
    "hour": HOUR,
    "4 hours": 4 * HOUR,
    "day": DAY,
    "3 days": 3 * DAY,
    "week": 7 * DAY,
    "month": 30 * DAY,
}
OUTCOMES = {"released": "release", "upheld": "uphold", "seen": "seen"}
TARGETS = ("this", "author", "room")
LISTS_SHOWN = 200


class CasePage:
    """One case."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.room = desk.room

    async def page(self, request: PageRequest, case: FromPath[str]) -> Page:
        """The page of a case, and what its forms ask for."""

        def shown(request: PageRequest, visitor: Visitor) -> Page:
            return self._page(request, visitor, case)

        def taken(request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
            return self._change(request, visitor, case, sent)

        return await self.desk.page(request, shown, taken)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        id_: str,
        problem: Problem | None = None,
        sent: Fields | None = None,
    ) -> Page:
        asked, lang = query(request.scope), self.desk.language(request, visitor)
        record, now = number(asked.get("record", "")), self.room.now()
        with self.room.casefile() as file:
            found = _found(file, id_)
            if found is None:
                return self.desk.error(request, 404)
            if not may_see(visitor, found.queue):
                return self.desk.error(request, 403, "may not")
            after = number(asked.get("after", "")) or 0
            told = file.opened(found, now, lang, record=record, after=after)
            undo = undoable(file, asked, visitor, now)
            if not record and not after:
                last = chatrules.last(file.book.store, found)
                self.room.engine.credentials.present.saw(visitor.token, found.id, last, now)
        holder = found.held(now)
        return self.desk.show(
            request,
            "case.html",
            visitor,
            here=f"{HERE}/{found.id}",
            problem=problem,
            case=told,
            record=record,
            yours=holder == visitor.token,
            me=people.called(visitor.account.shown),
            free=found.kept_by(now) in (None, visitor.token),
            undoable=undo,
            lengths=tuple(LENGTHS),
            **self._words(asked.get("reply", ""), lang, sent),
            colleagues=self._colleagues(found),
            listed_names=self._lists(visitor),
            **keys.shown(self.room, visitor),
        )

    def _words(self, reply: str, lang: str, sent: Fields | None) -> dict[str, Any]:
        """The words to the person: as they were typed, or of the reply that was chosen."""
        canned = replies.read(self.room.engine.folder)
        said = choose(choose_reply(canned, reply), lang)
        words = first(sent, "words") if sent else said.text if said else ""
        return {
            "replies": offered(canned, lang, WHY_LENGTH_MAX),
            "refused": canned.refused,
            "reply": reply if said else "",
            "words": words[: 2 * WHY_LENGTH_MAX],
            "rest": bool(sent and first(sent, "rest")),
            "may_rest": rests.KINDS,
            "rest_most": rests.MOST,
            "words_lang": first(sent, "words_lang") if sent else said.lang if said else lang,
        }

    def _colleagues(self, found: Case) -> list[str]:
        """Who could look at a case."""
        permission = "appeals" if found.queue == cases.APPEALS else "cases"
        return [
            name
            for _, name, member in self.desk.entrance.members()
            if roles.may(member, permission, queue=found.queue)
        ]

    # --- what a form asks for ---------------------------------------------------------------------

    def _change(self, request: PageRequest, visitor: Visitor, id_: str, sent: Fields) -> Page:
        do = first(sent, "do")
        act = self._acts().get(do)
        with self.room.casefile() as file:
            found = _found(file, id_)
        if act is None or found is None:
            return self.desk.error(request, 400 if found else 404)
        if not may_see(visitor, found.queue):
            return self.desk.error(request, 403, "may not")
        try:
            return act(request, visitor, found, sent)
        except BadUse as error:
            problem = problem_of(error)
            return self._page(request, visitor, found.id, problem, sent if do == "decide" else None)

    def _acts(self) -> Mapping[str, Act]:
        return {
            "claim": self._claim,
            "back": self._back,
            "next": self._next,
            "decide": self._decide,
            "undo": self._undo,
            "again": self._again,
            "confirm": self._confirm,
            "alone": self._alone,
            "note": self._note,
            "assign": self._assign,
            "snooze": self._snooze,
            "urge": self._urge,
            "split": self._split,
            "merge": self._merge,
            "list": self._list,
        }

    def _here(self, request: PageRequest, case: str, **said: Any) -> Page:
        return self.desk.go(request, f"{HERE}/{case}", **said)

    def _claim(self, request: PageRequest, visitor: Visitor, found: Case, _: Fields) -> Page:
        self.room.ask(visitor, "claim case", case=found.id)
        return self._here(request, found.id, done="claimed")

    def _back(self, request: PageRequest, visitor: Visitor, found: Case, _: Fields) -> Page:
        self.room.ask(visitor, "give case back", case=found.id)
        return self.desk.go(request, HERE, done="given back")

    def _next(self, request: PageRequest, visitor: Visitor, found: Case, _: Fields) -> Page:
        """Pass a case over: the next one behind it in the order, and this one is free again."""
        return self._onward(request, visitor, found, after=found.id)

    def _onward(
        self, request: PageRequest, visitor: Visitor, found: Case, after: str = "", **said: Any
    ) -> Page:
        """To the next case of this queue, which is taken; what one leaves, others can take."""
        taken = self.room.ask(visitor, "claim case", queue=found.queue, after=after)["case"]
        if after and taken != found.id and found.held(self.room.now()) == visitor.token:
            self.room.ask(visitor, "give case back", case=found.id)
        return onward(self.desk, request, taken, found.queue, **said)

    # --- deciding ---------------------------------------------------------------------------------

    def _decide(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        record, upto = number(first(sent, "record")), number(first(sent, "upto"))
        lang = self.desk.language(request, visitor)
        with self.room.casefile() as file:
            told = file.opened(found, self.room.now(), lang, record=record)
            records = file.records(found, record, upto or 0)
        wanted = first(sent, "offer")
        offer = _otherwise(sent) if wanted == "otherwise" else _offered(told["offers"], wanted)
        if offer is None or (told["waiting"] and not records):
            raise BadUse("U233", "case", case=found.id, why="it has changed", hint="Look again.")
        made = self.room.ask(
            visitor,
            "decide case",
            case=found.id,
            outcome=OUTCOMES[offer.outcome],
            acts=offer.asked(),
            records=records,
            why=_why(sent),
            proposal=first(sent, "proposal"),
            rest=offer.outcome == "released" and first(sent, "rest") == "yes",
        )
        return self._decided(request, visitor, found, offer.name, made)

    def _decided(
        self,
        request: PageRequest,
        visitor: Visitor,
        found: Case,
        done: str,
        made: Mapping[str, Any],
    ) -> Page:
        """On to what waits: the rest of this case, or the next one."""
        with self.room.casefile() as file:
            after = file.case(found.id)
        if made["proposed"]:
            return self._onward(request, visitor, after, after.id, done="proposed")
        said: dict[str, Any] = {"done": done, "undo": found.id}
        if after.closed is None:
            return self._here(request, found.id, **said)
        return self._onward(request, visitor, after, **said)

    def _undo(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        """Everything as before, and the case is looked at again; what was taken since is free."""
        self.room.ask(visitor, "undo case", case=found.id)
        self.room.ask(visitor, "claim case", case=found.id)
        at = first(sent, "at")
        with self.room.casefile() as file:
            since = _found(file, at) if at and at != found.id else None
        if since is not None and since.held(self.room.now()) == visitor.token:
            self.room.ask(visitor, "give case back", case=since.id)
        return self._here(request, found.id, done="taken back")

    def _again(self, request: PageRequest, visitor: Visitor, found: Case, _: Fields) -> Page:
        """Rules ask again about what somebody said they need not ask about."""
        self.room.ask(visitor, "ask about case", case=found.id)
        return self._here(request, found.id, done="asked again")

    def _confirm(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        """What somebody else proposed: that which the page showed, and nothing else."""
        seen = first(sent, "proposal")
        made = self.room.ask(visitor, "confirm case", case=found.id, proposal=seen)
        return self._decided(request, visitor, found, "confirmed", made)

    def _alone(self, request: PageRequest, visitor: Visitor, found: Case, _: Fields) -> Page:
        """What somebody proposed themselves, where there is nobody to confirm it."""
        with self.room.casefile() as file:
            told = file.proposal(found, self.room.now())
        if told is None or told["person"] != visitor.token:
            raise BadUse("U234", "case", case=found.id)
        wanted = told["told"]
        made = self.room.ask(
            visitor,
            "decide case",
            case=found.id,
            outcome=OUTCOMES[wanted["outcome"]],
            acts=wanted["acts"],
            records=wanted["records"],
            why=wanted["why"],
            alone=True,
        )
        return self._decided(request, visitor, found, "alone", made)

    # --- without deciding -------------------------------------------------------------------------

    def _note(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        lasts = LENGTHS.get(first(sent, "lasts"))
        self.room.ask(visitor, "note case", case=found.id, text=first(sent, "note"), lasts=lasts)
        return self._here(request, found.id, done="noted")

    def _assign(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        self.room.ask(visitor, "assign case", case=found.id, to=first(sent, "to"))
        return self._here(request, found.id, done="assigned")

    def _snooze(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        length = LENGTHS.get(first(sent, "until"))
        now = max(self.room.now(), self.room.engine.writer.pipeline.recv)
        until = None if length is None else now + length
        self.room.ask(visitor, "snooze case", case=found.id, until=until)
        return self._here(request, found.id, done="snoozed" if until else "woken")

    def _urge(self, request: PageRequest, visitor: Visitor, found: Case, _: Fields) -> Page:
        self.room.ask(visitor, "urge case", case=found.id)
        return self._here(request, found.id, done="urged")

    def _split(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        ticked = [number(each) or 0 for each in sent.get("record", ())]
        made = self.room.ask(visitor, "split case", case=found.id, records=ticked)
        return self._here(request, made["case"], done="split")

    def _lists(self, visitor: Visitor) -> list[str]:
        """The lists that somebody may add an entry to."""
        community = self.room.engine.writer.pipeline.community
        names = {*community.active.lists, *community.lists}
        return sorted(names)[:LISTS_SHOWN] if visitor.may("lists") else []

    def _list(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        """An entry of a list out of the post that is looked at; it begins on watch."""
        if not visitor.may("lists"):
            return self.desk.error(request, 403, "may not")
        what, _, chosen = first(sent, "entry").partition(" ")
        record = number(first(sent, "record")) or 0
        with self.room.casefile() as file:
            seen = file.seen(found, record)
        written = first(sent, "words") if what == casewords.WORDS else chosen
        term = casewords.term(seen, what, written)
        asked = {"change": "add", "name": first(sent, "list"), "term": term}
        more = {"source": casewords.source(found.id), "by": visitor.account.shown}
        listwork.change_list(self.room.engine, {**asked, **more}, b"")
        return self._here(request, found.id, done="list add")

    def _merge(self, request: PageRequest, visitor: Visitor, found: Case, sent: Fields) -> Page:
        into = first(sent, "into").strip().partition("?")[0].rstrip("/").rpartition("/")[2]
        self.room.ask(visitor, "merge case", case=found.id, into=into)
        return self._here(request, into, done="merged")


def _found(file: Any, id_: str) -> Case | None:
    try:
        case: Case = file.case(id_)
    except BadUse:
        return None
    return case


def _offered(offers: list[Offer], name: str) -> Offer | None:
    return next((each for each in offers if each.name == name), None)


def _otherwise(sent: Fields) -> Offer | None:
    """What somebody put together themselves; whether it can be done is not decided here."""
    length, text = LENGTHS.get(first(sent, "length")), first(sent, "text").strip()
    told = [
        {"action": name, "on": target}
        for target in TARGETS
        if (name := first(sent, f"act_{target}"))
    ][:ACTS_MAX]
    made = []
    for each in told:
        form = ACTIONS.get(each["action"])
        lasts = length if form is not None and form.duration != "no" else None
        says = text if form is not None and form.text != "no" and text else None
        made.append(choices.act({**each, "length": lasts, "text": says}))
    return Offer("otherwise", "upheld", tuple(made))


def _why(sent: Fields) -> dict[str, str]:
    """Words to the person concerned, in the language they are in."""
    words, lang = first(sent, "words").strip(), first(sent, "words_lang")
    return {lang: words} if words and lang in SPOKEN else {}
