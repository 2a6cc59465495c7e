"""What the community remembers for a while so that phrases can ask for it: recent names, and what
people wrote.

Kept are sketches and tokens (`sketch`), never a name or a text; they stand in journal rows as other
window entries do and go with an erasure. This module must never say whose name it was or what was
quoted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from ombud.signals import sketch
from ombud.signals.declare import Counter, memory
from ombud.signals.observation import Observation

HOUR = 3_600_000_000
DAY = 24 * HOUR
NEW = timedelta(days=7)  # an account older than this brings no recent name by posting
POSTS = frozenset({"post", "reply"})


class Likeness(NamedTuple):
    """The largest likeness found, in permille; not `complete` where a larger one may have been let
    go.
    """

    largest: int
    complete: bool


def likeness(seen: Observation, who: str, window: int, width: int) -> Likeness | None:
    """How alike the name of `who` is to the likest other in the window; None where it is unknown.

    A name without letters is like nobody's.
    """
    account, owner = seen.people.get(who), seen.key(who)
    if account is None or account.name is None or owner is None or seen.past is None:
        return None
    bits = sketch.name_bits(account.name, seen.secret)
    if not bits:
        return Likeness(0, complete=True)
    found = seen.past.recall(window, (seen.place_token,), width)
    return Likeness(sketch.likest(bits, found.values, owner), found.complete)


def names_alike(one: Observation, other: Observation, who: str) -> int:
    """How alike the names of `who` are in two events, in permille; 0 where one is not told."""
    names = [seen.people[who].name for seen in (one, other) if who in seen.people]
    bits = [sketch.name_bits(name, one.secret) for name in names if name is not None]
    return sketch.likeness(*bits) if len(bits) == 2 else 0


def quotes(seen: Observation, who: str, window: int, width: int) -> bool | None:
    """Whether the text shares a passage with what `who` wrote here; None where it is unknown.

    A post that answers and mentions nobody quotes nobody.
    """
    person, passages = seen.key(who), seen.passages
    if passages is None or seen.past is None:
        return None
    if person is None:
        return False if who == "target" and seen.kind == "post" else None
    found = seen.past.recall(window, (person,), width)
    if not passages.isdisjoint(found.values):
        return True
    return False if found.complete else None


def _named(seen: Observation) -> tuple[int, ...] | None:
    """The values of the author's name; none of a post by an account that has been there for long.

    By what the event says alone, and not by `seen.at`: a window is also filled from old records.
    """
    event = seen.event
    author = event.data.author
    if author is None or author.name is None:
        return None
    if author.created is not None and seen.kind in POSTS and event.time - author.created > NEW:
        return ()
    owner = seen.key("author")
    if owner is None:
        return None
    bits = sketch.name_bits(author.name, seen.secret)
    return sketch.labelled(bits, author.name, owner, seen.secret) if bits else ()


memory(
    HOUR,
    Counter(
        name="recent names",
        about=(),
        kinds=POSTS | {"join", "registration"},
        version=1,
        unit="%",
        keys=lambda seen: (seen.place_token,),
        values=_named,
        repeats=True,
        meaning={
            "en": (
                "How alike the name is to the likest name of somebody else who joined or registered"
                " within the last hour, or posted with an account younger than a week: in the same"
                " room, or anywhere on the platform where the event has no room. Digits at the end"
                " do not count."
            ),
            "vi": (
                "Tên giống đến mức nào với tên giống nhất của người khác đã vào hoặc đăng ký trong"
                " một giờ qua, hoặc đã đăng bài bằng tài khoản chưa đầy một tuần tuổi: trong cùng"
                " phòng, hoặc trên cả nền tảng nếu sự kiện không thuộc phòng nào. Không tính chữ số"
                " ở cuối."
            ),
        },
    ),
)
memory(
    7 * DAY,
    Counter(
        name="quotes",
        about=("author",),
        kinds=frozenset({"post", "reply", "edit"}),
        version=1,
        unit="",
        values=lambda seen: seen.kept_passages,
        meaning={
            "en": (
                "Whether the text holds a passage that this person wrote here within the last seven"
                " days: eight words in a row are always found, fewer than five never; a post of"
                " three to seven words counts as a whole."
            ),
            "vi": (
                "Văn bản có chứa đoạn mà người này đã viết ở đây trong bảy ngày qua hay không: tám"
                " từ liền nhau luôn được tìm thấy, dưới năm từ thì không; bài có từ ba đến bảy từ"
                " được tính nguyên cả bài."
            ),
        },
    ),
)
