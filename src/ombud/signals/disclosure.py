"""Whether a name says by itself that it is not the one it sounds like: fan and parody accounts.

"Ana Nguyen (parody)", "fan of Ana", "not the real Ana", "Ana fanpage", "Hội fan Ana", "không phải
Ana thật". The words are read as written (without case and diacritics): letters in disguise say
nothing, and neither does what stands beyond the letters a reader is shown. "not a parody" and
"không phải fake" claim the opposite and say nothing either. A bare "not" says nothing about whose
name it is: "will not DM first", "do not reply" and "không phải trả lời" are what an impostor adds,
so what is denied must be that this is the real, official or same one. Nobody is a fan of a role:
for "admin" on a list nothing here counts (`roles`). This module must never excuse anything but a
name, and never take a reader to look at more than the name.
"""

from __future__ import annotations

from ombud.signals import views

SHOWN = 64  # characters of a name that a reader sees

# What an account calls itself that plays or admires somebody.
_SELVES = (
    "parody,parodies,satire,spoof,tribute,roleplay,cosplay,unofficial,"
    "fan,fans,fanpage,fanpages,fanclub,fanbase,fanart,fansub,fandom,"
    "ham mo,nguoi ham mo,hoi fan,khong chinh thuc"
)
# What an account says that it is not, with words of _BETWEEN in between: "not a real account".
_NOT = (
    "not real,not official,not actual,not original,not genuine,not affiliated,not associated,"
    "isn t real,isn t official,isn t affiliated,"
    "khong phai that,khong phai chinh chu,khong phai chinh thuc,khong phai chinh goc,"
    "khong phai ban goc"
)
_SELF = tuple(tuple(each.split()) for each in _SELVES.split(","))
_DENIALS = tuple(tuple(each.split()) for each in _NOT.split(","))
# What a denial takes back: who denies these says that the name is the true one.
_SHAM = frozenset(
    (
        *("fake", "fakes", "scam", "scammer", "clone", "bot", "hack", "spam"),
        *("impostor", "imposter", "impersonator", "gia", "lua", "mao"),
    )
)
_BETWEEN = frozenset(
    (
        *("a", "an", "the", "just", "only", "account", "acc", "page"),
        *("la", "nick", "tai", "khoan", "trang"),
    )
)
_NO = frozenset(("not", "khong", "chang"))  # directly before a denial they take it back
_DENYING = frozenset(("not", "no", "never", "non", "isn", "t", "khong", "chang", "cha", "dau"))


def disclosed(name: str) -> bool:
    """Whether the name says that it is a fan's, a parody, or not the one it sounds like."""
    shown = views.fold(views.normalise(name[: 4 * SHOWN]))[:SHOWN]
    words = views.words(shown.replace("_", " "))
    for at in range(len(words)):
        if _starts(words, at, _SELF) and not _denied(words, at):
            return True
        if _denies(words, at):
            return True
    return False


def _starts(words: tuple[str, ...], at: int, known: tuple[tuple[str, ...], ...]) -> int:
    """The length of the longest known phrase that begins at a word; 0 where there is none."""
    return max((len(each) for each in known if words[at : at + len(each)] == each), default=0)


def _denied(words: tuple[str, ...], at: int) -> bool:
    """Whether the phrase at a word is taken back before it: "not a parody", "không phải fan"."""
    before = [word for word in words[max(0, at - 4) : at] if word not in _BETWEEN]
    return bool(before) and (before[-1] in _DENYING or before[-2:] == ["khong", "phai"])


def _denies(words: tuple[str, ...], at: int) -> bool:
    """Whether it is denied at a word that this is the real one: not "not the real scammer", and not
    "chẳng không phải thật".
    """
    if words[at] not in _DENYING or (at and words[at - 1] in _NO):
        return False
    rest = tuple(word for word in words[at + 1 :] if word not in _BETWEEN)
    said = (words[at], *rest)
    length = _starts(said, 0, _DENIALS)
    after = said[length:]
    return bool(length) and not (after and (after[0] in _SHAM or _starts(after, 0, _SELF)))
