"""Whether a text condition says anything: whether it holds of what anybody might write.

A condition that holds of an ordinary sentence is no evidence that something was done, and a pattern
for which one letter is enough asks for an alphabet. Both are told by trying the condition on texts
that stand here, so they are a floor, not a proof: what holds of most posts but of none of these is
not noticed. This module must never judge a person's text, or let a rule through for what it finds.
"""

from __future__ import annotations

from ombud.rules.phrases import compiled
from ombud.rules.tree import TextTest
from ombud.signals import views

LEAST = 3  # letters or digits that an operand needs to say something
# Ordinary posts in both languages; between them most letters and the commonest words of each.
_SENTENCES = (
    "",
    " ",
    "ok",
    "Thanks, that was a very good idea! See you all at the meeting on the 12th of June, 2026.",
    "What do you think about this? I have just read it and would like to know more from you.",
    "The quick brown fox jumps over the lazy dog; and for me it is not what they said.",
    "Cảm ơn bạn nhiều nhé, hôm nay mình đã đọc xong và thấy rất hay. Chúc mọi người một ngày vui!",
    "Cho em hỏi ở đây có ai biết chỗ nào được không ạ? Để em thử xem, những cái này của họ ra sao.",
)
_NORMAL = tuple(views.normalise(each) for each in _SENTENCES)
_BYTES = tuple(each.encode() for each in _NORMAL)
_FOLDED = tuple(views.fold(each) for each in _NORMAL)
# Letters of scripts and of Vietnamese, each tried alone.
_LETTERS = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹéßñçøжыіعیกあア中한अবதλאქԱ"
_AGAIN = 20  # so often it is tried in a row, for patterns that want several


def says_nothing(written: TextTest) -> bool:
    """Whether the condition holds of an ordinary text, is too short, or asks only for letters. To
    quote somebody is what answers do.
    """
    if written.how == "quotes":
        return True
    if written.how == "matches":
        search = compiled(written.operand).search
        return any(search(each) is not None for each in _BYTES) or letters_alone(written)
    wanted = views.normalise(written.operand)
    if sum(letter.isalnum() for letter in wanted) < LEAST:
        return True
    return any(wanted in each for each in (*_NORMAL, *_FOLDED))


def letters_alone(written: TextTest) -> bool:
    """Whether a pattern is content with one letter beyond a to z, once or in a row, and not with an
    "a" or with nothing: such a pattern tells an alphabet or a language, and no word.
    """
    if written.how != "matches":
        return False
    search = compiled(written.operand).search
    if any(search(text) is not None for text in (b"", b"a")):
        return False  # holds of nearly anything
    own = {each for each in written.operand if each.isalpha() and not each.isascii()}
    letters = (views.normalise(each) for each in sorted(own.union(_LETTERS)))
    return any(
        search(text.encode()) is not None
        for letter in letters
        for text in (letter, letter * _AGAIN)
        if letter and not letter.isascii()
    )
