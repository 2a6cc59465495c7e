"""Asking a Matrix homeserver, in the name of the account that acts: one request, one answer.

The account is an application service's; its token goes into one header and nowhere else. This
module must never follow what an answer says, and never let a room's or a user's id end one part of
an address and begin another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote, urlencode

import msgspec

from ombud import egress
from ombud.config import MatrixConnector as Settings
from ombud.egress import addresses
from ombud.errors import BadUse, OmbudError, catalogue
from ombud.model import Outcome

catalogue(
    U478=(
        "No homeserver answers at {url}: {detail}.",
        "Look at url in ombud.toml (http or https, the port, no path) and at allow.",
    ),
    U486=(
        "No Matrix homeserver called {name} is connected, or its secret is missing.",
        "`ombud connect matrix` connects one; ombud.toml has its section [matrix.{name}].",
    ),
    U474=(
        "The homeserver does not know Ombud's token.",
        "Name the appservice file in homeserver.yaml, restart Synapse, `ombud connect check`.",
    ),
    U458=(
        "The moderators' room {room} is one of the rooms that are moderated.",
        "Name another one as staff_room: where cases are told of, no member should read.",
    ),
)

CLIENT = "/_matrix/client/v3"
CLIENT_V1 = "/_matrix/client/v1"
ADMIN = "/_synapse/admin"
ANSWER_BYTES_MAX = 4 << 20
WAIT_SECONDS_MAX = 3600
PAGES_MAX = 20
WORD_LENGTH_MAX = 60
UNKNOWN_TOKENS = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})
TIMES = 3  # how much longer than one request everything may take that belongs to one call


@dataclass(frozen=True, slots=True)
class Said:
    """What a homeserver answered. `status` is 0 where nothing came back, and then `trouble` says
    why; `never` where it would be the same another time.
    """

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""
    never: bool = False
    wait: int | None = None

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status <= 299

    @property
    def code(self) -> str:
        """Matrix's own word for an error."""
        found = self.body.get("errcode")
        good = isinstance(found, str) and found.isascii() and found.isprintable()
        return found[:WORD_LENGTH_MAX] if good and isinstance(found, str) else ""

    def outcome(self) -> Outcome:
        """What it means for a call."""
        if self.good:
            return Outcome(state="confirmed")
        if not self.status:
            return Outcome(state="refused" if self.never else "retry", detail=self.trouble)
        detail = f"answered {self.status} {self.code}".strip()
        if self.code in UNKNOWN_TOKENS:
            return Outcome(state="retry", detail=told(BadUse("U474", "as_token")))
        if self.status in (408, 425, 429) or self.status >= 500:
            return Outcome(state="retry", detail=detail, wait=self.wait)
        if self.status == 403:
            detail = f"{detail}: Ombud's account lacks the power"
            return Outcome(state="refused", detail=detail, denied=True)
        return Outcome(state="refused", detail=detail)


UNFINISHED = Said(0, trouble="the list is too long", never=True)


class Client:
    """The way to one homeserver; for any number of threads. Raises BadUse U030 where its settings
    cannot be used. `name` is what they call it; without a token it asks as nobody.

    `denied`: where it was told last that it may not, CLIENT or ADMIN.
    """

    denied = ""
    _until: float | None = None

    def __init__(
        self,
        settings: Settings,
        token: str,
        *,
        name: str = "matrix",
        resolve: egress.Resolve = egress.system_resolver,
    ) -> None:
        where = f"matrix.{name}"
        self._token = token
        self._ended: Callable[[], bool] = lambda: False
        self._seconds = settings.timeout_seconds
        self._place = egress.place(settings.url, f"{where}.url")
        self._egress = egress.Egress(settings.allow, where=f"{where}.allow", resolve=resolve)

    def close(self) -> None:
        """Close every connection."""
        self._egress.close()

    def for_a_call(self, times: int = TIMES, ended: Callable[[], bool] = lambda: False) -> Self:
        """The same way for what belongs together, used by one thread: however slowly the homeserver
        answers, all requests end within so many times what one of them may take, and none is begun
        once it has `ended`.
        """
        mine = copy(self)
        until = time.monotonic() + times * self._seconds
        vars(mine).update(denied="", _until=until, _ended=ended)
        return mine

    def ask(
        self,
        method: str,
        path: str,
        *parts: str,
        content: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
        most: int = ANSWER_BYTES_MAX,
    ) -> Said:
        """Ask once. `path` has a {} for each of `parts`, which are put in as single segments. The
        answer may have `most` bytes.
        """
        target = self._place.target.rstrip("/") + path.format(*(quote(each, "") for each in parts))
        if query:
            target += "?" + urlencode(query)
        headers = {
            **({"authorization": f"Bearer {self._token}"} if self._token else {}),
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": "Ombud",
        }
        body = b"" if content is None else msgspec.json.encode(content)
        if content is not None:
            headers["content-type"] = "application/json"
        left = float(self._seconds)
        if self._until is not None:
            left = min(left, round(self._until - time.monotonic(), 1))
        if left <= 0 or self._ended():
            return Said(0, trouble="the homeserver has not answered in time")
        place = replace(self._place, target=target)
        answer = self._egress.send(
            place,
            headers,
            body,
            seconds=left,
            method=method,
            answer_bytes=most,
        )
        said = _said(answer)
        if said.status == 403:
            self.denied = ADMIN if path.startswith(ADMIN) else CLIENT
        return said

    def state(self, room: str, type_: str, key: str = "", *, whole: bool = False) -> Said:
        """What a room's state says, or what went wrong; `whole`: the event that says so."""
        path, query = f"{CLIENT}/rooms/{{}}/state/{{}}/{{}}", {"format": "event"}
        return self.ask("GET", path, room, type_, key, query=query if whole else None)

    def pages(
        self,
        path: str,
        *parts: str,
        query: Mapping[str, str | int],
        key: str,
        following: str,
        whole: bool = False,
    ) -> Iterator[Mapping[str, Any] | Said]:
        """The items of a list, page by page; at last what went wrong, where something did.

        `key` is under which an answer has its items, `following` under which it says where the next
        page begins, which goes back as `from`. `whole`: a list that is not at its end after the
        most pages that are asked for ends with UNFINISHED.
        """
        asked = dict(query)
        for _ in range(PAGES_MAX):
            said = self.ask("GET", path, *parts, query=asked)
            if not said.good:
                yield said
                return
            items = said.body.get(key)
            for each in items if isinstance(items, list) else []:
                if isinstance(each, dict):
                    yield each
            page = said.body.get(following)
            if not isinstance(page, str | int) or not items:
                return
            asked["from"] = page
        if whole:
            yield UNFINISHED


def told(error: OmbudError) -> str:
    """An error as the detail of an outcome: its code, what is wrong, what to do."""
    return f"{error.code}: {error.message} {error.hint}"


def check(settings: Settings, name: str) -> None:
    """Refuse settings that no client can be made from, or that would have moderators talk where
    they moderate. Raises BadUse U030 or U458.
    """
    where = f"matrix.{name}"
    egress.place(settings.url, f"{where}.url")
    if settings.staff_room in settings.rooms:
        raise BadUse("U458", f"{where}.staff_room", room=settings.staff_room)
    addresses.networks(settings.allow, f"{where}.allow")


def _said(answer: egress.Answer | egress.Trouble) -> Said:
    if isinstance(answer, egress.Trouble):
        never = answer.kind in ("too-large", "bad-request")
        return Said(0, trouble=answer.detail, never=never)
    try:
        body = msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        body = {}
    found = body if isinstance(body, dict) else {}
    return Said(answer.status, found, wait=_wait(answer, found))


def _wait(answer: egress.Answer, body: Mapping[str, Any]) -> int | None:
    """How long to wait, in seconds, by header or body; None where neither says."""
    value = answer.headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return min(int(value[:10]), WAIT_SECONDS_MAX)
    told = body.get("retry_after_ms")
    if isinstance(told, int) and told > 0:
        return min(-(-told // 1000), WAIT_SECONDS_MAX)
    return None
