"""From the words of a rule to the fact they mean: `author.posts with links in last 1 hour`.

A fact is what a condition compares. This module must never guess: words it does not know are
answered with the nearest ones it does.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import ombud.signals.account
import ombud.signals.bursts
import ombud.signals.community
import ombud.signals.factchecks.facts
import ombud.signals.flags
import ombud.signals.history
import ombud.signals.learned.insult
import ombud.signals.personal.facts
import ombud.signals.text  # noqa: F401 -- importing declares
from ombud.model import Value
from ombud.signals import members, memory, repeats
from ombud.signals.counted import (
    UnknownFact,
    Window,
    entries_of,
    keys_of,
    number_of,
    window,
)
from ombud.signals.declare import (
    COUNTERS,
    EVERY_KIND,
    MEMORIES,
    SIGNALS,
    Compute,
    Type,
)
from ombud.signals.observation import Observation
from ombud.usual import LONGEST, SHORTEST, SPAN

WIDTH_MAX = 400 * 86_400_000_000  # a window is at most 400 days wide
COUNT_MAX = 1024  # "1,024 or more"
SHARE_POSTS_MIN = 10  # a share of fewer posts is unknown
TIMES_MAX = 32  # "32 times the usual, or more"
AGAINST = " against usual"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a rule's words stand for. `name` is their canonical form; `version` changes with its
    meaning. `rests_on` names what is declared in this program and read for it: register, name and
    version. `width` is how far back it looks in its windows, `widths` where it is not equally far
    in each. `most` is the largest count it tells: "that many or more".
    """

    name: str
    type: Type
    unit: str
    kinds: frozenset[str]
    cost: int
    version: str
    meaning: Mapping[str, str]
    ordinary: Value
    compute: Compute
    reads: frozenset[str]
    rests_on: tuple[tuple[str, str, int], ...]
    windows: tuple[Window, ...] = ()
    width: int = 0
    past: bool = False
    widths: tuple[int, ...] = ()
    most: int = COUNT_MAX
    hint: bool = False

    @property
    def kept(self) -> tuple[tuple[Window, int], ...]:
        """Its windows, each with how far back it looks."""
        widths = self.widths or (self.width,) * len(self.windows)
        return tuple(zip(self.windows, widths, strict=True))


def resolve(
    name: str,
    *,
    to: str | None = None,
    word: str | None = None,
    in_last: int | None = None,
    share: bool = False,
    earlier: Collection[str] = (),
) -> Fact:
    """The fact that these words mean; `in_last` in microseconds. Raises UnknownFact.

    `earlier` names words that are meant as the version before meant them.

    A counter needs `in_last`, a signal takes none of the options: ValueError with the reason
    otherwise ("window" = needs a window, "no window" = takes none, "width" = too wide, "share" = no
    such share, "usual" = nothing is usual of that length, "usual with" = nor of that word).
    """
    if name in COUNTERS:
        if in_last is None:
            raise ValueError("window")
        if not 0 < in_last <= WIDTH_MAX:
            raise ValueError("width")
        return _counted(name, to, word, in_last, share, earlier)
    if name not in SIGNALS:
        raise UnknownFact(name, nearest(name))
    if share or to or word or in_last is not None:
        raise ValueError("share" if share else "no window")
    declared = SIGNALS[name]
    return Fact(
        name=name,
        type=declared.type,
        unit=declared.unit,
        kinds=declared.kinds,
        cost=declared.cost,
        version=f"{name} {declared.version}",
        meaning=declared.meaning,
        ordinary=declared.ordinary,
        compute=declared.compute,
        reads=declared.reads,
        rests_on=(("signals", name, declared.version),),
        past=declared.past,
        hint=declared.hint,
    )


def nearest(name: str) -> str | None:
    """The known fact whose name is most like `name`, if any is like it at all."""
    known = [*SIGNALS, *COUNTERS]
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else None


def _counted(
    name: str,
    to: str | None,
    word: str | None,
    in_last: int,
    share: bool,
    earlier: Collection[str],
) -> Fact:
    if COUNTERS[name].against_usual:
        return _against(name, to, word, in_last, share)
    part = window(name, to, word, earlier)
    counted = part.counter
    if share:
        if word is None or counted.distinct is not None:
            raise ValueError("share")
        return _share(name, part, window(name, to, None, earlier), in_last)
    near = part.near

    def compute(seen: Observation) -> Value:
        keys = part.keys(seen)
        if keys is None or seen.past is None or (near and not _settled(seen)):
            return None
        return seen.past.count(part.number, keys, in_last) if keys else 0

    return Fact(
        name=f"{part.name} in last {duration(in_last)}",
        type=Type.COUNT,
        unit=counted.unit,
        kinds=EVERY_KIND,
        cost=25 if near else 8,
        version=f"{part.name} {part.number}",
        meaning=counted.meaning,
        ordinary=counted.ordinary,
        compute=compute,
        reads=counted.reads,
        rests_on=_rests_on(name, part),
        windows=(part,),
        width=in_last,
        past=True,
        hint=_hint(part),
    )


def _against(name: str, to: str | None, word: str | None, in_last: int, share: bool) -> Fact:
    """How many times what is usual there the count is, in whole times; a usual of 0 counts as 1.

    Unknown where either is, and where the count is at its cap while that says too little.
    """
    if share:
        raise ValueError("share")
    if not SHORTEST <= in_last <= LONGEST:
        raise ValueError("usual")
    part = window(name.removesuffix(AGAINST), to, word)
    if part.word is not None and part.word.keys is not None:
        raise ValueError("usual with")
    usual = window(name, to, word, bucket=in_last)

    def compute(seen: Observation) -> Value:
        keys = part.keys(seen)
        if keys is None or seen.past is None:
            return None
        count = seen.past.count(part.number, keys, in_last)
        ordinary = seen.past.count(usual.number, keys, SPAN)
        if count is None or ordinary is None:
            return None
        times = count // max(ordinary, 1)
        if times < TIMES_MAX and count >= COUNT_MAX:
            return None
        return min(times, TIMES_MAX)

    said = name + (f" to {to}" if to else "") + (f" with {word}" if word else "")
    return Fact(
        name=f"{said} in last {duration(in_last)}",
        type=Type.COUNT,
        unit=usual.counter.unit,
        kinds=EVERY_KIND,
        cost=20,
        version=f"usual {part.number} {usual.number}",
        meaning=usual.counter.meaning,
        ordinary=usual.counter.ordinary,
        compute=compute,
        reads=usual.counter.reads,
        rests_on=(*_rests_on(name.removesuffix(AGAINST), part), *_rests_on(name, usual)),
        windows=(part, usual),
        width=SPAN,
        past=True,
        widths=(in_last, SPAN),
        most=TIMES_MAX,
        hint=_hint(part),
    )


def _rests_on(name: str, part: Window) -> tuple[tuple[str, str, int], ...]:
    """A counter, the word after `with`, and the signals by which they choose what is counted."""
    word = part.word
    found = [("counters", name, part.counter.version)]
    if word is not None:
        found.append(("with", word.name, word.version))
    chosen = (part.counter.only, word.only if word is not None else None)
    found += [("signals", only, SIGNALS[only].version) for only in chosen if only is not None]
    if part.near:
        found += [("repeats", read, version) for read, version in repeats.VERSIONS.items()]
    return tuple(found)


def _settled(seen: Observation) -> bool:
    """Whether it is known to which clusters of texts an event belongs."""
    return seen.joined is not None and seen.joined.complete


def _hint(part: Window) -> bool:
    """Whether a hint chooses what is counted."""
    chosen = (part.counter.only, part.word.only if part.word is not None else None)
    return any(SIGNALS[only].hint for only in chosen if only is not None)


def _share(name: str, part: Window, whole: Window, in_last: int) -> Fact:
    """Integer permille of `part` in `whole`; unknown below ten posts or where either is at the
    cap.
    """

    def compute(seen: Observation) -> Value:
        some, every = part.keys(seen), whole.keys(seen)
        if some is None or every is None or seen.past is None:
            return None
        if part.near and not _settled(seen):
            return None
        total = seen.past.count(whole.number, every, in_last)
        having = seen.past.count(part.number, some, in_last) if some else 0
        if total is None or having is None or not SHARE_POSTS_MIN <= total < COUNT_MAX:
            return None
        return having * 1000 // total

    return Fact(
        name=f"share of {part.name} in last {duration(in_last)}",
        type=Type.PERCENT,
        unit="%",
        kinds=EVERY_KIND,
        cost=16,
        version=f"share {part.number} {whole.number}",
        meaning=part.counter.meaning,
        ordinary=None,
        compute=compute,
        reads=frozenset(),
        rests_on=_rests_on(name, part),
        windows=(part, whole),
        width=in_last,
        past=True,
        hint=_hint(part),
    )


# --- what is remembered for phrases ---------------------------------------------------------------


_LIKEST = {"recent names": memory.likeness, members.NAME: members.likeness}


def remembered_names(named: str, who: str) -> Fact:
    """How alike the name of `who` is to others: `resembles recent names`, or the like.

    Its value is unknown where a likelier name may have been let go; a comparison can be known all
    the same, so phrases ask `likeness` of `memory` and `members`.
    """
    part, width = _remembered(named)
    likest = _LIKEST[named]

    def compute(seen: Observation) -> Value:
        found = likest(seen, who, part.number, width)
        return found.largest if found is not None and found.complete else None

    return _phrased(part, width, named, Type.PERCENT, compute, ordinary=0)


def quotes(who: str) -> Fact:
    """Whether the text holds what `who` wrote here: `text quotes target`."""
    part, width = _remembered("quotes")

    def compute(seen: Observation) -> Value:
        return memory.quotes(seen, who, part.number, width)

    return _phrased(part, width, f"{who} quotes", Type.YESNO, compute, ordinary=False)


def _remembered(name: str) -> tuple[Window, int]:
    """The window of a phrase, and its width."""
    declared = MEMORIES[name]
    kept = declared.kept
    keys = keys_of(kept, kept.about[0] if kept.about else "", None, None)
    number = number_of(name, kept, None)
    return Window(number, name, kept, None, keys, entries_of(kept, None, keys)), declared.width


def _phrased(
    part: Window, width: int, name: str, type_: Type, compute: Compute, ordinary: Value
) -> Fact:
    return Fact(
        name=name,
        type=type_,
        unit=part.counter.unit,
        kinds=EVERY_KIND,
        cost=100,
        version=f"{part.name} {part.number}",
        meaning=part.counter.meaning,
        ordinary=ordinary,
        compute=compute,
        reads=frozenset(),
        rests_on=(("memories", part.name, part.counter.version),),
        windows=(part,),
        width=width,
        past=True,
    )


# largest first; a year is 365 days, and months do not exist: nobody agrees on their length
UNITS = (
    ("year", 365 * 86_400_000_000),
    ("week", 7 * 86_400_000_000),
    ("day", 86_400_000_000),
    ("hour", 3_600_000_000),
    ("minute", 60_000_000),
    ("second", 1_000_000),
)


def duration(length: int) -> str:
    """A duration in the largest unit that divides it: `90 minutes`, `1 day`."""
    for unit, size in UNITS:
        if length % size == 0 and length:
            count = length // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{length // 1_000_000} seconds"
