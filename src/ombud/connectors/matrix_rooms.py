"""What is done in a room of Matrix, and how it is taken back: redactions, bans, rules of a room.

What a rule of a room said before is remembered by Ombud (`matrix_before`), never in the room, where
others write too; who banned somebody, and what was redacted, the room itself says. This module must
never choose a room, and never take for gone what the account only does not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec import structs

from ombud.connectors import matrix_before, matrix_power
from ombud.connectors.matrix_before import DONE, Before, Settings, kept
from ombud.connectors.matrix_client import ADMIN, CLIENT, CLIENT_V1, UNFINISHED, Client, Said
from ombud.connectors.matrix_events import known_by
from ombud.errors import BadUse, catalogue
from ombud.model import Outcome

catalogue(
    U520=(
        "Ombud's account does not see this message, and is told by nobody whether it is there.",
        "Make it an admin of the homeserver, and let it join the room again.",
    ),
    U521=(
        "This message is in another room than the decision says.",
        "Nothing was done. Look at what the decision is about.",
    ),
    U494=(
        "This message is by somebody else than the decision is about.",
        "Nothing was done: nobody can edit another's message. Look at what the decision is about.",
    ),
    U523=(
        "There are more reactions and answers to this message than Ombud looks through.",
        "Take away by hand what Ombud's account has put there.",
    ),
    U524=(
        "Everybody in this room has the power level of a moderator: it cannot be locked.",
        "Set `users_default` of the room's power levels below 50.",
    ),
)

MODERATORS = 50  # the power level from which on somebody moderates, by Matrix's custom
MEMBER, LEVELS, JOIN_RULES = "m.room.member", "m.room.power_levels", "m.room.join_rules"
DEFAULTS = ("events_default", "state_default")
EVENTS = "events/"
KNOCKING, INVITED = {"join_rule": "knock"}, {"join_rule": "invite"}
NEVER_THERE = Outcome(state="confirmed", detail="the homeserver has no such message: none is shown")
NOT_IN = Outcome(state="confirmed", detail="they are not in the room, nor invited")
MADE_IT = Outcome(
    state="refused",
    detail="they made this room, and from version 12 on nobody can keep out of a room who made it",
)
IS_THERE = Outcome(state="refused", detail="they are in the room, or invited: ban them instead")
BY_OTHERS = "somebody else banned them, which stays as it is"
NOT_FOUND = (404, "M_NOT_FOUND")
HIDDEN = "io.element.synapse.soft_failed"  # Synapse keeps it and shows it to nobody

Event = Mapping[str, Any]


class Member(NamedTuple):
    """How somebody stands to a room, and who says so."""

    membership: str
    by: str


class Rooms:
    """The rooms of one homeserver, in the name of the account that acts."""

    def __init__(self, client: Client, account: str) -> None:
        self._client = client
        self._account = account

    # --- messages ---------------------------------------------------------------------------------

    def there(self, room: str, event: str) -> Outcome | Event | None:
        """An event of a room, or what went wrong; None where the homeserver shows it to nobody.

        That the account does not see it says nothing: who was put out of a room, or came in later,
        sees less than others. So the homeserver is asked then whether it has it at all.
        """
        said = self._client.ask("GET", f"{CLIENT}/rooms/{{}}/event/{{}}", room, event)
        if said.good:
            return said.body
        if said.status not in (403, 404):
            return said.outcome()
        kept = self._client.ask("GET", f"{ADMIN}/v1/fetch_event/{{}}", event)
        if (kept.status, kept.code) == NOT_FOUND:
            return None
        if not kept.good:
            unknown = kept.status in (403, 404)
            return _denied(refused("U520")) if unknown else kept.outcome()
        found = kept.body.get("event")
        if not isinstance(found, dict):
            return refused("U520")
        if found.get("room_id") != room:
            return refused("U521")
        return None if (found.get("unsigned") or {}).get(HIDDEN) else found

    def theirs(self, room: str, event: str, account: str) -> Outcome | None:
        """What becomes of an action on an event that is not there, or is not by the account that
        it is done to: whoever edits another's message must not have that one acted on. None where
        it is theirs.
        """
        found = self.there(room, event)
        if found is None or isinstance(found, Outcome):
            return found or NEVER_THERE
        return None if known_by(found.get("sender")) == account else refused("U494")

    def content(self, room: str, event: str) -> Outcome | Event | None:
        """An event with what it said, also where it is redacted already, as long as the homeserver
        keeps that.
        """
        found = self.there(room, event)
        if isinstance(found, Outcome) or found is None or not _redacted(found):
            return found
        kept_ = self._client.ask("GET", f"{ADMIN}/v1/fetch_event/{{}}", event)
        whole = kept_.body.get("event")
        return whole if isinstance(whole, dict) else found

    def redact(self, room: str, event: str, key: str, reason: str = "") -> Outcome:
        """Redact one event, once; what is redacted already stays so, and what was refused before it
        was there stays away.
        """
        found = self.there(room, event)
        if found is None:
            return NEVER_THERE
        if isinstance(found, Outcome):
            return found
        if _redacted(found):
            return DONE
        path = f"{CLIENT}/rooms/{{}}/redact/{{}}/{{}}"
        content = {"reason": reason} if reason else {}
        return self._client.ask("PUT", path, room, event, key, content=content).outcome()

    def related(
        self, room: str, event: str, relation: str, wanted: Callable[[Event], bool]
    ) -> list[str] | Outcome:
        """The ids of what stands in a relation to an event and is wanted; or what went wrong, also
        where there is so much that not all of it can be looked at.
        """
        path = f"{CLIENT_V1}/rooms/{{}}/relations/{{}}/{{}}"
        pages = self._client.pages(
            *(path, room, event, relation),
            query={"limit": 100},
            key="chunk",
            following="next_batch",
            whole=True,
        )
        found = []
        for each in pages:
            if each == UNFINISHED:
                return refused("U523")
            if isinstance(each, Said):
                return each.outcome()
            if wanted(each) and isinstance(each.get("event_id"), str):
                found.append(each["event_id"])
        return found

    def take_back(
        self,
        place: tuple[str, str],
        relation: str,
        wanted: Callable[[Event], bool],
        key: str,
        before: Before,
    ) -> Outcome:
        """Redact what was made beside an event, as is remembered; where nothing is, what stands in
        a relation to it and is wanted.
        """
        room, event = place
        found = list(before.made) or self.related(room, event, relation, wanted)
        if isinstance(found, Outcome):
            return found
        for number, each in enumerate(found):
            done = self.redact(room, each, f"{key}.{number}")
            if done.state != "confirmed":
                return done
        return kept(DONE, Before())

    # --- members ----------------------------------------------------------------------------------

    def member(self, room: str, who: str) -> Member | Outcome:
        """How somebody stands to a room that the account is in; or what went wrong."""
        said = self._client.state(room, MEMBER, who, whole=True)
        if (said.status, said.code) == NOT_FOUND:
            return Member("", "")
        if not said.good:
            return said.outcome()
        content = said.body.get("content")
        found = content if isinstance(content, dict) else {}
        return Member(str(found.get("membership", "")), str(said.body.get("sender", "")))

    def away(self, room: str, who: str) -> Outcome:
        """Whether somebody who was not let in is away."""
        member = self.member(room, who)
        if isinstance(member, Outcome):
            return member
        return IS_THERE if member.membership in ("join", "invite") else NOT_IN

    def ban(self, room: str, who: str, reason: str) -> Outcome:
        """Keep somebody out of a room."""
        member = self.member(room, who)
        if isinstance(member, Outcome):
            return member
        if member.membership == "ban":
            return DONE
        content = {"user_id": who, "reason": reason}
        said = self._client.ask("POST", f"{CLIENT}/rooms/{{}}/ban", room, content=content)
        if said.status == 403 and matrix_power.stands_above(self._client, room, who):
            return MADE_IT
        return said.outcome()

    def unban(self, room: str, who: str) -> Outcome:
        """Let somebody into a room again, where it was Ombud's account that keeps them out: a ban
        says who made it, and nobody else can say so.
        """
        member = self.member(room, who)
        if isinstance(member, Outcome):
            return member
        if member.membership != "ban":
            return DONE
        if member.by != self._account:
            return Outcome(state="confirmed", detail=BY_OTHERS)
        content = {"user_id": who}
        path = f"{CLIENT}/rooms/{{}}/unban"
        return self._client.ask("POST", path, room, content=content).outcome()

    # --- rules of a room --------------------------------------------------------------------------

    def ask_first(self, room: str, memory: str, *, inverse: bool) -> Outcome:
        """Let nobody join whom no moderator lets in: whoever knocks, or is invited. Or let people
        in as before.
        """
        rules = self._state(room, JOIN_RULES)
        if isinstance(rules, Outcome):
            return rules
        write = lambda changes: self._put(room, JOIN_RULES, changes["rules"])  # noqa: E731
        now = {"rules": rules or INVITED}
        if inverse:
            return matrix_before.undo(memory, now, write)
        asks = now["rules"].get("join_rule") in ("knock", "invite", "private")
        return matrix_before.do(memory, now, now if asks else {"rules": KNOCKING}, write)

    def lock(self, room: str, memory: str, *, inverse: bool) -> Outcome:
        """Let nobody write but moderators; or people as before."""
        levels = self._state(room, LEVELS)
        if isinstance(levels, Outcome):
            return levels
        write = lambda changes: self._put(room, LEVELS, leveled(levels, changes))  # noqa: E731
        if inverse:
            return matrix_before.undo(memory, flat(levels), write)
        if _level(levels.get("users_default")) >= MODERATORS:
            return refused("U524")
        return matrix_before.do(memory, flat(levels), locked(levels), write)

    def _state(self, room: str, type_: str) -> Event | Outcome:
        """A piece of a room's state as it is now."""
        said = self._client.state(room, type_)
        if (said.status, said.code) == NOT_FOUND:
            return {}
        return said.body if said.good else said.outcome()

    def _put(self, room: str, type_: str, content: Event) -> Outcome:
        path = f"{CLIENT}/rooms/{{}}/state/{{}}"
        return self._client.ask("PUT", path, room, type_, content=content).outcome()


def _redacted(event: Event) -> bool:
    unsigned = event.get("unsigned")
    return isinstance(unsigned, dict) and "redacted_because" in unsigned


def flat(levels: Event) -> dict[str, Any]:
    """The levels that somebody needs to send anything, each under a name of its own."""
    named = levels.get("events")
    found = {name: levels[name] for name in DEFAULTS if name in levels}
    events = named if isinstance(named, dict) else {}
    return {**found, **{f"{EVENTS}{name}": level for name, level in events.items()}}


def locked(levels: Event) -> dict[str, int]:
    """What of them is raised so that only moderators send anything, of whatever type it is."""
    known = {"events_default": 0, **flat(levels)}
    return {name: MODERATORS for name, level in known.items() if _level(level) < MODERATORS}


def leveled(levels: Event, changes: Settings) -> Event:
    """All levels of a room with some of them changed; None takes one away."""
    named = levels.get("events")
    events: dict[str, Any] = dict(named) if isinstance(named, dict) else {}
    whole = dict(levels)
    for name, level in changes.items():
        place, key = (events, name[len(EVENTS) :]) if name.startswith(EVENTS) else (whole, name)
        place[key] = level
        if level is None:
            del place[key]
    return {**whole, "events": events} if events or "events" in levels else whole


def _level(value: object) -> int:
    if isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
        return int(value[:20])  # as early rooms have it
    return value if isinstance(value, int) else 0


def refused(code: str) -> Outcome:
    """That something is never done, under the code of what is wrong."""
    return Outcome(state="refused", detail=str(BadUse(code)))


def _denied(outcome: Outcome) -> Outcome:
    """The same, where it may be otherwise once the account has what it lacks."""
    return structs.replace(outcome, denied=True)
