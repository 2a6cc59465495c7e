"""The tally: every figure from a handful of cases, and what is said where there are no labels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from flow.small_community import RULES, rule
from ombud.activation import compiling
from ombud.replay.figures import FEW_LABELS, NO_LABELS, ONLY_UNDONE
from ombud.replay.labels import Label, Labels
from ombud.replay.sample import PEOPLE_MIN, Sample
from ombud.replay.tally import Case, Tally
from ombud.verdicts.choices import Asked, Chosen
from ombud.verdicts.community import Verdict
from replay.trying import sources

BOOK = {
    **{name: RULES[name] for name in ("bags.rule", "same-text.rule")},
    **dict(
        [
            rule(
                "warned",
                "links.any",
                'text "http://a.example"',
                'text "thanks"',
                then='warn this "Mind the links."\n  suspend author',
            )
        ]
    ),
}
ACTIVE = compiling.from_sources(sources(BOOK))
BAGS, SAME, WARNED = (ACTIVE.names.index(name) for name in ("bags", "same-text", "warned"))


def case(
    seq: int,
    fired: tuple[int, ...] = (),
    unknown: tuple[int, ...] = (),
    *,
    person: int | None = 7,
    recorded: tuple[str, ...] = (),
    undecided: tuple[int, ...] = (),
    established: bool = False,
) -> Case:
    """One judged event."""
    chosen = tuple(
        Chosen("hold", "this", ACTIVE.rules[each].clause.id, (each,), "procedural", 1)
        for each in fired[:1]
    )
    asked = tuple(
        Asked(each, ACTIVE.rules[each].clause.id, "review", False, "hold") for each in fired[:1]
    )
    verdict = Verdict(1, fired, unknown, (), {}, [], chosen, asked, b"")
    return Case(
        seq, "post", "chat", verdict, person, established, frozenset(recorded), frozenset(undecided)
    )


def tally(*cases: Case, labels: Labels | None = None, named: tuple[str, ...] = ()) -> Tally:
    """What some cases come to."""
    made = Tally(ACTIVE, labels or Labels(), Sample(1), frozenset(named or ACTIVE.names))
    for each in cases:
        made.count(each)
    return made


def of(found: Tally, name: str) -> dict[str, Any]:
    """What was counted of one rule, whether it is told or not (test_replay_figures)."""
    one = next(each for each in found.rules.values() if each.rule.name == name)
    names = ("hits", "recorded", "overlap", "new", "gone", "not_comparable", "alone", "unknown")
    counts = {each: getattr(one, each) for each in names}
    people = {"people": len(one.people), "people_established": len(one.established)}
    return {**one.as_json(found.labels), **counts, **people}


def test_hits_are_compared_with_the_rule_of_the_same_name() -> None:
    """As then, new, gone, and not to be compared: each hit is one of them."""
    found = tally(
        case(1, (BAGS,), recorded=("bags",)),
        case(2, (BAGS,)),
        case(3, (BAGS,), recorded=("same-text",)),
        case(4, recorded=("bags",)),
        case(5, unknown=(BAGS,), recorded=("bags",)),
        case(6, unknown=(BAGS,), recorded=("bags",), undecided=(BAGS,)),
        case(7, unknown=(BAGS,), undecided=(BAGS,)),
        case(8),
    )
    bags = of(found, "bags")
    assert (bags["hits"], bags["recorded"], bags["overlap"]) == (3, 4, 1)
    assert (bags["new"], bags["gone"], bags["not_comparable"], bags["unknown"]) == (2, 2, 1, 3)
    assert (of(found, "same-text")["gone"], of(found, "same-text")["hits"]) == (1, 0)
    assert found.touched == 3
    assert found.judged == 8


def test_people_are_counted_once_and_nobody_is_nobody() -> None:
    """Per rule and over all; an event without a person touches none."""
    found = tally(
        case(1, (BAGS,), person=1, established=True),
        case(2, (BAGS, SAME), person=1),
        case(3, (SAME,), person=2),
        case(4, (SAME,), person=None, established=True),
        case(5, recorded=("bags",), person=3),
    )
    assert (of(found, "bags")["people"], of(found, "bags")["people_established"]) == (1, 1)
    assert (of(found, "same-text")["people"], of(found, "same-text")["people_established"]) == (
        2,
        0,
    )
    assert (len(found.people), len(found.established)) == (2, 1)
    assert (of(found, "bags")["alone"], of(found, "same-text")["alone"]) == (1, 2)


def test_only_named_rules_are_told_of() -> None:
    """The others are judged, and count where a rule is not alone."""
    found = tally(case(1, (BAGS, SAME)), case(2, (SAME,)), named=("bags",))
    assert [each["name"] for each in found.as_json()["items"]] == ["bags"]
    assert (of(found, "bags")["hits"], of(found, "bags")["alone"]) == (1, 0)
    assert len(found.people) == 1
    assert found.touched == 1


def test_what_would_be_done_and_asked() -> None:
    """By rule as if it were live, each line of it; by clause as the verdicts say."""
    warned = [case(n, (WARNED,), person=n) for n in range(1, 11)]
    found = tally(*warned, *(case(n, (BAGS,), person=n) for n in range(11, 16)))
    assert of(found, "warned")["would"] == [
        {"action": "suspend", "target": "author", "does": 0, "asks": 10},
        {"action": "warn", "target": "this", "does": 10, "asks": 0},
    ]
    assert of(found, "bags")["would"] == [
        {"action": "hold", "target": "this", "does": 5, "asks": 0}
    ]
    totals = found.as_json()["totals"]
    would = [
        {"action": "hold", "target": "this", "does": 5, "asks": 0},
        {"action": "suspend", "target": "author", "does": 0, "asks": 10},
        {"action": "warn", "target": "this", "does": 10, "asks": 0},
    ]
    assert totals["by_clause"] == {
        "spam.links": {"done": {"hold": 15}, "asked": {"hold": 15}, "would": would}
    }
    assert totals["by_action"] == {"hold": 15}


def test_precision_and_recall() -> None:
    """Labels of the rule's clause only; a hit is right or wrong, a miss only where it breaks."""
    labels = Labels()
    labels.reviewed = labels.take(
        [Label(n, "spam.links", n not in (3, 8)) for n in range(1, 9)]
        + [Label(9, "spam.repeats", True)]
    )
    hits = [case(n, (BAGS,), person=n) for n in (1, 2, 3, 4, 5, 6, 9, 10)]
    found = tally(*hits, case(7, person=7), case(8, person=8), labels=labels)
    bags = of(found, "bags")
    assert (bags["precision"]["value"], bags["precision"]["of"]) == (0.8333, 6)
    assert bags["precision"]["lower"] < 0.8333 < bags["precision"]["upper"]
    assert bags["precision"]["words"] == "5 of 6 labelled"
    assert (bags["recall"]["value"], bags["recall"]["of"]) == (0.8333, 6)
    for name in ("precision", "recall", "lower precision", "lower recall"):
        assert found.measure(name, "same-text") == FEW_LABELS
    assert of(found, "same-text")["recall"]["words"] == FEW_LABELS
    assert found.measure("precision", "bags") == found.measure("recall", "bags") == Fraction(5, 6)
    lower = found.measure("lower precision", "bags")
    assert isinstance(lower, Fraction)
    assert float(lower) == bags["precision"]["lower"]


def test_undone_alone_cannot_say_who_was_right() -> None:
    """Where only undone decisions are labelled, the words say that the share is too low."""
    labels = Labels()
    labels.undone = labels.take([Label(n, "spam.links", False) for n in range(5)])
    found = tally(*(case(n, (BAGS,), person=n) for n in range(6)), labels=labels)
    precision = of(found, "bags")["precision"]
    assert (precision["value"], precision["of"], precision["words"]) == (0.0, 5, ONLY_UNDONE)
    assert of(found, "bags")["recall"]["words"] == FEW_LABELS


def test_no_labels_is_null_and_said() -> None:
    """Never a number out of nothing."""
    nothing = {"value": None, "lower": None, "upper": None, "of": None, "words": NO_LABELS}
    assert of(tally(case(1, (BAGS,))), "bags")["precision"] == nothing


@pytest.mark.parametrize("change", ["new", "gone"])
def test_the_sample_is_of_differences_only(change: str) -> None:
    """Hits that the rule had then too are not drawn."""
    differs = [
        case(n, (BAGS,), person=n) if change == "new" else case(n, recorded=("bags",), person=n)
        for n in range(1, PEOPLE_MIN + 1)
    ]
    same = [case(n, (BAGS,), person=n, recorded=("bags",)) for n in range(100, 200)]
    sample = tally(*differs, *same).as_json()["sample"]
    assert len(sample) == PEOPLE_MIN
    assert {(each["rule"], each["change"]) for each in sample} == {("bags", change)}


def test_every_measure_has_a_value() -> None:
    """The closed list of expectations and the figures are the same list."""
    from ombud.replay.expect import OF_ALL, OF_RULE

    found = tally(*(case(n, (BAGS,), person=n) for n in range(1, 6)))
    for measure in OF_RULE:
        assert found.measure(measure, "bags") is not None
    for measure in OF_ALL:
        assert isinstance(found.measure(measure, None), Fraction)
    assert found.measure("events", None) == 5
    assert found.measure("people touched", None) == 5
    assert found.measure("hits", None) == found.measure("hits", "bags") == 5
