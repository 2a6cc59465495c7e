"""The names that long-standing members of a room go by, so that newcomers who look like one of them
are noticed: `author.name resembles established members`.

A name is *established* where somebody whose account the platform calls older than OLD has posted
under it POSTS_MIN times within WIDTH: in the room, or anywhere on the platform. Of a room the 512
names that posted last are kept, and of the platform as many; where a name of the room was let go,
the answer is unknown unless that could not change it, and of the platform's nothing is promised.
It rests on the events in the window alone: who changes their name keeps the old one protected until
their posts under it are WIDTH old, and a new one is protected once it has been used often enough.
Where the platform does not tell when accounts were made, nobody's name is.

Of a name two keyed tokens are kept, each with whose it is (one of `sketch.OWNERS` labels): of its
letters without diacritics, and with them, both without trust words and numbers beside. A
newcomer's name is held against them in all the ways it can be read, and with each single letter
added, left out, changed or swapped with its neighbour:

- 1000: the same letters; `lookalike.AFFIXED` with a trust word or a number beside;
- `lookalike.UNMARKED`, `lookalike.REMARKED`: the same but for diacritics;
- 1 - 1 / l where one letter differs, with l the longer length; the same at 95 % with something
  beside. Letters are found where the member's is one of LETTERS, in names of at most LENGTH_MAX;
- 0: everything else.

A newcomer's name that consists of common names is at most `lookalike.COMMON` alike: whether an Ana
is another Ana a name cannot tell. One that says that it is a fan's is at most
`lookalike.DISCLOSED`, and no such name is kept. This module must never tell whose name it was.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from ombud.signals import lookalike, sketch, views
from ombud.signals.declare import Counter, memory
from ombud.signals.memory import DAY, POSTS, Likeness
from ombud.signals.observation import Observation

NAME = "established members"
OLD = timedelta(days=30)  # an account younger than this is nobody of long standing
POSTS_MIN = 3  # posts under a name before it is established; at most windows.PLACES_PER_VALUE
WIDTH = 30 * DAY

LENGTH_MAX = 32  # letters of a newcomer's name in which one may differ
LETTERS = "abcdefghijklmnopqrstuvwxyz"

_NAME_LABELS = 64  # with 9 bits of the owner and 1 of the part 16 bits; 47 of the token
_PAYLOAD_BITS = 47
_PAYLOAD = (1 << _PAYLOAD_BITS) - 1
_READINGS_KEPT = 64  # names whose readings are not worked out again: each has thousands of tokens


class Kept(NamedTuple):
    """One name as it is kept: tokens of its letters without diacritics and with them; None where
    one was let go.
    """

    bare: int | None = None
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
    known = found.values
    if seen.place_token != seen.platform_token:
        known |= seen.past.recall(window, (seen.platform_token,), width, POSTS_MIN).values
    largest = likest(account.name, names(known, owner), seen.secret)
    return Likeness(largest, found.complete or largest == most)


def likest(name: str, kept: Iterable[Kept], secret: int) -> int:
    """How alike a name is to the likest of kept ones, in permille."""
    readings, most = _readings(name, secret)
    largest = max((_alike(one, other) for other in kept for one in readings), default=0)
    return min(largest, most)


class Reading(NamedTuple):
    """One of the ways a name can be read, without trust words beside it or (`whole`) with them."""

    whole: bool
    bare: int
    looks: int
    near: Mapping[int, int]  # tokens of what differs in one letter, and how alike that is


@functools.lru_cache(maxsize=_READINGS_KEPT)
def _readings(name: str, secret: int) -> tuple[tuple[Reading, ...], int]:
    """The readings of a name, and how alike it can be to another at most."""
    seen = lookalike.forms(name)
    readings = []
    for form in seen.every:
        bare = views.fold(form)
        near = {} if seen.disclosed or seen.common else _near(bare, secret)
        whole = form in seen.whole
        readings.append(Reading(whole, _token(bare, secret), _token(form, secret), near))
    most = lookalike.COMMON if seen.common else 1000
    return tuple(readings), lookalike.DISCLOSED if seen.disclosed else most


def _near(name: str, secret: int) -> dict[int, int]:
    """Tokens of all that differs from a name in one letter, with how alike it is."""
    length = len(name)
    if not 1 < length <= LENGTH_MAX:
        return {}
    parts = [(name[:at], name[at:]) for at in range(length + 1)]
    longer = {before + letter + after for before, after in parts for letter in LETTERS}
    others = {before + after[1:] for before, after in parts[:-1]}
    others.update(before + letter + after[1:] for before, after in parts[:-1] for letter in LETTERS)
    others.update(before + after[1] + after[0] + after[2:] for before, after in parts[:-2])
    found = dict.fromkeys(_tokens(longer, secret), 1000 * length // (length + 1))
    found.update(dict.fromkeys(_tokens(others, secret), 1000 * (length - 1) // length))
    return found


def _alike(one: Reading, other: Kept) -> int:
    """How alike a reading is to a kept name."""
    if one.looks == other.looks:
        found = 1000
    elif one.bare == other.bare:
        unmarked = one.bare in (one.looks, other.looks)
        found = lookalike.UNMARKED if unmarked else lookalike.REMARKED
    else:
        found = one.near.get(other.bare, 0) if other.bare is not None else 0
    return found if one.whole else found * lookalike.AFFIXED // 1000


def names(values: Iterable[int], owner: int) -> list[Kept]:
    """The names among labelled values that are not their owner's."""
    own = sketch.owner_label(owner)
    found: dict[int, tuple[list[int], list[int]]] = {}
    for value in values:
        label = value >> _PAYLOAD_BITS + 1
        if label // _NAME_LABELS != own:
            parts = found.setdefault(label, ([], []))
            parts[value >> _PAYLOAD_BITS & 1].append(value & _PAYLOAD)
    kept = []
    for bares, looks in found.values():
        if len(bares) == len(looks) == 1:
            kept.append(Kept(bares[0], looks[0]))
        else:  # labels are equal by chance: which belong together is not known
            kept += [*(Kept(bare=each) for each in bares), *(Kept(looks=each) for each in looks)]
    return kept


@functools.lru_cache(maxsize=sketch.NAMES_KEPT)
def values(name: str, owner: int, secret: int) -> tuple[int, ...]:
    """A name as it is kept; nothing of one that has no letters, or that says whose it is not."""
    seen = lookalike.forms(name)
    form = lookalike.stem(name)
    if not form or seen.disclosed:
        return ()
    label = sketch.owner_label(owner) * _NAME_LABELS + _token(name, secret) % _NAME_LABELS
    tokens = (_token(views.fold(form), secret), _token(form, secret))
    return tuple((label << 1 | part) << _PAYLOAD_BITS | token for part, token in enumerate(tokens))


def _token(form: str, secret: int) -> int:
    (token,) = _tokens((form,), secret)
    return token


def _tokens(forms: Iterable[str], secret: int) -> list[int]:
    return [token & _PAYLOAD for token in sketch.tokens(forms, secret)]


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
        version=4,
        unit="%",
        keys=lambda seen: tuple(dict.fromkeys((seen.place_token, seen.platform_token))),
        values=_named,
        meaning={
            "en": (
                "How alike the name is to the likest name of somebody else of long standing in the"
                " same room, or elsewhere on the platform among those who posted last: whose"
                " account is older than thirty days and who has posted there under that name at"
                " least three times within the last thirty days. Common names are 80 % alike at"
                " most."
            ),
            "vi": (
                "Tên giống đến mức nào với tên giống nhất của một thành viên lâu năm khác trong"
                " cùng phòng, hoặc ở nơi khác trên nền tảng trong số những người vừa đăng bài:"
                " người có tài khoản trên ba mươi ngày tuổi và đã đăng ở đó ít nhất ba bài dưới"
                " tên đó trong ba mươi ngày qua. Tên phổ biến giống nhau nhiều nhất là 80 %."
            ),
        },
    ),
)
