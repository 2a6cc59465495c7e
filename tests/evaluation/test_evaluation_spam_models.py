"""The models of the evaluation of spam, on invented rows, and in short on a real set."""

from __future__ import annotations

import pytest

from evaluation import data, spam_models, spam_sets
from flow.spam_rows import SETS
from ombud.training import figures as measures


def test_the_threshold_is_the_one_of_best_f1_on_what_it_is_shown() -> None:
    """Of several the highest; with nothing to choose by a half."""
    assert spam_models.threshold([(900, True), (600, True), (500, False)]) == 600
    assert spam_models.threshold([(900, True), (600, False), (500, False)]) == 900
    assert spam_models.threshold([]) == 500


def texts() -> list[spam_sets.Split]:
    """Invented rows, and where the data sets are a real set: its first labels."""
    folder = data.folder()
    if folder is None:
        return [SETS["one"]]
    real = spam_sets.labelled(folder)["youtube_spam"]
    return [SETS["one"], {part: rows[:600] for part, rows in real.items()}]


@pytest.mark.parametrize("split", texts(), ids=lambda split: f"{len(split['train'])} rows")
def test_a_few_hundred_labels_beat_calling_everything_spam(split: spam_sets.Split) -> None:
    """Learned in domain, told apart better than by chance, and better than the majority."""
    score = spam_models.ours(split["train"])
    at = spam_models.threshold(spam_models.pairs(score, split["dev"]))
    found = spam_models.pairs(score, split["test"])
    everything = [(1000, harm) for _, harm in found]
    ours, plain = measures.f1(found, at), measures.f1(everything, 1000)
    assert ours is not None
    assert plain is not None
    assert ours > plain + 0.1
