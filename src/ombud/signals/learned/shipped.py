"""The models in this package: how much a text in English or Vietnamese reads like an insult.

Two models, one for each language; which one is asked is decided by letters that only Vietnamese
has, and where there are none by small words as they are typed without diacritics. A text mostly in
other scripts has no score, nor has one with fewer than WORDS_MIN words that the model knows.
Another language in Latin letters is taken for English, and scored wrongly.

`MODELS` names each file by its SHA-256, so the version of what rests on them changes with a byte of
them. They are made by `evaluation/starting_points.py`. This module must never hand out a score as
more than a hint.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from ombud.signals.learned import features, model
from ombud.signals.learned.model import Model

MODELS = {
    "en": "52ce9450d5e7cca427102cbec137ae2704d1128b64724cdc8f80df1902ea9433",
    "vi": "c5c76ccd0cd5a4e7ec0575b3ccdb00a0b5fc757aaefcd80ffb003e78e77b78db",
}
VERSION = int(hashlib.sha256(" ".join(MODELS.values()).encode()).hexdigest()[:7], 16)
# Permille from which a text counts, by language: the lowest ten at which at most 1 % of the benign
# dev rows count, of each set by itself (`mark` in evaluation/starting_points.py works it out anew).
LIKELY = {"en": 860, "vi": 940}
WORDS_MIN = 3  # known words (`Model.knows`): fewer, and how a text reads is unknown
SMALL_WORDS_MIN = 0.25  # of the words

_ONLY_VIETNAMESE = re.compile("[ăđơưĩũ\u1ea0-\u1ef9]")
_LATIN = re.compile("[a-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER = re.compile(r"[^\W\d_a-z\u00c0-\u024f\u1e00-\u1eff]")
_SMALL = frozenset(
    [
        "khong",
        "ko",
        "k",
        "hong",
        "hok",
        "kg",
        "la",
        "cua",
        "cho",
        "nay",
        "kia",
        "thi",
        "va",
        "voi",
        "duoc",
        "dc",
        "cung",
        "nhung",
        "nhu",
        "vay",
        "roi",
        "nhe",
        "nha",
        "nhi",
        "em",
        "anh",
        "chi",
        "ban",
        "minh",
        "toi",
        "tao",
        "t",
        "m",
        "bon",
        "thang",
        "gi",
        "j",
        "sao",
        "dau",
        "ve",
        "lam",
        "noi",
        "biet",
        "ai",
        "cai",
        "nguoi",
        "viet",
        "dm",
        "dmm",
        "dcm",
        "vcl",
        "vl",
        "vai",
        "ngu",
        "qua",
        "lun",
        "luon",
        "roi",
        "chua",
        "mới",
        "moi",
        "nghe",
        "xem",
        "thay",
        "dung",
        "day",
        "nua",
        "rat",
        "nhieu",
        "vay",
        "z",
        "zậy",
        "ntn",
        "bit",
        "mk",
        "mik",
        "mn",
        "ny",
        "ad",
        "ak",
        "à",
        "ừ",
        "ê",
        "ơi",
        "oi",
        "ah",
        "uk",
        "uh",
        "hay",
        "hoi",
    ]
)
_MARKS = features.NEGATED + features.QUOTED
_FLAGS = features.FLAG + features.TONE


class Read(NamedTuple):
    """How much a text reads like an insult, in permille, and whether it counts as one."""

    permille: int
    likely: bool


def read(written: str, normal: str) -> Read | None:
    """How a text reads; None where it is mostly in another script, or has too few words that the
    model knows.

    `written` is the text as written, `normal` the same normalised.
    """
    listed = features.tokens(written, normal)
    lang = language(listed)
    if lang is None or not loaded(lang).knows(listed, WORDS_MIN):
        return None
    found = loaded(lang).permille_of(listed)
    return Read(found, found >= LIKELY[lang])


def permille(written: str, normal: str) -> int | None:
    """How much a text reads like an insult; None where that is unknown."""
    found = read(written, normal)
    return None if found is None else found.permille


def language(listed: Sequence[str]) -> str | None:
    """The model to ask for these tokens: "en", "vi" or none.

    Asked of tokens, in which groups weigh nothing: a people's name must not choose the model.
    """
    words = [word.lstrip(_MARKS) for word in listed if word[0] not in _FLAGS]
    joined = " ".join(words)
    if not joined.isascii():
        if len(_OTHER.findall(joined)) > len(_LATIN.findall(joined)):
            return None
        if _ONLY_VIETNAMESE.search(joined) is not None:
            return "vi"
    small = sum([word in _SMALL for word in words])
    return "vi" if words and small >= SMALL_WORDS_MIN * len(words) else "en"


@functools.cache
def loaded(lang: str) -> Model:
    """The model of a language, read once. Raises ValueError for another file than was shipped."""
    import importlib.resources  # slow to import

    folder = importlib.resources.files("ombud.signals.learned").joinpath("models")
    found = model.decode(folder.joinpath(f"insult-{lang}.model").read_bytes())
    if found.version != MODELS[lang]:
        raise ValueError(f"insult-{lang}.model is not the model this program was made with")
    return found
