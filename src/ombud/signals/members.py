"""The names that long-standing members of a room go by, so that newcomers who look like one of them
are noticed: `author.name resembles established members`.

A name is *established* where somebody whose account the platform calls older than OLD has posted
under it POSTS_MIN times within WIDTH: in the room, or anywhere on the platform. Of one account the
`name_tokens.NAMES_MAX` names count under which it posted last, in the room and on the platform
each: so one account under a thousand names protects no more of them than anybody does, and takes
nobody else's place. Of a room, and of the platform, the accounts are kept that posted last,
thousands of them; where one was let go, the answer is unknown unless that could not change it. It
rests on the events in the window alone: who changes their name keeps the old one protected for
WIDTH, or until they have posted under so many others, and a new one is protected once it has been
used often enough. Where the platform does not tell when accounts were made, nobody's name is.

Of a name one value of keyed hashes is kept (`name_tokens`), of its letters without trust words and
numbers beside. A newcomer's name is held against them in all the ways it can be read, and with each
single letter added, left out, changed or swapped with its neighbour:

- 1000: the same letters; `lookalike.AFFIXED` with a trust word or a number beside;
- `lookalike.UNMARKED`, `lookalike.REMARKED`: the same but for diacritics;
- 1 - 1 / l where one letter differs, with l the longer length; the same at 95 % with something
  beside. Letters are found where the member's is one of `name_tokens.LETTERS`, in names of at most
  `name_tokens.LENGTH_MAX`;
- 0: everything else.

A newcomer's name that consists of common names is at most `lookalike.COMMON` alike: whether an Ana
is another Ana a name cannot tell. One that says that it is a fan's is at most
`lookalike.DISCLOSED`, and no such name is kept. This module must never tell whose name it was.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from ombud.signals import lookalike, name_tokens, sketch, views
from ombud.signals.declare import Counter, memory
from ombud.signals.memory import DAY, POSTS, Likeness
from ombud.signals.observation import Observation, Sought

NAME = "established members"
OLD = timedelta(days=30)  # an account younger than this is nobody of long standing
POSTS_MIN = name_tokens.POSTS_MIN
WIDTH = 30 * DAY

_READINGS_KEPT = 4096  # names whose readings are not worked out again


def likeness(seen: Observation, who: str, window: int, width: int) -> Likeness | None:
    """How alike the name of `who` is to the likest established name of others in the room; None
    where it is unknown.
    """
    account, owner = seen.people.get(who), seen.key(who)
    if account is None or account.name is None or owner is None or seen.past is None:
        return None
    read = readings(account.name, seen.secret)
    if not read.every:
        return Likeness(0, complete=True)
    places = {name_tokens.place_of(each) for each in (seen.place_token, seen.platform_token)}
    sought = Sought(tuple(sorted(places)), name_tokens.owner_of(owner), read.sought)
    found = seen.past.names(window, sought, width)
    largest = likest(account.name, found.values, seen.secret)
    return Likeness(largest, found.complete or largest == read.most)


def likest(name: str, kept: Collection[int], secret: int) -> int:
    """How alike a name is to the likest of kept ones, in permille."""
    if not kept:
        return 0
    read = readings(name, secret)
    return min(max((_alike(each, kept, secret) for each in read.every), default=0), read.most)


class Reading(NamedTuple):
    """One of the ways a name can be read, without trust words beside it or (`whole`) with them."""

    whole: bool
    bare: str  # its letters without diacritics
    value: int  # as it would be kept
    ends: frozenset[int]  # what those are found by that differ in one letter; none where none may


class Readings(NamedTuple):
    """The readings of a name, how alike it can be to another at most, and what those are found by
    that are alike.
    """

    every: tuple[Reading, ...]
    most: int
    sought: frozenset[int]


@functools.lru_cache(maxsize=_READINGS_KEPT)
def readings(name: str, secret: int) -> Readings:
    """The ways a name can be read."""
    seen = lookalike.forms(name)
    bounded = seen.disclosed or seen.common
    every, sought = [], set[int]()
    for form in seen.every:
        bare = views.fold(form)
        value = name_tokens.value(bare, form, secret)
        ends = frozenset[int]() if bounded else name_tokens.ends(bare, secret)
        every.append(Reading(form in seen.whole, bare, value, ends))
        sought |= {name_tokens.sought(value)[0], *ends}
    most = lookalike.COMMON if seen.common else 1000
    most = lookalike.DISCLOSED if seen.disclosed else most
    return Readings(tuple(every), most, frozenset(sought))


def _alike(one: Reading, kept: Collection[int], secret: int) -> int:
    """How alike a reading is to the likest of kept names."""
    found, near = 0, []
    for other in kept:
        if other == one.value:
            found = 1000
        elif name_tokens.letters(other) != name_tokens.letters(one.value):
            if not one.ends.isdisjoint(name_tokens.sought(other)):
                near.append(other)
        elif name_tokens.unmarked(other) or name_tokens.unmarked(one.value):
            found = max(found, lookalike.UNMARKED)
        else:
            found = max(found, lookalike.REMARKED)
    if near and found < 1000:
        found = max(found, name_tokens.near(one.bare, near, secret))
    return found if one.whole else found * lookalike.AFFIXED // 1000


@functools.lru_cache(maxsize=sketch.NAMES_KEPT)
def values(name: str, secret: int) -> tuple[int, ...]:
    """A name as it is kept; nothing of one that has no letters, or that says whose it is not."""
    seen = lookalike.forms(name)
    form = lookalike.stem(name)
    if not form or seen.disclosed:
        return ()
    return (name_tokens.value(views.fold(form), form, secret),)


def keys(seen: Observation) -> tuple[int, ...] | None:
    """What an author's name is kept under: their account in the room, and on the platform."""
    owner = seen.key("author")
    if owner is None:
        return None
    places = dict.fromkeys((seen.place_token, seen.platform_token))
    return tuple([name_tokens.key(each, owner) for each in places])


def _named(seen: Observation) -> tuple[int, ...] | None:
    """What is kept of an author's name: by what the event says alone, since a window is also filled
    from old records.
    """
    author = seen.event.data.author
    if author is None or author.name is None or author.created is None:
        return None
    if seen.event.time - author.created < OLD:
        return ()
    return values(author.name, seen.secret)


memory(
    WIDTH,
    Counter(
        name=NAME,
        about=(),
        kinds=POSTS,
        version=5,
        unit="%",
        keys=keys,
        values=_named,
        names=True,
        meaning={
            "en": (
                "How alike the name is to the likest name of somebody else of long standing in the"
                " same room or elsewhere on the platform: whose account is older than thirty days"
                " and who has posted there under that name at least three times within the last"
                " thirty days. Of one account the four names count that it posted under last."
                " Common names are 80 % alike at most."
            ),
            "vi": (
                "Tên giống đến mức nào với tên giống nhất của một thành viên lâu năm khác trong"
                " cùng phòng hoặc ở nơi khác trên nền tảng: người có tài khoản trên ba mươi ngày"
                " tuổi và đã đăng ở đó ít nhất ba bài dưới tên đó trong ba mươi ngày qua. Mỗi tài"
                " khoản chỉ tính bốn tên đăng gần đây nhất. Tên phổ biến giống nhau nhiều nhất là"
                " 80 %."
            ),
        },
    ),
)
