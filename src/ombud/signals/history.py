"""What this journal remembers: first and last seen, accepted posts, and the counters over time.

All of it is asked through the observation's `past`; this module must never keep anything itself.
"""

from __future__ import annotations

from dataclasses import replace

from ombud.model import Value
from ombud.signals.declare import (
    PLACES,
    ROLES,
    Counter,
    Type,
    With,
    counter,
    earlier,
    signal,
    with_word,
)
from ombud.signals.observation import History, Observation

POSTS = frozenset({"post", "reply"})
DAY = 86_400_000_000


def _since(seen: Observation, instant: int) -> int:
    """From an instant of stream time to the event's place in it: who posts late is not new."""
    return max(0, (seen.at if seen.place is None else seen.place) - instant)


def _history(seen: Observation, who: str) -> History | None:
    account = seen.key(who)
    return None if account is None or seen.past is None else seen.past.history(account)


@signal(
    "first seen",
    Type.DURATION,
    about=(*ROLES, "server"),
    past=True,
    ordinary=365 * DAY,
    cost=4,
    en="How long ago the {who} was first seen in this community; zero at the first event.",
    vi="Lần đầu thấy {who} trong cộng đồng này cách đây bao lâu.",
)
def first_seen(seen: Observation, who: str) -> Value:
    known = _history(seen, who)
    return None if known is None else _since(seen, known.first)


@signal(
    "last seen",
    Type.DURATION,
    about=ROLES,
    past=True,
    ordinary=DAY,
    cost=4,
    en="How long ago the {who} was last seen here before this event.",
    vi="Lần gần nhất thấy {who} trước sự kiện này cách đây bao lâu.",
)
def last_seen(seen: Observation, who: str) -> Value:
    known = _history(seen, who)
    return None if known is None else _since(seen, known.last)


@signal(
    "accepted posts",
    Type.COUNT,
    unit="posts",
    about=ROLES,
    past=True,
    ordinary=50,
    cost=4,
    en="How many posts of the {who} were accepted here before this event.",
    vi="Số bài của {who} đã được chấp nhận ở đây trước sự kiện này.",
)
def accepted_posts(seen: Observation, who: str) -> Value:
    known = _history(seen, who)
    return None if known is None else known.accepted


def _texts(seen: Observation) -> tuple[int, ...] | None:
    if seen.text is None:
        return None
    return () if seen.text_token is None else (seen.text_token,)


def _near(seen: Observation) -> tuple[int, ...] | None:
    """The clusters of the text; None where there is no text, or no past to tell them."""
    joined = seen.joined
    return None if joined is None else joined.keys


def _author(seen: Observation) -> int | None:
    return seen.key("author")


def _subject(seen: Observation) -> tuple[int, ...] | None:
    subject = seen.key("subject")
    return None if subject is None else (subject,)


counter(
    Counter(
        name="posts",
        about=(*ROLES, *PLACES),
        kinds=POSTS,
        version=1,
        unit="posts",
        meaning={
            "en": "Posts and replies, this one included.",
            "vi": "Số bài viết và trả lời, kể cả bài này.",
        },
    )
)
counter(
    Counter(
        name="joins",
        about=PLACES,
        kinds=frozenset({"join"}),
        version=1,
        unit="joins",
        meaning={
            "en": "People who joined, this one included.",
            "vi": "Số người tham gia, kể cả người này.",
        },
    )
)
counter(
    Counter(
        name="flags",
        about=("reporter", "subject.author", "room"),
        kinds=frozenset({"flag"}),
        version=1,
        unit="flags",
        meaning={
            "en": "Flags sent by members, this one included.",
            "vi": "Số báo cáo của thành viên, kể cả báo cáo này.",
        },
    )
)
counter(
    Counter(
        name="subject.flaggers",
        about=(),
        kinds=frozenset({"flag"}),
        version=1,
        unit="people",
        keys=_subject,
        distinct=lambda seen: seen.key("reporter"),
        meaning={
            "en": "Different people who flagged this same post or account, this one included.",
            "vi": "Số người khác nhau đã báo cáo cùng bài hoặc tài khoản này, kể cả lần này.",
        },
    )
)
counter(
    Counter(
        name="rooms",
        about=("author",),
        kinds=POSTS,
        version=1,
        unit="rooms",
        distinct=lambda seen: seen.key("room"),
        meaning={
            "en": "Different rooms the author posted in.",
            "vi": "Số phòng khác nhau mà tác giả đã đăng bài.",
        },
    )
)
counter(
    Counter(
        name="targets",
        about=("author",),
        kinds=POSTS,
        version=1,
        unit="people",
        distinct=lambda seen: seen.key("target"),
        meaning={
            "en": "Different people the author replied to or mentioned first.",
            "vi": "Số người khác nhau mà tác giả đã trả lời hoặc nhắc đến đầu tiên.",
        },
    )
)
_REPEAT_AUTHORS = Counter(
    name="text.repeat authors",
    about=(),
    kinds=POSTS,
    version=2,
    unit="people",
    keys=_near,
    distinct=_author,
    repeats=True,
    near=True,
    reads=frozenset({"text"}),
    meaning={
        "en": (
            "Different people who posted nearly this text: at least half of all different words in"
            " both, whatever their order, apart from case, digits, punctuation and look-alike"
            " letters. A text of fewer than six different words must be the same."
        ),
        "vi": (
            "Số người khác nhau đã đăng gần như văn bản này: ít nhất một nửa số từ khác nhau là"
            " chung, không kể thứ tự, hoa thường, chữ số, dấu câu và chữ trông giống nhau. Văn bản"
            " có ít hơn sáu từ khác nhau phải giống hệt."
        ),
    },
)
_REPEATS = replace(
    _REPEAT_AUTHORS,
    name="text.repeats",
    unit="posts",
    distinct=None,
    meaning={
        "en": "Posts of nearly this text by anyone; when two texts are nearly the same is said"
        " under text.repeat authors.",
        "vi": "Số bài gần như văn bản này, của bất kỳ ai; thế nào là gần như nhau, xem ở"
        " text.repeat authors.",
    },
)
counter(_REPEAT_AUTHORS)
counter(_REPEATS)
for _counted in (_REPEAT_AUTHORS, _REPEATS):  # version 1 was equality of content
    earlier(replace(_counted, version=1, keys=_texts, near=False))
counter(
    Counter(
        name="links.repeat authors",
        about=(),
        kinds=POSTS,
        version=1,
        unit="people",
        keys=lambda seen: seen.domain_tokens,
        distinct=_author,
        repeats=True,
        reads=frozenset({"text", "links"}),
        meaning={
            "en": "Different people who linked to the same site; the site most people linked to.",
            "vi": "Số người khác nhau đã dẫn đến cùng một trang; tính trang được dẫn nhiều nhất.",
        },
    )
)

with_word(
    With(
        name="links",
        only="links.any",
        version=1,
        meaning={"en": "only those with a link", "vi": "chỉ tính bài có liên kết"},
    )
)
with_word(
    With(
        name="media",
        only="media.any",
        version=1,
        meaning={"en": "only those with media", "vi": "chỉ tính bài có tệp đính kèm"},
    )
)
with_word(
    With(
        name="mentions",
        only="mentions.any",
        version=1,
        meaning={"en": "only those that mention someone", "vi": "chỉ tính bài có nhắc tên"},
    )
)
with_word(
    With(
        name="same domain",
        keys=lambda seen: seen.domain_tokens,
        version=1,
        meaning={"en": "that link to the same site", "vi": "dẫn đến cùng một trang"},
    )
)
_SAME_TEXT = With(
    name="same text",
    keys=_near,
    near=True,
    version=2,
    meaning={"en": "with nearly the same text", "vi": "có nội dung gần như nhau"},
)
with_word(_SAME_TEXT)
earlier(replace(_SAME_TEXT, version=1, keys=_texts, near=False))
with_word(
    With(
        name="trusted reporter",
        only="reporter.trusted",
        version=1,
        meaning={
            "en": "only flags by members whom the platform calls trusted",
            "vi": "chỉ tính báo cáo của thành viên được nền tảng tin cậy",
        },
    )
)
