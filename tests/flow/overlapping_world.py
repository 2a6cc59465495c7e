"""The platform of the stories about overlapping restrictions: a model of its own, that takes what
is sent, in order, and knows nothing else; and what the decisions in force say, by their rows.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flow.case_desk import ask, shoes, waiting
from flow.platform_side import SECOND, Platform
from flow.small_community import NOW, event, rows
from ombud import clock, decisions, redacted
from ombud.changes import Mark

WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jetty")
HIDING = ("hold", "remove")
TOLD_APART = ("label", "context")
PEOPLE = ("ana", "bo")
TAKEN = ("answered", "sending", "delivered", "confirmed")
State = dict[tuple[str, str], int | None]


class World:
    """A connected community with a platform that does what it is asked."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.state: State = {}  # what is restricted there, by subject and kind, and until when
        self.done: dict[str, tuple[str, str]] = {}  # by the key of an action
        self.known: dict[str, tuple[str, str]] = {}  # by decision: what it restricts
        self.cases: list[str] = []
        self.number = 0
        self.refuses = False
        self.sent: list[dict[str, Any]] = []  # actions and inverses, in their order
        self.told: list[dict[str, Any]] = []  # messages

    # --- what happens -----------------------------------------------------------------------------

    def post(self, who: str = "ana", **more: Any) -> str:
        """Somebody posts what a person is asked about; the case."""
        self.number += 1
        at = (self.platform.clock[0] - NOW) / SECOND
        told = shoes(self.number, who, at)
        word = WORDS[self.number % 10] * (1 + self.number // 10)
        told["data"]["text"] = f"cheap shoes {word} {self.number}"
        told["data"]["room"] = {"id": "hall"}
        told["subject"] = f"post/{self.number}"
        self.platform.stream(told | more)
        return waiting(self.platform)[-1]

    def restrict(self, act: dict[str, Any], who: str = "ana", **more: Any) -> str:
        """A person does something about an author or a room in a case of its own; the decision."""
        case = self.post(who)
        made = ask(self.platform, "decide", case, outcome="uphold", acts=[act], **more)
        self.cases.append(case)
        return str(made["decisions"][0])

    def wait(self, length: int) -> None:
        """Time passes; what has reached its end is ended, and what is due goes out."""
        self.platform.clock[0] += length
        self.number += 1
        at = (self.platform.clock[0] - NOW) / SECOND
        self.platform.stream(event(f"idle{self.number}", at, author={"id": "zoe"}))
        self.flush()

    def flush(self) -> None:
        """All that can be sent now is sent, and the platform does it or refuses."""
        while turn := self.platform.open():
            for due in turn:
                self._mark(due.id, "sending")
                body = self.platform.sender.body(due)
                if body is None or due.kind == "notice":
                    self.told += [] if body is None else [json.loads(body)]
                    self._mark(due.id, "delivered" if body else "failed")
                    continue
                said = json.loads(body)
                self.sent.append(said)
                kept = said["inverse"] or said["action"] in HIDING
                if self.refuses and not kept:
                    self._mark(due.id, "failed")
                else:
                    self._does(said)
                    self._mark(due.id, "delivered")

    def _mark(self, row: str, state: str) -> None:
        now = self.platform.clock[0]
        assert self.platform.sender.mark([Mark(row, state, now, 1)]).result() == [True]

    def _does(self, said: dict[str, Any]) -> None:
        kind = said["action"]
        if kind == "warn":
            return
        if said["inverse"]:  # an erased decision's names its action alone
            self.state.pop(self.done.get(said["undoes"], ("", "")), None)
            return
        key = (said["subject"], _kind(kind, said["params"].get("text")))
        self.done[said["id"]] = key
        self.state[key] = _instant(said["until"])

    # --- what must hold ---------------------------------------------------------------------------

    def standing(self, states: tuple[str, ...] = TAKEN) -> State:
        """What the decisions in force say, by their rows: each restriction until its latest end."""
        found: State = {}
        query = (
            "SELECT d.id, d.action, d.until, d.sealed, a.state FROM decision d"
            " JOIN outbox a ON a.decision = d.id AND a.kind = 'action' AND a.inverse = 0"
            " WHERE d.undone_by IS NULL AND d.ended IS NULL AND d.action != 'warn' ORDER BY d.leaf"
        )
        keys = self.platform.engine.keys
        for id_, action, until, sealed, state in rows(self.platform.folder, query):
            plain = redacted.opened(self.platform.sender._store, keys, id_, sealed)
            if plain is not None:
                record = decisions.opened(plain)
                text = record.actions[0].params.get("text")
                self.known[id_] = (record.subject, _kind(action, text))
            if state not in states:
                continue
            key = self.known[id_]
            known = found.get(key, 0)
            found[key] = None if until is None or known is None else max(known, until)
        return found

    def holds(self) -> None:
        """The platform stands as the decisions say, also one that ends by itself what is over."""
        wanted, waits = self.standing(), self.standing(("asked",))
        settled = {key: end for key, end in self.state.items() if key not in waits}
        assert settled == {key: end for key, end in wanted.items() if key not in waits}
        assert set(wanted) <= set(self.state) <= {*wanted, *waits}
        now = self.platform.clock[0]
        assert all(end is None or end > now for end in self.state.values())


def _kind(action: str, text: str | None) -> str:
    if action in HIDING:
        return "hidden"
    return f"{action} {text}" if action in TOLD_APART else action


def _instant(told: str | None) -> int | None:
    return None if told is None else clock.from_datetime(datetime.fromisoformat(told))
