"""What anybody would try first: tf-idf of words and letters, logistic regression, by scikit-learn.

The baseline beside learned signals, trained on the same rows; it masks nothing, so it may use the
group a text names. This module must never be used for more than comparing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ombud.training.fit import Row

Score = Callable[[Sequence[str]], list[int]]


def fit(rows: Sequence[Row], seed: int) -> Score:
    """Scores texts in permille."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)
    fitting = LogisticRegression(C=4.0, solver="liblinear", random_state=seed)
    whole = make_pipeline(make_union(words, letters), fitting)
    whole.fit(
        [row.text for row in rows],
        [int(row.harm) for row in rows],
        logisticregression__sample_weight=[row.weight for row in rows],
    )

    def score(texts: Sequence[str]) -> list[int]:
        return [round(1000 * float(each[1])) for each in whole.predict_proba(list(texts))]

    return score
