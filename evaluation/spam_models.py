"""What scores a text in the evaluation of spam: ours, and the plain method beside it.

Ours is `training.fit`, which is what `ombud learn` trains; plain is what a first tutorial of
scikit-learn says: tf-idf of words and pairs of words, logistic regression. Both are trained on the
train part of a set and nothing else. This module must never see a row of a test part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from evaluation.spam_sets import Text
from ombud.signals import views
from ombud.training import figures as measures
from ombud.training import fit

SEED = 20261126
Score = Callable[[Sequence[Text]], list[int]]  # permille of each
Pair = tuple[int, bool]


def ours(train: Sequence[Text]) -> Score:
    """Our model of these rows, as it scores texts. Raises fit.NotEnough."""
    return partial(scored, fit.train(rows(train), name="spam", seed=SEED).model)


def rows(texts: Sequence[Text]) -> list[fit.Row]:
    """Texts as the trainer takes them."""
    return [fit.Row(each.text, each.spam, at=each.day) for each in texts]


def scored(model: Any, texts: Sequence[Text]) -> list[int]:
    """What a model of ours says of each text."""
    return [model.permille(each.text, views.normalise(each.text)) for each in texts]


def plain(train: Sequence[Text]) -> Score:
    """The plain method."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    read = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    fitted = LogisticRegression(C=10.0, max_iter=1000)
    fitted.fit(read.fit_transform(each.text for each in train), [each.spam for each in train])

    def score(texts: Sequence[Text]) -> list[int]:
        if not texts:
            return []
        found = fitted.predict_proba(read.transform(each.text for each in texts))[:, 1]
        return [round(1000 * each) for each in found]

    return score


def pairs(score: Score, texts: Sequence[Text]) -> list[Pair]:
    """Scores beside labels."""
    return list(zip(score(texts), [each.spam for each in texts], strict=True))


def threshold(found: Sequence[Pair]) -> int:
    """The score at which F1 is best; of several the highest. Chosen on a dev part only."""
    best = max(
        ((measures.f1(found, each) or 0.0, each) for each in {score for score, _ in found}),
        default=(0.0, 500),
    )
    return best[1]
