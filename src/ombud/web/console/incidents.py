"""The file of an incident: asked for by cases or by hours, with a reason where these are not
somebody's own; then a page to read or print, the same to save, and its cases handed over.

It stands under an address that is its maker's alone, for an hour, as all that is looked up. This
module must never make a file of a person, and never show a file to who did not ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Response
from markupsafe import Markup

from ombud import clock
from ombud.controls.incident import CASES_MAX, LONGEST
from ombud.controls.lookup import REASON_MAX, REASON_MIN
from ombud.desk import NOTE_LENGTH_MAX
from ombud.entrance import Refused, Visitor
from ombud.errors import BadUse
from ombud.incidents import Incidents
from ombud.lookups import LookupBook
from ombud.review.case import APPEALS
from ombud.staff import people
from ombud.staff.roles import may
from ombud.web import incidentfile, words
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, problem_of
from ombud.web.forms import Fields, first
from ombud.web.site import query

HERE = "/incidents"
PERMISSION = "members"
NAMED_MAX = 4000  # characters of the field of cases
ID_MAX = 60


class IncidentsPage:
    """The form that asks for a file, and the file."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.room = desk.room

    async def ask(self, request: PageRequest) -> Page:
        """The form, and what it asks for."""
        return await self.desk.page(request, self._form, self._made, PERMISSION)

    def _form(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        sent: Fields | None = None,
    ) -> Page:
        told = sent or {"cases": [query(request.scope).get("case", "")]}
        return self.desk.show(
            request,
            "incidents.html",
            visitor,
            here=HERE,
            problem=problem,
            cases=first(told, "cases")[:NAMED_MAX],
            since=first(told, "since")[:40],
            until=first(told, "until")[:40],
            reason=first(told, "reason")[: 2 * REASON_MAX],
            cases_most=CASES_MAX,
            hours_most=LONGEST // clock.HOUR,
            reason_least=REASON_MIN,
            reason_most=REASON_MAX,
        )

    def _made(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        wanted = {
            "kind": "incident",
            "cases": _ids(first(sent, "cases")[:NAMED_MAX]),
            "since": _instant(first(sent, "since")),
            "until": _instant(first(sent, "until")),
            "reason": first(sent, "reason"),
        }
        try:
            made = self.room.ask(visitor, "look up", **wanted)
        except (Refused, BadUse) as error:
            return self._form(request, visitor, problem_of(error), sent)
        return self.desk.go(request, f"{HERE}/{made['look']}")

    # --- the file ---------------------------------------------------------------------------------

    async def one(self, request: PageRequest) -> Page:
        """The file, and handing its cases over."""
        return await self.desk.page(request, self._page, self._hand, PERMISSION)

    def _file(self, request: PageRequest, visitor: Visitor) -> dict[str, Any] | None:
        """The file as it stands now; None where this person has not asked for it."""
        now, lang = self.room.now(), self.desk.language(request, visitor)
        with self.room.reading() as reader:
            book = LookupBook(reader.store, reader.keys, self.room.active)
            look = book.granted(_id(request), visitor.token, now)
            scope = None if look is None else book.scope(look)
            if look is None or scope is None:
                return None
            files = Incidents(reader.store, reader.keys, self.room.active)
            return {
                **files.file(scope, visitor.member, now, lang),
                "stands_until": clock.rfc3339(look.until),
            }

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        sent: Fields | None = None,
    ) -> Page:
        file = self._file(request, visitor)
        if file is None:
            return self.desk.go(request, HERE, done="incident")
        lang, told = self.desk.language(request, visitor), sent or {}
        theirs = _open(file)
        return self.desk.show(
            request,
            "incident.html",
            visitor,
            here=f"{HERE}/{_id(request)}",
            problem=problem,
            file=file,
            sentence=lambda entry: incidentfile.sentence(
                entry, lang, _bdi, lambda time: words.moment(time, lang)
            ),
            points=lambda case: _points(case, lang),
            left_out=incidentfile.left_out(file),
            colleagues=self._colleagues(theirs),
            theirs=len(theirs),
            names={people.called(shown): shown for _, shown, _ in self.desk.entrance.members()},
            note=first(told, "note")[: 2 * NOTE_LENGTH_MAX],
            to=first(told, "to"),
            note_most=NOTE_LENGTH_MAX,
        )

    def _colleagues(self, theirs: list[dict[str, Any]]) -> list[str]:
        """Who could take over all of them."""
        asked = {
            ("appeals" if each["queue"] == APPEALS else "cases", each["queue"]) for each in theirs
        }
        return [
            name
            for _, name, member in self.desk.entrance.members()
            if name and all(may(member, permission, queue=queue) for permission, queue in asked)
        ]

    def _hand(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        """What is open goes to somebody, with a note on each case; what another person has stays
        with them, and that is said.
        """
        file = self._file(request, visitor)
        if file is None:
            return self.desk.go(request, HERE, done="incident")
        to, note = first(sent, "to"), first(sent, "note").strip()
        refused: BadUse | None = None
        handed = 0
        for each in _open(file):
            try:
                if note:
                    self.room.ask(visitor, "note case", case=each["id"], text=note)
                self.room.ask(visitor, "assign case", case=each["id"], to=to)
                handed += 1
            except BadUse as error:
                if error.code not in ("U221", "U222"):
                    return self._page(request, visitor, problem_of(error), sent)
                refused = error
        if refused is not None and not handed:
            return self._page(request, visitor, problem_of(refused), sent)
        done = "incident handed" if refused is None else "incident handed in part"
        return self.desk.go(request, f"{HERE}/{_id(request)}", done=done)

    # --- what is saved ----------------------------------------------------------------------------

    def markdown(self, request: PageRequest) -> Page:
        """The file as Markdown."""
        return self._saved(request, "md")

    def json(self, request: PageRequest) -> Page:
        """The file as data."""
        return self._saved(request, "json")

    def _saved(self, request: PageRequest, suffix: str) -> Page:
        visitor = self.desk.let_in(request, PERMISSION)
        if not isinstance(visitor, Visitor):
            return visitor
        file = self._file(request, visitor)
        if file is None:
            return self.desk.go(request, HERE, done="incident")
        lang, made = self.desk.language(request, visitor), file["made"][:10]
        del file["stands_until"]
        if suffix == "json":
            content, kind = incidentfile.as_json(file), "application/json"
        else:
            community = self.desk.site.community.name()
            content, kind = incidentfile.as_markdown(file, lang, community), "text/markdown"
        return Response(
            content,
            media_type=kind,
            headers={
                "content-language": lang,
                "content-disposition": f'attachment; filename="incident-{made}.{suffix}"',
            },
        )


def _id(request: PageRequest) -> str:
    return str(request.path_params["id"])[:ID_MAX]


def _open(file: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cases of a file that somebody can hand over: those that wait and that they may judge."""
    return [each for each in file["cases"] if each["texts"] and not each["closed"]]


def _ids(text: str) -> list[str]:
    """The ids of cases, from ids or addresses parted by spaces, commas or lines."""
    parts = text.replace(",", " ").split()
    found = [each.partition("?")[0].rstrip("/").rpartition("/")[2][:ID_MAX] for each in parts]
    return [each for each in found if each]


def _instant(text: str) -> int:
    """A field of a day and a time, in UTC; 0 for an empty one, and -1 for what is none."""
    if not text.strip():
        return 0
    try:
        at = datetime.fromisoformat(text.strip()[:40])
    except ValueError:
        return -1
    return clock.from_datetime(at if at.tzinfo else at.replace(tzinfo=UTC))


def _bdi(text: str) -> Markup:
    return Markup('<bdi lang="" dir="auto">{}</bdi>').format(words.visible(text))


def _points(case: Mapping[str, Any], lang: str) -> list[Markup]:
    """What the next person finds in a case, in sentences."""
    return [
        words.say(
            key, lang, **{k: words.moment(v, lang) if k == "time" else v for k, v in values.items()}
        )
        for key, values in incidentfile.open_points(case)
    ]
