"""Spam, learned and not: in its own set, in others, on ordinary posts, and from few labels.

Every model is trained on train parts, its threshold is the one of best F1 on their dev parts, and
it is told of test parts. THRESHOLDS were committed before any test part was looked at;
`chosen` works them out anew. Across sets a model keeps the threshold of its own set, as it would
where somebody takes it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from evaluation import figures, spam_curve, spam_models, spam_rules, spam_sets
from evaluation.spam_models import Pair, Score, pairs
from evaluation.spam_sets import Split, Text
from ombud.activation.active import Active
from ombud.signals.learned import features
from ombud.training import figures as measures
from ombud.training import fit, groups

NAME = "spam"
TITLE = "Spam, learned and not"
POOLED = "all four"
METHODS: Mapping[str, Callable[[Sequence[Text]], Score]] = {
    "ours": spam_models.ours,
    "tf-idf": spam_models.plain,
}
THRESHOLDS: Mapping[str, Mapping[str, int]] = {
    "ours": {
        "sms_spam": 660,
        "sms_smishing": 291,
        "youtube_spam": 519,
        "spamassassin": 345,
        POOLED: 625,
    },
    "tf-idf": {
        "sms_spam": 243,
        "sms_smishing": 638,
        "youtube_spam": 349,
        "spamassassin": 250,
        POOLED: 311,
    },
}
FIXED = (800, 950)  # permille, as a rule would ask
RECALL = 0.9

_SAID = """\
Models learn from the train part of a set, take the threshold of best F1 on its dev part, committed
before test was looked at, and are told of test. "tf-idf" is the plain method: tf-idf of words and
pairs of words, logistic regression of scikit-learn. "day-one rules" are the shipped rules on the
same rows, without anything learned: most of what they go by (ages, authors, times, rooms) is in
none of these sets but `youtube_spam`, so there they can hardly fire. `sms_smishing` is too small
and too easy to tell methods apart."""
_CROSS_SAID = """\
F1 and, behind it, AUROC on the test part of each set, by a model of another one at the threshold of
its own."""
_ORDINARY_SAID = """\
How much of `{name}` ({rows} top posts of 24 communities, {days}; all taken for ordinary)
each would flag: at its own threshold, and where a rule asks for 80 % or 95 %."""
_CURVE_SAID = """\
"own" is `ombud learn` on N labels of the set, half of them spam as far as there are so many, after
its caps (one text an author and answer, one of those nearly alike). "others'" is a model of the
other three sets, calibrated on the same N. No threshold is chosen: F1 at 50 %, the rest where a
rule asks for 80 %. Median of {draws} draws, with the least and the most."""


def models(sets: Mapping[str, Split], method: str) -> dict[str, Score]:
    """A model of each set, and of all together; a set that has too little gives none."""
    found = {}
    for name, train in _trains(sets):
        try:
            found[name] = METHODS[method](train)
        except fit.NotEnough:
            continue
    return found


def _trains(sets: Mapping[str, Split]) -> Iterator[tuple[str, list[Text]]]:
    for name, split in sets.items():
        yield name, list(split["train"])
    yield POOLED, _together(sets, "train")


def _together(sets: Mapping[str, Split], part: str) -> list[Text]:
    return [each for split in sets.values() for each in split[part]]


def chosen(sets: Mapping[str, Split]) -> dict[str, dict[str, int]]:
    """The thresholds of best F1 on dev parts, by method and set."""
    found: dict[str, dict[str, int]] = {}
    for method in METHODS:
        found[method] = {}
        for name, score in models(sets, method).items():
            dev = _together(sets, "dev") if name == POOLED else sets[name]["dev"]
            found[method][name] = spam_models.threshold(pairs(score, dev))
    return found


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every eighth row, few resamples, a short curve."""
    sets = spam_sets.labelled(folder, quick=quick)
    posts = spam_sets.ordinary(folder, quick=quick)
    return section(sets, posts, THRESHOLDS, quick=quick)


def section(
    sets: Mapping[str, Split],
    posts: Sequence[Text],
    thresholds: Mapping[str, Mapping[str, int]],
    *,
    quick: bool,
) -> str:
    """What was found, as Markdown."""
    resamples = 50 if quick else 300
    scores = {method: models(sets, method) for method in METHODS}
    active = spam_rules.pack()
    within, across = _within(sets, scores, thresholds, resamples), _across(sets, scores, thresholds)
    rules = {name: _by_rules(split, active) for name, split in sets.items()}
    curve = _curve(sets, (200,) if quick else spam_curve.LABELS)
    ordinary = _ORDINARY_SAID.format(
        name=spam_sets.ORDINARY, rows=len(posts), days=spam_sets.days(posts)
    )
    return "\n\n".join(
        (
            _SAID,
            f"Ours sees texts by version {features.VERSION} of its features.",
            _sizes(sets),
            "### In its own set",
            _told(within, rules, resamples),
            "### In other sets",
            _CROSS_SAID,
            across,
            "### On ordinary posts",
            ordinary,
            _flagged(posts, scores, thresholds, spam_rules.hits(posts, active), resamples),
            "### From few labels",
            _CURVE_SAID.format(draws=spam_curve.DRAWS),
            curve,
        )
    )


def _sizes(sets: Mapping[str, Split]) -> str:
    lines = []
    for name, split in sets.items():
        every = [each for part in split.values() for each in part]
        spam = [f"{sum(each.spam for each in split[part])} of {len(split[part])}" for part in split]
        lines.append([f"`{name}`", *spam, spam_sets.days(every)])
    return figures.table(["set", "spam in train", "spam in dev", "spam in test", "written"], lines)


# --- in its own set -------------------------------------------------------------------------------

Found = dict[tuple[str, str], tuple[list[Pair], list[Pair], int]]


def _within(
    sets: Mapping[str, Split],
    scores: Mapping[str, Mapping[str, Score]],
    thresholds: Mapping[str, Mapping[str, int]],
    resamples: int,  # noqa: ARG001 -- as its neighbours
) -> Found:
    """Scores of test and of the part of it that is nearly alike to nothing in train."""
    found: Found = {}
    for name, split in sets.items():
        fresh = _fresh(split)
        for method, known in scores.items():
            if name in known:
                got = pairs(known[name], split["test"])
                left = [pair for pair, new in zip(got, fresh, strict=True) if new]
                found[name, method] = (got, left, thresholds[method][name])
    return found


def _fresh(split: Split) -> list[bool]:
    """Which test rows have no near-duplicate in train."""
    index = groups.Index()
    for each in split["train"]:
        index.add(each.text)
    return [not index.alike(each.text) for each in split["test"]]


def _by_rules(split: Split, active: Active) -> list[Pair]:
    """What the day-one rules say of test, run over all rows of the set."""
    every = [each for part in split.values() for each in part]
    hits = spam_rules.hits(every, active)
    test = len(split["test"])
    return [(1000 * hit, each.spam) for hit, each in zip(hits, every, strict=True)][-test:]


def _told(found: Found, rules: Mapping[str, list[Pair]], resamples: int) -> str:
    lines = []
    for (name, method), (every, fresh, at) in found.items():
        if method == "ours":
            spam = [(1000, harm) for _, harm in every]
            lines.append(_line(name, "everything is spam", spam, 1000, resamples))
            lines.append(_line(name, "day-one rules", rules[name], 1000, resamples))
        lines.append(_line(name, method, every, at, resamples))
        if len(fresh) < len(every):
            lines.append(_line(name, f"{method}, new texts only", fresh, at, resamples))
    head = ["set", "method", "at", "rows", "F1", "precision", "recall", "AUROC",
            f"precision at {100 * RECALL:.0f} % recall", "calibration error"]  # fmt: skip
    return figures.table(head, lines)


def _line(name: str, method: str, found: Sequence[Pair], at: int, resamples: int) -> list[object]:
    def told(figure: Callable[[Sequence[Pair]], float | None]) -> str:
        return str(figures.bootstrap(found, figure, resamples=resamples))

    right, wrong, missed, _ = measures.confusion(found, at)
    plain = method in ("everything is spam", "day-one rules")  # no scores to rank by
    reach = None if plain else measures.precision_at_recall(found, RECALL)
    error = None if plain else measures.ece(found)
    return [
        name,
        method,
        "" if plain else f"{at / 10:g} %",
        len(found),
        told(lambda some: measures.f1(some, at)),
        str(figures.rate(right, right + wrong, resamples=resamples)),
        str(figures.rate(right, right + missed, resamples=resamples)),
        "" if plain else told(measures.auroc),
        "" if reach is None else figures.percent(reach[0]),
        "" if error is None else figures.percent(error),
    ]


# --- elsewhere ------------------------------------------------------------------------------------


def _across(
    sets: Mapping[str, Split],
    scores: Mapping[str, Mapping[str, Score]],
    thresholds: Mapping[str, Mapping[str, int]],
) -> str:
    lines = []
    for method, known in scores.items():
        for trained, score in known.items():
            cells = []
            for split in sets.values():
                found = pairs(score, split["test"])
                f1 = measures.f1(found, thresholds[method][trained])
                rank = measures.auroc(found)
                cells.append(f"{_two(f1)} ({_two(rank)})")
            lines.append([method, trained, *cells])
    return figures.table(["method", "trained on", *(f"`{name}`" for name in sets)], lines)


def _two(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def _flagged(
    posts: Sequence[Text],
    scores: Mapping[str, Mapping[str, Score]],
    thresholds: Mapping[str, Mapping[str, int]],
    by_rules: Sequence[bool],
    resamples: int,
) -> str:
    def rate(hits: Sequence[bool]) -> str:
        return str(figures.rate(sum(hits), len(hits), resamples=resamples))

    lines = [["day-one rules", "", "", rate(by_rules), "", ""]]
    for method, known in scores.items():
        for trained, score in known.items():
            found = score(posts)
            at = thresholds[method][trained]
            cells = [rate([each >= limit for each in found]) for limit in (at, *FIXED)]
            lines.append([method, trained, f"{at / 10:g} %", *cells])
    head = ["method", "trained on", "threshold", "flagged", "at 80 %", "at 95 %"]
    return figures.table(head, lines)


def _curve(sets: Mapping[str, Split], counts: Sequence[int]) -> str:
    lines = []
    for name, split in sets.items():
        train, test = list(split["train"]), list(split["test"])
        rest = {other: each for other, each in sets.items() if other != name}
        others = None
        if rest:
            others = _model(_together(rest, "train"))
        for count in (each for each in counts if each <= len(train) or each == min(counts)):
            lines.append(spam_curve.line(name, "own", count, spam_curve.own(train, test, count)))
            if others is not None:
                points = spam_curve.borrowed(others, train, test, count)
                lines.append(spam_curve.line(name, "others'", count, points))
    head = ["set", "model", "N", "after the caps", "F1 at 50 %", "precision at 80 %",
            "recall at 80 %", "AUROC", "calibration error"]  # fmt: skip
    return figures.table(head, lines)


def _model(train: Sequence[Text]) -> object | None:
    try:
        return fit.train(spam_models.rows(train), name="spam", seed=spam_models.SEED).model
    except fit.NotEnough:
        return None
