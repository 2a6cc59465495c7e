"""The evaluation of spam, on invented rows, and in short on a real set."""

from __future__ import annotations

import random

import pytest
from evaluation.spam_sets import Text

from evaluation import data, spam, spam_curve, spam_models, spam_rules, spam_sets
from flow.learning_community import text
from ombud.training import figures as measures

COUNTS = {"train": 240, "dev": 40, "test": 60}


def invented(seed: int, *, authors: bool = False) -> spam_sets.Split:
    """A set in which every other row is spam."""
    chance = random.Random(seed)
    return {
        part: [
            Text(
                text(chance, bad=number % 2 == 0),
                number % 2 == 0,
                f"a{number % 50}" if authors else None,
                "room" if authors else None,
                1_400_000_000 + 60 * number if authors and number % 7 else None,
            )
            for number in range(count)
        ]
        for part, count in COUNTS.items()
    }


SETS = {"one": invented(1), "two": invented(2, authors=True)}


def test_the_threshold_is_the_one_of_best_f1_on_what_it_is_shown() -> None:
    """Of several the highest; with nothing to choose by a half."""
    assert spam_models.threshold([(900, True), (600, True), (500, False)]) == 600
    assert spam_models.threshold([(900, True), (600, False), (500, False)]) == 900
    assert spam_models.threshold([]) == 500


def test_no_model_sees_a_test_row() -> None:
    """Thresholds come out the same whatever stands in test."""
    one = {"one": SETS["one"]}
    other = {"one": {**SETS["one"], "test": [Text("x", spam=True)]}}
    assert spam.chosen(one) == spam.chosen(other)


def test_both_methods_learn_what_is_there_to_learn() -> None:
    """On invented rows, which are easy, both are nearly always right."""
    for method in spam.METHODS:
        score = spam.METHODS[method](SETS["one"]["train"])
        found = spam_models.pairs(score, SETS["one"]["test"])
        assert (measures.auroc(found) or 0) > 0.95
    assert spam_models.plain(SETS["one"]["train"])([]) == []


def test_day_one_rules_go_by_repetition_and_need_authors() -> None:
    """The same offer by many newcomers within minutes is found, the same rows without authors are
    not, and ordinary posts are left alone.
    """
    wave = [
        Text(f"WIN big prizes now http://prize.example/{n}", True, f"u{n}", "r", 1_400_000_000 + n)
        for n in range(12)
    ]
    quiet = [
        Text(f"{each.text} indeed", False, f"q{n}", "r", 1_400_100_000 + 3600 * n)
        for n, each in enumerate(SETS["one"]["test"][:20])
    ]
    active = spam_rules.pack()
    hits = spam_rules.hits([*wave, *quiet], active)
    assert sum(hits[:12]) >= 6
    assert not any(hits[12:])


def test_rows_without_a_time_come_behind_those_of_their_room() -> None:
    """In the order they stand in; where nothing is known, a minute apart."""
    rows = [
        Text("a", spam=False, room="r", at=None),
        Text("b", spam=False, room="r", at=200),
        Text("c", spam=False, room="r", at=100),
        Text("d", spam=False),
    ]
    placed = spam_rules._ordered(rows)
    assert placed == [(2, 100), (1, 200), (0, 200), (3, spam_rules.FIRST + 180)]


def test_labels_are_drawn_half_of_each_class() -> None:
    """As far as there are so many, by a seed, and never more than there are."""
    train = [Text(f"t{n}", spam=n < 30) for n in range(200)]
    taken = spam_curve.drawn(train, 100, 0)
    assert (len(taken), sum(each.spam for each in taken)) == (100, 30)
    assert taken == spam_curve.drawn(train, 100, 0) != spam_curve.drawn(train, 100, 1)
    assert len(spam_curve.drawn(train, 1000, 0)) == 200


def test_below_the_floor_there_is_not_enough() -> None:
    """A community of fifty labels is told so, not given a guess."""
    points = spam_curve.own(SETS["one"]["train"], SETS["one"]["test"], 50)
    assert all(point.pairs is None for point in points)
    assert "not enough labels" in spam_curve.line("one", "own", 50, points)


def test_the_caps_count_before_the_floor() -> None:
    """Two hundred labels of fifty people are not two hundred."""
    left = spam_curve.capped(SETS["two"]["train"])
    people = [(each.author, each.spam) for each in left]
    assert len(people) == len(set(people)) < len(SETS["two"]["train"])


@pytest.fixture(scope="module")
def section() -> str:
    """The section on invented rows."""
    thresholds = spam.chosen(SETS)
    posts = [Text(each.text, spam=False, room="r", at=5) for each in SETS["one"]["test"]]
    return spam.section(SETS, posts, thresholds, quick=True)


def test_the_section_has_its_baselines_beside_ours_and_quotes_nothing(section: str) -> None:
    """Each set with each method, all tables, and no word of a text."""
    for name in SETS:
        for method in ("everything is spam", "day-one rules", "ours", "tf-idf"):
            assert f"| {name} | {method} |" in section
    for method in spam.METHODS:
        assert f"| {method} | {spam.POOLED} |" in section
    assert "| one | others' | 200 |" in section
    words = {
        word for split in SETS.values() for each in split["test"] for word in each.text.split()
    }
    assert not any(
        f" {word} " in section for word in words - set(spam._SAID.split()) if len(word) > 8
    )


def test_thresholds_are_there_for_every_set_and_method() -> None:
    """What is committed covers what is told."""
    for method in spam.METHODS:
        assert set(spam.THRESHOLDS[method]) == {*spam_sets.SETS, spam.POOLED}


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
