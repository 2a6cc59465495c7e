"""What Ombud says to people, in each language: one place, one key, every language.

Notices, command line and pages take their words from here; the sentences stand in `phrases` and
`chatphrases`.
`SPOKEN` lists the languages; a test holds that every text exists in each of them. This module must
never contain what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from ombud import chatphrases, phrases

SPOKEN = ("en", "vi")
TEXTS = {**phrases.TEXTS, **chatphrases.TEXTS}


def say(key: str, lang: str, **values: str) -> str:
    """The text of `key` in `lang`, English where that language is not spoken."""
    texts = TEXTS[key]
    return texts.get(lang, texts["en"]).format(**values)


def singular(unit: str) -> str:
    """The English unit of one thing: `link` of `links`."""
    return "person" if unit == "people" else unit.removesuffix("s")


def spoken(lang: str | None, preferred: tuple[str, ...] = SPOKEN) -> str:
    """The language to use for somebody whose platform says `lang` ("vi-VN"): the nearest one
    spoken.
    """
    base = (lang or "").partition("-")[0].lower()
    return base if base in SPOKEN else next((each for each in preferred if each in SPOKEN), "en")


# How a length of time is said, by unit; Vietnamese nouns have one form.
UNITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "year": {"en": ("year", "years"), "vi": ("năm", "năm")},
    "week": {"en": ("week", "weeks"), "vi": ("tuần", "tuần")},
    "day": {"en": ("day", "days"), "vi": ("ngày", "ngày")},
    "hour": {"en": ("hour", "hours"), "vi": ("giờ", "giờ")},
    "minute": {"en": ("minute", "minutes"), "vi": ("phút", "phút")},
    "second": {"en": ("second", "seconds"), "vi": ("giây", "giây")},
}
SIZES = (
    ("year", 365 * 86_400),
    ("week", 7 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)


def length(microseconds: int, lang: str) -> str:
    """A length of time in its largest whole unit, rounded down: "3 days", "3 ngày"."""
    seconds = microseconds // 1_000_000
    for unit, size in SIZES:
        if seconds >= size:
            count = seconds // size
            forms = UNITS[unit][lang]
            return f"{count} {forms[0] if count == 1 else forms[1]}"
    return f"0 {UNITS['second'][lang][1]}"
