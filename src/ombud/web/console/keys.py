"""The keys of the console, as one table: what handles them, the buttons that show them, the list
behind `?`, the page where somebody changes them and the page of the documents all read it here.

Each person may change or switch off any of them, and all at once: speech input and a trembling hand
press keys that nobody meant. A key is one sign without Ctrl, Alt or Meta; whatever a key does, a
button or field of the page does too. This module must never give two things one key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ombud.entrance import Visitor
from ombud.review.offers import NAMES
from ombud.staffroom import StaffRoom
from ombud.web.console.desk import Desk, Page, PageRequest, Problem
from ombud.web.forms import Fields, first

HERE = "/keys"
ALL = ""  # under this name it is kept that somebody uses no keys at all


class Key(NamedTuple):
    """What a key does: its name, the key it has at first, the text that says what it does."""

    name: str
    key: str
    word: str


KEYS: tuple[Key, ...] = (
    *(Key(name, str(digit), f"offer.{name}") for digit, name in enumerate(NAMES, 1)),
    Key("next", "n", "key.next"),
    Key("undo", "u", "key.undo"),
    Key("confirm", "c", "key.confirm"),
    Key("escalate", "e", "key.escalate"),
    Key("note", ".", "key.note"),
    Key("label yes", "b", "key.label.yes"),
    Key("label no", "d", "key.label.no"),
    Key("label unclear", "i", "key.label.unclear"),
    Key("appeal uphold", "h", "key.appeal.uphold"),
    Key("appeal partial", "p", "key.appeal.partial"),
    Key("appeal reverse", "r", "key.appeal.reverse"),
    Key("appeal omit", "o", "key.appeal.omit"),
    Key("appeal words", "m", "key.appeal.words"),
    Key("appeal preview", "v", "key.appeal.preview"),
    Key("appeal decide", "s", "key.appeal.decide"),
    Key("go", "/", "key.go"),
    Key("help", "?", "key.help"),
)


def possible(key: str) -> bool:
    """Whether something can be a key: one sign of those that every keyboard can be asked for."""
    return len(key) == 1 and "!" <= key <= "~" and not key.isupper()


def of(room: StaffRoom, visitor: Visitor) -> dict[str, str]:
    """Somebody's keys, by what they do; none of what they have switched off."""
    kept = room.engine.credentials.shortcuts(visitor.token)
    if ALL in kept:
        return {}
    return {name: key for name, key in chosen(kept).items() if key}


def chosen(kept: Mapping[str, str]) -> dict[str, str]:
    """What each thing has by what somebody has changed. What they gave a key to has it: a thing
    that came later and has it at first goes without.
    """
    taken = set(kept.values())
    return {each.name: kept.get(each.name, "" if each.key in taken else each.key) for each in KEYS}


def shown(room: StaffRoom, visitor: Visitor) -> dict[str, Any]:
    """What a page with keys needs to show them and to have them handled."""
    return {"keys": of(room, visitor), "table": KEYS, "script": True}


def clash(wanted: Mapping[str, str]) -> str:
    """The first key that two things would have, or that can be none; empty where all is well."""
    seen: set[str] = set()
    for key in filter(None, wanted.values()):
        if key in seen or not possible(key):
            return key
        seen.add(key)
    return ""


class KeysPage:
    """Where somebody sees and changes their own keys."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its form asks for."""
        return await self.desk.page(request, self._page, self._change)

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        wanted: Mapping[str, str] | None = None,
    ) -> Page:
        kept = self.desk.room.engine.credentials.shortcuts(visitor.token)
        return self.desk.show(
            request,
            "keys.html",
            visitor,
            here=HERE,
            problem=problem,
            table=KEYS,
            clash=clash(wanted) if wanted else "",
            chosen=wanted or chosen(kept),
            on=ALL not in kept,
        )

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        credentials = self.desk.room.engine.credentials
        if first(sent, "do") == "first":
            credentials.set_shortcuts(visitor.token, {})
            return self.desk.go(request, HERE, done="keys")
        wanted = {each.name: first(sent, f"key {each.name}").strip()[:10] for each in KEYS}
        if clash(wanted):
            return self._page(request, visitor, Problem("keys"), wanted)
        kept = {each.name: wanted[each.name] for each in KEYS if wanted[each.name] != each.key}
        if not first(sent, "on"):
            kept[ALL] = ""
        credentials.set_shortcuts(visitor.token, kept)
        return self.desk.go(request, HERE, done="keys")
