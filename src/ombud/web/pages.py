"""The public pages: the statement behind a notice's link, its appeal, the public log, the start.

Every page is plain HTML that works without account and script. A GET changes nothing. Nothing here
writes but `Community.appeal`; the token of a link must never reach a log or an error's text.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, post, route
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ASGIApp

from ombud.entrance import Entrance
from ombud.errors import BadLedger, OmbudError
from ombud.homes import Homes
from ombud.ledger import checkpoint, handover, policy, tiles
from ombud.staffroom import StaffRoom
from ombud.statement_page import StatementPage
from ombud.transparency import RECEIPT_SUFFIX, VKEY_FILE, read_file
from ombud.web import Community, forms, notice
from ombud.web import demo as live
from ombud.web.console import pages as console
from ombud.web.console.desk import Desk
from ombud.web.published import PublishedPages
from ombud.web.site import HTML, READ, Site, harden, query, static_files
from ombud.web.statements import StatementsPages
from ombud.web.transparency import TransparencyPages

RECEIPT = "/notice/{token:str}/receipt/{decision:str}"
OPENING = "/notice/{token:str}/opening/{decision:str}"
OPENING_SUFFIX = ".statement.json"
APPEAL_LENGTH_MAX = 4000  # characters, after normalisation
BODY_BYTES_MAX = 64 * 1024  # 4,000 characters of four bytes each, as a form sends them, fit
FORM_FIELDS_MAX = 10
PARTS_MAX = 999_999  # of a long page
EXPLAINED = (400, 403, 404, 405, 413, 415, 500, 503)
FOR_EVER = "public, max-age=31536000, immutable"  # a tile's content is fixed by its name
MINUTES = "public, max-age=60"

logger = logging.getLogger("ombud.web.pages")

PageRequest = Request[Any, Any, Any]
Page = Response[bytes]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an appeal was not taken: what, where (`number` on the page) and what to do, and the
    text, so that nothing has to be written twice.
    """

    kind: str
    number: int | None = None
    text: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """What the form of an appeal sent. `text` is in Unicode's composed form, without edges."""

    decision: str
    text: str
    lang: str


class Pages:
    """The public pages of one community."""

    def __init__(self, community: Community) -> None:
        self.site = Site(community)
        self.community = community
        self.console: Sequence[HTTPRouteHandler] = ()  # the pages of the staff, if there are any

    def index(self, request: PageRequest) -> Page:
        """The start page of a community."""
        lang = self.site.language(request)
        return self.site.respond(
            "index.html",
            lang,
            here="/",
            languages=self.site.languages(),
            publishers=self.community.publishers(),
            staffed=bool(self.console),
        )

    def notice(self, request: PageRequest, token: FromPath[str]) -> Page:
        """The statement behind a notice's link."""
        asked = query(request.scope).get("part", "1")
        part = forms.number(asked, PARTS_MAX) or 1
        page = self.community.statement_page(token, part)
        if page is None:
            return self._no_such_notice(request)
        return self._statement(page, token, self.site.language(request, page.lang))

    def receipt(self, request: PageRequest, token: FromPath[str], decision: FromPath[str]) -> Page:
        """The proof that a decision stands in the public log, to keep and to check elsewhere."""
        proof = self.community.receipt(token, decision)
        return self._kept(request, proof, decision, RECEIPT_SUFFIX)

    def opening(self, request: PageRequest, token: FromPath[str], decision: FromPath[str]) -> Page:
        """The statement as its line in the log commits to it, to keep and to check elsewhere."""
        found = self.community.opening(token, decision)
        return self._kept(request, found, decision, OPENING_SUFFIX)

    def _kept(self, request: PageRequest, file: bytes | None, decision: str, suffix: str) -> Page:
        """A file about a decision, to be kept; none is no page."""
        if file is None:
            return self.error(request, 404)
        name = "".join(
            each for each in decision if each.isascii() and (each.isalnum() or each in "-_")
        )
        shown = f'attachment; filename="{name}{suffix}"'
        headers = {"content-disposition": shown, "cache-control": "no-store"}
        return Response(file, media_type="text/plain; charset=utf-8", headers=headers)

    async def appeal(self, request: PageRequest, token: FromPath[str]) -> Page:
        """Take an appeal, and lead back to the page on which it then stands."""
        if not forms.is_form(request.headers.get("content-type", "")):
            return self.error(request, 415)
        form = _form(await request.body())
        if form is None:
            return self.error(request, 400)
        return await sync_to_thread(self._appeal, request, token, form)

    def _appeal(self, request: PageRequest, token: str, form: Form) -> Page:
        page = self.community.statement_page(token, decision=form.decision)
        if page is None:
            return self._no_such_notice(request)
        lang = self.site.language(request, form.lang or page.lang)
        number = notice.number_of(page, form.decision)
        if number is None:
            return self._refuse(page, token, lang, Problem("unknown", None, form.text))
        length = len(form.text)
        if not 1 <= length <= APPEAL_LENGTH_MAX:
            kind = "long" if length else "empty"
            return self._refuse(page, token, lang, Problem(kind, number, form.text, length))
        try:
            outcome = self.community.appeal(token, form.decision, form.text)
        except OmbudError as error:
            logger.warning("an appeal could not be stored", extra={"fields": {"code": error.code}})
            outcome = "busy"
        if outcome != "stored":
            return self._refuse(page, token, lang, Problem(outcome, number, form.text))
        back = f"{notice.address(token)}?lang={lang}&part={page.part}#decision-{number}-appeals"
        return Response(b"", status_code=303, media_type=HTML, headers={"location": back})

    def _refuse(self, page: StatementPage, token: str, lang: str, problem: Problem) -> Page:
        statuses = {"empty": 422, "long": 422, "unknown": 422, "busy": 503}
        status = statuses.get(problem.kind, 409)
        return self._statement(page, token, lang, problem=problem, status=status)

    def _statement(
        self,
        page: StatementPage,
        token: str,
        lang: str,
        *,
        problem: Problem | None = None,
        status: int = 200,
    ) -> Page:
        told = notice.tell(page, lang)
        return self.site.respond(
            "notice.html",
            lang,
            status=status,
            here=notice.address(token),
            languages=[each for each in self.site.languages() if each in page.languages],
            community=page.community,
            page=page,
            told=told,
            problem=problem,
            again=any(
                problem is not None and each.number == problem.number and each.item.may_appeal
                for each in told
            ),
            limit=APPEAL_LENGTH_MAX,
            notice=notice,
            adds_up=self.community.findings_add_up(),
        )

    def _no_such_notice(self, request: PageRequest) -> Page:
        return self.error(request, 404, "notice")

    def ledger(self, request: PageRequest) -> Page:
        """Where the public log stands, and how to check it."""
        lang = self.site.language(request)
        return self.site.respond(
            "ledger.html",
            lang,
            here="/ledger",
            languages=self.site.languages(),
            head=self.community.ledger_head(),
            witnesses=self.community.witnesses(),
            self_attested=notice.SELF_ATTESTED,
        )

    def ledger_file(self, request: PageRequest, path: FromPath[str]) -> Page:
        """A public file of the log, by the paths of the log's format and no others."""
        content = _public_file(self.community.ledger_folder(), path.removeprefix("/"))
        if content is None:
            return self.error(request, 404)
        body, media_type, keep = content
        headers = {"cache-control": keep, "cross-origin-resource-policy": "cross-origin"}
        return Response(body, media_type=media_type, headers=headers)

    async def static_file(self, request: PageRequest, path: FromPath[str]) -> Page:
        """A file of style or script from this package."""
        file = static_files().get(path.removeprefix("/"))
        if file is None:
            return self.error(request, 404)
        current = query(request.scope).get("v") == file.digest
        headers = {"cache-control": FOR_EVER if current else MINUTES}
        return Response(file.content, media_type=file.type, headers=headers)

    def error(self, request: PageRequest, status: int, kind: str = "") -> Page:
        """A plain page that says what is wrong and what to do, in every language."""
        lang = self.site.language(request)
        first = [lang, *(each for each in self.site.languages() if each != lang)]
        key = kind or str(status if status in EXPLAINED else 500 if status >= 500 else 400)
        return self.site.respond("error.html", lang, status=status, error=key, in_order=first)

    def failed(self, request: PageRequest, failure: Exception) -> Page:
        """What is shown when a page raised: never what was raised."""
        if isinstance(failure, HTTPException):
            page = self.error(request, failure.status_code)
            if failure.status_code == 405:
                page.headers["allow"] = self._allowed(request.scope["path"])
            return page
        if isinstance(failure, OmbudError):
            logger.warning("a page could not be shown", extra={"fields": {"code": failure.code}})
            return self.error(request, 503)
        told = {"fault": type(failure).__name__, "at": _last_line(failure)}
        logger.error("a page failed", extra={"fields": told})
        return self.error(request, 500)

    def _allowed(self, path: str) -> str:
        """The methods that an address takes."""
        if re.fullmatch(r"/notice/[^/]+/appeal", path):
            return "POST"
        return console.allowed(self.console, path) or "GET, HEAD"


def application(
    community: Community,
    *,
    demo: Callable[[], Mapping[str, Any]] | None = None,
    entrance: Entrance | None = None,
    homes: Homes | None = None,
) -> ASGIApp:
    """The pages as an ASGI application; with `demo` the start page is the live demo, with
    `entrance` the people who run the community come in by it, who see how `homes` stand.

    `demo` returns what `ombud.web.demo.State` holds, as plain values.
    """
    pages = Pages(community)
    desk = None
    if entrance is not None:
        room = StaffRoom(entrance.engine, now=entrance.engine.now, homes=homes)
        desk = Desk(pages.site, entrance, room, pages.error)
        pages.console = console.routes(desk)
    start = [route("/", http_method=READ, sync_to_thread=True)(pages.index)]
    if demo is not None:
        start = live.routes(pages.site, demo)
    return Litestar(
        [
            *start,
            *pages.console,
            route("/notice/{token:str}", http_method=READ, sync_to_thread=True)(pages.notice),
            route(RECEIPT, http_method=READ, sync_to_thread=True)(pages.receipt),
            route(OPENING, http_method=READ, sync_to_thread=True)(pages.opening),
            post("/notice/{token:str}/appeal", status_code=200)(pages.appeal),
            *TransparencyPages(pages.site).routes(),
            *PublishedPages(pages.site).routes(),
            *StatementsPages(pages.site, pages.error).routes(),
            route("/ledger", http_method=READ, sync_to_thread=True)(pages.ledger),
            route("/ledger/{path:path}", http_method=READ, sync_to_thread=True)(pages.ledger_file),
            route("/static/{path:path}", http_method=READ)(pages.static_file),
        ],
        openapi_config=None,
        logging_config=None,
        debug=False,
        before_send=[harden],
        on_shutdown=[] if desk is None else [desk.close],
        exception_handlers={Exception: pages.failed},
        request_max_body_size=BODY_BYTES_MAX,
    )


def _form(body: bytes) -> Form | None:
    """What the form sent; None where it cannot be read."""
    sent = forms.fields(body, FORM_FIELDS_MAX)
    if sent is None:
        return None
    text = forms.first(sent, "text").replace("\r\n", "\n")
    return Form(
        decision=forms.first(sent, "decision"),
        text=unicodedata.normalize("NFC", text).strip(),
        lang=forms.first(sent, "lang"),
    )


def _public_file(folder: Path, path: str) -> tuple[bytes, str, str] | None:
    """A file's content, its type and how long it may be kept; None where there is none."""
    number = path.removeprefix(f"{handover.FOLDER}/")
    handed = path != number and number.isascii() and number.isdigit() and len(number) < 5
    if handed or path in (checkpoint.PATH, VKEY_FILE, policy.FILE):
        media_type, keep = "text/plain", "no-cache"
    else:
        try:
            tiles.parse_path(path)
        except BadLedger:
            return None
        media_type, keep = "application/octet-stream", FOR_EVER
    content = read_file(folder, path)
    return None if content is None else (content, media_type, keep)


def _last_line(failure: Exception) -> str:
    """Where it was raised, without any value."""
    frame = failure.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else "?"
