"""The facts that rest on the models in this package: `insult`, `insult.likely`, `with insult`.

Each is declared as a hint: it orders cases, raises `alert`, and counts. The compiler refuses any
restriction that rests on hints alone. This module must never declare one without saying so.
"""

from __future__ import annotations

from ombud.model import Value
from ombud.signals.declare import TEXT_KINDS, Counter, Type, With, counter, signal, with_word
from ombud.signals.learned.shipped import LIKELY, VERSION, WORDS_MIN
from ombud.signals.observation import Observation

ENGLISH, VIETNAMESE = LIKELY["en"], LIKELY["vi"]


@signal(
    "insult",
    Type.PERCENT,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary=100,
    cost=150,
    version=VERSION + WORDS_MIN,
    hint=True,
    en="How much the text reads like an insult, English or Vietnamese. A hint: never acts alone.",
    vi="Văn bản giống lời xúc phạm đến mức nào, tiếng Anh hoặc Việt. Chỉ là gợi ý, không tự xử lý.",
)
def insult(seen: Observation) -> Value:
    return None if seen.insult is None else seen.insult.permille


@signal(
    "insult.likely",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary=False,
    cost=150,
    version=VERSION + WORDS_MIN + ENGLISH + 1000 * VIETNAMESE,
    hint=True,
    en=(
        f"Whether the text counts as an insult: {ENGLISH // 10} % or more, {VIETNAMESE // 10} % in"
        " Vietnamese. A hint: never acts alone."
    ),
    vi=(
        f"Văn bản có tính là xúc phạm hay không: từ {VIETNAMESE // 10} %, tiếng Anh từ"
        f" {ENGLISH // 10} %. Chỉ là gợi ý."
    ),
)
def likely(seen: Observation) -> Value:
    return None if seen.insult is None else seen.insult.likely


with_word(
    With(
        name="insult",
        only="insult.likely",
        version=1,
        meaning={
            "en": "only those that read like an insult (a hint)",
            "vi": "chỉ tính bài giống lời xúc phạm (gợi ý)",
        },
    )
)
counter(
    Counter(
        name="repliers",
        about=("target",),
        kinds=frozenset({"post", "reply"}),
        version=1,
        unit="people",
        distinct=lambda seen: seen.key("author"),
        meaning={
            "en": "Different people who replied to or mentioned one person, this one included.",
            "vi": "Số người khác nhau đã trả lời hoặc nhắc đến cùng một người, kể cả lần này.",
        },
    )
)
