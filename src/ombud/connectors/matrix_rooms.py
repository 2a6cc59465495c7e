"""What is done in a room of Matrix, and how it is taken back: redactions, bans, rules of a room.

A changed rule of a room carries what it replaced, so that the undoing needs no memory of its own;
where a person has changed it since, theirs stays. This module must never choose a room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ombud.connectors.matrix_client import ADMIN, CLIENT, CLIENT_V1, Client, Said
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
)

BEFORE = "org.ombud.before"  # in a changed rule of a room: what it replaced
MODERATORS = 50  # the power level from which on somebody moderates, by Matrix's custom
SPEECH = ("m.room.message", "m.room.encrypted", "m.reaction", "m.sticker")
DONE = Outcome(state="confirmed")
NEVER_THERE = Outcome(state="confirmed", detail="the homeserver has no such message: none is shown")
NOT_FOUND = (404, "M_NOT_FOUND")
HIDDEN = "io.element.synapse.soft_failed"  # Synapse keeps it and shows it to nobody
LEFT = Outcome(state="confirmed", detail="somebody has changed it since: it stays as they left it")

Event = Mapping[str, Any]


class Rooms:
    """The rooms of one homeserver, in the name of the account that acts."""

    def __init__(self, client: Client) -> None:
        self._client = client

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
            return refused("U520") if unknown else kept.outcome()
        found = kept.body.get("event")
        if not isinstance(found, dict):
            return refused("U520")
        if found.get("room_id") != room:
            return refused("U521")
        return None if (found.get("unsigned") or {}).get(HIDDEN) else found

    def redact(self, room: str, event: str, key: str, reason: str = "") -> Outcome:
        """Redact one event, once; what is redacted already stays so, and what was refused before it
        was there stays away.
        """
        found = self.there(room, event)
        if found is None:
            return NEVER_THERE
        if isinstance(found, Outcome):
            return found
        if "redacted_because" in (found.get("unsigned") or {}):
            return DONE
        path = f"{CLIENT}/rooms/{{}}/redact/{{}}/{{}}"
        content = {"reason": reason} if reason else {}
        return self._client.ask("PUT", path, room, event, key, content=content).outcome()

    def related(
        self, room: str, event: str, relation: str, wanted: Callable[[Event], bool]
    ) -> list[str] | Said:
        """The ids of what stands in a relation to an event and is wanted; or what went wrong."""
        path = f"{CLIENT_V1}/rooms/{{}}/relations/{{}}/{{}}"
        pages = self._client.pages(
            path, room, event, relation, query={"limit": 100}, key="chunk", following="next_batch"
        )
        found = []
        for each in pages:
            if isinstance(each, Said):
                return each
            if wanted(each) and isinstance(each.get("event_id"), str):
                found.append(each["event_id"])
        return found

    def take_back(
        self, room: str, event: str, relation: str, wanted: Callable[[Event], bool], key: str
    ) -> Outcome:
        """Redact what stands in a relation to an event and is wanted."""
        found = self.related(room, event, relation, wanted)
        if isinstance(found, Said):
            return found.outcome()
        for number, each in enumerate(found):
            done = self.redact(room, each, f"{key}.{number}")
            if done.state != "confirmed":
                return done
        return DONE

    # --- members ----------------------------------------------------------------------------------

    def ban(self, room: str, who: str, reason: str) -> Outcome:
        """Keep somebody out of a room."""
        member = self._client.state(room, "m.room.member", who)
        if member.good and member.body.get("membership") == "ban":
            return DONE
        content = {"user_id": who, "reason": reason}
        return self._client.ask("POST", f"{CLIENT}/rooms/{{}}/ban", room, content=content).outcome()

    def unban(self, room: str, who: str) -> Outcome:
        """Let somebody into a room again."""
        member = self._client.state(room, "m.room.member", who)
        if member.status == 404 or (member.good and member.body.get("membership") != "ban"):
            return DONE
        content = {"user_id": who}
        path = f"{CLIENT}/rooms/{{}}/unban"
        return self._client.ask("POST", path, room, content=content).outcome()

    # --- rules of a room --------------------------------------------------------------------------

    def ask_first(self, room: str) -> Outcome:
        """Let nobody join whom no moderator lets in: whoever knocks, or is invited."""
        return self._change(room, "m.room.join_rules", _knocking)

    def let_in(self, room: str) -> Outcome:
        """Let people in as before."""
        return self._change(room, "m.room.join_rules", _as_before)

    def lock(self, room: str) -> Outcome:
        """Let nobody write but moderators."""
        return self._change(room, "m.room.power_levels", _locked)

    def unlock(self, room: str) -> Outcome:
        """Let people write as before."""
        return self._change(room, "m.room.power_levels", _unlocked)

    def _change(self, room: str, type_: str, change: Callable[[Event], Event | Outcome]) -> Outcome:
        said = self._client.state(room, type_)
        if not said.good and said.status != 404:
            return said.outcome()
        new = change(said.body if said.good else {})
        if isinstance(new, Outcome):
            return new
        path = f"{CLIENT}/rooms/{{}}/state/{{}}"
        return self._client.ask("PUT", path, room, type_, content=new).outcome()


def refused(code: str) -> Outcome:
    """That something is never done, under the code of what is wrong."""
    return Outcome(state="refused", detail=str(BadUse(code)))


def _knocking(rules: Event) -> Event | Outcome:
    if BEFORE in rules or rules.get("join_rule") in ("knock", "invite", "private"):
        return DONE
    return {"join_rule": "knock", BEFORE: dict(rules) or {"join_rule": "invite"}}


def _as_before(rules: Event) -> Event | Outcome:
    before = rules.get(BEFORE)
    return before if isinstance(before, dict) else LEFT


def _locked(levels: Event) -> Event | Outcome:
    if BEFORE in levels:
        return DONE
    named = levels.get("events")
    events: dict[str, Any] = dict(named) if isinstance(named, dict) else {}
    usual = levels.get("events_default", 0)
    before = {
        "events_default": usual,
        "events": {name: events[name] for name in SPEECH if name in events},
    }
    for name in before["events"]:
        events[name] = max(MODERATORS, _level(events[name]))
    most = max(MODERATORS, _level(usual))
    return {**levels, "events_default": most, "events": events, BEFORE: before}


def _unlocked(levels: Event) -> Event | Outcome:
    before = levels.get(BEFORE)
    if not isinstance(before, dict):
        return LEFT
    kept = {key: value for key, value in levels.items() if key != BEFORE}
    named, was = levels.get("events"), before.get("events")
    events = {
        **(named if isinstance(named, dict) else {}),
        **(was if isinstance(was, dict) else {}),
    }
    return {**kept, "events_default": before.get("events_default", 0), "events": events}


def _level(value: object) -> int:
    return value if isinstance(value, int) else 0
