"""Who of the staff did what, as the journal has it: for auditors, the latest first.

Look-ups come with their reasons, judgements with what they came to, changes of lists and rules with
which ones; of what people of the community wrote there is nothing. A page is one walk along an
index. This module must never write, and never show what a post says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ombud import clock, journal
from ombud.activation.active import Active
from ombud.lookups import Look, LookupBook
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

PAGE = 50
LATEST = 1 << 62
NAMED_MAX = 100  # characters of a name of a rule or list that are shown


class StaffRecords:
    """What the staff of one community did, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile, active: Active) -> None:
        self._store = store
        self._keys = keys
        self._looks = LookupBook(store, keys, active)

    def page(
        self, before: int = LATEST, person: int | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        """A page of acts before the record `before`, of all or of one person (a token); and behind
        which record the next one begins, 0 where there is none.
        """
        wanted: dict[str, Any] = {"before": before, "limit": PAGE + 1}
        if person is None:
            rows = self._store.all("staff_acts", wanted)
        else:
            rows = self._store.all("staff_acts_of", {**wanted, "person": person})
        acts = [self._act(*row) for row in rows[:PAGE]]
        return acts, rows[PAGE - 1][0] if len(rows) > PAGE else 0

    def _act(self, seq: int, recv: int, type_: str, payload: str) -> dict[str, Any]:
        told, control = journal.read_json(payload), type_.removeprefix("!")
        second = told.get("second")
        act: dict[str, Any] = {
            "seq": seq,
            "time": clock.rfc3339(recv),
            "by": self._name(told["by"]),
            "did": control,
            "how": "",
            "count": 0,
            "name": "",
            "room": "",
            "case": None,
            "look": None,
            "alone": False,
            "heard": str(told.get("heard") or ""),
            **said(control, told),
            "second": None if second is None else self._name(second),
        }
        if control == "staff":
            act["name"] = self._name(told["who"]) or ""
        if control == "lookup":
            row = self._store.one("lookup_of_record", (seq,))
            act["look"] = None if row is None else self._looks.named(Look(*row))
        return act

    def _name(self, token: int) -> str | None:
        """What somebody is called, to staff; None where nobody is called so any more."""
        return people.name_of(self._keys, token)


def said(control: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a control by its payload: how it was done, how many, which rule or list."""
    say: Callable[[Mapping[str, Any]], dict[str, Any]] = _SAID.get(control, _nothing)
    return say(told)


# --- each control, without a word of what anybody wrote ------------------------------------------


def _nothing(_: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _judged(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "how": told["outcome"],
        "count": len(told["records"]),
        "case": told["case"],
        "alone": bool(told.get("alone")),
    }


def _ended(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": told["outcome"], "count": len(told["appeals"])}


def _confirmed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"count": told["ahead"] // clock.DAY}


def _undone(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"count": len(told["decisions"]), "case": told.get("case")}


def _listed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": told["do"], "name": str(told["list"])[:NAMED_MAX]}


def _rule(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": str(told.get("rule") or "")[:NAMED_MAX]}


def _key(told: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: str(told.get(name) or "")[:NAMED_MAX] for name in ("name", "room")}
    return {"how": told["do"], "count": sum((told.get("left") or {}).values()), **shown}


def _state(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": "begun" if told["begins"] else "ended"}


def _erased(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"count": len(told["seqs"])}


def _ordered(told: Mapping[str, Any]) -> dict[str, Any]:
    if not told["begins"]:
        return {"how": "ended"}
    given = told["order"]
    return {"how": "begun", "name": given["rule"][:NAMED_MAX], "case": given["case"]}


def _changed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": told["what"]}


def _demanded(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": str(told["do"]), "name": str(told["demand"])[:NAMED_MAX]}


def _labelled(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": str(told.get("said") or "")}


_SAID: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "review": _judged,
    "outcome": _ended,
    "undo": _undone,
    "list": _listed,
    "renewal": _rule,
    "approval": _rule,
    "population": _rule,
    "access": _key,
    "standing_order": _ordered,
    "duty": _state,
    "emergency": _state,
    "erasure": _erased,
    "staff": _changed,
    "demand": _demanded,
    "label": _labelled,
    "clock": _confirmed,
}
