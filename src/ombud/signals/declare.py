"""What a signal is, what a counter is, and the registers that hold all of them.

A *signal* is a typed observation of one event. A *counter* says which events are counted over time,
by which key. The reference page and the console's help are generated from these declarations, so
that nothing a rule can ask goes undocumented. This module must never know any signal by name.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ombud.model import KINDS, Value

if TYPE_CHECKING:
    from ombud.signals.observation import Observation


class Type(enum.StrEnum):
    """The type of a fact decides which comparisons a rule may make."""

    COUNT = "count"  # integer with a noun: links, posts
    DURATION = "duration"  # integer microseconds
    PERCENT = "percent"  # integer permille inside (950 = 95 %), written as percent in rules
    YESNO = "yes or no"
    TEXT = "text"  # one string
    TEXTS = "texts"  # several strings: plural facts, for "any in list" and "all in list"
    NAME = "name"  # stands for an identifier, case-folded: `author in list "trusted helpers"`


ROLES = ("author", "target", "reporter", "subject.author")  # people an event can name
PLACES = ("room", "server", "platform")
CALLED: Mapping[str, Mapping[str, str]] = {  # how each of them is called in a sentence
    "author": {"en": "author", "vi": "tác giả"},
    "target": {"en": "person replied to or mentioned", "vi": "người được trả lời hoặc nhắc đến"},
    "reporter": {"en": "person who flagged", "vi": "người báo cáo"},
    "subject.author": {"en": "author of what was flagged", "vi": "tác giả của nội dung bị báo cáo"},
    "room": {"en": "room", "vi": "phòng"},
    "server": {"en": "server", "vi": "máy chủ"},
    "platform": {"en": "platform", "vi": "nền tảng"},
}
EVERY_KIND = frozenset(KINDS)
TEXT_KINDS = frozenset({"post", "reply", "edit", "profile", "upload", "flag", "room"})

Compute = Callable[["Observation"], Value]


@dataclass(frozen=True, slots=True)
class Signal:
    """One declared observation of one event.

    `name` is written in rules as it stands here. `reads` names the stated facts of an example from
    which it can be computed ("text", "links", ...), empty where it rests on other fields.
    `ordinary` is its value in the everyday case, for examples that do not mention it. `cost` is in
    microseconds, roughly.
    """

    name: str
    type: Type
    unit: str
    kinds: frozenset[str]
    cost: int
    version: int
    meaning: Mapping[str, str]
    ordinary: Value
    compute: Compute
    reads: frozenset[str] = frozenset()
    past: bool = False  # rests on the journal's past (history), not on the event alone
    hint: bool = False  # may order, alert and count; nothing that restricts may rest on it alone


@dataclass(frozen=True, slots=True)
class Counter:
    """Events counted over time. In a rule: `author.posts [to target] [with links] in last 1 hour`.

    `kinds` are the kinds of event that are counted. `about` are the words that may stand before the
    name; the counted events are those whose own author (target, room, ...) is the judged event's. A
    counter without `about` has its own `keys`, for example the text's digest. `distinct` names what
    is counted once each (None: every event counts); `values` where one event has several of it.
    `only` names a yes-no signal that must be true. `repeats`: those under one key said or did the
    same, so that together they can be a campaign. `against_usual`: it is told how many times what
    is usual there (`ombud.usual`) the count of the counter of the same name is. `near`: its keys
    are clusters of texts that are nearly the same, which only the past can tell. `names`: its keys
    and values are those of `name_tokens`, and it is asked for names, never for a count.
    """

    name: str
    about: tuple[str, ...]
    kinds: frozenset[str]
    version: int
    meaning: Mapping[str, str]
    unit: str
    keys: Callable[[Observation], tuple[int, ...] | None] | None = None
    distinct: Callable[[Observation], int | None] | None = None
    values: Callable[[Observation], tuple[int, ...] | None] | None = None
    only: str | None = None
    ordinary: int = 1
    reads: frozenset[str] = frozenset()
    repeats: bool = False
    against_usual: bool = False
    near: bool = False
    names: bool = False

    @property
    def varied(self) -> bool:
        """Whether different values are counted, not entries."""
        return self.distinct is not None or self.values is not None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered for `width` microseconds so that a phrase can ask for it.

    `kept` says of which events what is remembered, by which key, and what the phrase means.
    """

    width: int
    kept: Counter


@dataclass(frozen=True, slots=True)
class With:
    """A word that may follow `with`: a filter (yes-no signal) or a further key (`same domain`).

    `near` as for counters.
    """

    name: str
    meaning: Mapping[str, str]
    version: int
    only: str | None = None
    keys: Callable[[Observation], tuple[int, ...] | None] | None = None
    near: bool = False


SIGNALS: dict[str, Signal] = {}
COUNTERS: dict[str, Counter] = {}
WITHS: dict[str, With] = {}
MEMORIES: dict[str, Memory] = {}
# What words meant in an earlier version: configurations that were recorded with it go on with it.
EARLIER: dict[str, Counter | With] = {}


def signal(
    name: str,
    type: Type,  # noqa: A002
    *,
    en: str,
    vi: str,
    unit: str = "",
    about: tuple[str, ...] = (),
    kinds: frozenset[str] = EVERY_KIND,
    cost: int = 1,
    version: int = 1,
    ordinary: Value = None,
    reads: tuple[str, ...] = (),
    past: bool = False,
    hint: bool = False,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a signal. With `about`, one signal `WHO.name` a word of it; `compute(seen, who)`."""

    def declare(function: Callable[..., Value]) -> Callable[..., Value]:
        for who in about or ("",):
            full = f"{who}.{name}" if who and name else who or name
            _put(
                SIGNALS,
                Signal(
                    name=full,
                    type=type,
                    unit=unit,
                    kinds=kinds,
                    cost=cost,
                    version=version,
                    meaning={
                        "en": en.format(who=_called(who, "en")),
                        "vi": vi.format(who=_called(who, "vi")),
                    },
                    ordinary=ordinary,
                    compute=_bind(function, who) if who else function,
                    reads=frozenset(reads),
                    past=past,
                    hint=hint,
                ),
            )
        return function

    return declare


def counter(counted: Counter) -> None:
    """Declare a counter, once for each word of its `about`."""
    for who in counted.about or ("",):
        name = f"{who}.{counted.name}" if who else counted.name
        if name in COUNTERS or name in SIGNALS:
            raise ValueError(f"{name} is declared twice")
        COUNTERS[name] = counted


def earlier(meant: Counter | With) -> None:
    """Declare what a counter without `about` or a word after `with` meant before."""
    if meant.name in EARLIER:
        raise ValueError(f"{meant.name} is declared twice")
    EARLIER[meant.name] = meant


def memory(width: int, kept: Counter) -> None:
    """Declare what is remembered for a phrase, under the phrase's words."""
    if kept.name in MEMORIES:
        raise ValueError(f"{kept.name} is declared twice")
    MEMORIES[kept.name] = Memory(width, kept)


def with_word(word: With) -> None:
    """Declare a word that may follow `with`."""
    if word.name in WITHS:
        raise ValueError(f"{word.name} is declared twice")
    WITHS[word.name] = word


def _called(who: str, lang: str) -> str:
    return CALLED[who][lang] if who else ""


def _put(register: dict[str, Signal], declared: Signal) -> None:
    if declared.name in register or declared.name in COUNTERS:
        raise ValueError(f"{declared.name} is declared twice")
    register[declared.name] = declared


def _bind(function: Callable[..., Value], who: str) -> Compute:
    def compute(seen: Observation) -> Value:
        return function(seen, who)

    return compute
