"""HateCheck by functionality: what kind of sentence the signal `insult` gets right, and which not.

Balanced accuracy on the test part; the bar is 68.9 % (Perspective as of 2020, from the paper's
two class accuracies). The dev part was looked at while weights and features were chosen. Of the
test part a trial run had shown the figures of every tenth row before the models were last made.
Beside it the plain model of `plain` from the same rows. `multilingual_hatecheck` has neither
English nor Vietnamese, so it is not covered. This module must never print a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evaluation import data, figures, harassment, starting_points
from evaluation.harassment import HALF
from ombud.training import figures as scores

NAME = "hatecheck"
TITLE = "HateCheck, by functionality"
BAR = 0.689
CELLS: Mapping[str, Sequence[str]] = {
    "counterspeech": ("counter_quote_nh", "counter_ref_nh"),
    "negation": ("negate_neg_nh",),
    "neutral or positive mention of a group": ("ident_neutral_nh", "ident_pos_nh"),
    "reclaimed words": ("slur_reclaimed_nh",),
}
SETS = ("hatecheck", "hatemoji_check")

_SAID = """\
A text counts as hateful from {half} %. The bar for `hatecheck` is {bar}. `multilingual_hatecheck`
is not measured: its ten languages are none the signal covers. The made-up sentences that the
English model also learned from were written for the kinds of sentence that HateCheck tests, from
the names of the kinds: the figures say how far that carries to other sentences of the kind, not
that the signal understands any; "without made-up" is the same model, seed and data without them.
The dev part helped to choose the weights. {lost}
In `hatemoji_check` much of the hate is in an emoji, or in a letter written as one."""


class Case(NamedTuple):
    """One row: its kind, whether it is hateful, the scores by method."""

    kind: str
    harm: bool
    scores: Mapping[str, int]


def judged(rows: Sequence[data.Row], by: Mapping[str, harassment.Score]) -> list[Case]:
    """The rows with their scores."""
    texts = [row["text"] for row in rows]
    given = {method: score(texts) for method, score in by.items()}
    return [
        Case(row["functionality"], bool(row["y"]), {m: given[m][number] for m in by})
        for number, row in enumerate(rows)
    ]


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every tenth row, the plain model of a tenth too."""
    step = 10 if quick else 1
    by = methods(folder, step)
    found = {name: judged(list(data.rows(folder, name, ("test",)))[::step], by) for name in SETS}
    return section(found, 20 if quick else harassment.RESAMPLES)


def methods(folder: Path, step: int) -> dict[str, harassment.Score]:
    """Ours, ours without the made-up sentences, and what is beside it."""
    bare = starting_points.made(folder, "en", made_up=False).model
    others = harassment.methods(folder, "en", step=step)
    return {
        "ours": others.pop("ours"),
        "without made-up": lambda texts: starting_points.scores(bare, texts),
        **others,
    }


def right(cases: Sequence[Case], method: str) -> int:
    """How many are answered rightly."""
    return sum((case.scores[method] >= HALF) is case.harm for case in cases)


def section(found: Mapping[str, Sequence[Case]], resamples: int) -> str:
    """What was found, as Markdown."""
    names = list(next(iter(found.values()))[0].scores)
    lost = _lost(found[SETS[0]])
    parts = [_SAID.format(half=HALF // 10, bar=figures.percent(BAR), lost=lost)]
    whole = []
    for name, cases in found.items():
        for method in names:
            some = [(case.scores[method], case.harm) for case in cases]
            balanced = harassment.told(some, scores.balanced_accuracy, resamples)
            auroc = harassment.told(some, scores.auroc, resamples)
            whole.append([f"`{name}`", method, len(cases), balanced, auroc])
    parts.append(figures.table(["set", "method", "rows", "balanced accuracy", "AUROC"], whole))
    first = found[SETS[0]]
    cells = [
        [cell, *_share([case for case in first if case.kind in kinds], names, resamples)]
        for cell, kinds in CELLS.items()
    ]
    parts.append("Cells of `hatecheck` that moderation most often gets wrong, answered rightly:")
    parts.append(figures.table(["cell", "rows", *names], cells))
    for name, cases in found.items():
        kinds = sorted({(case.kind, case.harm) for case in cases})
        lines = [
            [
                f"`{kind}`",
                "hateful" if harm else "not",
                *_share(
                    [case for case in cases if (case.kind, case.harm) == (kind, harm)],
                    names,
                    resamples,
                ),
            ]
            for kind, harm in kinds
        ]
        parts.append(f"`{name}`, answered rightly:")
        parts.append(figures.table(["functionality", "truth", "rows", *names], lines))
    return "\n\n".join(parts)


def _lost(cases: Sequence[Case]) -> str:
    """The cells in which the plain model is as good or better, in words."""
    found = []
    for cell, kinds in CELLS.items():
        some = [case for case in cases if case.kind in kinds]
        if some and "plain" in some[0].scores:
            ours, plain = right(some, "ours"), right(some, "plain")
            if ours <= plain:
                told = f"{figures.percent(ours / len(some))}, plain"
                found.append(f"{cell} ({told} {figures.percent(plain / len(some))})")
    said = "Of the cells to win, these are lost to the plain model: "
    return f"{said}{'; '.join(found)}." if found else "No cell to win is lost to the plain model."


def _share(cases: Sequence[Case], names: Sequence[str], resamples: int) -> list[object]:
    """How many cases, and by method which part is answered rightly."""
    rates = (
        figures.rate(right(cases, method), len(cases), resamples=resamples) for method in names
    )
    return [len(cases), *map(str, rates)]
