"""Whether a text condition says anything: whether it holds of what anybody might write.

A condition that holds of an ordinary sentence is no evidence that something was done. That is told
by trying the condition on texts that stand here, so it is a floor, not a proof: what holds of most
posts but of none of these is not noticed. This module must never judge a person's text, or let a
rule through for what it finds.
"""

from __future__ import annotations

from ombud.rules.alphabets import picks
from ombud.rules.phrases import compiled
from ombud.rules.tree import TextTest
from ombud.signals import views

LEAST = 3  # letters or digits that an operand needs to say something
# Ordinary posts in both languages, some spoken to somebody; between them most letters and the
# commonest words of each.
_SENTENCES = (
    "",
    " ",
    "ok",
    "Thanks, that was a very good idea! See you all at the meeting on the 12th of June, 2026.",
    "What do you think about this? I have just read it and would like to know more from you.",
    "The quick brown fox jumps over the lazy dog; and for me it is not what they said.",
    "Cảm ơn bạn nhiều nhé, hôm nay mình đã đọc xong và thấy rất hay. Chúc mọi người một ngày vui!",
    "Cho em hỏi ở đây có ai biết chỗ nào được không ạ? Để em thử xem, những cái này của họ ra sao.",
    "You are right, and they are too: you're my friend, he is yours, she's his, we were theirs.",
    "Mày là bạn tao, bạn là người nhà, anh là ai, chị ơi, chúng mày đâu rồi, bọn nó là ai vậy?",
)
_NORMAL = tuple(views.normalise(each) for each in _SENTENCES)
_BYTES = tuple(each.encode() for each in _NORMAL)
_FOLDED = tuple(views.fold(each) for each in _NORMAL)


def says_nothing(written: TextTest) -> bool:
    """Whether the condition holds of an ordinary text, is too short, or picks an alphabet or a
    language. To quote somebody is what answers do.
    """
    if written.how == "quotes":
        return True
    if written.how == "matches":
        search = compiled(written.operand).search
        return any(search(each) is not None for each in _BYTES) or picks(written) is not None
    wanted = views.normalise(written.operand)
    if sum(letter.isalnum() for letter in wanted) < LEAST:
        return True
    return any(wanted in each for each in (*_NORMAL, *_FOLDED)) or picks(written) is not None
