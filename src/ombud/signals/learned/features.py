"""A text as tokens, and tokens as hashed features: what every learned model sees of a text.

Tokens are the words of the normalised text, as neutral terms leave them (`neutral`). Addresses and
handles are left out. A token in the scope of a negation, within quotation marks, or behind words
that object to what follows, is another token than the plain one ("not stupid" is no insult, nor is
an insult that somebody quotes to object), so that a model can learn both apart.

Of a plain word there are features for the word, for what a reader takes it for (look-alike letters
and digits for letters undone, diacritics folded) and for its runs of three to five letters; of two
neighbours one for the pair; of a text that speaks to somebody ("you", "mày") each word once more.
A feature is a 32-bit CRC; a model takes its lower bits. Time is linear in the length of the text,
of which TEXT_MAX characters count. This module must never know any model.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from zlib import crc32

from ombud.signals import views
from ombud.signals.learned import neutral, tones

VERSION = 3  # changes with anything that changes a feature; the table of neutral terms apart
TEXT_MAX = 4_096  # characters
WORD_MAX = 32  # characters of a word that count
GRAMS = (3, 4, 5)
NEGATED, QUOTED, FLAG, TONE = (
    "\x02",
    "\x03",
    "\x04",
    "\x05",
)  # before a token; no word begins with them
TONE_WEIGHT = 3  # features a tone has: more, and it is learned from fewer texts
SCOPE = 4  # words behind a negation
SPELLED_MIN = 3  # single letters in a row that are a word spelled out
QUOTE_PART_MAX = 0.7  # of a text in quotation marks: more, and it says itself what it quotes

_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_QUOTATION = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]")
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_GROUP_SIGNS = re.compile(  # skin tones, flags, and signs of faiths and genders: groups, too
    "[\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\u2626\u2627\u262a\u262c\u262e\u262f\u2638\u2640"
    "\u2642\u26a2-\u26a7\u2721\u271d\U0001f308\U0001f54b-\U0001f54e\U0001f549\U0001f468"
    "\U0001f469\U0001f46e-\U0001f473\U0001f9d4-\U0001f9d5]"
)
_NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "nobody",
        "none",
        "nothing",
        "neither",
        "nor",
        "without",
        "isnt",
        "arent",
        "dont",
        "doesnt",
        "didnt",
        "wasnt",
        "cant",
        "wont",
        "aint",
        "shouldnt",
        "không",
        "chẳng",
        "chả",
        "đừng",
        "chưa",
        "hông",
        "hổng",
        "khong",
        "ko",
        "hok",
    ]
)
_STOPS = frozenset(".!?;,:")
_YOU = frozenset(
    ["you", "your", "yours", "you're", "u", "ur", "ya", "yall", "y'all", "yourself", "yourselves"]
)
_MAY = frozenset(
    [
        "mày",
        "mi",
        "mầy",
        "may",
        "m",
        "tụi",
        "bây",
        "bay",
        "ngươi",
        "thằng",
        "con",
        "đồ",
        "bọn",
        "lũ",
    ]
)
_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_OBJECTION = re.compile(
    r"\b(?:(?:nobody|no one|noone|you|we|people|they|anyone) (?:should(?:n't)?|must(?:n't)?|can't"
    r"|cannot|could|have no right to|has the right to) (?:not |never |ever )*(?:say|call|use|think"
    r"|write|tell|be called|be told)"
    r"|(?:stop|quit|never|don't|do not) (?:say|call|us|think|writ|tell)(?:ing|e)?\b"
    r"|(?:anyone|whoever|everyone|people|those|someone|person|idiots?) (?:who|that) (?:\w+ )?"
    r"(?:say|call|use|think|believe|write|tell)s?"
    r"|(?:saying|calling|using|claiming|writing|statements? like|phrases? like|words? like"
    r"|comments? like|he said|she said|they said|called (?:me|him|her|them|us))"
    r"|(?:is|are|was|that's|it's) (?:so |just |really |very |not )?(?:wrong|ok|okay|unacceptable"
    r"|hateful|hurtful|racist|sexist|homophobic|transphobic|islamophobic|bigoted|ableist"
    r"|discrimination|hate speech)"
    r"|không ai (?:được|nên)|đừng (?:có )?(?:nói|gọi|chửi|bảo)|ai (?:lại )?(?:nói|gọi|chửi|bảo)"
    r"|những (?:kẻ|người) (?:nói|gọi|chửi|bảo)|nói (?:như|kiểu|vậy|thế) (?:là|thì|mà)?"
    r"|sao (?:lại )?(?:nói|gọi|chửi))"
)


def tokens(written: str, normal: str) -> list[str]:
    """The tokens of a text, given as written and normalised, in order; flags come last."""
    normal = normal[:TEXT_MAX]
    if "http" in normal or "www." in normal:
        normal = _ADDRESS.sub(" ", normal)
    normal = normal.replace("’", "'").replace("‘", "'")
    if not normal.isascii():
        normal = _GROUP_SIGNS.sub("", normal)
    parts = [_spelled(_pattern().findall(part)) for part in _parts(normal)]
    named: frozenset[str] = frozenset()
    if any(map(neutral.has_office, parts)):
        named = neutral.names(written[:TEXT_MAX])
    masked = [neutral.mask(words, named) for words in parts]
    # From here on nothing looks at the text itself, or a term's length could tell it from others.
    quotes = sum(map(len, masked[1::2])) <= QUOTE_PART_MAX * sum(map(len, masked))
    joined = " ".join([word for words in masked for word in words])
    objects = _OBJECTION.search(joined) is not None
    found: list[str] = []
    told: dict[str, None] = {}
    for number, words in enumerate(masked):
        quoted = quotes and number % 2 == 1
        for clause in _clauses(words):
            said = _marked(clause, QUOTED if quoted else "")
            told.update(dict.fromkeys(_tones(clause, said, quoted, objects)))
            found += said
    if not _YOU.isdisjoint(found):
        found.append(FLAG + "you")
    if not _MAY.isdisjoint(found):
        found.append(FLAG + "mày")
    if neutral.GROUP in found:
        found.append(FLAG + "group")
    if objects:
        found.append(FLAG + "objects")
    if _VIETNAMESE.search(joined) is not None:
        told["vi"] = None
    return found + [TONE + tone for tone in told]


def _clauses(words: Sequence[str]) -> Iterator[list[str]]:
    """The words between two signs that end a clause; handles are left out."""
    clause: list[str] = []
    for word in words:
        if word in _STOPS:
            if clause:
                yield clause
                clause = []
        elif word[0] != "@":
            clause.append(word)
    if clause:
        yield clause


def _tones(words: Sequence[str], said: Sequence[str], quoted: bool, objects: bool) -> list[str]:
    """The classes of a clause: negated or not, and of whom."""
    of = "group" if neutral.GROUP in words else "you" if _speaks(words) else "other"
    told = []
    for place, kind in tones.classes(words):
        how = "q" if quoted else "n" if said[place][0] == NEGATED else ""
        told.append(f"{how}{kind}")
        told.append(f"{how}{kind}>{of}")
        if objects:
            told.append(f"{how}{kind}>objects")
    return told


def _parts(normal: str) -> list[str]:
    """What stands outside and, every second one, within quotation marks."""
    if any(sign in normal for sign in '"“”„«'):
        return _QUOTATION.split(normal)
    return [normal]


def _spelled(words: Sequence[str]) -> list[str]:
    """The words; behind letters that stand alone in a row, the word they spell."""
    found: list[str] = []
    row: list[str] = []
    for written in (*words, ""):
        word = written.removesuffix("'s")
        if len(word) == 1 and word not in _STOPS:
            row.append(word)
            continue
        if len(row) >= SPELLED_MIN:
            found.append("".join(row)[:WORD_MAX])
        else:
            found += row
        row = []
        if word:
            found.append(word)
    return found


def _speaks(words: Sequence[str]) -> bool:
    """Whether a clause speaks to somebody, or of somebody with contempt."""
    return not (_YOU.isdisjoint(words) and _MAY.isdisjoint(words))


def _marked(words: Sequence[str], quoted: str) -> list[str]:
    """Each word of a clause as the token it is where it stands."""
    found = []
    scope = 0
    for word in words:
        if quoted:
            found.append(quoted + word)
        elif word in _NEGATORS or word.endswith("n't"):
            found.append(word)
            scope = SCOPE
        elif scope and word != neutral.GROUP:
            found.append(NEGATED + word)
            scope -= 1
        else:
            found.append(word)
    return found


@functools.cache
def _pattern() -> re.Pattern[str]:
    letters = r"\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff"  # vowel signs are no word characters
    return re.compile(rf"@\w+|[{letters}@$*]+(?:'\w+)?|[{_EMOJI}]|[.!?;,:]")


# --- features ------------------------------------------------------------------------------------


def of_word(token: str) -> tuple[int, ...]:
    """The features of one token alone; the first stands for the token itself, in pairs too."""
    own = crc32(token.encode())
    if token[0] == TONE:
        return (own, *(crc32(token.encode(), weight) for weight in range(1, TONE_WEIGHT)))
    if token == neutral.GROUP or token[0] in (NEGATED, QUOTED, FLAG):
        return (own,)
    seen = views.fold(views.skeleton(token[:WORD_MAX])).replace("rn", "m")
    found = [own]
    if seen != token:
        found.append(crc32(b"~" + seen.encode()))
    framed = f"^{seen}$".encode()
    found += [
        crc32(framed[start : start + size], size)
        for size in GRAMS
        for start in range(len(framed) - size + 1)
    ]
    return tuple(dict.fromkeys(found))


def pair(first: int, second: int) -> int:
    """The feature of two neighbours, from the features of the two tokens themselves."""
    return (first * 0x9E3779B1 + second * 0x85EBCA77 + 0x27D4EB2F) >> 7 & 0xFFFFFFFF


def hashes(written: str, normal: str) -> list[int]:
    """All features of a text, each as often as it counts: what training sees.

    A token counts once, however often it is said, and so does a pair.
    """
    listed = tokens(written, normal)
    own = [of_word(token) for token in dict.fromkeys(listed)]
    found = [feature for features in own for feature in features]
    found += pairs([crc32(token.encode()) for token in listed], listed)
    return found


def pairs(numbers: Sequence[int], listed: Sequence[str]) -> set[int]:
    """The features of neighbours, and of each token with the flags of the text."""
    flags = [number for number, token in zip(numbers, listed, strict=True) if token[0] == FLAG]
    told = sum([token[0] == TONE for token in listed])
    plain = numbers[: len(numbers) - len(flags) - told]
    found = {pair(first, second) for first, second in itertools.pairwise(plain)}
    for flag in flags:
        found.update([pair(flag, number) for number in plain])
    return found
