"""The names that long-standing members of a room go by, so that newcomers who look like one of them
are noticed: `author.name resembles established members`.

A name is *established* in a room where somebody whose account the platform calls older than OLD has
posted under it POSTS_MIN times within WIDTH. So it rests on the event and on the window alone; who
changes their name keeps the old one protected until their posts under it are WIDTH old, and a new
one is protected once it has been used often enough. Where the platform does not tell when accounts
were made, nobody's name is.

Of a name three values are kept, each with whose it is (one of `sketch.OWNERS` labels): the two
halves of its sketch, of letters without diacritics and without trust words and numbers beside, and
a keyed token of the same letters with their diacritics. From these, to a newcomer's name:

- 1000: the same letters; `lookalike.AFFIXED` with a trust word or a number beside;
- `lookalike.UNMARKED`, `lookalike.REMARKED`: the same but for diacritics;
- less: 1 - e / p, with p the letter pairs of the larger name and e a quarter of the pairs that are
  not in both: a changed letter changes four. Less than ALIKE_MIN is 0.

A newcomer's name that consists of common names is at most `lookalike.COMMON` alike: whether an Ana
is another Ana a name cannot tell. One that says that it is a fan's is at most
`lookalike.DISCLOSED`, and no such name is kept. This module must never tell whose name it was.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from ombud.signals import lookalike, sketch, views
from ombud.signals.declare import Counter, memory
from ombud.signals.memory import DAY, POSTS, Likeness
from ombud.signals.observation import Observation

NAME = "established members"
OLD = timedelta(days=30)  # an account younger than this is nobody of long standing
POSTS_MIN = 5  # posts under a name before it is established; at most windows.PLACES_PER_VALUE
WIDTH = 30 * DAY
ALIKE_MIN = 700  # permille; names less alike than that are told as not alike

_LABEL_BITS = 15  # 9 of the owner, 6 of the name
_PART_BITS = 2
_PAYLOAD_BITS = sketch.HALF_BITS
_PAYLOAD = (1 << _PAYLOAD_BITS) - 1
_NAME_LABELS = 64


class Kept(NamedTuple):
    """One name as it is kept; None where a part was let go."""

    low: int | None = None
    high: int | None = None
    looks: int | None = None


def likeness(seen: Observation, who: str, window: int, width: int) -> Likeness | None:
    """How alike the name of `who` is to the likest established name of others in the room; None
    where it is unknown.
    """
    account, owner = seen.people.get(who), seen.key(who)
    if account is None or account.name is None or owner is None or seen.past is None:
        return None
    readings, most = _readings(account.name, seen.secret)
    if not readings:
        return Likeness(0, complete=True)
    found = seen.past.recall(window, (seen.place_token,), width, POSTS_MIN)
    largest = ALIKE_MIN - 1
    for kept in names(found.values, owner):
        largest = max(largest, *(_alike(reading, kept) for reading in readings))
    likest = min(largest, most) if largest >= ALIKE_MIN else 0
    return Likeness(likest, found.complete or likest == most)


class Reading(NamedTuple):
    """One of the ways a name can be read, without trust words beside it or (`whole`) with them."""

    whole: bool
    bits: int  # of the letters without diacritics
    looks: int  # token of the letters with them
    bare: int  # token of the letters without


@functools.lru_cache(maxsize=4096)
def _readings(name: str, secret: int) -> tuple[tuple[Reading, ...], int]:
    """The readings of a name, and how alike it can be to another at most."""
    seen = lookalike.forms(name)
    readings = []
    for form in seen.every:
        bare = views.fold(form)
        bits = sketch.pair_bits(bare, secret)
        if bits:
            looks = sketch.token(form, secret) & _PAYLOAD
            unmarked = sketch.token(bare, secret) & _PAYLOAD
            readings.append(Reading(form in seen.whole, bits, looks, unmarked))
    most = lookalike.COMMON if seen.common else 1000
    return tuple(readings), lookalike.DISCLOSED if seen.disclosed else most


def _alike(one: Reading, other: Kept) -> int:
    """How alike a reading is to a kept name."""
    if one.looks == other.looks:
        found = 1000
    elif other.low is None or other.high is None:
        return 0
    else:
        bits = other.high << sketch.HALF_BITS | other.low
        if bits == one.bits:
            unmarked = one.bare in (one.looks, other.looks)
            found = lookalike.UNMARKED if unmarked else lookalike.REMARKED
        else:
            pairs = max(bits.bit_count(), one.bits.bit_count())
            found = 1000 - 250 * (bits ^ one.bits).bit_count() // pairs
    return found if one.whole else found * lookalike.AFFIXED // 1000


def names(values: Iterable[int], owner: int) -> list[Kept]:
    """The names among labelled values that are not their owner's."""
    own = sketch.owner_label(owner)
    found: dict[int, list[list[int]]] = {}
    for value in values:
        label = value >> _PAYLOAD_BITS + _PART_BITS
        if label // _NAME_LABELS != own:
            parts = found.setdefault(label, [[], [], []])
            part = value >> _PAYLOAD_BITS & (1 << _PART_BITS) - 1
            parts[part].append(value & _PAYLOAD)
    kept = []
    for lows, highs, looks in found.values():  # more than one where labels are equal by chance
        whole = [Kept(low, high, None) for low in lows for high in highs]
        if len(whole) == len(looks) == 1:
            whole = [whole[0]._replace(looks=looks[0])]
        else:
            whole += [Kept(looks=each) for each in looks]
        kept += whole
    return kept


@functools.lru_cache(maxsize=sketch.NAMES_KEPT)
def values(name: str, owner: int, secret: int) -> tuple[int, ...]:
    """A name as it is kept; nothing of one that has no letters, or that says whose it is not."""
    seen = lookalike.forms(name)
    if not seen.whole or seen.disclosed:
        return ()
    form = lookalike.stem(name)
    bits = sketch.pair_bits(views.fold(form), secret)
    if not bits:
        return ()
    label = sketch.owner_label(owner) * _NAME_LABELS + sketch.token(name, secret) % _NAME_LABELS
    parts = (
        bits & _PAYLOAD,
        bits >> sketch.HALF_BITS,
        sketch.token(form, secret) & _PAYLOAD,
    )
    return tuple(
        (label << _PART_BITS | part) << _PAYLOAD_BITS | payload
        for part, payload in enumerate(parts)
    )


def _named(seen: Observation) -> tuple[int, ...] | None:
    """What is kept of an author's name: by what the event says alone, since a window is also filled
    from old records.
    """
    author = seen.event.data.author
    if author is None or author.name is None or author.created is None:
        return None
    if seen.event.time - author.created < OLD:
        return ()
    owner = seen.key("author")
    return None if owner is None else values(author.name, owner, seen.secret)


memory(
    WIDTH,
    Counter(
        name=NAME,
        about=(),
        kinds=POSTS,
        version=1,
        unit="%",
        keys=lambda seen: (seen.place_token,),
        values=_named,
        meaning={
            "en": (
                "How alike the name is to the likest name of somebody else of long standing in the"
                " same room (anywhere on the platform where the event has no room): whose account"
                " is older than thirty days and who has posted here under that name at least five"
                " times within the last thirty days. Common names are 80 % alike at most."
            ),
            "vi": (
                "Tên giống đến mức nào với tên giống nhất của một thành viên lâu năm khác trong"
                " cùng phòng (hoặc trên cả nền tảng nếu sự kiện không thuộc phòng nào): người có"
                " tài khoản trên ba mươi ngày tuổi và đã đăng ở đây ít nhất năm bài dưới tên đó"
                " trong ba mươi ngày qua. Tên phổ biến giống nhau nhiều nhất là 80 %."
            ),
        },
    ),
)
