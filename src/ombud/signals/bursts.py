"""What tells a flood: how many registered, joined or posted from one place, under one invitation,
with names of one pattern, with new accounts; and how that stands against the usual of the place.

Declarations only: counts live in `windows`, what is usual in `usual`. This module must never say
that a flood means harm: a release, a memorial or a school class is one, too.
"""

from __future__ import annotations

from ombud.clock import DAY, from_datetime
from ombud.signals.declare import PLACES, Counter, With, counter, with_word
from ombud.signals.observation import Observation

POSTS = frozenset({"post", "reply"})


def _author(seen: Observation) -> int | None:
    return seen.key("author")


for _name, _about, _kinds in (
    ("posts", PLACES, POSTS),
    ("joins", PLACES, frozenset({"join"})),
    ("registrations", ("server", "platform"), frozenset({"registration"})),
):
    counter(
        Counter(
            name=f"{_name} against usual",
            about=_about,
            kinds=_kinds,
            version=1,
            unit="times",
            against_usual=True,
            meaning={
                "en": (
                    "How many times the usual it is: the fullest stretch, of the same length, of"
                    " an ordinary day there, by the median of the last 14 days."
                ),
                "vi": (
                    "Gấp mấy lần mức thường: khoảng đông nhất, cùng độ dài, của một ngày bình"
                    " thường ở đó, lấy trung vị 14 ngày qua."
                ),
            },
        )
    )
counter(
    Counter(
        name="join days",
        about=PLACES,
        kinds=frozenset({"join"}),
        version=1,
        unit="days",
        distinct=lambda seen: from_datetime(seen.event.time) // DAY,
        meaning={
            "en": "Different days (UTC) on which somebody joined, this one included.",
            "vi": "Số ngày khác nhau (giờ UTC) có người tham gia, kể cả hôm nay.",
        },
    )
)
counter(
    Counter(
        name="registrations",
        about=("server", "platform"),
        kinds=frozenset({"registration"}),
        version=1,
        unit="registrations",
        meaning={
            "en": "Accounts that were registered, this one included.",
            "vi": "Số tài khoản được đăng ký, kể cả tài khoản này.",
        },
    )
)
counter(
    Counter(
        name="authors",
        about=PLACES,
        kinds=POSTS,
        version=1,
        unit="people",
        distinct=_author,
        meaning={
            "en": "Different people who posted or replied, this one included.",
            "vi": "Số người khác nhau đã đăng bài hoặc trả lời, kể cả người này.",
        },
    )
)
counter(
    Counter(
        name="links.repeats",
        about=(),
        kinds=POSTS,
        version=1,
        unit="posts",
        keys=lambda seen: seen.domain_tokens,
        repeats=True,
        reads=frozenset({"text", "links"}),
        meaning={
            "en": "Posts by anyone that link to the same site; the site linked to most.",
            "vi": "Số bài dẫn đến cùng một trang; tính trang được dẫn nhiều nhất.",
        },
    )
)
counter(
    Counter(
        name="invites.repeat authors",
        about=(),
        kinds=POSTS,
        version=1,
        unit="people",
        keys=lambda seen: seen.invite_tokens,
        distinct=_author,
        repeats=True,
        reads=frozenset({"text", "links"}),
        meaning={
            "en": "Different people who posted the same invitation; the one most people posted.",
            "vi": "Số người khác nhau đã đăng cùng lời mời; tính lời mời nhiều người đăng nhất.",
        },
    )
)
counter(
    Counter(
        name="invites.repeats",
        about=(),
        kinds=POSTS,
        version=1,
        unit="posts",
        keys=lambda seen: seen.invite_tokens,
        repeats=True,
        reads=frozenset({"text", "links"}),
        meaning={
            "en": "Posts by anyone with the same invitation; the one posted most.",
            "vi": "Số bài có cùng một lời mời; tính lời mời được đăng nhiều nhất.",
        },
    )
)

with_word(
    With(
        name="same invite",
        keys=lambda seen: seen.invite_tokens,
        version=1,
        meaning={"en": "with the same invitation", "vi": "có cùng một lời mời"},
    )
)
with_word(
    With(
        name="same name pattern",
        keys=lambda seen: seen.name_pattern_tokens,
        version=1,
        meaning={
            "en": "by people whose names are built alike: a stem and a number, or a rare shape",
            "vi": "của những người có tên cùng một khuôn: gốc chữ kèm số, hoặc dạng hiếm gặp",
        },
    )
)
with_word(
    With(
        name="new accounts",
        only="author.new account",
        version=1,
        meaning={
            "en": "only those by accounts at most a week old, or of unknown age",
            "vi": "chỉ tính tài khoản mới trong vòng một tuần, hoặc không rõ tuổi",
        },
    )
)
