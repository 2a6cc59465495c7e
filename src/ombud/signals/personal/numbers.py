"""Which digits of a text belong together, and what they are: phones, cards, accounts, identities.

Digits belong together in one group or over at most three signs of ` .-()/`. From each group on,
the longest run that is something is taken. Without a word before it, a number is only what its own
form shows; a bank account and the old nine-digit identity number (CMND) always need such a word.
Time is linear: a run has at most 19 digits. This module must never read what mail addresses and
web addresses hold; `details` blanks them before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from ombud.signals.personal import checked, phones
from ombud.signals.personal.phones import Written

DIGITS_MAX = 19
GROUPS_MAX = 7  # of one number, unless all its digits stand apart
BEFORE = 40  # characters before a number in which a word may say what it is
AFTER = 16  # characters behind a number in which the name of a bank may stand

_GROUP = re.compile(r"[0-9]+")
_SOFT = re.compile(r"[ .\-()/\u2010-\u2013]{1,3}")
_GLUED = re.compile(
    r"(?<![^\W\d_])(?:sđt|sdt|zalo|tel|đt|dt|lh|alo|call|phone|hotline|ib|gọi|goi|số|stk|tk)$"
)
_EXTENSION = re.compile(r" ?(?:x|ext\.?) ?\d")
_BANKS = (
    "vietcombank|vcb|techcombank|tcb|bidv|agribank|vietinbank|vpbank|tpbank|sacombank|mb ?bank|acb"
    "|vib|shb|ocb|hdbank|msb|eximbank|seabank|momo|ngân hàng|ngan hang"
)
_WORD = r"(?<![^\W_])(?:{0})(?![^\W_])[^0-9]{{0,24}}$"
_PHONE_WORD = re.compile(
    _WORD.format(
        "phone|telephone|tel|mobile|cell|call|text|ring|whatsapp|sms|fax|viber|imessage"
        "|(?:my|his|her|their|your|our) (?:new |old |work |home |private )?(?:number|digits)"
        "|sđt|sdt|điện thoại|đt|di động|dien thoai|dt|di dong|gọi|goi|alo|zalo|nhắn tin|nhan tin"
        "|liên hệ|lien he|liên lạc|lien lac|lh"
    )
)
_ACCOUNT_WORD = re.compile(
    _WORD.format(
        "stk|số tk|so tk|số tài khoản|so tai khoan|account (?:no\\.?|nr\\.?|number)|acct|a/c"
        f"|bank account|{_BANKS}"
    )
)
_BANK_AFTER = re.compile(rf"[\s(\-,:]{{0,4}}(?:tại |tai |- )?(?:{_BANKS})(?![^\W_])")
_IDENTITY_WORD = re.compile(
    _WORD.format("cmnd|cmt|cmtnd|chứng minh(?: thư| nhân dân)?|chung minh(?: thu| nhan dan)?|cccd")
)
_IDENTITY_SHAPES = frozenset(
    {(12,), (3, 3, 3, 3), (3, 1, 2, 6), (3, 3, 6), (4, 4, 4), (6, 6), (3, 9), (1,) * 12}
)
_SOCIAL_WORD = re.compile(_WORD.format("ssn|social|social security(?: number| no\\.?)?"))
_AMOUNT_AFTER = re.compile(r" ?(?:đồng|vnđ|vnd|đ|k|tr|triệu|usd|eur|\$|€|£|%|°)(?![^\W_])|[%$€£°]")


class Found(NamedTuple):
    """A number: what it is, and where it stands."""

    kind: str
    start: int
    end: int


def numbers(text: str) -> Iterator[Found]:
    """The private numbers in a plain text (`reading.plain`), in lower case, in order."""
    for run in _runs(text):
        index = len(run) if _machine(text, run) else 0
        while index < len(run):
            found = _from(text, run, index)
            if found is None:
                index += 1
            else:
                kind, last = found
                yield Found(kind, run[index][0], run[last][1])
                index = last + 1


def _runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Groups of digits that may belong together."""
    run: list[tuple[int, int]] = []
    for group in _GROUP.finditer(text):
        if run and _SOFT.fullmatch(text, run[-1][1], group.start()) is None:
            yield run
            run = []
        run.append(group.span())
    if run:
        yield run


def _machine(text: str, run: list[tuple[int, int]]) -> bool:
    """Whether a run is the address of a machine: 192.168.0.1."""
    return (
        len(run) == 4
        and all(end - start <= 3 and int(text[start:end]) <= 255 for start, end in run)
        and all(text[one[1] : two[0]] == "." for one, two in itertools.pairwise(run))
    )


def _from(text: str, run: list[tuple[int, int]], index: int) -> tuple[str, int] | None:
    """What begins with this group, and the last group of it."""
    start = run[index][0]
    single = run[index][1] - start == 1
    if run[index][1] - start > DIGITS_MAX or (single and _inside(run, index)):
        return None
    if not _begins(text, start):
        return None
    words = None
    best = None
    digits = ""
    final = len(run) - 1
    for last in range(index, min(index + (DIGITS_MAX if single else GROUPS_MAX), len(run))):
        digits += text[run[last][0] : run[last][1]]
        if len(digits) > DIGITS_MAX:
            break
        if len(digits) < phones.DIGITS_MIN or (last == final and not _ends(text, run[last][1])):
            continue
        if index and last < final and not _shows(text, run, index, last, digits):
            continue
        if single and _goes_on(run, index, last):
            continue
        spans = run[index : last + 1]
        written = Written(
            tuple(text[one:two] for one, two in spans),
            tuple(text[a[1] : b[0]] for a, b in itertools.pairwise(spans)),
            (words := words or _Words(text, start)).plus,
            _row(text, run, index, last),
        )
        kind = _kind(written, words, run[last][1])
        if kind is not None:
            best = kind, last
    return best


def _shows(text: str, run: list[tuple[int, int]], first: int, last: int, digits: str) -> bool:
    """Whether digits between other groups of a run can be anything: a quick look.

    No word can stand before or behind them there, and no plus: there are digits, and between them
    three signs at most. So only what their form alone shows is left. It may say yes too often.
    """
    size, groups = len(digits), last - first + 1
    if size < 9:
        return False
    if size == 9 and groups == 3 and text[run[first][1]] == "-":
        return True  # 123-45-6789, 012-34-5678
    if digits[0] == "0":
        if size == 12 and groups in (1, 2, 3, 4, 12) and checked.vietnamese_identity(digits):
            return True
        if digits[1] == "0":
            return phones.international(digits[2:])
        if phones.subscriber(digits):
            return True
        return size <= 12 and groups <= 5 and not _row(text, run, first, last)
    if size > 12:
        return checked.card(digits)
    if groups == 3 and size == 10 and run[last][1] - run[last][0] == 4:
        return True  # 212-555-0123
    if groups == 4 and size == 11 and digits[0] == "1":
        return True  # 1-212-555-0123
    return digits.startswith("84") and phones.subscriber("0" + digits[2:])


def _row(text: str, run: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether more groups stand beside, with the same sign between: a row of numbers."""
    at = range(max(0, first - 1), min(len(run) - 1, last + 1))
    return len(at) > last - first and len({text[run[i][1] : run[i + 1][0]] for i in at}) == 1


def _inside(run: list[tuple[int, int]], index: int) -> bool:
    """Whether a single digit stands behind another one: it begins nothing."""
    return index > 0 and run[index - 1][1] - run[index - 1][0] == 1


def _goes_on(run: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether a row of single digits goes on behind: a table, not a number."""
    if any(end - start > 1 for start, end in run[first : last + 1]):
        return False
    return last + 1 < len(run) and run[last + 1][1] - run[last + 1][0] == 1


class _Words:
    """What stands before a number."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        before = text[max(0, start - BEFORE) : start]
        self.plus = before.endswith(("+", "+("))
        self.before = before
        self.said: dict[re.Pattern[str], bool] = {}

    def say(self, word: re.Pattern[str]) -> bool:
        """Whether the words before say so."""
        said = self.said.get(word)
        if said is None:
            said = self.said[word] = word.search(self.before) is not None
        return said


def _begins(text: str, start: int) -> bool:
    """Whether a number can begin here: not inside a word, a path, a tag or a fraction."""
    if not start:
        return True
    before = text[start - 1]
    if before in "@#=&?_%$€£":
        return False
    if before == "/":
        return start < 2 or not text[start - 2].isalpha()
    if before.isalpha():
        return _GLUED.search(text, max(0, start - 12), start) is not None
    return True


def _ends(text: str, end: int) -> bool:
    """Whether a number can end here."""
    after = text[end : end + 1]
    if not after or not (after.isalpha() or after in "_@%°"):
        return True
    return _EXTENSION.match(text, end) is not None


def _kind(written: Written, words: _Words, end: int) -> str | None:
    """What a run of digits is."""
    digits, text = written.digits, words.text
    if written.plus:
        return "phone" if phones.phone(written, named=False) else None
    if checked.card(digits) and min(written.shape) >= 2:
        return "card"
    if _identity(written, words):
        return "identity"
    if len(digits) >= 8 and max(written.shape) >= 3 and _accounted(words, end):
        return "account"
    if phones.phone(written, named=False):
        return "phone"
    if _AMOUNT_AFTER.match(text, end) is not None or not words.say(_PHONE_WORD):
        return None
    return "phone" if phones.phone(written, named=True) else None


def _identity(written: Written, words: _Words) -> bool:
    digits = written.digits
    if len(digits) == 12:
        return written.shape in _IDENTITY_SHAPES and checked.vietnamese_identity(digits)
    if len(digits) != 9:
        return False
    if words.say(_IDENTITY_WORD):
        return True
    if not checked.social_security(digits):
        return False
    if written.shape == (3, 2, 4) and set(written.between) == {"-"}:
        return True
    return words.say(_SOCIAL_WORD)


def _accounted(words: _Words, end: int) -> bool:
    """Whether a word before, or a bank's name behind, says that this is an account."""
    if words.say(_ACCOUNT_WORD):
        return _AMOUNT_AFTER.match(words.text, end) is None
    return _BANK_AFTER.match(words.text, end, end + AFTER) is not None
