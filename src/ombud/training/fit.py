"""A linear model from labelled texts: fitted by scikit-learn, made whole numbers, calibrated.

Logistic regression (L2) over the features of `signals.learned`, each text divided by the square
root of how many features it has, as the score does. Folds by groups of near-duplicates; each text
is scored by the model of the folds it is not in, and by these scores the calibration is fitted
(Platt: a logistic curve, laid down as points) and the card is made, itself calibrated by the other
folds. The weights that ship come from all rows.

The same rows in the same order give the same bytes on one machine; libraries for numbers may round
otherwise elsewhere. This module must never be imported by the server.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ombud.signals import views
from ombud.signals.learned import features, model
from ombud.signals.learned.model import Header, Made, Model
from ombud.training import card as cards
from ombud.training import figures, groups

if TYPE_CHECKING:
    from datetime import date

BITS = 18
FOLDS = 5
STRENGTH = 4.0  # inverse of the regularisation; chosen on dev parts before any test was looked at
ROWS_MIN = 2  # texts that must hold a feature, or it weighs nothing
POINTS = 33
WEIGHT_MAX = 32_000
SHIFT_MAX = 14
LABELS_MIN = 200
CLASS_MIN = 50
NEED = {"labels": LABELS_MIN, "harmful": CLASS_MIN, "not harmful": CLASS_MIN}
WIDTH_MAX = 0.15  # of the interval of the AUROC: wider, and the card would say nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. `weight`: how many times it counts; `source`: where it comes from;
    `group`: what it belongs to (an author), which folds keep on one side; `taught`: it is learned
    from, and left out of calibration and card, since it is no example of what will come.
    """

    text: str
    harm: bool
    source: str = ""
    lang: str = ""
    at: date | None = None
    weight: float = 1.0
    group: str | None = None
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, its file and its card."""

    model: Model
    content: bytes
    card: cards.Card
    held_out: tuple[tuple[int, bool], ...] = field(repr=False, default=())


class NotEnough(Exception):
    """There are too few labels to make a model of.

    `have` and `need` count "labels", "harmful" and "not harmful"; where all of them suffice, it is
    the result that is too uncertain, and `width` is how wide its interval is.
    """

    def __init__(self, have: Mapping[str, int], width: float | None = None) -> None:
        self.have = dict(have)
        self.need = dict(NEED)
        self.width = width
        short = [
            f"{have[what]} {what}, at least {least} are needed"
            for what, least in NEED.items()
            if have[what] < least
        ]
        if width is not None:
            short.append(f"the AUROC is only known to within {width:.2f}")
        super().__init__("; ".join(short))

    @property
    def short(self) -> tuple[str, ...]:
        """What is too little, by name; "certainty" where there are labels enough."""
        found = tuple(what for what, least in self.need.items() if self.have[what] < least)
        return found or ("certainty",)


def train(
    rows: Sequence[Row],
    *,
    name: str,
    seed: int,
    bits: int = BITS,
    strength: float = STRENGTH,
    notes: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Trained:
    """A model of these rows. Raises NotEnough instead of guessing."""
    have = _have(rows)
    if any(have[what] < least for what, least in NEED.items()):
        raise NotEnough(have)
    progress("grouping near-duplicates")
    found = _together(rows)
    fold = groups.folds(found, [row.harm for row in rows], FOLDS, seed)
    if not _spread(rows, fold):
        raise NotEnough(have, 1.0)
    progress("reading features")
    table = matrix([row.text for row in rows], bits)
    raw = [0] * len(rows)
    for each in range(FOLDS):
        progress(f"fold {each + 1} of {FOLDS}")
        seen = [number for number in range(len(rows)) if fold[number] != each]
        fitted = linear(table, rows, seen, seed, bits, strength)
        for number in range(len(rows)):
            if fold[number] == each:
                raw[number] = fitted.raw(table, number)
    judged = [number for number in range(len(rows)) if not rows[number].taught]
    pairs = [(raw[number], rows[number].harm) for number in judged]
    weights = [rows[number].weight for number in judged]
    low, high = figures.interval(pairs, figures.auroc)
    if high - low > WIDTH_MAX:
        raise NotEnough(have, high - low)
    held_out = _calibrated(pairs, weights, [fold[number] for number in judged])
    progress("all rows")
    whole = linear(table, rows, range(len(rows)), seed, bits, strength)
    made = _made(rows, seed)
    points = platt(pairs, weights)
    header = Header(model.FORMAT, name, model.sees(), bits, whole.bias, points, made)
    content = model.encode(header, whole.weights)
    done = model.decode(content)
    card = cards.make(name, done.version, made, len(set(found)), held_out, notes)
    return Trained(done, content, card, tuple(held_out))


def _have(rows: Sequence[Row]) -> dict[str, int]:
    harmful = sum(row.harm for row in rows)
    return {"labels": len(rows), "harmful": harmful, "not harmful": len(rows) - harmful}


def _spread(rows: Sequence[Row], fold: Sequence[int]) -> bool:
    """Whether each fold leaves both classes to learn from and to calibrate by: where nearly all of
    one class is one text many times over, it does not.
    """
    return all(
        len({row.harm for row, of in zip(rows, fold, strict=True) if of != each and not row.taught})
        == 2
        for each in range(FOLDS)
    )


def _together(rows: Sequence[Row]) -> list[int]:
    """The group of each row: near-duplicates, and rows that say that they belong together."""
    found = groups.near_duplicates(row.text for row in rows)
    return groups.joined(found, [row.group for row in rows])


def _made(rows: Sequence[Row], seed: int) -> Made:
    days = sorted(row.at.isoformat() for row in rows if row.at is not None)
    return Made(
        rows=len(rows),
        harmful=sum(row.harm for row in rows),
        sources=tuple(sorted({row.source for row in rows if row.source}))[: model.SOURCES_MAX],
        since=days[0] if days else "",
        until=days[-1] if days else "",
        seed=seed,
    )


# --- fitting --------------------------------------------------------------------------------------


def matrix(texts: Sequence[str], bits: int) -> Any:
    """The features of texts as a sparse matrix (scipy CSR, float64), each row of length 1 / root
    of its number of features.
    """
    import numpy as np
    from scipy import sparse

    mask = (1 << bits) - 1
    starts, columns, values = array("q", [0]), array("q"), array("d")
    for text in texts:
        found = features.hashes(text, views.normalise(text))
        columns.extend([each & mask for each in found])
        values.extend([1 / math.sqrt(len(found))] * len(found) if found else [])
        starts.append(len(columns))
    shape = (len(texts), 1 << bits)
    parts = (np.asarray(values), np.asarray(columns), np.asarray(starts))
    table = sparse.csr_matrix(parts, shape=shape)
    table.sum_duplicates()
    return table


@dataclass(frozen=True, slots=True)
class Linear:
    """Whole weights and bias, in units of 2 ** -shift."""

    weights: Any
    bias: int

    def raw(self, table: Any, number: int) -> int:
        """The score of one row of the table, as the model computes it but for rounding down."""
        start, end = table.indptr[number], table.indptr[number + 1]
        found = self.weights[table.indices[start:end]] @ table.data[start:end]
        return self.bias + math.floor(float(found))


def linear(
    table: Any, rows: Sequence[Row], seen: Sequence[int], seed: int, bits: int, strength: float
) -> Linear:
    """Weights of logistic regression on some rows; features of fewer than ROWS_MIN rows are 0."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    part = table[list(seen)]
    often = np.bincount(part.indices, minlength=1 << bits) >= ROWS_MIN
    part = part[:, np.flatnonzero(often)]
    fitting = LogisticRegression(C=strength, solver="liblinear", random_state=seed, tol=1e-3)
    harm = np.array([rows[number].harm for number in seen], dtype=int)
    weight = np.array([rows[number].weight for number in seen])
    fitting.fit(part, harm, sample_weight=weight)
    full = np.zeros(1 << bits)
    full[often] = fitting.coef_[0]
    largest = float(abs(full).max()) or 1.0
    shift = min(SHIFT_MAX, math.floor(math.log2(WEIGHT_MAX / largest)))
    whole = np.rint(full * 2**shift).astype("int64")
    return Linear(whole, round(float(fitting.intercept_[0]) * 2**shift))


# --- calibration ----------------------------------------------------------------------------------


def platt(
    pairs: Sequence[tuple[int, bool]], weights: Sequence[float]
) -> tuple[tuple[int, int], ...]:
    """Points of a logistic curve through scores and labels, rising, from 0 to 1000 permille.

    Platt, "Probabilistic outputs for support vector machines" (1999), fitted by scikit-learn.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    scores = np.array([score for score, _ in pairs], dtype=float)
    middle, spread = float(scores.mean()), float(scores.std()) or 1.0
    fitting = LogisticRegression(C=1e3, solver="lbfgs")
    harm = np.array([harm for _, harm in pairs], dtype=int)
    fitting.fit(((scores - middle) / spread)[:, None], harm, sample_weight=np.array(weights))
    slope, start = max(float(fitting.coef_[0][0]), 1e-6), float(fitting.intercept_[0])
    found: list[tuple[int, int]] = []
    for step in range(POINTS):
        odds = -6.0 + 12.0 * step / (POINTS - 1)
        raw = round(middle + spread * (odds - start) / slope)
        if not found or raw > found[-1][0]:
            found.append((raw, round(1000 / (1 + math.exp(-odds)))))
    return tuple(found)


def _calibrated(
    pairs: Sequence[tuple[int, bool]], weights: Sequence[float], fold: Sequence[int]
) -> list[tuple[int, bool]]:
    """Each score as permille, by the calibration of the other folds."""
    answers = list(pairs)
    for each in range(FOLDS):
        others = [number for number in range(len(pairs)) if fold[number] != each]
        points = platt([pairs[n] for n in others], [weights[n] for n in others])
        raws = [raw for raw, _ in points]
        for number, (score, harm) in enumerate(pairs):
            if fold[number] == each:
                answers[number] = (model.calibrated(score, raws, points), harm)
    return answers
