"""How well the signal `insult` finds harassment in sets it was and was not made from, and how often
it is wrong about ordinary posts.

Test parts only. Beside it the plain model of `plain`, learned from the same rows, and a list of
words. Texts that are nearly the same as one that the model learned from are left out in a figure of
their own. THRESHOLDS are some that a rule may ask; from where a text
counts is worked out by `starting_points.mark`. This module must never print a text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evaluation import data, figures, plain, starting_points
from ombud.signals import views
from ombud.signals.learned import shipped
from ombud.training import figures as scores
from ombud.training import groups
from ombud.training.figures import Pair

NAME = "harassment"
TITLE = "Insults and hate, set by set"
HALF = 500  # permille: where a text reads more like an insult than not
THRESHOLDS = (HALF, 600, 700, 800, 900)
RESAMPLES = 200
SETS: Mapping[str, str] = {  # by set: its language, as far as the signal covers it
    "surge_toxicity": "en",
    "davidson": "en",
    "hatemoji_build": "en",
    "ethos": "en",
    "stormfront": "en",
    "uli": "en",
    "vihos": "vi",
    "vihsd": "vi",
}
LEARNED = frozenset({"surge_toxicity", "davidson", "hatemoji_build", "vihos"})
POSTS = starting_points.ORDINARY
HEAD = (
    "set",
    "method",
    "rows",
    "harm",
    "AUROC",
    "balanced accuracy",
    "macro F1",
    "balanced accuracy, apart",
)

_SAID = """\
The models were learned from the train parts of {learned} and from made-up sentences. No text of
the other sets was learned from, but they are not all domains never seen: how much each source
counts was chosen on dev parts, those of `ethos`, `stormfront` and HateCheck among them, and with
`uli` learning was tried on dev parts and given up. What they count as harm differs: `davidson`
hate only (its merely offensive tweets, all are "not" here), `uli` gendered abuse in Indian English,
`surge_toxicity` anything toxic, `vihsd` hate and offence. `hatemoji_build` was written to
mislead models: below 50 % means misled. The majority answer has a balanced accuracy of 50 %
everywhere. "apart" leaves out texts nearly the same as one learned from (Jaccard {alike} of
five-letter runs; of `vihsd` most test texts of `vihos` come from the same source). The list is
`word_lists_ldnoobw`, English only. Intervals: {resamples} resamples. `uli` in Hindi and Tamil
is not covered by the signal and not measured."""


class Text(NamedTuple):
    """One row: whether it is harm, whether the model learned from nearly the same, scores, and
    whether it counts as an insult.
    """

    harm: bool
    near: bool
    scores: Mapping[str, int]
    counts: bool = False


Score = Callable[[Sequence[str]], list[int]]


def ours(texts: Iterable[str]) -> list[int]:
    """The signal's scores; unknown counts as 0, as it does to a rule."""
    return [shipped.permille(text, views.normalise(text)) or 0 for text in texts]


def counted(texts: Iterable[str]) -> list[bool]:
    """Which texts count as an insult."""
    found = (shipped.read(text, views.normalise(text)) for text in texts)
    return [each is not None and each.likely for each in found]


def listed(folder: Path) -> Score:
    """1000 for a text that holds a word of the English list, else 0."""
    with (folder / "word_lists_ldnoobw" / "words.tsv").open(encoding="utf-8") as file:
        words = {row[1].casefold() for row in csv.reader(file, delimiter="\t") if row[0] == "en"}
    single = {word for word in words if " " not in word}
    phrases = tuple(word for word in words if " " in word)

    def score(texts: Sequence[str]) -> list[int]:
        found = []
        for text in texts:
            normal = views.normalise(text)
            hit = not single.isdisjoint(views.words(normal)) or any(p in normal for p in phrases)
            found.append(1000 * hit)
        return found

    return score


def methods(folder: Path, lang: str, *, step: int) -> dict[str, Score]:
    """Ours and what is beside it."""
    rows = starting_points.rows(folder, lang, step=step)
    found: dict[str, Score] = {"ours": ours, "plain": plain.fit(rows, starting_points.SEED)}
    return found | ({"list": listed(folder)} if lang == "en" else {})


def judged(rows: Sequence[data.Row], name: str, by: Mapping[str, Score], seen: groups.Index
           ) -> list[Text]:  # fmt: skip
    """The rows of a set with their scores."""
    texts = [row["text"] for row in rows]
    given = {method: score(texts) for method, score in by.items()}
    counts = counted(texts)
    return [
        Text(
            starting_points.harmful(name, row),
            bool(seen.alike(row["text"])),
            {method: given[method][number] for method in by},
            counts[number],
        )
        for number, row in enumerate(rows)
    ]


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: a part of the rows; the shipped models all the same."""
    step = 10 if quick else 1
    found: dict[str, list[Text]] = {}
    ordinary: dict[str, list[int]] = {}
    posts = [f"{r['title']}\n{r['text'] or ''}" for r in starting_points.posts_of(folder)]
    posts = posts[:: 50 if quick else 1]
    for lang in starting_points.LANGUAGES:
        by = methods(folder, lang, step=step)
        seen = groups.Index()
        for row in starting_points.rows(folder, lang, step=step):
            seen.add(row.text)
        for name, of in SETS.items():
            if of == lang:
                rows = [r for r in data.rows(folder, name, ("test",)) if r["lang"] == lang][::step]
                found[name] = judged(rows, name, by, seen)
        if lang == "en":
            ordinary = {method: score(posts) for method, score in by.items()}
    return section(found, ordinary, counted(posts), 20 if quick else RESAMPLES)


def pairs(rows: Iterable[Text], method: str, *, apart: bool = False) -> list[Pair]:
    """Scores and truth; `apart`: without what is nearly the same as something learned from."""
    return [(row.scores[method], row.harm) for row in rows if not (apart and row.near)]


def told(some: Sequence[Pair], figure: Callable[[Sequence[Pair]], float | None], resamples: int
         ) -> str:  # fmt: skip
    """A figure with its interval."""
    value = figure(some)
    low, high = scores.interval(some, figure, resamples) if value is not None else (0.0, 1.0)
    return str(figures.Interval(value, low, high))


def section(
    found: Mapping[str, Sequence[Text]],
    ordinary: Mapping[str, Sequence[int]],
    counts: Sequence[bool],
    resamples: int,
) -> str:
    """What was found, as Markdown."""
    said = _SAID.format(
        learned=", ".join(f"`{name}`" for name in SETS if name in LEARNED),
        alike=groups.ALIKE,
        resamples=resamples,
    )
    operating = [
        [
            f"`{name}`",
            *(_at(pairs(rows, "ours"), threshold) for threshold in THRESHOLDS),
            _at([(1000 * row.counts, row.harm) for row in rows], 1000),
        ]
        for name, rows in found.items()
    ]
    at = [f"{threshold / 10:g} %" for threshold in THRESHOLDS]
    marks = ", ".join(f"from {to / 10:g} % ({lang})" for lang, to in shipped.LIKELY.items())
    count = len(next(iter(ordinary.values()), ()))
    return "\n\n".join(
        [
            said,
            figures.table(HEAD, _by_set(found, resamples)),
            (
                "Ours where a rule may ask: share of harm found, and of the rest wrongly hit. "
                f"`with insult` counts {marks}: the lowest mark that at most 1 % of the benign dev "
                "rows of each set learned from reach. Fewer than "
                f"{shipped.WORDS_MIN} known words: unknown, here 0."
            ),
            figures.table(["set", *at, "counts"], operating),
            (
                f"Of {count} ordinary posts (`{POSTS}`, title and text), which score as much or"
                " more; some of them may be insults, nobody has labelled them. At first it counted"
                " from 60 % on, which 13.9 % of them reached, and then from 70 % on (4.7 %): that"
                " was seen before the present rule was made."
            ),
            figures.table(["method", *at, "counts"], _ordinary(ordinary, counts, resamples)),
        ]
    )


def _by_set(found: Mapping[str, Sequence[Text]], resamples: int) -> list[list[object]]:
    """The rows of the table of sets, by method."""
    lines: list[list[object]] = []
    for name, rows in found.items():
        near = sum(row.near for row in rows)
        for method in rows[0].scores:
            some, apart = pairs(rows, method), pairs(rows, method, apart=True)
            lines.append(
                [
                    f"`{name}`",
                    method,
                    len(some),
                    sum(harm for _, harm in some),
                    told(some, scores.auroc, resamples),
                    told(some, scores.balanced_accuracy, resamples),
                    told(some, scores.macro_f1, resamples),
                    f"{told(apart, scores.balanced_accuracy, resamples)}, without {near}",
                ]
            )
    return lines


def _ordinary(
    ordinary: Mapping[str, Sequence[int]], counts: Sequence[bool], resamples: int
) -> list[list[str]]:
    """The rows of the table of ordinary posts."""
    return [
        [
            method,
            *(
                str(figures.rate(sum(s >= at for s in given), len(given), resamples=resamples))
                for at in THRESHOLDS
            ),
            str(figures.rate(sum(counts), len(counts), resamples=resamples))
            if method == "ours"
            else "",
        ]
        for method, given in ordinary.items()
    ]


def _at(some: Sequence[Pair], threshold: int) -> str:
    """Recall and false positives."""
    right, wrong, missed, left = scores.confusion(some, threshold)
    return (
        f"{figures.percent(right / max(1, right + missed))},"
        f" {figures.percent(wrong / max(1, wrong + left))}"
    )
