"""Samples: the order of the seed, what counts, and what holds everything up."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.told_register import BEN, CY, Told
from ombud.gate import sample
from ombud.gate.sample import Hit, Said, Sample

SEED = b"\x07" * 32


def sampled(hits: int = 200, wanted: int = 1, others: int = 0) -> Sample:
    """A sample of so many different hits, drawn."""
    told = Told()
    told.population(hits, wanted=wanted, labellers=(BEN, CY)[:wanted])
    told.owed(range(5000, 5000 + others))
    return told.register.samples["s"]


def label(of: Sample, count: int, said: Said = "yes", by: int = BEN) -> None:
    """Label the first items that wait."""
    for item in list(of.upcoming())[:count]:
        of.label(item, by, said)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60))
@settings(deadline=None)
def test_one_hit_of_each_author_and_cluster(pairs: list[tuple[int, int]]) -> None:
    """No two drawn hits share either, and no hit is left out that shares neither with any."""
    hits = [Hit(seq, author, cluster, 0) for seq, (author, cluster) in enumerate(pairs)]
    taken = sample.in_order(hits, SEED)
    authors, clusters = [each.author for each in taken], [each.cluster for each in taken]
    assert len(set(authors)) == len(taken) == len(set(clusters))
    for hit in hits:
        assert hit in taken or hit.author in authors or hit.cluster in clusters


def test_the_seed_alone_says_the_order() -> None:
    """The same seed, the same order, however the hits stood; another seed, another order; and each
    hit comes first about as often as any other.
    """
    hits = [Hit(seq, seq, seq, 0) for seq in range(8)]
    assert sample.in_order(hits, SEED) == sample.in_order(hits[::-1], SEED)
    firsts = Counter(sample.in_order(hits, bytes([at]) * 32)[0].seq for at in range(250))
    assert len(firsts) == 8
    assert max(firsts.values()) < 60


def test_of_an_author_any_hit_can_be_drawn() -> None:
    """Which hit of somebody stands for them is for the seed to say, and not the first."""
    hits = [Hit(seq, 1, seq, 0) for seq in range(4)]
    drawn = {sample.in_order(hits, bytes([at]) * 32)[0].seq for at in range(40)}
    assert drawn == {0, 1, 2, 3}


def test_three_of_ten_items_are_no_hits() -> None:
    """They stand anywhere among the hits, under names that do not tell."""
    of = sampled(1000, others=1000)
    kinds = [item.hit for item in of.items.values()]
    assert 0.27 < kinds.count(False) / len(kinds) < 0.33
    assert kinds[:20].count(False) > 0
    assert {len(name) for name in of.items} == {24}
    assert all(name.startswith("itm_") for name in of.items)


def test_what_was_left_out_holds_up_everything_behind_it() -> None:
    """Nothing behind an item that nobody labels counts, however much of it is labelled."""
    of = sampled()
    first, *rest = of.upcoming()
    for item in rest:
        of.label(item, BEN, "yes")
    assert of.counted.labels == 0
    of.label(first, BEN, "no")
    assert (of.counted.labels, of.counted.right) == (200, 199)


@pytest.mark.parametrize("said", ["no", "unclear", None])
def test_everything_but_yes_counts_against_the_rule(said: Said | None) -> None:
    """No, unclear and missing are wrong."""
    of = sampled()
    of.label(next(of.upcoming()), BEN, said)
    assert (of.counted.labels, of.counted.right) == (1, 0)


def test_two_people_must_both_say_yes() -> None:
    """One label counts nothing; a second that differs is wrong, and told as disagreement."""
    of = sampled(wanted=2)
    first, second = list(of.upcoming())[:2]
    of.label(first, BEN, "yes")
    assert of.counted.labels == 0
    of.label(first, CY, "no")
    for by in (BEN, CY):
        of.label(second, by, "yes")
    assert (of.counted.labels, of.counted.right) == (2, 1)
    assert (of.agreed.labels, of.agreed.right) == (2, 1)


def test_others_do_not_count_for_or_against() -> None:
    """What the rule did not hit is counted apart: how much of it breaks the clause."""
    of = sampled(50, others=100)
    for item in list(of.upcoming()):
        of.label(item, BEN, "yes")
    assert of.counted.labels == 50
    assert of.others.labels == of.others.right > 10


def test_it_takes_88_right_labels_and_no_fewer() -> None:
    """At 95 %, none wrong: the table's figure, through the sample."""
    of = sampled()
    label(of, 87)
    assert not of.proves()
    label(of, 1)
    assert of.proves()


def test_fifty_labels_at_least() -> None:
    """Where a lower level would be proved by 43, the least number of labels still holds."""
    of = sampled()
    of.level = 900
    label(of, 49)
    assert of.lacking() == "labels"
    assert not of.proves()
    label(of, 1)
    assert of.proves()


def test_one_labeller_proves_no_more_than_95() -> None:
    """Whatever the labels say: 98 % takes two."""
    of = sampled(300)
    of.level = 980
    label(of, 300)
    assert of.lacking() == "a second labeller"
    assert not of.proves()
    of.level = 950
    assert of.proves()


def of_languages(english: int, others: int, wrong: int = 0) -> Sample:
    """All labelled; of the Vietnamese hits some are wrong."""
    told = Told()
    rows = [[at, at, at, int(at > english)] for at in range(1, english + others + 1)]
    told.population(rows, languages=("en", "vi"))
    told.owed()
    of = told.register.samples["s"]
    left = wrong
    for item in list(of.upcoming()):
        bad = item.lang == "vi" and left > 0
        left -= bad
        of.label(item, BEN, "no" if bad else "yes")
    return of


@pytest.mark.parametrize(
    ("english", "vietnamese", "wrong", "lacking"),
    [
        (300, 29, 5, ""),  # below a tenth: it need not hold by itself
        (200, 29, 0, "language vi"),  # a tenth and more, and too few labels
        (200, 30, 0, ""),
        (300, 40, 3, "language vi"),  # 92 % of them
        (300, 40, 2, ""),  # 95 %
    ],
)
def test_each_language_of_weight_holds_by_itself(
    english: int, vietnamese: int, wrong: int, lacking: str
) -> None:
    """A language with a tenth of the hits needs 30 labels and the level in its own figures."""
    of = of_languages(english, vietnamese, wrong)
    assert of.lacking() == lacking
    assert of.proves() == (not lacking)


def test_what_is_erased_is_wrong_unless_it_was_labelled() -> None:
    """An erasure between drawing and labelling never helps a rule."""
    of = sampled()
    items = list(of.upcoming())
    of.label(items[0], BEN, "yes")
    of.missing(frozenset({items[0].seq, items[1].seq}))
    assert (of.counted.labels, of.counted.right) == (2, 1)


def test_what_was_labelled_behind_a_gap_stays_when_it_is_erased() -> None:
    """It is complete, although it does not count yet."""
    of = sampled()
    first, second = list(of.upcoming())[:2]
    of.label(second, BEN, "yes")
    of.missing(frozenset({second.seq}))
    of.label(first, BEN, "yes")
    assert (of.counted.labels, of.counted.right) == (2, 2)


def test_no_record_is_two_items() -> None:
    """Not where it is drawn among the others twice, either."""
    told = Told()
    told.population(100)
    told.owed([900, 900, 901, 5])
    of = told.register.samples["s"]
    assert len(of._order) == len(of.items) == len({item.seq for item in of.items.values()})


def test_hits_without_a_language_need_not_hold_by_themselves() -> None:
    """Texts too short to tell are no language."""
    told = Told()
    told.population([[at, at, at, at % 2] for at in range(1, 201)], languages=("en", ""))
    told.owed()
    of = told.register.samples["s"]
    assert of.counting_languages() == ["en"]


def test_more_labellers_count_all_anew() -> None:
    """Items that one person labelled wait for the second once two are wanted, and back."""
    of = sampled()
    label(of, 10)
    of.asked_of((BEN, CY), 2, 980)
    assert of.counted.labels == 0
    for item in list(of.upcoming())[:10]:
        of.label(item, CY, "yes")
    assert (of.counted.labels, of.agreed.labels) == (10, 10)
    of.asked_of((CY,), 1, 950)
    assert of.counted.labels == 10


def test_the_forecast_says_weeks_or_that_it_does_not_suffice() -> None:
    """88 hits are 126 items at three in ten: four weeks at 35; with too few hits, never."""
    of = sampled(140)
    assert sample.forecast(of, 35) == {"none wrong": 4, "one wrong": 6, "three wrong": None}
    label(of, 60)
    assert sample.forecast(of, 35)["none wrong"] == 2
    assert sample.forecast(of, 0)["none wrong"] is None


def test_an_extended_sample_goes_on() -> None:
    """More hits, under a new seed, come behind those that were drawn; labels stay."""
    told = Told()
    told.population(100)
    told.owed()
    of = told.register.samples["s"]
    label(of, 60)
    told.population([[at, at, at, 0] for at in range(500, 560)])
    told.owed()
    assert of.counted.labels == 60
    assert len(of.items) == 160
    assert {item.seq for item in list(of.items.values())[100:]} == set(range(500, 560))
