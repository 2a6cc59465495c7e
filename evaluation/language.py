"""The language of a text: how often it is right where it answers, and how often it does not.

Each set says the language of its rows, mostly for the set as a whole: posts of a Hindi set that are
written in English count as wrong. Rows are told apart by the letters of their words. Beside it the
same model without bounds. Two groups are made here: Vietnamese with its diacritics taken off, and
posts in which an English and a Vietnamese text stand behind each other.

The bounds (`language.LETTERS_MIN`, `language.SURE`) are the pair of GRID that answers most often
among those that, on the train rows of CHOSEN_ON, are right at least RIGHT of the time in each set
and take at most MISTAKEN of the Vietnamese without diacritics for another language.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evaluation import data, figures
from ombud.signals import language, views

NAME = "language"
TITLE = "The language of a text"
SETS = (
    "hatecheck",
    "multilingual_hatecheck",
    "sms_spam",
    "youtube_spam",
    "uli",
    "vihos",
    "vihsd",
)
CHOSEN_ON = (
    ("sms_spam", "en"),
    ("youtube_spam", "en"),
    ("uli", "en"),
    ("uli", "ta"),
    ("vihos", "vi"),
)
GRID = tuple(itertools.product((12, 16, 20, 24, 30), (600, 700, 750, 800, 850, 900)))
RIGHT, MISTAKEN = 0.99, 0.015
LENGTHS = (1, 10, 20, 40, 80)  # letters at which a group of lengths begins
EVERY = 3  # of the larger train sets one row in so many

_SAID = """\
{rows} texts of the test rows of {sets}. Answered: at least {letters} letters and {sure} % sure; the
pair was chosen on train rows before test was looked at. "Right" is of the answered; "model alone"
is the share for which the model's likeliest language is right, with no bound. Labels are those of
the sets, mostly one for a whole set: the Hindi of `multilingual_hatecheck` is written in Latin
letters, which the model does not know, and part of the Hindi set of `uli` is English."""
_MADE = """\
Made here from the Vietnamese and English test rows: diacritics taken off, and an English text with
a Vietnamese one behind it. Of these an answer other than unknown is often wrong, or half of it."""


class Judged(NamedTuple):
    """One text: its set, its language, and what the model said of it."""

    source: str
    language: str
    guess: language.Guess | None

    @property
    def letters(self) -> int:
        """How many letters its words have."""
        return 0 if self.guess is None else self.guess.letters

    def answer(self, letters: int = language.LETTERS_MIN, sure: int = language.SURE) -> str | None:
        """The language that is told at these bounds; None: unknown."""
        guess = self.guess
        if guess is None or guess.letters < letters or guess.sure < sure:
            return None
        return guess.language


def judged(source: str, rows: Iterable[data.Row]) -> Iterator[Judged]:
    """Rows with what the model says."""
    for row in rows:
        yield Judged(source, row["lang"], language.guess(row["text"]))


def bare(text: str) -> str:
    """A text without its diacritics, as many people type."""
    return views.fold(views.normalise(text))


def without_diacritics(rows: Iterable[data.Row]) -> Iterator[Judged]:
    """Vietnamese rows that have diacritics, without them."""
    for row in rows:
        if row["lang"] == "vi" and not row["text"].isascii():
            yield Judged("without diacritics", "vi", language.guess(bare(row["text"])))


def mixed(english: Sequence[data.Row], vietnamese: Sequence[data.Row]) -> Iterator[Judged]:
    """Posts of an English and a Vietnamese text, the first with the first, and so on."""
    for one, other in zip(english, vietnamese, strict=False):
        yield Judged("mixed", "en and vi", language.guess(f"{one['text']} {other['text']}"))


def choose(rows: Sequence[Judged]) -> tuple[int, int] | None:
    """The pair of GRID that answers most often among the good ones; None where none is good."""
    good = []
    for letters, sure in GRID:
        told = [(row, row.answer(letters, sure)) for row in rows]
        answered = [(row, said) for row, said in told if said is not None]
        if _good(rows, answered):
            known = sum(row.source != "without diacritics" for row, _ in answered)
            good.append((known, letters, sure))
    return max(good)[1:] if good else None


def _good(rows: Sequence[Judged], answered: Sequence[tuple[Judged, str]]) -> bool:
    """Whether every set is right often enough, and few texts without diacritics are mistaken."""
    for source, spoken in CHOSEN_ON:
        of = [said == spoken for row, said in answered if row[:2] == (source, spoken)]
        if of and sum(of) < RIGHT * len(of):
            return False
    plain = sum(row.source == "without diacritics" for row in rows)
    wrong = sum(row.source == "without diacritics" and said != "vi" for row, said in answered)
    return wrong <= MISTAKEN * plain


def chosen_on(folder: Path, every: int = EVERY) -> list[Judged]:
    """The rows on which the bounds are chosen."""
    found: list[Judged] = []
    for name in dict.fromkeys(name for name, _ in CHOSEN_ON):
        large = every if name in ("uli", "vihos") else max(1, every // EVERY)
        rows = list(data.rows(folder, name, ("train",)))[::large]
        found += judged(name, rows)
        if name == "vihos":
            found += without_diacritics(rows)
    return found


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every twentieth row, few resamples."""
    step, resamples = (20, 50) if quick else (1, figures.RESAMPLES)
    test = {name: list(data.rows(folder, name, ("test",)))[::step] for name in SETS}
    found = [each for name, rows in test.items() for each in judged(name, rows)]
    made = list(without_diacritics(test["vihsd"] + test["vihos"]))
    made += mixed(test["sms_spam"], test["vihos"])
    pair = choose(chosen_on(folder, EVERY * step))
    return section(found, made, pair, resamples)


def section(
    found: Sequence[Judged],
    made: Sequence[Judged],
    pair: tuple[int, int] | None,
    resamples: int,
) -> str:
    """What was found, as Markdown."""
    said = _SAID.format(
        rows=len(found),
        sets=", ".join(f"`{name}`" for name in dict.fromkeys(row.source for row in found)),
        letters=language.LETTERS_MIN,
        sure=f"{language.SURE / 10:g}",
    )
    again = "no pair is good enough" if pair is None else f"{pair[0]} letters, {pair[1] / 10:g} %"
    groups: dict[tuple[str, str], list[Judged]] = {}
    lengths: dict[tuple[str, str], list[Judged]] = {}
    for row in found:
        groups.setdefault((row.source, row.language), []).append(row)
        if row.letters:
            lengths.setdefault((_length(row.letters), ""), []).append(row)
            if row.language == "vi":
                lengths.setdefault((_length(row.letters), "vi"), []).append(row)
    ordered = sorted(lengths, key=lambda key: (int(key[0].split()[0]), key[1]))
    parts = [
        f"{said} Chosen anew on train rows in this run: {again}.",
        figures.table(
            ("set", "language", *_HEAD),
            [
                *((*key, *_line(rows, resamples)) for key, rows in groups.items()),
                ("all", "all", *_line(found, resamples)),
            ],
        ),
        "By length of the text, all sets together:",
        figures.table(
            ("letters", "language", *_HEAD),
            ((key[0], key[1] or "all", *_line(lengths[key], resamples)) for key in ordered),
        ),
        _MADE,
        figures.table(("texts", "rows", "unknown", "told"), _told(made, resamples)),
    ]
    return "\n\n".join(parts)


_HEAD = ("texts", "answered", "right", "model alone")


def _line(rows: Sequence[Judged], resamples: int) -> tuple[object, ...]:
    answers = [(row.answer(), row.language) for row in rows]
    answered = [said == spoken for said, spoken in answers if said is not None]
    alone = sum(row.guess is not None and row.guess.language == row.language for row in rows)
    return (
        len(rows),
        figures.rate(len(answered), len(rows), resamples=resamples),
        figures.rate(sum(answered), len(answered), resamples=resamples),
        figures.rate(alone, len(rows), resamples=resamples),
    )


def _told(made: Sequence[Judged], resamples: int) -> Iterator[tuple[object, ...]]:
    groups: dict[str, list[Judged]] = {}
    for row in made:
        groups.setdefault(row.source, []).append(row)
    for source, rows in groups.items():
        counts: dict[str, int] = {}
        for row in rows:
            said = row.answer() or ""
            said = said if said in ("", "vi", "en") else "another"
            counts[said] = counts.get(said, 0) + 1
        told = ", ".join(f"{name} {_share(counts, name, len(rows))}" for name in _TOLD)
        unknown = figures.rate(counts.get("", 0), len(rows), resamples=resamples)
        yield source, len(rows), unknown, told


_TOLD = ("vi", "en", "another")


def _share(counts: Mapping[str, int], name: str, rows: int) -> str:
    return figures.percent(counts.get(name, 0) / rows)


def _length(letters: int) -> str:
    """The group of lengths to which so many letters belong."""
    first = max(begin for begin in LENGTHS if begin <= letters)
    later = [begin for begin in LENGTHS if begin > first]
    return f"{first} to {later[0] - 1}" if later else f"{first} and more"
