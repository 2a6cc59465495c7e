"""What a refused author reads, and what is told of at all.

Clients show `error`; the fields beside it are for those that can do more. This module must never
tell less than the link, where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ombud_synapse.asking import Verdict

HELD = {
    "en": "This waits for a person to look at it. Why, and how to answer: {notice}",
    "vi": "Nội dung này đang chờ người xem xét. Lý do và cách phản hồi: {notice}",
}
REFUSED = {
    "en": "This was not published. Why, and how to appeal: {notice}",
    "vi": "Nội dung này không được đăng. Lý do và cách khiếu nại: {notice}",
}
LATE = {
    "en": "This could not be checked just now. Try again in a moment.",
    "vi": "Hiện chưa kiểm tra được nội dung này. Hãy thử lại sau giây lát.",
}
SLOWED = {
    "en": "You can write one message in ten seconds for now. A notice has told you why. Try again"
    " in {seconds} s.",
    "vi": "Hiện bạn chỉ có thể gửi một tin nhắn mỗi mười giây. Thông báo gửi cho bạn đã nêu lý do."
    " Hãy thử lại sau {seconds} giây.",
}
# What people say in a room. What is encrypted, votes and signs of reading are not asked about; nor
# is what takes something away, whatever reason it gives: that must go on where nobody answers.
SAID = frozenset(
    (
        *("m.room.message", "m.sticker", "m.room.name", "m.room.topic", "m.room.avatar"),
        *("m.poll.start", "org.matrix.msc3381.poll.start"),
        *("m.poll.end", "org.matrix.msc3381.poll.end"),
        "m.reaction",
    )
)
SIGNS = {"m.room.name": "name", "m.room.topic": "topic"}  # what stands over a room, by its field
TEXT_LENGTH_MAX = 10_000
# Letters in circles, squares and brackets, and those that flags are made of: no alphabet has them.
_SHAPED = re.compile("[\u2460-\u24ff\U0001f100-\U0001f189\U0001f1e6-\U0001f1ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_KEYCAP = re.compile("[0-9]\ufe0f?\u20e3|\u2139\ufe0f?")


def says(type_: str, content: Mapping[str, Any]) -> bool:
    """Whether it is something that people say in a room: of reactions those in words or pictures,
    since of signs alone there are as many as there are readers.
    """
    if type_ != "m.reaction":
        return type_ in SAID
    relation = content.get("m.relates_to")
    key = relation.get("key") if isinstance(relation, Mapping) else None
    return isinstance(key, str) and (key.startswith("mxc://") or worded(key))


def worded(key: str) -> bool:
    """Whether a reaction says something in letters, in whatever shape. One letter in a circle or a
    square is a sign, and so are keycaps and a flag. Ombud reads by the same.
    """
    bare = _KEYCAP.sub("", key)
    shaped = len(_SHAPED.findall(bare)) > 1 and _FLAG.fullmatch(bare) is None
    return shaped or any(map(str.isalnum, bare))


def refusal(verdict: Verdict, language: str) -> dict[str, Any]:
    """The fields of the answer beside its code. `error` takes the place of Synapse's own words."""
    if verdict.notice is None:
        return {"error": LATE[language], "org.ombud.action": "later"}
    said = HELD if verdict.action == "hold" else REFUSED
    return {
        "error": said[language].format(notice=verdict.notice),
        "org.ombud.action": verdict.action,
        "org.ombud.notice": verdict.notice,
        "org.ombud.decision": verdict.decision or "",
    }


def slowed(wait_ms: int, language: str) -> dict[str, Any]:
    """The fields of the answer to somebody who is limited."""
    error = SLOWED[language].format(seconds=-(-wait_ms // 1000))
    return {"error": error, "org.ombud.action": "later", "retry_after_ms": wait_ms}


def public_room(config: Mapping[str, Any]) -> dict[str, Any] | None:
    """Name, topic and alias of a room that everybody will find in the public list and that is not
    encrypted; None for every other, of which nothing may be told.
    """
    states = config.get("initial_state")
    first = states if isinstance(states, list) else []
    types = [each.get("type") for each in first if isinstance(each, Mapping)]
    if config.get("visibility") != "public" or config.get("is_direct") is True:
        return None
    if "m.room.encryption" in types:
        return None
    named = {key: config.get(key) for key in ("name", "topic", "room_alias_name")}
    for each in first:
        content = each.get("content") if isinstance(each, Mapping) else None
        for key in ("name", "topic"):
            if isinstance(content, Mapping) and each.get("type") == f"m.room.{key}":
                named[key] = content.get(key)
    return short(named)


def short(named: Mapping[str, Any]) -> dict[str, Any]:
    """What of it is text, as far as it is told."""
    return {k: v[:TEXT_LENGTH_MAX] for k, v in named.items() if isinstance(v, str) and v}
