"""Training learns what is there to learn, the same way each time, and refuses to guess."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest

from ombud.signals import views
from ombud.signals.learned import model
from ombud.training import fit
from ombud.training.fit import NotEnough, Row

BAD = ("soggy biscuit", "burnt pancake", "leaky bucket", "crooked spoon")
GOOD = ("lovely garden", "warm kettle", "good question", "nice picture")
OTHER = [
    "today",
    "tomorrow",
    "maybe",
    "really",
    "room",
    "here",
    "about",
    "window",
    "river",
    "music",
    "table",
    "paper",
]


def rows(count: int, seed: int = 1, *, noise: float = 0.05) -> list[Row]:
    """Made-up texts of two kinds, a few of them labelled wrongly."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        harm = number % 2 == 0
        words = [*chance.sample(OTHER, 5), chance.choice(BAD if harm else GOOD)]
        chance.shuffle(words)
        said = harm != (chance.random() < noise)
        found.append(Row(" ".join(words), said, "made up", "en", date(2026, 1, 1 + number % 28)))
    return found


@pytest.fixture(scope="module")
def trained() -> fit.Trained:
    """A small model."""
    return fit.train(rows(400), name="test", seed=3, bits=12)


def test_a_model_tells_apart_what_can_be_told_apart(trained: fit.Trained) -> None:
    """Texts it never saw, by words it saw; the card says so too."""
    for text, harm in (("you soggy biscuit", True), ("what a lovely garden", False)):
        score = trained.model.permille(text, views.normalise(text))
        assert (score > 800) is harm
        assert (score < 200) is not harm
    assert trained.card.auroc.value > 850
    assert trained.card.made.rows == 400
    assert trained.card.made.since == "2026-01-01"
    assert trained.card.made.until == "2026-01-28"
    assert trained.card.version == trained.model.version


def test_the_same_rows_give_the_same_bytes(trained: fit.Trained) -> None:
    """And the file is the model."""
    again = fit.train(rows(400), name="test", seed=3, bits=12)
    assert again.content == trained.content
    assert again.card == trained.card
    assert model.decode(again.content).version == trained.model.version


def auroc(some: list[Row], monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """What the card of these rows says of the AUROC, however uncertain, and of groups."""
    monkeypatch.setattr(fit, "WIDTH_MAX", 1.0)
    card = fit.train(some, name="test", seed=3, bits=12).card
    return card.auroc.value, card.groups


def test_a_card_is_honest_about_what_cannot_be_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels that have nothing to do with the text: no better than chance."""
    chance = random.Random(5)
    mixed = [Row(row.text, chance.random() < 0.5) for row in rows(600, 2)]
    assert 400 < auroc(mixed, monkeypatch)[0] < 600


@pytest.mark.parametrize(
    ("some", "what"),
    [
        (rows(fit.LABELS_MIN - 2), ["labels"]),
        ([Row(row.text, harm=False) for row in rows(300)], ["harmful"]),
        ([Row(row.text, harm=True) for row in rows(300)], ["not harmful"]),
        ([], ["labels", "harmful", "not harmful"]),
    ],
)
def test_too_few_labels_are_refused(some: list[Row], what: list[str]) -> None:
    """With what is short and by how much, instead of a guess."""
    with pytest.raises(NotEnough) as found:
        fit.train(some, name="test", seed=1, bits=10)
    assert list(found.value.short) == what
    assert str(fit.LABELS_MIN if what[0] == "labels" else fit.CLASS_MIN) in str(found.value)


def test_too_uncertain_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough labels by number, and still a card that would say nothing."""
    monkeypatch.setattr(fit, "WIDTH_MAX", 0.01)
    with pytest.raises(NotEnough, match="AUROC"):
        fit.train(rows(200, noise=0.3), name="test", seed=1, bits=10)


def test_one_text_many_times_over_is_no_class() -> None:
    """Enough labels by number, all of one class nearly the same: refused, not guessed."""
    same = [Row(f"you soggy biscuit, you {n}", True) for n in range(120)]
    other = [Row(row.text, False) for row in rows(200)]
    with pytest.raises(NotEnough) as found:
        fit.train([*same, *other], name="test", seed=1, bits=10)
    assert found.value.short == ("certainty",)


def test_calibration_rises_and_ends_near_both_ends() -> None:
    """Whatever the scores: points that a model file takes."""
    points = fit.platt([(n, n % 3 == 0) for n in range(100)], [1.0] * 100)
    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in itertools.pairwise(points))
    assert points[0][1] < 10
    assert points[-1][1] > 990


def test_copies_of_a_text_do_not_flatter_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text twice: near-duplicates stay on one side, so noise is not learned by heart."""
    chance = random.Random(9)
    once = [Row(row.text + f" {chance.random()}", chance.random() < 0.5) for row in rows(300, 4)]
    figure, found = auroc([*once, *once], monkeypatch)
    assert figure < 650
    assert found <= 300


def test_rows_of_one_author_stay_on_one_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an author always writes is no sign of harm in somebody else's text."""
    chance = random.Random(4)
    some = []
    for number in range(300):
        author = number % 20
        text = " ".join([*chance.sample(OTHER, 6), f"signature{author * 37}"])
        some.append(Row(text, author % 2 == 0, group=f"author {author}"))
    assert auroc(some, monkeypatch)[0] < 650
    apart = [Row(row.text, row.harm) for row in some]
    assert auroc(apart, monkeypatch)[0] > 900
