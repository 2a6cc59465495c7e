"""The rooms in which Ombud's account tells one person something, and how people ask it there.

One room for each person, made by the account, not encrypted, with nobody else in it and nobody to
let anybody in. Which room is whose stands where the room is, in the account's own data at the
homeserver. Whoever left it or refused it is not invited again, unless they ask themselves. This
module must never look at what somebody writes: that they write is a question, and the answer is
always the same.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from copy import copy
from typing import Any, NamedTuple, Self

from ombud import i18n
from ombud.clock import HOUR, MINUTE, SECOND
from ombud.config import MatrixConnector as Settings
from ombud.connectors.matrix_client import CLIENT, Client, Said
from ombud.connectors.matrix_events import identifier, server_of
from ombud.model import Outcome
from ombud.paces import Pace

KEPT = "org.ombud.direct."  # in the account's data, before a digest of whose room it is
ROOMS_AN_HOUR = 60  # invitations to people who are told something
ASKED_AN_HOUR = 30  # invitations to people who asked for one, beside those
OF_A_SERVER = 3  # a part of either that the people of one other server may take at most
INVITING_MAX = 2  # invitations under way: a server that hangs holds up few of the calls
REST = 5 * MINUTE  # after a server could not be reached
RESTING_MAX = 1000
LOCKS = 64
INVITED_LENGTH_MAX = 1000  # characters of an invitation, without its link
MEMBER = "m.room.member"
WRITTEN = frozenset({"m.room.message", "m.room.encrypted", "m.sticker"})
_ACCOUNT = re.compile(r"@[^: ]+:[^ /@]+")
AWAY = "away"  # the room was taken from the account: nobody can tell who was in it
GONE = frozenset({"leave", "ban", AWAY})
# A room that only the account rules: nobody else invites, and so reads what is meant for one.
LEVELS = {"invite": 100, "kick": 100, "ban": 100, "redact": 100, "state_default": 100}
BY_INVITATION = [
    {"type": "m.room.join_rules", "state_key": "", "content": {"join_rule": "invite"}},
    {
        "type": "m.room.history_visibility",
        "state_key": "",
        "content": {"history_visibility": "shared"},
    },
]

SENT = Outcome(state="sent", detail="invited into a room of their own; they have not joined yet")
REFUSED = Outcome(state="undeliverable", detail="their server refused the invitation")
LEFT = Outcome(
    state="undeliverable", detail="they left the room they were told in, declined it, or it is gone"
)
NOT_THEIRS = Outcome(state="refused", detail="this is not the room they are told in")


class Asking(NamedTuple):
    """Somebody who asks by starting a chat with the account, or by writing in their `room`; or who
    has `joined` it, and asks nothing.
    """

    account: str
    room: str = ""
    joined: bool = False


class Words(NamedTuple):
    """What somebody is told: the message, and the plain text of an invitation with its link."""

    content: Mapping[str, Any]
    text: str
    link: str
    lang: str


class _Place(NamedTuple):
    """Somebody's room; `refused`: their server would have none of it."""

    room: str
    refused: bool


def asking(event: Mapping[str, Any], settings: Settings) -> Asking | None:
    """Whether an event of a room that is not moderated is somebody's question, and whose.

    An invitation of the account into a chat for two is one, and so is whatever is written where
    only one person can be; what it says is not looked at. That they came there is told too.
    """
    account, room = identifier(event.get("sender")), identifier(event.get("room_id"))
    if account is None or room is None or account == settings.account:
        return None
    if room in settings.rooms or room == settings.staff_room:
        return None
    if "state_key" not in event:
        return Asking(account, room) if str(event.get("type")) in WRITTEN else None
    content = event.get("content")
    said = content if isinstance(content, Mapping) else {}
    if event.get("type") != MEMBER:
        return None
    if said.get("membership") == "join" and event["state_key"] == account:
        return Asking(account, room, joined=True)
    chat = said.get("membership") == "invite" and said.get("is_direct") is True
    return Asking(account) if chat and event["state_key"] == settings.account else None


class _Invitations:
    """How many people are invited within an hour, of all servers and of each other one: who makes
    up accounts must not take the place of everybody else.
    """

    def __init__(self, most: int) -> None:
        self._all, self._of_one = Pace(most, HOUR), Pace(-(-most // OF_A_SERVER), HOUR)

    def wait(self, server: str, now: int) -> int:
        """As `Pace.wait`; without a name it is the homeserver's own."""
        own = self._of_one.wait(server, now) if server else 0
        return own or self._all.wait("", now)


def is_account(name: str) -> bool:
    """Whether this is how an account of Matrix is called."""
    return identifier(name) is not None and _ACCOUNT.fullmatch(name) is not None


class Direct:
    """The rooms of single people at one homeserver; for any number of threads."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._locks = [threading.Lock() for _ in range(LOCKS)]
        self._told, self._asked = _Invitations(ROOMS_AN_HOUR), _Invitations(ASKED_AN_HOUR)
        self._inviting = threading.BoundedSemaphore(INVITING_MAX)
        self._resting: OrderedDict[str, int] = OrderedDict()  # servers, and until when

    def by(self, client: Client) -> Self:
        """The same rooms, asked of by another way to the homeserver."""
        mine = copy(self)
        vars(mine).update(_client=client)
        return mine

    def tell(self, account: str, key: str, words: Words, now: int) -> Outcome:
        """Tell somebody in their own room; where they never were in one, invite them."""
        with self._lock(account):
            place = self._place(account)
            if isinstance(place, Said):
                return place.outcome()
            member = self._membership(place, account)
            if isinstance(member, Said):
                return member.outcome()
            if place is not None and place.refused:
                return REFUSED
            if member in GONE:
                return LEFT
            return self._reach(account, place, member, key, words, now)

    def is_of(self, account: str, room: str) -> bool | None:
        """Whether a room is the one that somebody is told in; None where that cannot be told."""
        place = self._place(account)
        return None if isinstance(place, Said) else place is not None and place.room == room

    def answer(self, asked: Asking, key: str, words: Words, now: int) -> Outcome:
        """Answer somebody who asked: in their own room, whether they left or refused it before."""
        with self._lock(asked.account):
            place = self._place(asked.account)
            if isinstance(place, Said):
                return place.outcome()
            if asked.room and (place is None or place.room != asked.room):
                return NOT_THEIRS
            member = self._membership(place, asked.account)
            if isinstance(member, Said):
                return member.outcome()
            place = None if member == AWAY else place
            again = "" if member in GONE else member
            return self._reach(asked.account, place, again, key, words, now, asked=True)

    def _reach(
        self,
        account: str,
        place: _Place | None,
        member: str,
        key: str,
        words: Words,
        now: int,
        *,
        asked: bool = False,
    ) -> Outcome:
        """Invite where that is needed, then say it."""
        if not member:
            pace = self._asked if asked else self._told
            invited = self._invited(account, place, words, now, pace)
            if isinstance(invited, Outcome):
                return invited
            place, member = invited, "invite"
        assert place is not None  # whoever is a member is one of a room  # noqa: S101
        path = f"{CLIENT}/rooms/{{}}/send/m.room.message/{{}}"
        said = self._client.ask("PUT", path, place.room, key, content=words.content)
        if not said.good:
            return said.outcome()
        return SENT if member == "invite" else Outcome(state="delivered")

    # --- inviting ---------------------------------------------------------------------------------

    def _invited(
        self, account: str, place: _Place | None, words: Words, now: int, pace: _Invitations
    ) -> _Place | Outcome:
        """Their room, with an invitation to it; or why there is none."""
        server = server_of(account)
        rests = self._resting.get(server, 0) - now
        if 0 < rests <= REST:
            return _unreached("their server could not be reached a moment ago", rests)
        if not self._inviting.acquire(blocking=False):
            return _unreached("other people are being invited", SECOND)
        try:
            wait = pace.wait("" if server == self._settings.server else server, now)
            if wait:
                return _unreached("many people were invited within an hour", wait)
            found = place or self._made(account, words.lang)
            if isinstance(found, Said):
                return found.outcome()
            return self._invite(account, found, words, now)
        finally:
            self._inviting.release()

    def _invite(self, account: str, place: _Place, words: Words, now: int) -> _Place | Outcome:
        reason = f"{words.text[:INVITED_LENGTH_MAX]}\n\n{words.link}".strip()
        content = {"membership": "invite", "is_direct": True, "reason": reason}
        path = f"{CLIENT}/rooms/{{}}/state/{MEMBER}/{{}}"
        said = self._client.ask("PUT", path, place.room, account, content=content)
        outcome = said.outcome()
        if said.good:
            return self._keep(account, _Place(place.room, refused=False), place.refused)
        if outcome.state == "retry":
            self._resting[server_of(account)] = now + REST
            while len(self._resting) > RESTING_MAX:
                self._resting.popitem(last=False)
            return _unreached(f"their server was not reached: {outcome.detail}", REST)
        kept = self._keep(account, _Place(place.room, refused=True), not place.refused)
        return kept if isinstance(kept, Outcome) else REFUSED

    def _made(self, account: str, lang: str) -> _Place | Said:
        """A new room for somebody, that is known as theirs before anybody is invited to it."""
        asked = {
            "preset": "public_chat",  # a homeserver may encrypt what is made by the others
            "initial_state": BY_INVITATION,
            "visibility": "private",
            "is_direct": True,
            "name": i18n.say("direct.name", lang, server=self._settings.server),
            "topic": i18n.say("direct.topic", lang),
            "power_level_content_override": LEVELS,
        }
        said = self._client.ask("POST", f"{CLIENT}/createRoom", content=asked)
        room = identifier(said.body.get("room_id"))
        if not said.good or room is None:
            return said
        kept = self._noted(account, _Place(room, refused=False))
        return _Place(room, refused=False) if kept.good else kept

    # --- what stands at the homeserver ------------------------------------------------------------

    def _place(self, account: str) -> _Place | Said | None:
        """Somebody's room; None where there is none yet; or what went wrong."""
        said = self._client.ask("GET", DATA, self._settings.account, _name(account))
        if said.status == 404:
            return None
        room = identifier(said.body.get("room_id"))
        if not said.good or room is None:
            return None if said.good else said
        return _Place(room, refused=said.body.get("refused") is True)

    def _noted(self, account: str, place: _Place) -> Said:
        content = {"room_id": place.room, "refused": place.refused}
        who = self._settings.account
        return self._client.ask("PUT", DATA, who, _name(account), content=content)

    def _keep(self, account: str, place: _Place, changed: bool) -> _Place | Outcome:
        """The same place, noted where it has changed."""
        said = self._noted(account, place) if changed else None
        return place if said is None or said.good else said.outcome()

    def _membership(self, place: _Place | None, account: str) -> str | Said:
        """How somebody stands to their room: "" where they were never invited, AWAY where the
        account is in it no more.
        """
        if place is None:
            return ""
        said = self._client.state(place.room, MEMBER, account)
        if said.status == 404:
            return ""
        if said.status == 403:
            return AWAY
        return str(said.body.get("membership")) if said.good else said

    def _lock(self, account: str) -> threading.Lock:
        return self._locks[hash(account) % LOCKS]


DATA = f"{CLIENT}/user/{{}}/account_data/{{}}"


def _name(account: str) -> str:
    """Under which name the account's data has somebody's room."""
    return KEPT + hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()


def _unreached(detail: str, wait: int) -> Outcome:
    """Not now; and where it is given up, nothing has reached them."""
    return Outcome(state="retry", detail=detail, wait=-(-wait // SECOND), unreached=True)
